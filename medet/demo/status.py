"""How far the demo's round has come, counted since the city was built."""

import os
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import QuerySet

from medet.base.clock import local_day
from medet.contacts.calls.models import CallAttempt
from medet.demo.past.robot import CALLER
from medet.flows.loops import orphans
from medet.handovers.models import HomeVisit
from medet.handovers.states import OPEN
from medet.monitoring.models import Alert, Answers, DueContact
from medet.monitoring.states import AlertState, DueKind, DueState

WIDTH = 40


@dataclass(frozen=True)
class Status:
    """What `demo_status --json` prints."""

    calls_started: int
    calls_answered: int
    answers_complete: int
    alerts_open: int
    home_visits_open: int
    loops_without_owner: int
    web_url: str

    def as_dict(self) -> dict[str, int | str]:
        """For JSON."""
        return asdict(self)


def real_calls() -> QuerySet[CallAttempt]:
    """Without those of the made-up days before."""
    return CallAttempt.objects.exclude(worker=CALLER)


def status(*, now: datetime) -> Status:
    """As a visitor's round has come."""
    spoken = real_calls()
    calls = spoken.filter(invited_at__isnull=False)
    told = Answers.objects.filter(is_complete=True, contact_uid__in=spoken.values("contact__uid"))
    return Status(
        calls_started=calls.count(),
        calls_answered=calls.filter(answered_at__isnull=False).count(),
        answers_complete=told.count(),
        alerts_open=Alert.objects.filter(state=AlertState.OPEN).count(),
        home_visits_open=HomeVisit.objects.filter(state__in=OPEN).count(),
        loops_without_owner=sum(1 for _ in orphans(now=now)),
        web_url=os.environ.get("MEDET_WEB_URL", ""),
    )


def bar(*, now: datetime) -> str:
    """Today's round as a line: done, handed to a person, still to come."""
    today = DueContact.objects.filter(on=local_day(now), kind=DueKind.ROBOT).exclude(state=DueState.CANCELLED)
    whole, done = today.count(), today.filter(state=DueState.DONE).count()
    handed = today.filter(state=DueState.HANDED).count()
    full, part = (round(WIDTH * number / whole) if whole else 0 for number in (done, handed))
    line = ("#" * full + "+" * part)[:WIDTH].ljust(WIDTH, ".")
    rest = whole - done - handed
    return f"[{line}] {whole} people today: {done} done (#), {handed} handed to a person (+), {rest} to come"
