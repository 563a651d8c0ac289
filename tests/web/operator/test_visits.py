"""Home visits from the operator's desk: prefilled, sent, read, asked for again."""

import pytest

from medet.base.scope import scope
from medet.flows.visit_moves import advance_visit, finish_visit
from medet.handovers.actions import VisitFindings
from medet.handovers.models import HomeVisit
from medet.handovers.states import VisitResult, VisitState
from medet.monitoring.models import DueContact
from medet.tasks.models import Task
from medet.tasks.states import TaskKind, TaskState
from tests import make
from tests.web.operator.pages import page_of, text

NOW = make.NOON


def test_a_home_visit_is_prefilled_and_sent(town, aigerim, enrolment, seen):
    aigerim.post(page_of(enrolment), {"move": "answers", "state": "worse", "breath": "rest"})
    answer = aigerim.get(page_of(enrolment, form="visit"))
    form = answer.context["form"]
    assert form["urgency"].value() == "two_hours"
    assert form["clinic"].value() == str(town.clinic.uid)
    assert "Chosen by the actual address: the clinic answers for this district. Attached to: Clinic 5." in text(answer)
    assert "at rest" in text(answer)
    sent = aigerim.post(page_of(enrolment), {"move": "visit"} | form.initial | {"note": "Lives alone"})
    assert sent.status_code == 302
    visit = HomeVisit.objects.get()
    assert (visit.clinic, visit.clinic_choice, visit.urgency) == (town.clinic, "address", "two_hours")
    assert (visit.complaints, visit.note) == ({"state": "worse", "breath": "rest"}, "Lives alone")
    assert visit.door == {"flat": "48", "entrance": "2"}


def test_another_clinic_is_a_choice_by_hand(town, aigerim, enrolment, seen):
    form = aigerim.get(page_of(enrolment, form="visit")).context["form"]
    aigerim.post(page_of(enrolment), {"move": "visit"} | form.initial | {"clinic": str(town.other_clinic.uid)})
    assert HomeVisit.objects.get().clinic_choice == "by_hand"


def test_a_second_visit_is_one_clear_sentence(aigerim, enrolment, seen):
    form = aigerim.get(page_of(enrolment, form="visit")).context["form"]
    assert aigerim.post(page_of(enrolment), {"move": "visit"} | form.initial).status_code == 302
    again = aigerim.post(page_of(enrolment), {"move": "visit"} | form.initial)
    assert again.status_code == 422
    assert "A home visit for this person is already open." in text(again)


def sent_visit(town, client, enrolment, *moves):
    """A visit of the clinic's after some moves of Dana's."""
    form = client.get(page_of(enrolment, form="visit")).context["form"]
    client.post(page_of(enrolment), {"move": "visit"} | form.initial)
    dana = town.actor("dana")
    with scope(dana):
        visit = HomeVisit.objects.get(state=VisitState.SENT)
        for to in moves:
            if to == VisitState.DONE:
                findings = VisitFindings(result=VisitResult.STAYS_HOME, icd10="U07.1", pcr_taken=True)
                finish_visit(visit=visit, findings=findings, by=dana, now=NOW)
            else:
                why = {"refusal": "Another district"} if to == VisitState.REFUSED else {}
                advance_visit(visit=visit, to=to, by=dana, now=NOW, **why)
    return visit


def test_the_result_is_read_and_closed(town, aigerim, enrolment, seen):
    sent_visit(town, aigerim, enrolment, VisitState.RECEIVED, VisitState.ASSIGNED, VisitState.DONE)
    desk = text(aigerim.get("/operator/"))
    assert "The clinic visited: Stays at home, treated" in desk
    task = Task.objects.get(kind=TaskKind.VISIT_RESULT)
    answer = aigerim.get(page_of(enrolment))
    assert "Visited: Stays at home, treated" in text(answer)
    assert aigerim.post(page_of(enrolment), {"move": "close_visit"}).status_code == 302
    assert HomeVisit.objects.get().state == VisitState.CLOSED
    assert Task.objects.get(pk=task.pk).state == TaskState.DONE


def test_who_was_not_found_was_not_visited(town, aigerim, enrolment, seen):
    attempt = (VisitState.RECEIVED, VisitState.ASSIGNED, VisitState.NOT_FOUND)
    visit = sent_visit(town, aigerim, enrolment, *attempt)
    facts = sent_facts(aigerim, enrolment)
    assert ("Not found at the address" in facts, "Visited" in facts) == (True, False)
    dana = town.actor("dana")
    with scope(dana):
        advance_visit(visit=visit, to=VisitState.ASSIGNED, by=dana, now=NOW)
    assert not {"Not found at the address", "Visited", "Assigned"} & sent_facts(aigerim, enrolment).keys()


def sent_facts(client, enrolment):
    sent = client.get(page_of(enrolment, form="visit")).context["sent"]
    return {fact.label: fact.value for fact in sent["facts"]}


@pytest.mark.parametrize(
    "moves", [(VisitState.REFUSED,), (VisitState.RECEIVED, VisitState.ASSIGNED, VisitState.NOT_FOUND)]
)
def test_not_found_or_refused_another_visit_is_asked_for(town, aigerim, enrolment, seen, moves):
    first = sent_visit(town, aigerim, enrolment, *moves)
    form = aigerim.get(page_of(enrolment, form="visit")).context["form"]
    chosen = form.initial | {"clinic": str(town.other_clinic.uid)}
    assert aigerim.post(page_of(enrolment), {"move": "visit"} | chosen).status_code == 302
    assert HomeVisit.objects.get(pk=first.pk).state == VisitState.CLOSED
    assert HomeVisit.objects.get(state=VisitState.SENT).clinic == town.other_clinic
    assert Task.objects.filter(state=TaskState.OPEN, kind=TaskKind.VISIT_RESULT).count() == 0


def test_the_centre_redirects_a_request(town, aigerim, enrolment, seen):
    sent_visit(town, aigerim, enrolment, VisitState.RECEIVED)
    assert aigerim.post(page_of(enrolment), {"move": "redirect"}).status_code == 422
    likely = aigerim.get(page_of(enrolment, form="visit")).context["redirect_form"]
    assert str(town.other_clinic.uid) in dict(likely.fields["clinic"].choices), "the clinic of attachment"
    chosen = {"move": "redirect", "redirect-clinic": str(town.other_clinic.uid)}
    assert aigerim.post(page_of(enrolment), chosen).status_code == 302
    page = text(aigerim.get(page_of(enrolment, form="visit")))
    assert "Redirected to: Clinic 5" in page, "the timeline"
    assert "Redirected by" in page
    assert HomeVisit.objects.get(state=VisitState.SENT).clinic == town.other_clinic


def test_a_visit_instead_of_calls_lets_the_call_rest(aigerim, enrolment, seen):
    """The clinic's visit comes first; the call is owed again when the visit should have been made."""
    form = aigerim.get(page_of(enrolment, form="visit")).context["form"]
    assert form["reason"].value() == "not_reached"
    aigerim.post(page_of(enrolment), {"move": "visit"} | form.initial)
    task = Task.objects.get(kind=TaskKind.CALL_BY_HAND)
    assert (task.state, task.due_at) == (TaskState.OPEN, HomeVisit.objects.get().visit_due_at)
    assert DueContact.objects.get().state == "handed"
