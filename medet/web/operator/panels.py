"""The contexts of the middle and of the right side."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from medet.base import wording
from medet.base.phones import display as phone_words
from medet.base.states import may_move
from medet.handovers.models import HomeVisit
from medet.handovers.rules import roles_in
from medet.handovers.states import AT_CLINIC, VISIT_LIFE, VisitResult, VisitState
from medet.monitoring.queries import alerts_of, programme
from medet.people.queries import consent_of
from medet.people.states import ConsentKind
from medet.records.codes import label, words
from medet.records.models import Case
from medet.records.queries import close_contacts_of
from medet.web.asked import Asked
from medet.web.card.card import Opened, card_view
from medet.web.card.household import household
from medet.web.operator import asking, ending, phones
from medet.web.operator.forms import EndForm, ObserveForm
from medet.web.operator.moves import answers_form
from medet.web.operator.work import ANSWERS, CASE, PHONES, VISIT, Work, owed, tabs, take_action, vain_action
from medet.web.operator.worklist import address_of
from medet.web.parts import visits
from medet.web.parts.handed import handed_boxes
from medet.web.parts.redirect import RedirectForm
from medet.web.parts.shapes import Fact
from medet.web.parts.shown import shown_of
from medet.web.parts.words import due_view

Context = dict[str, Any]


def card(request: Asked, work: Work) -> Context:
    """The person's card."""
    notes = handed_boxes(work.own)
    others = household(request, work.person, lambda other: address_of(other, work.place))
    opened = Opened.of(
        work.person, actor=request.actor, now=request.now, url=request.path, notes=notes, household=others
    )
    return {"card": card_view(opened)}


def side(request: Asked, work: Work, code: str, faulty: forms.Form | None) -> Context:
    """What is owed, and the form that was asked for."""
    holder = work.holder(request.actor)
    context: Context = {
        "side": code,
        "tabs": tabs(work, code),
        "owed": owed(work, by=request.actor, now=request.now),
        "take": take_action(work, by=request.actor),
        "vain": vain_action(work, by=request.actor),
        "is_mine": bool(work.own) and all(task.owner_id == request.actor.user_id for task in work.own),
        "locked": _("%(name)s is already working on this.") % {"name": holder} if holder else "",
        "form_url": work.url(),
    }
    make = {ANSWERS: _answers, VISIT: _visit, PHONES: _phones, CASE: _case}.get(code)
    return context | make(request, work, faulty) if make and (faulty or not holder) else context


def _answers(request: Asked, work: Work, faulty: forms.Form | None) -> Context:
    code = work.enrolment.programme_code if work.enrolment else ""
    version = programme(code)
    title = version.file.title.in_language(wording.language())
    return {
        "form": faulty or answers_form(work),
        "programme": f"{title} · {version.version}",
        "library": _library(work.person.language),
        "library_language": work.person.language,
    }


def _library(language: str) -> list[tuple[str, str]]:
    """What people ask, in the reader's language, and what is said to it, in the patient's."""
    answers = dict(words("answers", language))
    return [(label("questions", code), answers[code]) for code in answers]


def _visit(request: Asked, work: Work, faulty: forms.Form | None) -> Context:
    visit = work.visit
    context: Context = {"sent": _sent(request, visit), **_redirect(request, visit, faulty)} if visit else {}
    faulty = None if isinstance(faulty, RedirectForm) else faulty
    if visit and not faulty and visit.state not in (VisitState.NOT_FOUND, VisitState.REFUSED):
        return context
    choice = asking.choice_for(work.person)
    return context | {
        "form": faulty or asking.visit_form(work, choice),
        "chosen_why": asking.why_this_clinic(work.person, choice),
        "told": asking.told(work.last),
        "told_at": asking.when_told(work.last),
    }


def _redirect(request: Asked, visit: HomeVisit, faulty: forms.Form | None) -> Context:
    """Offered while the clinic has not set out, and after a refusal."""
    if not may_move(VISIT_LIFE, visit.state, VisitState.REDIRECTED, roles_in(visit, request.actor)):
        return {}
    wrong = isinstance(faulty, RedirectForm)
    return {"redirect_form": faulty if wrong else RedirectForm(visit=visit), "open_redirect": wrong}


def _phones(request: Asked, work: Work, faulty: forms.Form | None) -> Context:
    folds = phones.folds(work, faulty)
    return {
        "form": faulty if faulty and not any(fold.is_open for fold in folds) else phones.phone_form(),
        "lines": phones.lines(work),
        "no_robot": consent_of(work.person, ConsentKind.ROBOT_CALLS) is False,
        "folds": folds,
    }


def _case(request: Asked, work: Work, faulty: forms.Form | None) -> Context:
    starting = faulty if isinstance(faulty, ObserveForm) else ending.observe_form(work)
    leaving = faulty if isinstance(faulty, EndForm) else ending.end_form(work, request.actor, now=request.now)
    return {
        "observe_form": starting,
        "end_form": leaving,
        "open_end": isinstance(faulty, EndForm),
        "near": _near(work.case) if work.case else (),
        "shown": shown_of(alerts_of(work.case)) if work.case else (),
    }


def _near(case: Case) -> list[Fact]:
    """Who was near the patient; each is a person to register, or is one already."""
    new = reverse("operator:new")
    return [
        Fact(
            row.name,
            phone_words(row.number) if row.number else "—",
            url=reverse("operator:person", args=[row.person.uid]) if row.person else f"{new}?near={row.uid}",
            strong=row.person is not None,
        )
        for row in close_contacts_of(case)
    ]


def _sent(request: Asked, visit: HomeVisit) -> Context:
    """The open request as the centre sees it."""
    return {
        "state": visits.state_pill(visit.state),
        "steps": visits.steps(visit),
        "due": due_view(visit.visit_due_at, now=request.now) if visit.state in AT_CLINIC else None,
        "facts": _facts(visit),
        "ended": visit.state not in AT_CLINIC,
        "grave": visit.state != VisitState.DONE,
        "words": _result(visit),
    }


def _result(visit: HomeVisit) -> str:
    words = str(VisitState(visit.state).label)
    return f"{words}: {VisitResult(visit.result).label}" if visit.result else words


def _facts(visit: HomeVisit) -> list[Fact]:
    rows = [
        (_("Clinic"), visit.clinic.name),
        (_("Redirected by"), visits.clinic_named(visit.clinic_why, "from")),
        (_("Doctor"), visit.assigned_to),
        (_("Sent"), wording.moment(visit.sent_at) if visit.sent_at else ""),
        (str(VisitState(visit.state).label), wording.moment(visit.ended_at) if visit.ended_at else ""),
        (_("Diagnosis"), f"{visit.result_icd10} {label('icd10', visit.result_icd10)}" if visit.result_icd10 else ""),
        (_("PCR"), "" if visit.pcr_taken is None else (_("taken") if visit.pcr_taken else _("not taken"))),
        (_("Reason"), visit.refusal),
        (_("Note"), visit.result_note),
    ]
    return [Fact(name, value) for name, value in rows if value]
