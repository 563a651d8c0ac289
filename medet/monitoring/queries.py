"""Programmes, alerts and answers as others read them."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from medet.base.clock import LOCAL
from medet.base.refused import Refused
from medet.monitoring.models import READ, Alert, Answers, DueContact, Enrolment, Programme
from medet.monitoring.schema import Programme as ProgrammeFile
from medet.monitoring.states import BY_ROBOT, DUE_OPEN, AlertState, DueKind, DueState, EnrolmentState
from medet.records.models import Case, Conclusion
from medet.staff.models import RoleAt
from medet.staff.states import Role


def programme(code: str) -> Programme:
    """The newest version of a programme."""
    found = Programme.objects.filter(code=code).order_by("-version").first()
    if found is None:
        raise Refused("programme.unknown", code=code)
    return found


def programmes() -> list[Programme]:
    """The newest version of every programme."""
    return list(Programme.objects.order_by("code", "-version").distinct("code"))


def active_enrolment(case: Case) -> Enrolment | None:
    """The enrolment that watches over a case now."""
    return Enrolment.objects.filter(case=case, state=EnrolmentState.ACTIVE).order_by("-started_on").first()


def open_alerts(uids: list[UUID]) -> dict[UUID, Alert]:
    """Open alerts by uid, with their programme."""
    rows = Alert.objects.filter(uid__in=uids).select_related("programme", "answers")
    return {row.uid: row for row in rows}


def alerts_of(case: Case) -> QuerySet[Alert]:
    """Open alerts of a case, gravest first."""
    rows = Alert.objects.filter(case=case, state=AlertState.OPEN).select_related("programme", "answers")
    return rows.order_by("due_at", "pk")


def answers_of(case: Case) -> QuerySet[Answers]:
    """Answers of a case, newest first."""
    return Answers.objects.filter(enrolment__case=case).select_related("programme").order_by("-given_at")


def observations_over(today: date) -> QuerySet[Enrolment]:
    """Active enrolments whose planned days are over: a doctor decides how it goes on."""
    return Enrolment.objects.filter(state=EnrolmentState.ACTIVE, planned_end_on__lt=today)


def windows_over(now: datetime) -> QuerySet[DueContact]:
    """The robot's contacts whose window is over: they need a person now."""
    planned = DueContact.objects.filter(kind__in=BY_ROBOT, state=DueState.PLANNED)
    return planned.filter(window_end__lte=now).order_by("window_end")


def begun_by_robot(now: datetime) -> QuerySet[DueContact]:
    """The robot's contacts whose hours have begun and which nobody has made yet. One of a later hour is nobody's to
    hand over: when it begins, the planner looks again whether the robot can ring."""
    planned = DueContact.objects.filter(kind__in=BY_ROBOT, state=DueState.PLANNED, window_start__lte=now)
    return planned.select_related("enrolment__case").order_by("on", "pk")


def doctors_due(today: date) -> QuerySet[DueContact]:
    """Doctors' contacts whose day has come and which no doctor was asked for yet."""
    return DueContact.objects.filter(kind=DueKind.DOCTOR, state=DueState.PLANNED, on__lte=today).order_by("on", "pk")


def doctors_open(case: Case) -> list[DueContact]:
    """Doctors' contacts of a case that are planned or owed, the next one first."""
    rows = DueContact.objects.filter(enrolment__case=case, kind=DueKind.DOCTOR, state__in=DUE_OPEN)
    return list(rows.select_related("enrolment").order_by("on", "pk"))


def without_doctor(day: date, *, gap: int) -> QuerySet[Enrolment]:
    """Who had no doctor's word in the last `gap` days, and has no contact of a doctor planned or owed until then."""
    first = day - timedelta(days=gap - 1)
    since = datetime.combine(first, time(), LOCAL)
    doctor = RoleAt.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=OuterRef("given_at")),
        user=OuterRef("by_user"),
        organisation=OuterRef("organisation"),
        role=Role.DOCTOR,
        valid_from__lte=OuterRef("given_at"),
    )
    said = Answers.objects.filter(Exists(doctor), enrolment=OuterRef("pk"), given_at__gte=since)
    concluded = Conclusion.objects.filter(case=OuterRef("case"), amends__isnull=True, signed_at__gte=since)
    planned = DueContact.objects.filter(enrolment=OuterRef("pk"), kind=DueKind.DOCTOR, state__in=DUE_OPEN, on__lte=day)
    watched = Enrolment.objects.filter(state=EnrolmentState.ACTIVE, started_on__lt=first, planned_end_on__gte=day)
    return watched.filter(~Exists(said), ~Exists(concluded), ~Exists(planned))


def files_by_key(keys: Iterable[int]) -> dict[int, ProgrammeFile]:
    """Contents of stored versions; only those not read before are fetched."""
    known = dict(Programme.objects.filter(pk__in=set(keys)).values_list("pk", "sha256"))
    new = [key for key, sha256 in known.items() if sha256 not in READ]
    fresh = {row.sha256: row.file for row in Programme.objects.filter(pk__in=new)} if new else {}
    return {key: fresh.get(sha256) or READ[sha256] for key, sha256 in known.items()}


def versions_of(answers: Iterable[UUID]) -> dict[UUID, int]:
    """The version of the programme that answers were given under, by their uid."""
    return dict(Answers.objects.filter(uid__in=answers).values_list("uid", "programme_id"))


def newest_file(code: str) -> ProgrammeFile:
    """The content of the newest version."""
    key = Programme.objects.filter(code=code).order_by("-version").values_list("pk", flat=True).first()
    if key is None:
        raise Refused("programme.unknown", code=code)
    return files_by_key([key])[key]


def due_progress(enrolment: Enrolment) -> tuple[int, int]:
    """How many of the daily contacts were made, of how many that were not called off; a doctor's is none of them."""
    rows = DueContact.objects.filter(enrolment=enrolment, kind=DueKind.ROBOT).exclude(state=DueState.CANCELLED)
    counted = rows.aggregate(done=Count("pk", filter=Q(state=DueState.DONE)), planned=Count("pk"))
    return counted["done"], counted["planned"]


def asked_on(day: date, *, roots: Iterable[int]) -> dict[int, str]:
    """Where the robot's contact of a day stands, by human being; who is not under observation is not named."""
    rows = DueContact.objects.filter(person__root_id__in=list(roots), on=day, kind=DueKind.ROBOT)
    return dict(rows.order_by("pk").values_list("person__root_id", "state"))
