"""What the limits and their units are called on the page."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medet.contacts.states import AttemptOutcome, ContactOutcome

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

UNITS: "dict[str, StrOrPromise]" = {
    "days": _("days"),
    "yes/no": _("yes or no"),
    "attempts": _("attempts"),
    "minutes": _("minutes"),
    "times": _("times"),
    "local times": _("times of day"),
    "local time": _("time of day"),
    "seconds": _("seconds"),
    "hours": _("hours"),
    "MB": _("MB"),
    "rows": _("rows"),
    "working days": _("working days"),
    "years": _("years"),
    "kinds": _("kinds"),
    "searches": _("searches"),
    "people": _("people"),
    "presets": _("ways of ringing"),
}
NAMES: "dict[str, StrOrPromise]" = {
    "quarantine.days": _("Days of quarantine"),
    "observation.days": _("Days of observation"),
    "case.close.needs_pcr": _("A negative test ends a case"),
    "call.daily_attempts": _("Robot calls to one person a day"),
    "call.min_gap_minutes": _("Least time between two robot calls"),
    "call.retry_minutes": _("When the robot rings again, by outcome"),
    "call.retry_times": _("How often the robot rings again, by outcome"),
    "call.slots": _("Times of day for spreading calls"),
    "call.without_consent": _("The robot rings without having asked"),
    "call.hours.start": _("Calls begin"),
    "call.hours.end": _("Calls end"),
    "call.ring_seconds": _("How long a telephone rings"),
    "video.max_gap_days": _("A doctor speaks at least every"),
    "danger.callback_minutes": _("A doctor rings back after a danger sign within"),
    "alert.red_minutes": _("A red alert is answered within"),
    "alert.amber_minutes": _("An amber alert is answered within"),
    "task.call_by_hand_minutes": _("A call by hand is made within"),
    "admission.confirm_minutes": _("Admission is made sure of within"),
    "admission.ask_hours": _("Whoever is in hospital is asked about every"),
    "active_visit.ack_minutes": _("A clinic accepts a home visit within"),
    "active_visit.visit_hours": _("A clinic visits within"),
    "violation.no_contact_attempts": _("Vain attempts before a violation is looked at"),
    "violation.min_gap_minutes": _("Least time between such attempts"),
    "notification.058u_hours": _("The emergency notification 058/u is sent within"),
    "ambulance.category.1_minutes": _("Ambulance arrives, category 1"),
    "ambulance.category.2_minutes": _("Ambulance arrives, category 2"),
    "ambulance.category.3_minutes": _("Ambulance arrives, category 3"),
    "ambulance.category.4_minutes": _("Ambulance arrives, category 4"),
    "duty.longest_hours": _("Longest duty"),
    "shift.ahead_minutes": _("A shift may begin early by"),
    "shift.give_back_minutes": _("Tasks of who went home come back after"),
    "shift.forgotten_minutes": _("A forgotten shift is ended after"),
    "swap.answer_minutes": _("A swap is answered within"),
    "intake.max_megabytes": _("Largest list"),
    "intake.max_rows": _("Most rows of a list"),
    "intake.check_minutes": _("Doubtful rows are decided within"),
    "intake.preview_hours": _("A preview is thrown away after"),
    "request.answer.stat_minutes": _("An emergency request is answered within"),
    "request.answer.urgent_minutes": _("An urgent request is answered within"),
    "request.answer.routine_days": _("A planned request is answered within"),
    "request.return_minutes": _("A request is returned within"),
    "report.sign_minutes": _("A report is signed within"),
    "log.retention_years": _("Logs are kept"),
    "record.retention.outpatient_years": _("Outpatient records are kept"),
    "record.retention.inpatient_years": _("Inpatient records are kept"),
    "consent.required_kinds": _("Consents that are needed"),
    "search.per_hour": _("Searches of one user an hour"),
    "search.unknown_numbers_per_hour": _("Searches by number that find nobody, an hour"),
    "call.household_most": _("Most people of one line asked in one call"),
    "task.lock_minutes": _("A patient in an operator’s hands is locked for"),
    "visit.clinic_reads_days": _("A clinic opens a visit it ended for"),
    "visit.duty_ring_minutes": _("A request nobody saw is told to the telephone on duty after"),
    "visit.duty_again_minutes": _("The telephone on duty is rung again after"),
    "visit.duty_most": _("Calls to the telephone on duty about one request"),
    "robot.stop_review_minutes": _("A stopped robot is looked at again within"),
    "campaign.starts_by_itself": _("The day’s robot calls begin by themselves"),
    "campaign.presets": _("Ready hours and pauses of campaigns"),
    "campaign.preview_minutes": _("A campaign’s preview is valid for"),
    "account.invitation_hours": _("A link of invitation is valid"),
    "device.lock_minutes": _("A shared phone locks when nobody touches it for"),
}


# Values that are lists or tables name kinds and outcomes by codes; people read words.
KINDS: "dict[str, StrOrPromise]" = {
    "offer": _("offer"),
    "remote_service": _("remote service"),
    "personal_data": _("personal data"),
    "gentle": _("gentle"),
    "normal": _("ordinary"),
    "urgent": _("in haste"),
}


def said(value: Any) -> str:
    """As people read it; `limits.shown` is how it is typed."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict) and any(isinstance(one, dict) for one in value.values()):
        return ", ".join(_word(key) for key in value)  # the whole of it stands in the form
    if isinstance(value, dict):
        return " · ".join(f"{_word(key)}: {one}" for key, one in value.items())
    return ", ".join(_word(one) for one in value) if isinstance(value, list) else str(value)


def _word(code: Any) -> str:
    known = dict(ContactOutcome.choices) | dict(AttemptOutcome.choices) | KINDS
    return str(known.get(code, code))


def name_of(code: str) -> str:
    """A limit that a newer release brought and nobody named shows its code."""
    return str(NAMES.get(code, code))
