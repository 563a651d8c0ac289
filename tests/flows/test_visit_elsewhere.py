"""A home visit wished for at a centre that does not follow the person: a human being of the other one sees to it."""

from datetime import timedelta

import pytest

from medet.base.actor import WORKER
from medet.base.clock import local_day
from medet.base.models import JournalEntry
from medet.base.scope import scope
from medet.flows.loops import orphans
from medet.flows.plan_day import plan_day
from medet.flows.request_visit import VisitWish
from medet.flows.told_elsewhere import told_elsewhere
from medet.flows.visit_elsewhere import wish_visit
from medet.flows.write_contact import write_contact
from medet.handovers.states import Urgency
from medet.monitoring.models import DueContact, Enrolment
from medet.places.states import Kind
from medet.staff.states import Role
from medet.tasks.models import Task
from tests import make
from tests.flows.test_day import answered_call, claimed
from tests.refusing import refused

EVENING = make.NOON + timedelta(hours=8, minutes=30)
MORNING = make.NOON + timedelta(hours=21, minutes=30)
WELL = {
    "state": "better",
    "breath": "none",
    "fever": "none",
    "at_home": "yes",
    "medicines": "taking",
    "wants_doctor": "no",
}


@pytest.fixture
def far(town):
    """An operator of another centre, whom people ring that ours follows."""
    place = make.organisation("Centre 2", Kind.TELEMEDICINE_CENTRE, town.centre.region)
    return make.with_roles(town, "olga", (Role.OPERATOR, place)), place


@pytest.fixture
def followed(town):
    """Somebody ours follows, who was well today."""
    enrolment = make.observed(town)
    write_contact(case=enrolment.case, given={"state": "better"}, by=town.actor("aigerim"), now=make.NOON)
    return enrolment


def wished(far, person, note=""):
    by, place = far
    visit = VisitWish(reason="worsening", urgency=Urgency.TODAY, note=note)
    with scope(by):
        return told_elsewhere(person=person, organisation=place, given={}, visit=visit, by=by, now=EVENING)


def wishes():
    return Task.objects.filter(reason="visit_elsewhere", state="open")


def test_the_robots_call_of_the_next_morning_does_not_settle_it(town, far, followed):
    """It has asked nobody about the visit: whoever reads the task does."""
    wished(far, followed.person)
    plan_day(day=local_day(MORNING), by=WORKER, now=MORNING)
    [attempt] = claimed(now=MORNING)
    answers = answered_call(attempt.attempt_id, WELL, enrolment=followed, now=MORNING)
    assert answers.is_complete
    assert DueContact.objects.get(on=local_day(MORNING)).state == "done"
    [task] = wishes()
    assert DueContact.objects.get(uid=task.about_uid).state == "handed"
    assert list(orphans(now=MORNING)) == []
    write_contact(case=followed.case, given={"state": "same"}, by=town.actor("aigerim"), now=MORNING)
    assert not wishes().exists(), "a colleague who has read it settles it"


def test_two_notes_are_kept_whole_one_after_the_other(town, far, followed):
    """As long as the form lets them be; the same words twice stand there once."""
    first = "x" * 599 + "!"
    for note in (first, "Second floor", "Second floor"):
        wished(far, followed.person, note)
    [task] = wishes()
    assert (task.handed_by, task.handed_note) == (town.users["olga"], f"{first} · Olga Test: Second floor")
    said = JournalEntry.objects.filter(kind="task.handed").order_by("pk").values_list("values__note", flat=True)
    assert list(said) == [first, "Second floor", "Second floor"]


def test_who_is_let_go_in_the_same_moment_is_a_refusal_and_no_fault(town, far, followed):
    """The other centre ended the observation after ours had looked: the form comes back with everything typed."""
    Enrolment.objects.filter(pk=followed.pk).update(state="ended")
    visit = VisitWish(reason="worsening", urgency=Urgency.TODAY)
    with refused("case.open_elsewhere"):
        wish_visit(enrolment=followed, visit=visit, by=far[0], now=EVENING)
    assert not wishes().exists()
