"""A role means something at its own organisation only."""

from medet.base.actor import ROBOT, WORKER, Actor, Held

BOTH = Actor(user_id=7, held=frozenset({Held("doctor", 1), Held("receiver", 2), Held("head", 2)}))


def test_a_role_is_held_where_it_was_given():
    assert BOTH.roles_at(1) == {"doctor"}
    assert BOTH.roles_at(2) == {"receiver", "head"}
    assert BOTH.roles_at(3) == BOTH.roles_at(None) == frozenset()
    assert (BOTH.where({"doctor"}), BOTH.where({"head", "doctor"}), BOTH.where(set())) == ((1,), (1, 2), ())


def test_flat_roles_and_places_come_from_the_pairs():
    assert (BOTH.roles, BOTH.organisation_ids) == ({"doctor", "receiver", "head"}, (1, 2))
    assert BOTH.organisations_setting == "1,2"


def test_narrowed_to_what_opens_an_address():
    here = BOTH.narrowed({"receiver", "operator"})
    assert (here.user_id, here.held, here.organisations_setting) == (7, {Held("receiver", 2)}, "2")
    assert BOTH.narrowed({"operator"}).organisations_setting == ""


def test_own_processes_are_the_same_everywhere_and_never_by_being_narrowed():
    assert ROBOT.roles_at(1) == ROBOT.roles == {"robot"}
    assert (WORKER.organisations_setting, WORKER.organisation_ids) == ("*", ())
    assert WORKER.narrowed({"worker"}).organisations_setting == ""
