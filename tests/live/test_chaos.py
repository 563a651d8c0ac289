"""The small form of chaos: the robot and PostgreSQL are killed in the middle of calls."""

from tests.prove import chaos

PEOPLE = 8


def test_kill_9_loses_nobody_and_pesters_nobody(killable):
    made = chaos.run(killable, 7, ["postgres", "phone"], people=PEOPLE, repeats=1)
    assert made.faults == []
    assert made.rings >= PEOPLE
    assert made.unknown > 0
