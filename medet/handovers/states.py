"""Words of a home visit and its life between the centre and the clinic."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from medet.base import refused
from medet.base.states import NEW, Life, moves
from medet.staff.states import Role


class VisitState(TextChoices):
    """Where a home-visit request stands (the states of every handover)."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    RECEIVED = "received", _("Received")
    ASSIGNED = "assigned", _("Assigned")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Visited")
    NOT_FOUND = "not_found", _("Not found at the address")
    REFUSED = "refused", _("Refused")
    REDIRECTED = "redirected", _("Redirected")
    CLOSED = "closed", _("Closed")


class Urgency(TextChoices):
    """How soon the clinic is to visit (limits are policy parameters)."""

    TWO_HOURS = "two_hours", _("Within 2 hours")
    TODAY = "today", _("Today")
    DAY = "day", _("Within 24 hours")


class VisitReason(TextChoices):
    """Why the clinic is asked to visit."""

    WORSENING = "worsening", _("Worsening")
    SUSPECTED = "suspected", _("Suspected COVID-19")
    NOT_REACHED = "not_reached", _("Not reached by phone")
    NO_MEDICINES = "no_medicines", _("No medicines")
    DOCTOR_ASKS = "doctor_asks", _("The doctor asks for a visit")


class VisitResult(TextChoices):
    """What the clinic found at the door."""

    STAYS_HOME = "stays_home", _("Stays at home, treated")
    ADMITTED = "admitted", _("Sent to hospital")
    AMBULANCE = "ambulance", _("Ambulance called")
    HEALTHY = "healthy", _("No signs of illness")


class ClinicChoice(TextChoices):
    """How the clinic was chosen."""

    ADDRESS = "address", _("by the actual address")
    ATTACHED = "attached", _("by attachment")
    BY_HAND = "by_hand", _("chosen by hand")


class ContactToday(TextChoices):
    """How today's contact of the centre with somebody under observation stands, as far as a clinic may know."""

    TRYING = "trying", _("Not reached, an operator is ringing")
    DOCTOR = "doctor", _("With the doctor")
    WAITING = "waiting", _("Still to be reached today")
    NOTHING = "nothing", _("No contact planned today")
    SPOKEN = "spoken", _("Spoken with today")


# The two sides of a request: a role counts only on its own side.
CENTRE = frozenset({Role.OPERATOR, Role.DOCTOR, Role.SUPERVISOR})
CLINIC = frozenset({Role.CLINIC_RECEIVER, Role.HEAD_OF_CLINIC})

_V = VisitState
VISIT_LIFE = Life(
    name="home_visit",
    states=VisitState,
    moves=(
        *moves(NEW, _V.DRAFT, *CENTRE),
        *moves(_V.DRAFT, _V.SENT, *CENTRE),
        *moves(_V.SENT, _V.RECEIVED, *CLINIC),
        *moves((_V.RECEIVED, _V.NOT_FOUND), _V.ASSIGNED, *CLINIC),
        *moves(_V.ASSIGNED, _V.UNDER_WAY, *CLINIC),
        *moves((_V.ASSIGNED, _V.UNDER_WAY), (_V.DONE, _V.NOT_FOUND), *CLINIC),
        *moves((_V.SENT, _V.RECEIVED, _V.ASSIGNED), _V.REFUSED, *CLINIC),
        *moves((_V.SENT, _V.RECEIVED, _V.ASSIGNED), _V.REDIRECTED, *CLINIC, *CENTRE),
        *moves(_V.REFUSED, _V.REDIRECTED, *CENTRE),
        *moves([state for state in _V if state not in (_V.CLOSED, _V.REDIRECTED)], _V.CLOSED, *CENTRE),
    ),
    owes={
        _V.DRAFT: Role.OPERATOR,
        _V.SENT: Role.CLINIC_RECEIVER,
        _V.RECEIVED: Role.CLINIC_RECEIVER,
        _V.ASSIGNED: Role.CLINIC_RECEIVER,
        _V.UNDER_WAY: Role.CLINIC_RECEIVER,
        _V.DONE: Role.OPERATOR,
        _V.NOT_FOUND: Role.OPERATOR,
        _V.REFUSED: Role.OPERATOR,
        _V.REDIRECTED: None,
        _V.CLOSED: None,
    },
)

AT_CLINIC = (_V.SENT, _V.RECEIVED, _V.ASSIGNED, _V.UNDER_WAY)
OPEN = tuple(state for state in _V if state not in (_V.REDIRECTED, _V.CLOSED))

refused.register(
    {
        "visit.no_clinic": _("No clinic is known for this address; choose one."),
        "visit.no_address": _("Enter the address before asking for a visit."),
        "visit.reason_needed": _("Say why the visit is refused."),
        "visit.same_clinic": _("This clinic has the request already; choose another one."),
        "visit.redirected_before": _(
            "This clinic has redirected the request already. Refuse it with your reason, and the centre decides."
        ),
        "visit.result_needed": _("Choose the result of the visit."),
        "visit.not_yours": _("This request belongs to another clinic."),
        "visit.already_open": _("A home visit for this person is already open."),
    }
)
