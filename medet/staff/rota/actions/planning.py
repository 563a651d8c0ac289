"""Duties, the need, and copying a week."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction

from medet.base import journal, policy
from medet.base.actor import Actor
from medet.base.clock import LOCAL
from medet.base.ids import uuid7
from medet.base.refused import Refused
from medet.places.models import Organisation
from medet.staff.models import User
from medet.staff.queries import holders, holds
from medet.staff.rota.models import Duty, Need
from medet.staff.rota.queries import LONGEST, duties
from medet.staff.rota.rules import WEEK, moment, overlaps, week_later
from medet.staff.states import Role

PLANNERS = frozenset({Role.SUPERVISOR, "worker"})


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One duty as the planner wants it."""

    user: User
    role: Role
    organisation: Organisation
    starts_at: datetime
    ends_at: datetime
    languages: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """How many of a role, and when in the week."""

    role: Role
    weekdays: Iterable[int]
    starts: time
    ends: time
    count: int
    language: str = ""


@dataclass
class Copied:
    """What came of copying a week."""

    made: int = 0
    left_out: list[Duty] = field(default_factory=list)


@transaction.atomic
def plan_duty(*, planned: Planned, by: Actor, now: datetime) -> Duty:
    """Puts somebody into the rota; the languages are theirs when none are named."""
    _check_planner(planned.organisation, by)
    _check_span(planned, now)
    if not holds(planned.user.pk, planned.role, planned.organisation.pk, now=now):
        raise Refused("duty.not_holder", name=str(planned.user))
    with _one_at_a_time(Refused("duty.overlap", name=str(planned.user))):
        duty = Duty.objects.create(
            user=planned.user,
            organisation=planned.organisation,
            role=planned.role,
            languages=list(planned.languages) or planned.user.spoken,
            starts_at=planned.starts_at,
            ends_at=planned.ends_at,
        )
    note(duty, "duty.planned", by=by, now=now)
    return duty


def _check_span(planned: Planned, now: datetime) -> None:
    longest = policy.whole("duty.longest_hours", now=now)
    if planned.ends_at <= planned.starts_at:
        raise Refused("duty.backwards")
    # A clock that is turned back meanwhile makes one hour more.
    if planned.ends_at - planned.starts_at > timedelta(hours=longest + 1):
        raise Refused("duty.too_long", hours=longest)
    if planned.ends_at <= now:
        raise Refused("duty.over")


@contextmanager
def _one_at_a_time(refusal: Refused) -> Iterator[None]:
    """The constraint decides, so two planners at once cannot both be right."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as fault:
        if "duty_one_at_a_time" not in str(fault):
            raise
        raise refusal from fault


@transaction.atomic
def drop_duty(*, duty: Duty, by: Actor, now: datetime) -> Duty:
    """Takes a duty out of the rota; what is over stays."""
    row = Duty.objects.select_for_update(of=("self",)).select_related("organisation", "user").get(pk=duty.pk)
    _check_planner(row.organisation, by)
    if row.ends_at <= now:
        raise Refused("duty.over")
    if row.dropped_at is None:
        row.dropped_at = now
        row.save(update_fields=["dropped_at"])
        note(row, "duty.dropped", by=by, now=now)
    return row


@transaction.atomic
def hand_duty(*, duty: Duty, to: User, by: Actor, now: datetime) -> Duty:
    """The planner gives a duty that is not over to somebody else."""
    row = Duty.objects.select_for_update(of=("self",)).select_related("organisation", "user").get(pk=duty.pk)
    _check_planner(row.organisation, by)
    if row.ends_at <= now or row.dropped_at:
        raise Refused("duty.over")
    give_duty(duty=row, to=to, by=by, now=now)
    return row


def give_duty(*, duty: Duty, to: User, by: Actor, now: datetime) -> None:
    """Somebody else has it now; the caller holds the swap that says so."""
    before = duty.user_id
    if not holds(to.pk, duty.role, duty.organisation_id, now=now):
        raise Refused("duty.not_holder", name=str(to))
    with _one_at_a_time(Refused("duty.overlap", name=str(to))):
        duty.user, duty.languages = to, to.spoken
        duty.save(update_fields=["user", "languages"])
    note(duty, "duty.given", by=by, now=now, before=before)


@transaction.atomic
def copy_week(*, organisation: Organisation, monday: date, by: Actor, now: datetime) -> Copied:
    """Every duty of a week once more seven days later; who has one then, or left the role, is passed over."""
    _check_planner(organisation, by)
    first, last = moment(monday, time(), LOCAL), moment(monday + WEEK, time(), LOCAL)
    busy, staying = _busy(last, last + WEEK), _staying(organisation, now)
    copied, rows = Copied(), []
    for duty in duties(organisation.pk, since=first, until=last).filter(starts_at__gte=first):
        later = _week_later(duty)
        span = later.starts_at, later.ends_at
        taken = any(overlaps(span, other) for other in busy.get(duty.user_id, ()))
        if taken or later.ends_at <= now or (duty.user_id, duty.role) not in staying:
            copied.left_out.append(duty)
        else:
            rows.append(later)
    with _one_at_a_time(Refused("rota.changed")):
        copied.made = len(Duty.objects.bulk_create(rows))
    _note_week(organisation, monday, copied, by=by, now=now)
    return copied


def _week_later(duty: Duty) -> Duty:
    return Duty(
        user_id=duty.user_id,
        organisation_id=duty.organisation_id,
        role=duty.role,
        languages=duty.languages,
        starts_at=week_later(duty.starts_at, LOCAL),
        ends_at=week_later(duty.ends_at, LOCAL),
    )


def _busy(since: datetime, until: datetime) -> dict[int, list[tuple[datetime, datetime]]]:
    """When everybody has a duty, at any organisation; a night reaches into the week after."""
    busy: dict[int, list[tuple[datetime, datetime]]] = {}
    rows = Duty.objects.filter(dropped_at__isnull=True, ends_at__gt=since, starts_at__lt=until + LONGEST)
    for row in rows.filter(starts_at__gt=since - LONGEST):
        busy.setdefault(row.user_id, []).append((row.starts_at, row.ends_at))
    return busy


def _staying(organisation: Organisation, now: datetime) -> set[tuple[int, str]]:
    """Who holds which role here."""
    return {
        (user.pk, role.value) for role in Role for user in holders(role=role, organisation_id=organisation.pk, now=now)
    }


def _note_week(organisation: Organisation, monday: date, copied: Copied, *, by: Actor, now: datetime) -> None:
    journal.append(
        kind="rota.week_copied",
        by=by,
        now=now,
        object_uid=uuid7(now),
        organisation_id=organisation.pk,
        values={"monday": monday.isoformat(), "made": copied.made, "left_out": len(copied.left_out)},
    )


@transaction.atomic
def put_need(*, organisation: Organisation, wanted: Wanted, valid_from: date, by: Actor, now: datetime) -> None:
    """From a day on so many are needed at these times; nought ends what was asked for."""
    _check_planner(organisation, by)
    key = {"role": wanted.role, "language": wanted.language, "starts": wanted.starts, "ends": wanted.ends}
    for weekday in sorted(set(wanted.weekdays)):
        rows = Need.objects.filter(organisation=organisation, weekday=weekday, valid_to__isnull=True, **key)
        rows.filter(valid_from__gte=valid_from).delete()
        rows.update(valid_to=valid_from)
        if wanted.count:
            Need.objects.create(
                organisation=organisation, weekday=weekday, count=wanted.count, valid_from=valid_from, **key
            )
    # A need has no page of its own, hence no uid: the entry's object is the entry itself.
    journal.append(
        kind="rota.need",
        by=by,
        now=now,
        object_uid=uuid7(now),
        organisation_id=organisation.pk,
        code=wanted.role,
        values={"count": wanted.count, "language": wanted.language, "from": valid_from.isoformat()},
    )


def _check_planner(organisation: Organisation, by: Actor) -> None:
    """A supervisor of the place, or the platform itself while it installs or shows a made-up city."""
    if not by.roles_at(organisation.pk) & PLANNERS:
        raise Refused("rota.not_yours")


def note(duty: Duty, kind: str, *, by: Actor, now: datetime, **values: object) -> None:
    """The rota's line in the journal."""
    journal.append(
        kind=kind,
        by=by,
        now=now,
        object_uid=duty.uid,
        organisation_id=duty.organisation_id,
        code=duty.role,
        values={"user": duty.user_id, "from": duty.starts_at.isoformat(), "to": duty.ends_at.isoformat(), **values},
    )
