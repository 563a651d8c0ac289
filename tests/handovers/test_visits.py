"""Home visits: which clinic, who may move them, whose task it is, and what the end of a case does to them."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from medet.base.models import Evidence
from medet.base.scope import scope
from medet.flows.end_case import end_case
from medet.flows.loops import orphans
from medet.flows.request_visit import VisitWish, request_visit
from medet.flows.visit_moves import advance_visit, finish_visit
from medet.handovers.actions import VisitFindings
from medet.handovers.models import HomeVisit
from medet.handovers.queries import (
    at_clinic,
    earlier_attempts,
    lately_ended,
    may_open_visit,
    open_visit,
    visible_to,
)
from medet.handovers.states import VisitResult, VisitState
from medet.monitoring.models import Alert, DueContact, Enrolment
from medet.people.actions import merge
from medet.people.queries import visible_to as people_visible_to
from medet.places.models import Catchment
from medet.records.states import ENDED, CaseState
from medet.tasks.models import Task
from tests import make
from tests.refusing import refused

NOW = make.NOON
WISH = VisitWish(reason="worsening", urgency="today")


def asked(town, wish=WISH):
    case = make.observed(town).case
    return request_visit(case=case, wish=wish, by=town.actor("serik"), now=NOW)


def walk(town, visit, *path, **changes):
    dana = town.actor("dana")
    with scope(dana):
        for to in path:
            visit = advance_visit(visit=visit, to=to, by=dana, now=NOW, **changes)
    return visit


def test_the_clinic_of_the_address_comes_before_the_attachment_and_says_so(town):
    visit = asked(town)
    assert (visit.clinic, visit.clinic_choice) == (town.clinic, "address")
    assert visit.clinic_why == {"rule": "district", "attached": "Clinic 5"}
    Catchment.objects.all().delete()
    other = asked(town)
    assert (other.clinic, other.clinic_choice) == (town.other_clinic, "attached")


def test_a_visit_needs_an_address(town):
    case = make.observed(town).case
    case.person.addresses.update(valid_to=NOW)
    with refused("visit.no_address"):
        request_visit(case=case, wish=WISH, by=town.actor("serik"), now=NOW)


def test_a_second_visit_waits_for_the_first(town):
    visit = asked(town)
    with refused("visit.already_open"):
        request_visit(case=visit.case, wish=WISH, by=town.actor("serik"), now=NOW)


def test_the_clinic_sees_its_visits_and_their_people_and_nothing_else(town):
    visit = asked(town)
    make.observed(town)
    dana, boris = town.actor("dana"), town.actor("boris")
    with scope(dana):
        assert list(at_clinic(dana)) == [visit]
        assert list(people_visible_to(dana, now=NOW)) == [visit.person]
    with scope(boris):
        assert not visible_to(boris).exists()
        assert not HomeVisit.objects.exists()  # row level security, without any filter


@pytest.mark.parametrize(("days", "opens"), [(29, True), (31, False)])
def test_a_clinic_does_not_read_what_it_ended_for_ever(town, days, opens):
    visit = walk(town, asked(town), VisitState.REFUSED, refusal="not our street")
    later = NOW + timedelta(days=days)
    dana, aigerim = town.actor("dana"), town.actor("aigerim")
    with scope(dana), nullcontext() if opens else refused("visit.not_yours"):
        assert open_visit(uid=visit.uid, by=dana, now=later, why="card") == visit
    with scope(aigerim):
        assert open_visit(uid=visit.uid, by=aigerim, now=later, why="card") == visit


def test_only_the_clinic_asked_moves_it(town):
    visit = asked(town)
    with refused("visit.not_yours"):
        advance_visit(visit=visit, to=VisitState.RECEIVED, by=town.actor("boris"), now=NOW)
    with refused("move.not_yours"):
        advance_visit(visit=visit, to=VisitState.RECEIVED, by=town.actor("aigerim"), now=NOW)
    with refused("move.not_allowed"):
        advance_visit(visit=visit, to=VisitState.UNDER_WAY, by=town.actor("dana"), now=NOW)


def test_each_step_has_exactly_one_owner(town):
    visit = asked(town)
    owners = []
    for to in (VisitState.RECEIVED, VisitState.ASSIGNED, VisitState.UNDER_WAY, VisitState.NOT_FOUND):
        visit = walk(town, visit, to)
        task = Task.objects.get(about_uid=visit.uid, state="open")
        owners.append((task.role, task.organisation_id == town.clinic.pk))
    assert owners == [("clinic_receiver", True)] * 3 + [("operator", False)]
    assert [orphan for orphan in orphans(now=NOW) if orphan.kind == "home_visit"] == []


def test_who_was_not_found_is_gone_to_once_more_and_the_time_runs_on(town):
    visit = walk(town, asked(town), VisitState.RECEIVED, VisitState.ASSIGNED, VisitState.NOT_FOUND)
    assert visit.ended_at == NOW
    visit = walk(town, visit, VisitState.ASSIGNED)
    dana = town.actor("dana")
    with scope(dana):
        assert (visit.ended_at, earlier_attempts(visit), list(lately_ended(dana, since=NOW))) == (None, [NOW], [])
        later = NOW + timedelta(hours=2)
        visit = advance_visit(visit=visit, to=VisitState.NOT_FOUND, by=dana, now=later)
    assert (visit.ended_at, earlier_attempts(visit)) == (later, [NOW])


def test_what_is_at_a_clinic_is_not_ended(town):
    visit = asked(town)
    with pytest.raises(IntegrityError, match="visit_at_clinic_not_ended"), transaction.atomic():
        HomeVisit.objects.filter(pk=visit.pk).update(ended_at=NOW)


def test_what_the_centre_closed_before_the_clinic_ended_it_is_not_read_for_ever(town):
    visit, dana, aigerim = asked(town), town.actor("dana"), town.actor("aigerim")
    with scope(aigerim):
        advance_visit(visit=visit, to=VisitState.CLOSED, by=aigerim, now=NOW)
    with scope(dana):
        assert may_open_visit(uid=visit.uid, by=dana, now=NOW + timedelta(days=29))
        assert not may_open_visit(uid=visit.uid, by=dana, now=NOW + timedelta(days=31))


def test_a_refusal_needs_its_reason(town):
    visit = asked(town)
    with refused("visit.reason_needed"):
        walk(town, visit, VisitState.REFUSED, refusal=" ")
    assert walk(town, visit, VisitState.REFUSED, refusal="not our street").refusal == "not our street"


def test_the_result_is_kept_as_evidence(town):
    visit = walk(town, asked(town), VisitState.RECEIVED, VisitState.ASSIGNED)
    dana = town.actor("dana")
    with scope(dana):
        findings = VisitFindings(result=VisitResult.ADMITTED, icd10="U07.1", note="to hospital")
        finish_visit(visit=visit, findings=findings, by=dana, now=NOW + timedelta(hours=1))
    assert Evidence.objects.filter(kind="visit.ended", object_uid=visit.uid).exists()
    task = Task.objects.get(about_uid=visit.uid, state="open")
    assert (task.weight, task.role, task.organisation) == (1, "operator", town.centre)


@pytest.mark.parametrize("to", [*ENDED, CaseState.ADMITTED])
def test_every_end_stops_contacts_and_closes_what_is_open(town, to):
    visit = asked(town)
    enrolment = Enrolment.objects.get()
    end_case(case=visit.case, to=to, by=town.actor("serik"), now=NOW)
    enrolment.refresh_from_db()
    visit.refresh_from_db()
    assert (enrolment.state, visit.state) == ("ended", "closed")
    assert not DueContact.objects.filter(state__in=("planned", "handed")).exists()
    assert not Alert.objects.filter(state="open").exists()
    left = [(task.kind, task.about_uid) for task in Task.objects.filter(state="open")]
    assert left == ([("admission", visit.case.uid)] if to == CaseState.ADMITTED else [])
    assert list(orphans(now=NOW)) == []


def test_who_died_is_rung_under_no_other_record_either(town):
    first, second = make.observed(town), make.observed(town)
    merge(person=second.person, into=first.person, by=town.actor("aigerim"), now=NOW)
    end_case(case=first.case, to=CaseState.DIED, by=town.actor("serik"), now=NOW)
    assert not Enrolment.objects.filter(state="active").exists()
