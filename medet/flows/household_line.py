"""One call serves a line: who else of it is due, and whether a year of birth tells them apart."""

from dataclasses import dataclass
from datetime import datetime

from medet.base import policy
from medet.contacts.calls.claim import Asked
from medet.contacts.calls.models import CallAttempt
from medet.contacts.calls.queries import Sharing, sharing
from medet.monitoring.models import Enrolment
from medet.monitoring.states import EnrolmentState
from medet.people.queries import roots_on_line


@dataclass(frozen=True)
class Line:
    """Those who may speak beside the person the call rings for."""

    others: list[Sharing]
    alike: bool  # somebody else under observation on this line was born in the same year


def household_line(*, asked: Asked, attempt_id: int, now: datetime) -> Line:
    """Who is asked in one call. Two people of one year are left out: answers would go under the wrong name."""
    attempt = CallAttempt.objects.select_related("person").get(pk=attempt_id)
    years = _years(attempt)
    unasked = bool(policy.value("call.without_consent", now=now))
    due = sharing(attempt_id=attempt_id, without_consent=unasked, now=now)
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
