"""The house stands as it is drawn."""

import pytest
from django.apps import apps

from medet.base.states import all_lives, problems
from tests.architecture import checks
from tests.architecture.reading import PACKAGE, ROOT, sources

LONGEST = 500
# The seed gives a made-up city its past: it registers and enrols through actions that stories also wrap.
MAY_GO_ROUND = ("medet/demo/",)
# Facts about how a person is reached are true whoever notes them: no task or contact hangs on them. Districts are
# reference data.
STAND_ALONE = {("medet.people.actions", name) for name in ("mark_phone", "add_phone", "set_address")} | {
    ("medet.places.actions", "put_district")
}


def test_foreign_keys_point_down():
    assert list(checks.upward_keys(list(apps.get_models()))) == []


def test_only_actions_write():
    assert [fault for path, tree in sources() for fault in checks.writes_outside_actions(path, tree)] == []


def test_people_are_read_through_their_root():
    assert [fault for path, tree in sources() for fault in checks.filters_on_person(path, tree)] == []


def test_faces_do_not_go_round_a_flow():
    everything = list(sources())
    wrapped = checks.wrapped_actions(everything) - STAND_ALONE
    faults = [fault for path, tree in everything for fault in checks.goes_round_a_flow(path, tree, wrapped)]
    assert [fault for fault in faults if not fault.startswith(MAY_GO_ROUND)] == []


@pytest.mark.parametrize("life", all_lives() if apps.ready else [], ids=lambda life: life.name)
def test_every_state_has_a_way_in_and_says_who_owes_the_next_move(life):
    assert problems(life) == []


def test_no_file_is_too_long():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in PACKAGE.rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert long == {}
