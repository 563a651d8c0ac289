"""Calls to colleagues as pages, clocks and the phone process read them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import F, QuerySet

from medet.contacts.staff_calls.actions import LONGEST, TAKEN_WITHIN
from medet.contacts.staff_calls.models import StaffCall
from medet.contacts.staff_calls.states import OPEN, DutyGap, StaffCallKind, StaffCallState
from medet.contacts.states import AttemptOutcome
from medet.places.models import Organisation


def last_test_call(user_id: int | None) -> StaffCall | None:
    """The newest of a user."""
    return StaffCall.objects.filter(kind=StaffCallKind.TEST, asked_by_id=user_id).order_by("-asked_at").first()


def is_lost(call: StaffCall, *, now: datetime) -> bool:
    """Nobody took it up, or its process went away."""
    if call.state not in OPEN:
        return False
    limit = TAKEN_WITHIN if call.state == StaffCallState.ASKED else LONGEST
    return (call.rung_at or call.asked_at) < now - limit


def duty_calls(clinic_id: int) -> QuerySet[StaffCall]:
    """Calls to the telephone on duty of a clinic, newest first."""
    return StaffCall.objects.filter(kind=StaffCallKind.DUTY, organisation_id=clinic_id).order_by("-asked_at", "-pk")


def duty_gaps(clinics: Iterable[Organisation], *, allowed: Sequence[str]) -> Mapping[int, DutyGap]:
    """The clinics whose telephone on duty the robot cannot ring, and why. Without a trunk no number can be judged."""
    rows = list(clinics)
    # The newest call to the number of today; a mended number is not held against a clinic.
    last = StaffCall.objects.filter(
        kind=StaffCallKind.DUTY, organisation__in=rows, number=F("organisation__duty_phone")
    )
    ended = last.filter(state=StaffCallState.ENDED).order_by("organisation_id", "-asked_at", "-pk")
    outcomes = dict(ended.distinct("organisation_id").values_list("organisation_id", "outcome"))
    found = {row.pk: _gap(row.duty_phone, outcomes.get(row.pk, ""), allowed) for row in rows}
    return {key: gap for key, gap in found.items() if gap}


def _gap(number: str, outcome: str, allowed: Sequence[str]) -> DutyGap | None:
    if not number:
        return DutyGap.NONE
    if allowed and not number.startswith(tuple(allowed)):
        return DutyGap.PREFIX
    return DutyGap.INVALID if outcome == AttemptOutcome.INVALID_NUMBER else None
