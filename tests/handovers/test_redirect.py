"""The wrong clinic was asked: the request goes on in one step, its clock runs on, nobody else reads it."""

from datetime import timedelta

import pytest

from medet.base.actor import WORKER
from medet.base.models import JournalEntry
from medet.base.scope import scope
from medet.flows.ladder import climb_overdue
from medet.flows.loops import orphans
from medet.flows.redirect_visit import redirect_visit
from medet.handovers.actions import CONTENT
from medet.handovers.models import HomeVisit
from medet.handovers.queries import at_clinic, lately_ended
from medet.handovers.states import VisitState
from medet.people.queries import visible_to as people_visible_to
from medet.tasks.models import Task
from tests import make
from tests.handovers.test_visits import asked, walk
from tests.refusing import refused

NOW = make.NOON
LATER = NOW + timedelta(minutes=45)


def redirected(town, visit, *, by="dana", to=None, now=LATER):
    actor = town.actor(by)
    with scope(actor):
        return redirect_visit(visit=visit, to=to or town.other_clinic, why="not our street", by=actor, now=now)


@pytest.mark.parametrize("by", ["dana", "aigerim"])
@pytest.mark.parametrize("steps", [(), (VisitState.RECEIVED,), (VisitState.RECEIVED, VisitState.ASSIGNED)])
def test_one_step_with_the_same_content_and_clock(town, by, steps):
    visit = walk(town, asked(town), *steps) if steps else asked(town)
    sent = redirected(town, visit, by=by)
    visit.refresh_from_db()
    assert (visit.state, visit.redirected_to, visit.refusal) == ("redirected", sent, "not our street")
    assert (sent.state, sent.clinic, sent.sent_at) == ("sent", town.other_clinic, LATER)
    assert all(getattr(sent, name) == getattr(visit, name) for name in CONTENT)
    assert [orphan for orphan in orphans(now=LATER) if orphan.kind in ("home_visit", "task")] == []
    before, after = Task.objects.get(about_uid=visit.uid, state="handed_on"), Task.objects.get(about_uid=sent.uid)
    assert (before.outcome, after.organisation, after.role) == ("redirected", town.other_clinic, "clinic_receiver")
    assert after.due_at == min(LATER + timedelta(hours=1), visit.visit_due_at)


def test_a_late_one_is_late_at_the_next_clinic_and_climbs(town):
    visit = asked(town)
    late = visit.visit_due_at + timedelta(minutes=1)
    sent = redirected(town, visit, now=late)
    assert climb_overdue(by=WORKER, now=late) is True
    assert Task.objects.get(about_uid=sent.uid).rung == 1


def test_who_may_read_changes_with_it(town):
    visit = asked(town)
    sent = redirected(town, visit)
    dana, boris = town.actor("dana"), town.actor("boris")
    with scope(dana):
        assert list(at_clinic(dana)) == []
        assert list(lately_ended(dana, since=NOW)) == [visit]
        assert not people_visible_to(dana, now=LATER + timedelta(seconds=1)).exists()
    with scope(boris):
        assert list(at_clinic(boris)) == [sent]
        assert list(HomeVisit.objects.all()) == [sent]
        assert people_visible_to(boris, now=LATER).get() == sent.person


def test_not_to_itself_nor_back_again(town):
    visit = asked(town)
    with refused("visit.same_clinic"):
        redirected(town, visit, to=town.clinic)
    sent = redirected(town, visit)
    with refused("visit.redirected_before"):
        redirected(town, sent, by="boris", to=town.clinic)
    assert redirected(town, sent, by="aigerim", to=town.clinic).clinic == town.clinic, "the centre decides"


def test_only_who_has_it_and_only_before_somebody_set_out(town):
    visit = asked(town)
    with refused("visit.not_yours"):
        redirected(town, visit, by="boris", to=town.other_clinic.__class__.objects.get(pk=town.centre.pk))
    walk(town, visit, VisitState.RECEIVED, VisitState.ASSIGNED, VisitState.UNDER_WAY)
    with refused("move.not_allowed"):
        redirected(town, visit)


def test_after_a_refusal_the_centre_sends_it_on(town):
    visit = walk(town, asked(town), VisitState.REFUSED, refusal="no car today")
    with refused("move.not_yours"):
        redirected(town, visit)
    sent = redirected(town, visit, by="aigerim")
    assert sent.visit_due_at == visit.visit_due_at
    assert [task.about_uid for task in Task.objects.filter(state="open")] == [sent.uid]


def test_both_moves_are_in_the_journal_with_the_names(town):
    redirected(town, asked(town))
    rows = list(JournalEntry.objects.filter(kind="home_visit.moved").order_by("pk"))
    assert [row.code for row in rows] == ["sent", "redirected", "sent"]
    assert rows[1].values["to_en"] == "Clinic 5"
