"""Programmes, alerts and answers as others read them."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from medet.base.refused import Refused
from medet.monitoring.models import Alert, Answers, DueContact, Enrolment, Programme
from medet.monitoring.states import AlertState, DueState, EnrolmentState
from medet.records.models import Case


def programme(code: str) -> Programme:
    """The newest version of a programme."""
    found = Programme.objects.filter(code=code).order_by("-version").first()
    if found is None:
        raise Refused("programme.unknown", code=code)
    return found


def active_enrolment(case: Case) -> Enrolment | None:
    """The enrolment that watches over a case now."""
    return Enrolment.objects.filter(case=case, state=EnrolmentState.ACTIVE).order_by("-started_on").first()


def open_alerts(uids: list[UUID]) -> dict[UUID, Alert]:
    """Open alerts by uid, with their programme."""
    rows = Alert.objects.filter(uid__in=uids).select_related("programme", "answers")
    return {row.uid: row for row in rows}


def alerts_of(case: Case) -> QuerySet[Alert]:
    """Open alerts of a case, gravest first."""
    return Alert.objects.filter(case=case, state=AlertState.OPEN).select_related("programme").order_by("due_at")


def answers_of(case: Case) -> QuerySet[Answers]:
    """Answers of a case, newest first."""
    return Answers.objects.filter(enrolment__case=case).select_related("programme").order_by("-given_at")


def windows_over(now: datetime) -> QuerySet[DueContact]:
    """Planned contacts whose window is over: they need a person now."""
    return DueContact.objects.filter(state=DueState.PLANNED, window_end__lte=now).order_by("window_end")
