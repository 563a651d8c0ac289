"""Words of monitoring: bands, and the lives of an enrolment, a due contact and an alert."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from medet.base import refused
from medet.base.states import Life, Move
from medet.staff.states import Role


class Band(TextChoices):
    """How grave answers are."""

    RED = "red", _("Danger sign")
    AMBER = "amber", _("Doctor today")
    GREEN = "green", _("Going on")
    SIGNAL = "signal", _("Not medical")


class EnrolmentState(TextChoices):
    """Whether a programme watches over a case."""

    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")


class DueState(TextChoices):
    """Where a planned contact stands; while planned it is its campaign's."""

    PLANNED = "planned", _("Planned")
    HANDED = "handed", _("Handed to a person")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class DueKind(TextChoices):
    """Who is meant to make a planned contact."""

    ROBOT = "robot", _("Robot call")
    DOCTOR = "doctor", _("Doctor's consultation")


class AlertState(TextChoices):
    """Where an alert stands."""

    OPEN = "open", _("Open")
    ACTED = "acted", _("Acted on")
    OVERRIDDEN = "overridden", _("Overridden")
    CANCELLED = "cancelled", _("Cancelled with its case")


_STAFF = frozenset({Role.OPERATOR, Role.DOCTOR, Role.SUPERVISOR})

ENROLMENT_LIFE = Life(
    name="enrolment",
    states=EnrolmentState,
    moves=(Move(EnrolmentState.ACTIVE, EnrolmentState.ENDED, _STAFF),),
    owes=dict.fromkeys(EnrolmentState),
)
DUE_LIFE = Life(
    name="due_contact",
    states=DueState,
    moves=(
        Move(DueState.PLANNED, DueState.DONE, _STAFF),
        Move(DueState.PLANNED, DueState.HANDED, _STAFF),
        Move(DueState.PLANNED, DueState.CANCELLED, _STAFF),
        Move(DueState.HANDED, DueState.DONE, _STAFF),
        Move(DueState.HANDED, DueState.CANCELLED, _STAFF),
    ),
    owes={state: (Role.OPERATOR if state == DueState.HANDED else None) for state in DueState},
)
ALERT_LIFE = Life(
    name="alert",
    states=AlertState,
    moves=(
        Move(AlertState.OPEN, AlertState.ACTED, _STAFF),
        Move(AlertState.OPEN, AlertState.OVERRIDDEN, frozenset({Role.DOCTOR, Role.SUPERVISOR})),
        Move(AlertState.OPEN, AlertState.CANCELLED, _STAFF),
    ),
    # The rule of the programme names doctor or operator; somebody always owes an open alert.
    owes={state: (Role.DOCTOR if state == AlertState.OPEN else None) for state in AlertState},
)
TRANSITIONS = (ENROLMENT_LIFE, DUE_LIFE, ALERT_LIFE)

refused.register(
    {
        "programme.invalid": _("The programme file %(file)s cannot be used: %(problem)s."),
        "programme.unknown": _("There is no programme “%(code)s”."),
        "answer.unknown": _("“%(value)s” is not an answer to “%(question)s”."),
        "answer.range": _("%(name)s must be between %(low)s and %(high)s."),
    }
)
