"""Words of monitoring: bands, and the lives of an enrolment, a due contact and an alert."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from medet.base import refused
from medet.base.states import NEW, Life, moves
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


class GoesOn(TextChoices):
    """Why an observation goes on beyond its planned days."""

    SYMPTOMS = "symptoms", _("The symptoms have not gone")
    FEVER = "fever", _("There still is a fever")
    PCR_POSITIVE = "pcr_positive", _("The PCR test is still positive")
    PCR_AWAITED = "pcr_awaited", _("The result of the PCR test is awaited")
    RISK = "risk", _("A risk group: watched for longer")
    NOT_REACHED = "not_reached", _("The patient was not reached on the last days")


class DueState(TextChoices):
    """Where a planned contact stands; while planned, a robot's is its campaign's and a doctor's waits for its day."""

    PLANNED = "planned", _("Planned")
    HANDED = "handed", _("Handed to a person")
    DOCTORS = "doctors", _("With the doctors")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class DueKind(TextChoices):
    """Who is meant to make a planned contact."""

    ROBOT = "robot", _("Robot call")
    EXTRA = "extra", _("Robot call of a campaign")
    DOCTOR = "doctor", _("Doctor's consultation")


class AlertState(TextChoices):
    """Where an alert stands."""

    OPEN = "open", _("Open")
    ACTED = "acted", _("Acted on")
    OVERRIDDEN = "overridden", _("Overridden")
    CANCELLED = "cancelled", _("Cancelled with its case")


BY_ROBOT = (DueKind.ROBOT, DueKind.EXTRA)  # a campaign rings for it
DUE_OPEN = (DueState.PLANNED, DueState.HANDED, DueState.DOCTORS)

_STAFF = (Role.OPERATOR, Role.DOCTOR, Role.SUPERVISOR)
_OURS = ("robot", "worker")  # the platform's own processes

ENROLMENT_LIFE = Life(
    name="enrolment",
    states=EnrolmentState,
    moves=(
        *moves(NEW, EnrolmentState.ACTIVE, *_STAFF, *_OURS),
        *moves(EnrolmentState.ACTIVE, EnrolmentState.ENDED, *_STAFF, *_OURS),
    ),
    owes=dict.fromkeys(EnrolmentState),
)
DUE_LIFE = Life(
    name="due_contact",
    states=DueState,
    moves=(
        *moves(NEW, DueState.PLANNED, *_STAFF, *_OURS),
        *moves(DueState.PLANNED, DueState.HANDED, *_STAFF, *_OURS),
        *moves(DueState.PLANNED, DueState.DOCTORS, *_STAFF, *_OURS),
        *moves(DUE_OPEN, (DueState.DONE, DueState.CANCELLED), *_STAFF, *_OURS),
    ),
    owes={
        DueState.PLANNED: None,
        DueState.HANDED: Role.OPERATOR,
        DueState.DOCTORS: Role.DOCTOR,
        DueState.DONE: None,
        DueState.CANCELLED: None,
    },
)
ALERT_LIFE = Life(
    name="alert",
    states=AlertState,
    moves=(
        *moves(NEW, AlertState.OPEN, *_STAFF, *_OURS),
        *moves(AlertState.OPEN, AlertState.ACTED, *_STAFF),
        *moves(AlertState.OPEN, AlertState.OVERRIDDEN, Role.DOCTOR, Role.SUPERVISOR),
        *moves(AlertState.OPEN, AlertState.CANCELLED, *_STAFF, *_OURS),
    ),
    # The rule of the programme names doctor or operator; somebody always owes an open alert.
    owes={state: (Role.DOCTOR if state == AlertState.OPEN else None) for state in AlertState},
)

refused.register(
    {
        "programme.invalid": _("The programme file %(file)s cannot be used: %(problem)s."),
        "programme.unknown": _("There is no programme “%(code)s”."),
        "observation.reason_needed": _("The planned days are over: say why the observation goes on."),
        "answer.unknown": _("“%(value)s” is not an answer to “%(question)s”."),
        "answer.range": _("%(name)s must be between %(low)s and %(high)s."),
    }
)
