"""The small form of chaos: the robot and PostgreSQL are killed during twenty calls."""

from tests.prove import chaos


def test_kill_9_loses_nobody_and_pesters_nobody(killable):
    made = chaos.run(killable, 7, ["postgres", "phone"], repeats=1)
    assert made.faults == []
    assert made.rings >= chaos.PEOPLE
    assert made.unknown > 0
