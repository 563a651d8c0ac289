"""What a doctor may do with a patient by one key, by name; each gives the sentence that is said afterwards."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from medet.flows.conclude import end_of
from medet.flows.doctor_contact import doctor_not_reached
from medet.flows.request_visit import request_visit
from medet.flows.shown_alerts import override_alerts
from medet.flows.take_patient import take_patient
from medet.flows.well_again import end_observation
from medet.tasks.actions import take_over
from medet.tasks.states import Takeover
from medet.web.asked import Asked
from medet.web.doctor.conclusion import wish_of
from medet.web.doctor.work import Work
from medet.web.parts.shown import shown_in


def take(request: Asked, work: Work) -> str:
    """Every task about this patient: colleagues see who is working on it."""
    take_patient(tasks=work.tasks, by=request.actor, now=request.now)
    return _("The patient is yours.")


def take_over_because(why: Takeover) -> Callable[[Asked, Work], str]:
    """A colleague's patient, with the reason in the history."""

    def move(request: Asked, work: Work) -> str:
        for task in work.tasks:
            take_over(task=task, why=why, by=request.actor, now=request.now)
        return _("The patient is yours.")

    return move


def override(request: Asked, work: Work) -> str:
    """The alerts tell nothing; they are counted as overridden."""
    work.check_free(request.actor)
    override_alerts(case=work.seen(), shown=shown_in(request), by=request.actor, now=request.now)
    return _("The alerts are overridden.")


def not_reached(request: Asked, work: Work) -> str:
    """The doctor rang in vain."""
    work.check_free(request.actor)
    doctor_not_reached(case=work.seen(), by=request.actor, now=request.now)
    return _("Written down: nobody answered. The task comes back in an hour.")


def visit(request: Asked, work: Work) -> str:
    """A home visit after the conclusion."""
    work.check_free(request.actor)
    sent = request_visit(case=work.seen(), wish=wish_of(work), by=request.actor, now=request.now)
    return _("The home visit is sent: %(clinic)s.") % {"clinic": sent.clinic.name}


def end(request: Asked, work: Work) -> str:
    """The end of the observation after the conclusion."""
    work.check_free(request.actor)
    case, shown = work.seen(), shown_in(request)
    to = end_of(work.last.outcome if work.last else "")
    end_observation(case=case, to=to, why="doctor", shown=shown, by=request.actor, now=request.now)
    return _("The observation is ended.")


MOVES: dict[str, Callable[[Asked, Work], str]] = {
    "take": take,
    "override": override,
    "not_reached": not_reached,
    "visit": visit,
    "end": end,
    **{f"over_{why}": take_over_because(why) for why in Takeover},
}
