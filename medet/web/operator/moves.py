"""What an operator may do with a person, by name: a sentence comes back, or the form with its faults."""

from collections.abc import Callable

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _

from medet.base.refused import Refused
from medet.flows.admission import not_taken, still_there
from medet.flows.new_phone import new_phone, phone_learned
from medet.flows.not_reached import not_reached
from medet.flows.observe import observe
from medet.flows.redirect_visit import redirect_visit
from medet.flows.request_visit import request_visit
from medet.flows.robot_consent import no_robot_calls, robot_calls_again
from medet.flows.settle_alert import settle_alert
from medet.flows.take_patient import take_patient
from medet.flows.visit_again import visit_again
from medet.flows.visit_instead import visit_instead
from medet.flows.visit_moves import advance_visit
from medet.flows.well_again import end_observation
from medet.flows.write_contact import write_contact
from medet.handovers.models import HomeVisit
from medet.handovers.states import VisitReason, VisitState
from medet.monitoring.queries import open_alerts, programme
from medet.monitoring.states import AlertState
from medet.people.actions import Door, name_representative, set_address
from medet.people.queries import phones_of
from medet.people.states import Whose
from medet.places.models import District
from medet.records.actions import note_allergy
from medet.records.states import CaseState, WithoutPcr
from medet.tasks.models import Task
from medet.web.asked import Asked
from medet.web.moves import carried_out
from medet.web.operator import asking, ending, phones
from medet.web.operator.forms import AllergyForm, AnswersForm, RepresentativeForm
from medet.web.operator.work import ANSWERS, CASE, PHONES, VISIT, Work, lock_time
from medet.web.parts.redirect import RedirectForm
from medet.web.parts.shown import shown_in

Outcome = str | forms.Form


def answers(request: Asked, work: Work) -> Outcome:
    """The conversation is written down."""
    form = answers_form(work, request.POST)
    if not form.is_valid():
        return form

    def move() -> None:
        work.check_free(request.actor)
        write_contact(case=work.seen(), given=form.given, by=request.actor, now=request.now)

    return _("The answers are saved.") if carried_out(form, move) else form


def answers_form(work: Work, posted: object = None) -> AnswersForm:
    """The questions of the programme that watches over the case."""
    if work.enrolment is None:
        raise Refused("case.not_observed")
    return AnswersForm(posted, programme=programme(work.enrolment.programme_code).file)


def visit(request: Asked, work: Work) -> Outcome:
    """A home visit is asked for; one that found nobody or was refused is closed with it."""
    choice = asking.choice_for(work.person)
    form = asking.visit_form(work, choice, request.POST)
    if not form.is_valid():
        return form

    def move() -> HomeVisit:
        work.check_free(request.actor)
        wish = asking.wish_of(form, choice)
        if work.visit and work.visit.state in (VisitState.NOT_FOUND, VisitState.REFUSED):
            return visit_again(visit=work.visit, wish=wish, by=request.actor, now=request.now)
        send = visit_instead if wish.reason == VisitReason.NOT_REACHED else request_visit
        return send(case=work.seen(), wish=wish, by=request.actor, now=request.now)

    return _("The request is sent to the clinic.") if carried_out(form, move) else form


def redirect(request: Asked, work: Work) -> Outcome:
    """The request goes on to another clinic."""
    if work.visit is None:
        raise Http404
    visit, form = work.visit, RedirectForm(request.POST, visit=work.visit)
    if not form.is_valid():
        return form

    def move() -> HomeVisit:
        work.check_free(request.actor)
        to, why = form.cleaned_data["to"], form.cleaned_data["why"]
        return redirect_visit(visit=visit, to=to, why=why, by=request.actor, now=request.now)

    return _("Redirected: the other clinic has the request, and its time runs on.") if carried_out(form, move) else form


def close_visit(request: Asked, work: Work) -> Outcome:
    """The result was read."""
    if work.visit is None:
        raise Http404
    advance_visit(visit=work.visit, to=VisitState.CLOSED, by=request.actor, now=request.now)
    return _("The home visit is closed.")


def start(request: Asked, work: Work) -> Outcome:
    """The observation begins."""
    form = ending.observe_form(work, request.POST)
    if form is None:
        raise Refused("case.not_observed")
    if not form.is_valid():
        return form
    code = form.cleaned_data["programme"]
    moved = carried_out(form, lambda: observe(case=work.seen(), programme_code=code, by=request.actor, now=request.now))
    return _("The observation has begun; the robot rings today.") if moved else form


def end(request: Asked, work: Work) -> Outcome:
    """Admitted, died, moved ...: every contact stops."""
    form = ending.end_form(work, request.actor, now=request.now, posted=request.POST)
    if form is None:
        raise Refused("case.not_observed")
    if not form.is_valid():
        return form
    to, said, shown = CaseState(form.cleaned_data["to"]), form.cleaned_data, shown_in(request)
    without_pcr = WithoutPcr(said["without_pcr"]) if said["without_pcr"] else None

    def move() -> None:
        end_observation(
            case=work.seen(),
            to=to,
            why=said["why"],
            shown=shown,
            without_pcr=without_pcr,
            by=request.actor,
            now=request.now,
        )

    moved = carried_out(form, move)
    return (
        _("Written down: %(state)s. Calls and tasks are stopped.") % {"state": str(to.label).lower()} if moved else form
    )


def take(request: Asked, work: Work) -> Outcome:
    """Everything owed for this person: colleagues see who is working on it."""
    take_patient(tasks=work.own, by=request.actor, now=request.now, lock=lock_time(request.now))
    return _("The task is yours.")


def nobody(request: Asked, work: Work) -> Outcome:
    """Rung by hand in vain: the task comes back in an hour."""
    work.check_free(request.actor)
    not_reached(case=work.seen(), by=request.actor, now=request.now)
    return _("Written down: nobody answered. The task comes back in an hour.")


def _named(request: Asked, work: Work) -> Task | None:
    """The task that the address names."""
    return next((task for task in work.own if str(task.uid) == request.GET.get("task")), None)


def hospital_has(request: Asked, work: Work) -> Outcome:
    """The hospital was asked: the person is still there."""
    work.check_free(request.actor)
    still_there(case=work.seen(), by=request.actor, now=request.now)
    return _("Written down: you will be asked again tomorrow.")


def at_home_still(request: Asked, work: Work) -> Outcome:
    """Nobody took the person to hospital."""
    work.check_free(request.actor)
    task = _named(request, work)
    if task is None:
        raise Refused("task.closed")
    not_taken(task=task, by=request.actor, now=request.now)
    return _("A doctor decides anew.")


def settle(request: Asked, work: Work) -> Outcome:
    """What one alert asked for was done."""
    work.check_free(request.actor)
    task = _named(request, work)
    alert = open_alerts([task.about_uid]).get(task.about_uid) if task else None
    if alert is None:
        raise Refused("task.closed")
    settle_alert(alert=alert, to=AlertState.ACTED, by=request.actor, now=request.now)
    return _("Dealt with: the task is closed.")


def phone(request: Asked, work: Work) -> Outcome:
    """Another number; the robot rings the best one that is not bad."""
    form = phones.phone_form(request.POST)
    if not form.is_valid():
        return form
    number, whose = form.cleaned_data["number"], Whose(form.cleaned_data["whose"])
    added = carried_out(
        form,
        lambda: new_phone(person=work.person, number=number, whose=whose, by=request.actor, now=request.now),
    )
    return _("The number is added.") if added else form


def mark(request: Asked, work: Work) -> Outcome:
    """What is known of a number after it was rung."""
    uid = request.GET.get("phone", "")
    row = next((row for row in phones_of(work.person) if str(row.uid) == uid), None)
    if row is None:
        raise Refused("phone.unknown")
    state = phones.STATES[request.POST["move"]]
    reason = request.POST.get("reason", "").strip()[:200] or "operator"
    phone_learned(phone=row, state=state, reason=reason, by=request.actor, now=request.now)
    return _("The number is marked: %(state)s.") % {"state": str(state.label).lower()}


def robot(request: Asked, work: Work) -> Outcome:
    """What the patient says of robot calls, on the telephone."""
    by, now = request.actor, request.now
    if request.POST["move"] == "robot_no":
        no_robot_calls(person=work.person, channel="phone", by=by, now=now)
        return _("Written down: the robot does not ring any more; a person does.")
    robot_calls_again(person=work.person, text_version="spoken", channel="phone", by=by, now=now)
    return _("Written down: the robot rings again from the next planned day.")


def address(request: Asked, work: Work) -> Outcome:
    """Where the person actually is; the former address stays as history."""
    form = phones.address_form(work, request.POST)
    if not form.is_valid():
        return form
    parts = dict(form.cleaned_data)
    district = District.objects.get(kato=parts.pop("district"))
    set_address(person=work.person, door=Door(district=district, **parts), by=request.actor, now=request.now)
    return _("The address is written down.")


def allergy(request: Asked, work: Work) -> Outcome:
    """Stands in the card of every desk from now on."""
    form, case = AllergyForm(request.POST), work.seen()
    if not form.is_valid():
        return form
    said = {"person": work.person, "substance": form.cleaned_data["substance"]}
    noted = carried_out(
        form, lambda: note_allergy(**said, organisation_id=case.organisation_id, by=request.actor, now=request.now)
    )
    return _("The allergy is written down.") if noted else form


def representative(request: Asked, work: Work) -> Outcome:
    """Whom to speak with about this patient."""
    form = RepresentativeForm(request.POST)
    if not form.is_valid():
        return form
    said = form.cleaned_data
    named = carried_out(
        form, lambda: name_representative(person=work.person, **said, by=request.actor, now=request.now)
    )
    return _("Written down: %(name)s answers for the patient.") % {"name": said["name"]} if named else form


# Name of the move -> what does it, and the form it belongs to.
MOVES: dict[str, tuple[Callable[[Asked, Work], Outcome], str]] = {
    "answers": (answers, ANSWERS),
    "visit": (visit, VISIT),
    "close_visit": (close_visit, VISIT),
    "redirect": (redirect, VISIT),
    "phone": (phone, PHONES),
    "address": (address, PHONES),
    "allergy": (allergy, PHONES),
    "representative": (representative, PHONES),
    "robot_no": (robot, PHONES),
    "robot_yes": (robot, PHONES),
    **dict.fromkeys(phones.STATES, (mark, PHONES)),
    "start": (start, CASE),
    "end": (end, CASE),
    "take": (take, ""),
    "settle": (settle, ""),
    "not_reached": (nobody, ""),
    "still_there": (hospital_has, ""),
    "not_taken": (at_home_still, ""),
}
