"""One call serves a line: who else of it is due, and whether a year of birth tells them apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from medet.base import policy
from medet.base.actor import Actor
from medet.contacts.calls.claim import Asked
from medet.contacts.calls.models import CallAttempt, CallOrder
from medet.contacts.calls.queries import Sharing, own_phone, sharing
from medet.flows.hand_contact import hand_contact
from medet.monitoring.models import Enrolment
from medet.monitoring.states import EnrolmentState
from medet.people.actions import mark_phone
from medet.people.queries import roots_on_line
from medet.people.states import PhoneState


@dataclass(frozen=True)
class Line:
    """Those who may speak beside the person the call rings for."""

    others: list[Sharing]
    alike: bool  # somebody else under observation on this line was born in the same year


@transaction.atomic
def wrong_line(*, order_ids: Sequence[int], number: str, by: Actor, now: datetime) -> None:
    """Whoever answers is none of those the line is noted under: it is silent for all of them, and people find the
    right one."""
    for order in CallOrder.objects.filter(pk__in=order_ids).select_related("person", "due_contact").order_by("pk"):
        phone = own_phone(order, number)
        if phone:
            mark_phone(phone=phone, state=PhoneState.BAD, reason="wrong_number", by=by, now=now)
            hand_contact(due=order.due_contact, reason="wrong_number", by=by, now=now)


def household_line(*, asked: Asked, attempt_id: int, now: datetime) -> Line:
    """Who is asked in one call. Two people of one year are left out: answers would go under the wrong name."""
    attempt = CallAttempt.objects.select_related("person").get(pk=attempt_id)
    years = _years(attempt)
    unasked = bool(policy.value("call.without_consent", now=now))
    most = policy.whole("call.household_most", now=now) - 1
    due = sharing(attempt_id=attempt_id, without_consent=unasked, most=most, now=now)
    return Line(
        others=[one for one in due if years.count(one.birth_year) == 1 and one.birth_year != asked.birth_year],
        alike=asked.birth_year in years,
    )


def _years(attempt: CallAttempt) -> list[int | None]:
    """Years of birth of all others of the line who are under observation, due now or not."""
    others = Enrolment.objects.filter(
        state=EnrolmentState.ACTIVE, person__root_id__in=roots_on_line(attempt.number)
    ).exclude(person__root_id=attempt.person.root_id)
    people = others.order_by("person__root_id").values_list("person__root__birth_date__year", flat=True)
    return list(people.distinct("person__root_id"))
