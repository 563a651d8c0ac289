"""A request that no open page of its clinic shows reaches the clinic's telephone on duty: the robot says that there is
one, and nothing of whom it is about.

The quiet hours of patients do not hold here: a telephone on duty is there to be rung, and the clock of a visit runs at
night as well. The stop of the robot does: a request of a centre whose robot is stopped rings nobody.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from medet.base import policy
from medet.base.actor import Actor
from medet.contacts.campaigns.models import RobotStop
from medet.contacts.line.queries import prefixes
from medet.contacts.staff_calls.actions import StaffCallEnd, ask_duty_call, close_staff_call
from medet.contacts.staff_calls.models import StaffCall
from medet.contacts.staff_calls.queries import duty_calls
from medet.contacts.staff_calls.states import COULD_NOT, NO_RING, OPEN, StaffCallKind
from medet.contacts.states import AttemptOutcome, StopState
from medet.handovers.actions import note_ring
from medet.handovers.models import HomeVisit
from medet.handovers.queries import rung_about, unseen
from medet.places.models import Organisation

HEARD_KEY = "1"


@transaction.atomic
def ring_duty(*, by: Actor, now: datetime) -> bool:
    """Asks for one call to each clinic that has unseen requests, however many; nothing is left for the same turn."""
    allowed = prefixes()
    clinics = Organisation.objects.filter(pk__in=_waiting(now).order_by().values("clinic_id")).exclude(duty_phone="")
    for clinic in clinics.order_by("pk"):
        if allowed and clinic.duty_phone.startswith(allowed) and _is_due(clinic, now):
            ask_duty_call(clinic=clinic, by=by, now=now)
    return False


def _waiting(now: datetime) -> QuerySet[HomeVisit]:
    """Unseen long enough, and sent by a centre whose robot is not stopped."""
    stopped = RobotStop.objects.filter(organisation=OuterRef("organisation"), state=StopState.STANDS)
    patience = timedelta(minutes=policy.whole("visit.duty_ring_minutes", now=now))
    return unseen(sent_before=now - patience).filter(~Exists(stopped))


def _is_due(clinic: Organisation, now: datetime) -> bool:
    """Not while a call is open, not too soon after the last one, and not for ever about the same requests. Gap and
    count are those of the newest request: what was in vain for an older one must not hold it back."""
    calls, newest = duty_calls(clinic.pk), _waiting(now).filter(clinic=clinic).last()
    if newest is None or calls.filter(state__in=OPEN).exists():
        return False
    about = calls.filter(rung_at__gte=newest.sent_at)
    gap = timedelta(minutes=policy.whole("visit.duty_again_minutes", now=now))
    lately = about.filter(ended_at__gt=now - gap).exclude(outcome=AttemptOutcome.CANCELLED)
    rings = about.exclude(outcome__in=NO_RING).count()
    return not lately.exists() and rings < policy.whole("visit.duty_most", now=now)


def still_wanted(*, call_id: int, now: datetime) -> bool:
    """The last word before the INVITE, and while it rings: somebody has opened the page, or stopped the robot. A test
    call is rung in any case: who asked for it holds the telephone, and needs it to find out what is wrong."""
    call = StaffCall.objects.get(pk=call_id)
    if call.kind == StaffCallKind.TEST:
        return call.state in OPEN
    return call.state in OPEN and _waiting(now).filter(clinic_id=call.organisation_id).exists()


@transaction.atomic
def end_staff_call(*, call_id: int, end: StaffCallEnd, by: Actor, now: datetime) -> None:
    """How it came out; each request it was about is told, and those that were heard of are not rung about again."""
    call = close_staff_call(call_id=call_id, end=end, now=now)
    if call is None or call.kind == StaffCallKind.TEST or call.rung_at is None:
        return
    if end.outcome == AttemptOutcome.CANCELLED:
        return
    heard = end.outcome == AttemptOutcome.ANSWERED and end.key == HEARD_KEY
    about = rung_about(call.organisation_id, asked_at=call.asked_at, rung_at=call.rung_at)
    code = "heard" if heard else str(end.outcome)
    note_ring(visit_ids=list(_news(about, call)), code=code, heard=heard, by=by, now=now)


def _news(about: QuerySet[HomeVisit], call: StaffCall) -> Iterable[int]:
    """A trunk that stays away is told once a request, not with every call it prevents."""
    before = duty_calls(call.organisation_id).filter(pk__lt=call.pk).exclude(outcome=AttemptOutcome.CANCELLED).first()
    if before and call.outcome in COULD_NOT and before.outcome == call.outcome:
        about = about.filter(sent_at__gt=before.asked_at)
    return about.values_list("pk", flat=True)
