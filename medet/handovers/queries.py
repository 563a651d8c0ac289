"""Home visits as the two sides see them."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from medet.base import audit, policy
from medet.base.actor import Actor
from medet.base.models import JournalEntry
from medet.base.refused import Refused
from medet.handovers.models import HomeVisit
from medet.handovers.states import AT_CLINIC, CENTRE, CLINIC, OPEN, VisitState
from medet.records.models import Case


def visible_to(actor: Actor) -> QuerySet[HomeVisit]:
    """Visits that were asked for where the actor is of the centre, or of the clinic asked; drafts by the first only."""
    asked = Q(organisation_id__in=actor.where(CENTRE))
    asked_of = Q(clinic_id__in=actor.where(CLINIC)) & ~Q(state=VisitState.DRAFT)
    return HomeVisit.objects.filter(asked | asked_of).select_related("person", "clinic", "organisation")


def open_visit(*, uid: UUID, by: Actor, now: datetime, why: str) -> HomeVisit:
    """One visit for a page, with the read in the audit."""
    visit = visible_to(by).filter(uid=uid).first()
    if visit is None or _is_past(visit, by, now):
        raise Refused("visit.not_yours")
    audit.record(
        by=by,
        now=now,
        action="read",
        person_id=visit.person_id,
        object_uid=visit.uid,
        organisation_id=visit.clinic_id,
        why=why,
    )
    return visit


def may_open_visit(*, uid: UUID, by: Actor, now: datetime) -> bool:
    """Whether `open_visit` would open it; nothing is read to anybody."""
    visit = visible_to(by).filter(uid=uid).first()
    return visit is not None and not _is_past(visit, by, now)


def not_accepted(actor: Actor) -> int:
    """How many requests nobody at the clinic has accepted yet: a number and no patient."""
    return at_clinic(actor).filter(state=VisitState.SENT).count()


class Owed(NamedTuple):
    """What a clinic has to do, counted."""

    all: int
    overdue: int
    not_accepted: int


def owed(actor: Actor, *, now: datetime) -> Owed:
    """Of the whole list, whatever page of it is shown."""
    late, new = Q(visit_due_at__lt=now), Q(state=VisitState.SENT)
    counts = {"all": Count("pk"), "overdue": Count("pk", filter=late), "not_accepted": Count("pk", filter=new)}
    return Owed(**at_clinic(actor).order_by().aggregate(**counts))


def _is_past(visit: HomeVisit, by: Actor, now: datetime) -> bool:
    """A clinic reads what it ended for some time yet; the centre keeps the record."""
    over = visit.ended_at or visit.closed_at  # the centre may close what the clinic had not ended
    if over is None or visit.organisation_id in by.where(CENTRE):
        return False
    return over < now - timedelta(days=policy.whole("visit.clinic_reads_days", now=now))


def at_clinic(actor: Actor) -> QuerySet[HomeVisit]:
    """What a clinic has to do, by the time it is due."""
    mine = visible_to(actor).filter(clinic_id__in=actor.where(CLINIC), state__in=AT_CLINIC)
    return mine.order_by("visit_due_at", "pk")


def lately_ended(actor: Actor, *, since: datetime) -> QuerySet[HomeVisit]:
    """What a clinic has ended, newest first; what the centre closed before the clinic had moved is not its work."""
    mine = visible_to(actor).filter(clinic_id__in=actor.where(CLINIC))
    return mine.filter(ended_at__gte=since).exclude(state__in=AT_CLINIC).order_by("-ended_at", "-pk")


def earlier_attempts(visit: HomeVisit) -> list[datetime]:
    """When nobody was found at the address before somebody went once more, newest first."""
    told = JournalEntry.objects.filter(object_uid=visit.uid, kind="home_visit.moved", code=VisitState.NOT_FOUND)
    return [at for at in told.order_by("-at").values_list("at", flat=True) if at != visit.ended_at]


def stood_at(at: datetime) -> Subquery:
    """In which state each visit was at a moment; of what was not found or refused before it went on, only the journal
    knows."""
    moved = JournalEntry.objects.filter(object_uid=OuterRef("uid"), kind="home_visit.moved", at__lte=at)
    return Subquery(moved.filter(at__gte=OuterRef("sent_at")).order_by("-at", "-pk").values("code")[:1])


def last_doctors(actor: Actor, *, count: int = 5) -> list[str]:
    """Names a clinic assigned lately, newest first."""
    rows = HomeVisit.objects.filter(clinic_id__in=actor.where(CLINIC)).exclude(assigned_to="").order_by("-pk")
    return list(dict.fromkeys(rows.values_list("assigned_to", flat=True)[:50]))[:count]


def open_visit_of(case: Case) -> HomeVisit | None:
    """The home visit that is open for a case."""
    return HomeVisit.objects.filter(case=case, state__in=OPEN).select_related("clinic").first()


def unseen(*, sent_before: datetime) -> QuerySet[HomeVisit]:
    """Requests that no page of their clinic has shown and nobody on duty has heard of; the oldest first."""
    rows = HomeVisit.objects.filter(state=VisitState.SENT, shown_at__isnull=True, duty_heard_at__isnull=True)
    return rows.filter(sent_at__lte=sent_before).order_by("sent_at", "pk")


def rung_about(clinic_id: int, *, asked_at: datetime, rung_at: datetime) -> QuerySet[HomeVisit]:
    """What a clinic's telephone on duty was rung about: unseen when the call began, whoever looked at it since."""
    rows = HomeVisit.objects.filter(clinic_id=clinic_id, sent_at__lte=rung_at, duty_heard_at__isnull=True)
    return rows.filter(Q(shown_at__isnull=True, state=VisitState.SENT) | Q(shown_at__gte=asked_at)).order_by("pk")
