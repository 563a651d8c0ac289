"""What a clinic may do with a request: each move by its name; faults come back on the form they belong to."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from medet.base.states import may_move
from medet.flows.redirect_visit import redirect_visit
from medet.flows.visit_moves import advance_visit, finish_visit
from medet.handovers.actions import VisitFindings
from medet.handovers.models import HomeVisit
from medet.handovers.queries import last_doctors
from medet.handovers.rules import roles_in
from medet.handovers.states import VISIT_LIFE, VisitResult, VisitState
from medet.records.codes import choices
from medet.web.asked import Asked
from medet.web.clinic.forms import AssignForm, NotFoundForm, RefuseForm, ResultForm
from medet.web.moves import carried_out
from medet.web.parts.redirect import RedirectForm

# Name of the move -> where it leads. The forms are looked for under the same names.
TARGETS = {
    "accept": VisitState.RECEIVED,
    "under_way": VisitState.UNDER_WAY,
    "assign": VisitState.ASSIGNED,
    "done": VisitState.DONE,
    "not_found": VisitState.NOT_FOUND,
    "redirect": VisitState.REDIRECTED,
    "refuse": VisitState.REFUSED,
}


def forms_of(visit: HomeVisit, request: Asked, faulty: tuple[str, forms.Form] | None = None) -> dict[str, Any]:
    """The forms the state allows; the one with faults as it was typed, and open."""
    roles = roles_in(visit, request.actor)
    allowed = [name for name in FORMS if may_move(VISIT_LIFE, visit.state, TARGETS[name], roles)]
    offered: dict[str, forms.Form] = {name: FORMS[name](visit, request) for name in allowed}
    if faulty:
        offered[faulty[0]] = faulty[1]
    open_form = faulty[0] if faulty else _expected(offered)
    return {f"{name}_form": form for name, form in offered.items()} | {"open_form": open_form}


def _expected(offered: dict[str, forms.Form]) -> str:
    """The next step on the way stands open: one tap less on the stairs."""
    return next((name for name in ("assign", "done") if name in offered), "")


def _assign_form(visit: HomeVisit, request: Asked, posted: Any = None) -> AssignForm:
    return AssignForm(posted, names=last_doctors(request.actor))


def _result_form(visit: HomeVisit, request: Asked, posted: Any = None) -> ResultForm:
    diagnoses = [(code, f"{code} {words}") for code, words in choices("icd10")]
    return ResultForm(posted, initial={"icd10": visit.icd10}, diagnoses=diagnoses)


def _not_found_form(visit: HomeVisit, request: Asked, posted: Any = None) -> NotFoundForm:
    return NotFoundForm(posted)


def _refuse_form(visit: HomeVisit, request: Asked, posted: Any = None) -> RefuseForm:
    return RefuseForm(posted)


def _redirect_form(visit: HomeVisit, request: Asked, posted: Any = None) -> RedirectForm:
    return RedirectForm(posted, visit=visit)


FORMS: dict[str, Callable[..., forms.Form]] = {
    "assign": _assign_form,
    "done": _result_form,
    "not_found": _not_found_form,
    "redirect": _redirect_form,
    "refuse": _refuse_form,
}


def move(visit: HomeVisit, name: str, request: Asked) -> tuple[str, forms.Form] | None:
    """Makes the move; None when it is done, else the form with its faults."""
    make = FORMS.get(name)
    if make is None:
        advance_visit(visit=visit, to=TARGETS[name], by=request.actor, now=request.now)
        return None
    form = make(visit, request, request.POST)
    if form.is_valid() and carried_out(form, lambda: _do(visit, name, form, request)):
        return None
    return name, form


def _do(visit: HomeVisit, name: str, form: forms.Form, request: Asked) -> HomeVisit:
    if isinstance(form, ResultForm):
        return finish_visit(visit=visit, findings=_findings(form), by=request.actor, now=request.now)
    if isinstance(form, RedirectForm):
        to, why = form.cleaned_data["to"], form.cleaned_data["why"]
        return redirect_visit(visit=visit, to=to, why=why, by=request.actor, now=request.now)
    return advance_visit(visit=visit, to=TARGETS[name], by=request.actor, now=request.now, **_changes(form))


def _changes(form: forms.Form) -> dict[str, str]:
    data = form.cleaned_data
    if isinstance(form, AssignForm):
        return {"assigned_to": data["assigned_to"]}
    if isinstance(form, NotFoundForm):
        return {"result_note": data["note"]}
    return {"refusal": data["refusal"]} if isinstance(form, RefuseForm) else {}


def _findings(form: ResultForm) -> VisitFindings:
    data = form.cleaned_data
    return VisitFindings(
        result=VisitResult(data["result"]), icd10=data["icd10"], note=data["note"], pcr_taken=form.pcr_taken
    )


def sentence(name: str) -> str:
    """What is said after a move."""
    return {
        "accept": _("Accepted: the centre sees it."),
        "under_way": _("On the way."),
        "assign": _("Assigned."),
        "done": _("The result went to the centre."),
        "not_found": _("The centre knows that nobody was found."),
        "redirect": _("Redirected: the other clinic has the request, and its time runs on."),
        "refuse": _("Refused: the centre has your reason."),
    }[name]
