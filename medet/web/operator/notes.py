"""The small line under a name in the worklist: what case it is, which day of it, how often the robot rang today."""

from collections.abc import Collection, Iterable
from datetime import datetime, time

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from medet.base import policy
from medet.base.clock import LOCAL, local_day
from medet.contacts.calls.models import CallAttempt
from medet.monitoring.models import Enrolment
from medet.monitoring.states import EnrolmentState
from medet.records.models import Case
from medet.records.states import Classification, Regimen
from medet.tasks.models import Task
from medet.web.card.card import day_words


def notes_of(tasks: Iterable[Task], *, now: datetime) -> dict[int | None, tuple[str, ...]]:
    """By case: the words of its line. Four queries for any number of tasks."""
    cases = {case.pk: case for case in Case.objects.filter(pk__in={task.case_id for task in tasks if task.case_id})}
    days, calls = _days(cases, now=now), _calls(cases, now=now)
    return {pk: tuple(filter(None, (_what(case), days.get(pk), calls.get(pk)))) for pk, case in cases.items()}


def _what(case: Case) -> str:
    return f"{Classification(case.classification).label} · {Regimen(case.regimen).label}"


def _days(cases: Collection[int], *, now: datetime) -> dict[int, str]:
    rows = Enrolment.objects.filter(case_id__in=cases, state=EnrolmentState.ACTIVE)
    return {row.case_id: day_words(row, now=now) for row in rows}


def _calls(cases: Collection[int], *, now: datetime) -> dict[int, str]:
    """How often the robot rang today, against the cap; nothing where it did not."""
    if not cases:
        return {}
    midnight, cap = datetime.combine(local_day(now), time.min, LOCAL), policy.whole("call.daily_attempts", now=now)
    counted = (
        CallAttempt.objects.filter(order__enrolment__case_id__in=cases, claimed_at__gte=midnight)
        .filter(Q(invited_at__isnull=False) | Q(carried_by__isnull=False))
        .values_list("order__enrolment__case_id")
        .annotate(Count("pk"))
    )
    return {case: _("calls today %(rung)d / %(cap)d") % {"rung": rung, "cap": cap} for case, rung in counted}
