"""Words of a case and its life."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from medet.base import refused
from medet.base.states import NEW, Life, moves
from medet.staff.states import Role


class Classification(TextChoices):
    """How sure the diagnosis is."""

    SUSPECTED = "suspected", _("Suspected")
    PROBABLE = "probable", _("Probable")
    CONFIRMED = "confirmed", _("Confirmed")


class Severity(TextChoices):
    """Severity of the clinical protocol (edition of 05.08.2021)."""

    ASYMPTOMATIC = "asymptomatic", _("Asymptomatic")
    MILD = "mild", _("Mild")
    MODERATE = "moderate", _("Moderate")
    SEVERE = "severe", _("Severe")
    CRITICAL = "critical", _("Critical")


class Regimen(TextChoices):
    """What the person is at home for."""

    HOME_TREATMENT = "home_treatment", _("Home treatment")
    HOME_QUARANTINE = "home_quarantine", _("Home quarantine")


class Source(TextChoices):
    """Through which channel a value came (promise 9: any channel, one record)."""

    ROBOT = "robot", _("Robot call")
    OPERATOR = "operator", _("Operator")
    DIARY = "diary", _("Diary")
    CLINIC = "clinic", _("Clinic's visit")
    MIS = "mis", _("Medical information system")
    LABORATORY = "laboratory", _("Laboratory")


class Pcr(TextChoices):
    """What a laboratory says of a sample; one that it takes back stands beside what it said."""

    POSITIVE = "positive", pgettext_lazy("PCR", "positive")
    NEGATIVE = "negative", pgettext_lazy("PCR", "negative")
    WITHDRAWN = "withdrawn", pgettext_lazy("PCR", "withdrawn")


class WithoutPcr(TextChoices):
    """Why a doctor calls somebody well of whom no negative test is known."""

    SHOWN = "shown", _("The patient has a negative result that is in no list")
    NOT_MADE = "not_made", _("No control test could be made")
    DECLINED = "declined", _("The patient declined the control test")
    SYMPTOMS = "symptoms", _("Well by the symptoms, the planned days are over")


class CaseState(TextChoices):
    """Where a case stands."""

    OPENED = "opened", _("Opened")
    AT_HOME = "at_home", _("Observed at home")
    ADMITTED = "admitted", _("Admitted")
    DISCHARGED_HOME = "discharged_home", _("Discharged home")
    RECOVERED = "recovered", _("Recovered")
    DIED = "died", _("Died")
    MOVED = "moved", _("Moved")
    MISTAKEN = "mistaken", _("Opened by mistake")
    NOT_CONFIRMED = "not_confirmed", _("Diagnosis not confirmed")
    DECLINED = "declined", _("Declined care")


OBSERVED = (CaseState.AT_HOME, CaseState.DISCHARGED_HOME)
OPEN = (CaseState.OPENED, *OBSERVED, CaseState.ADMITTED)
ENDED = (
    CaseState.RECOVERED,
    CaseState.DIED,
    CaseState.MOVED,
    CaseState.MISTAKEN,
    CaseState.NOT_CONFIRMED,
    CaseState.DECLINED,
)
# Outcomes of a conclusion after which somebody has to make sure that the person was really taken.
LEAVES_HOME = ("ambulance", "hospitalise")

_STAFF = frozenset({Role.OPERATOR, Role.DOCTOR, Role.SUPERVISOR})
DOCTORS = frozenset({Role.DOCTOR, Role.SUPERVISOR})

_MOVES = (
    *moves(NEW, CaseState.OPENED, *_STAFF),
    *moves(CaseState.OPENED, CaseState.AT_HOME, *_STAFF),
    *moves((CaseState.OPENED, *OBSERVED), CaseState.ADMITTED, *_STAFF),
    *moves(CaseState.ADMITTED, CaseState.DISCHARGED_HOME, *_STAFF),
    *moves((*OBSERVED, CaseState.ADMITTED), CaseState.RECOVERED, *DOCTORS),
    *moves(OBSERVED, (CaseState.NOT_CONFIRMED, CaseState.DECLINED), *DOCTORS),
    *moves(OPEN, (CaseState.DIED, CaseState.MOVED, CaseState.MISTAKEN), *_STAFF),
)

# A person at home is owed by the day's DueContacts. Of one in hospital an operator asks until they are home or well:
# an ambulance may have left them where they were, and hospitals send people home without a word.
CASE_LIFE = Life(
    name="case",
    states=CaseState,
    moves=_MOVES,
    owes={state: (Role.OPERATOR if state in (CaseState.OPENED, CaseState.ADMITTED) else None) for state in CaseState},
)

refused.register(
    {
        "case.already_open": _("This person already has an open case."),
        "allergy.missing": _("Say what the patient must not be given."),
        "case.person_died": _("This person is recorded as dead: a supervisor decides whether that was a mistake."),
        "case.open_elsewhere": _("This person is followed by %(organisation)s: tell them what you were told."),
        "case.pcr_needed": _(
            "No negative PCR is known. Why the observation ends without one is said in a doctor's conclusion, or by a"
            " supervisor on the operator's page of the patient (Case)."
        ),
        "case.not_observed": _("This person is not under observation at home now."),
        "conclusion.amended": _("This conclusion has a newer version; amend that one."),
        "conclusion.new_alert": _("A new danger sign came in meanwhile: look at it first."),
        "conclusion.needs_a_doctor": _("A conclusion is signed by a doctor."),
        "conclusion.code_unknown": _("“%(code)s” is not in the list."),
    }
)
