"""What one centre learns of a person another one follows stops the other's robot: the day's call and a campaign's."""

from datetime import timedelta

import pytest

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.contacts.calls.choosing import Wanted
from medet.contacts.models import CallOrder
from medet.contacts.states import Preset
from medet.flows.end_case import end_case
from medet.flows.loops import orphans
from medet.flows.observe import observe, register_case
from medet.flows.start_campaign import start_campaign
from medet.flows.told_elsewhere import told_elsewhere
from medet.monitoring.models import DueContact
from medet.people.actions import merge
from medet.places.states import Kind
from medet.records.states import CaseState
from medet.staff.states import Role
from medet.tasks.models import Task
from tests import make
from tests.contacts.test_claim import claimed
from tests.flows.test_two_places import MILD

NOW = make.NOON


@pytest.fixture
def far(town):
    """Another centre with a supervisor, who follows somebody and rings them by a campaign once more."""
    return make.organisation("Centre 2", Kind.TELEMEDICINE_CENTRE, town.centre.region)


@pytest.fixture
def rung_again(town, far):
    """Its observation: the day's contact was made, a campaign's is planned."""
    boss = make.with_roles(town, "bota", (Role.OPERATOR, far), (Role.SUPERVISOR, far))
    with scope(boss):
        case = register_case(person=make.person(town), diagnosis=MILD, organisation=far, by=boss, now=NOW)
        enrolment = observe(case=case, programme_code="covid-home", by=boss, now=NOW)
        DueContact.objects.update(state="done")
        CallOrder.objects.update(state="done")
        start_campaign(
            organisation_id=far.pk, name="Again", wanted=Wanted(), preset=Preset.NORMAL, by=boss, now=NOW
        )  # fmt: skip
    return enrolment


def tasks(far):
    return list(Task.objects.filter(organisation=far, state="open").values_list("about_type", "reason"))


def test_a_campaigns_call_to_the_dead_is_its_centres_to_clear_up(town, far, rung_again):
    ours = make.observed(town)
    merge(person=rung_again.person, into=ours.person, by=WORKER, now=NOW)
    with scope(town.actor("serik")):
        end_case(case=ours.case, to=CaseState.DIED, by=town.actor("serik"), now=NOW)
    assert DueContact.objects.get(kind="extra").state == "handed"
    assert tasks(far) == [("due_contact", "ended_elsewhere")]
    assert list(orphans(now=NOW + timedelta(minutes=2))) == []


def test_a_campaign_does_not_ring_who_has_just_told_another_centre(town, far, rung_again):
    aigerim = town.actor("aigerim")
    with scope(aigerim):
        told_elsewhere(
            person=rung_again.person, organisation=town.centre, given={"state": "same"}, by=aigerim, now=NOW
        )  # fmt: skip
    assert claimed() == []
    assert tasks(far) == [("due_contact", "told_elsewhere")]
    assert list(orphans(now=NOW + timedelta(minutes=2))) == []
