"""Gaps and "on duty now" against a simple count in Python: around midnight, at night, where the clocks went back."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medet.staff.models import RoleAt, User
from medet.staff.rota.coverage import DUTY_NOW, GAPS, duty_now, gaps
from medet.staff.rota.models import Duty, Need, Shift
from medet.staff.rota.rules import span
from medet.staff.rota.states import How
from tests import make

ALMATY = ZoneInfo("Asia/Almaty")
HALF = timedelta(minutes=30)
# The days in which Almaty's clocks went from +6 to +5 (1 March 2024, 00:00 became 23:00), and ordinary ones.
FIRST_DAYS = (date(2024, 2, 27), date(2026, 11, 24))
DAYS = 4
PEOPLE = 5
ROLES = ("doctor", "operator")

clocks = st.builds(time, st.sampled_from([0, 1, 7, 8, 20, 22, 23]), st.sampled_from([0, 30]))
roles, languages, first_days = st.sampled_from(ROLES), st.sampled_from(["", "kk", "ru"]), st.sampled_from(FIRST_DAYS)
needs = st.lists(
    st.tuples(roles, languages, st.integers(0, DAYS - 1), clocks, clocks, st.integers(1, 3)),
    max_size=6,
    unique_by=lambda need: need[:5],
)
spoken = st.sampled_from([["kk"], ["ru"], ["kk", "ru"], ["en"]])
# Who, on which day, from, to, what is spoken, and whether the shift was begun.
planned = st.lists(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(-1, DAYS - 1), clocks, clocks, spoken, st.booleans()), max_size=9
)
EXAMPLES = settings(max_examples=150, suppress_health_check=list(HealthCheck))


def role_of(place):
    return ROLES[place % 2]


@pytest.fixture
def people(town):
    """Five who hold the two roles, and nobody else does."""
    users = User.objects.bulk_create(
        User(username=f"p{place}", family_name=f"P{place}", given_name="T", speaks=["ru"]) for place in range(PEOPLE)
    )
    RoleAt.objects.filter(role__in=ROLES).delete()
    began = datetime(2024, 1, 1, tzinfo=UTC)
    for place, user in enumerate(users):
        RoleAt.objects.create(user=user, organisation=town.centre, role=role_of(place), valid_from=began)
    return users


@contextmanager
def undone():
    """An example leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def plan(town, people, first, rows):
    """Writes the duties that do not overlap an earlier one of the same person, and gives them back as plain values."""
    kept = []
    for user, day, starts, ends, said, begun in rows:
        row = (user, *span(first + timedelta(days=day), starts, ends, ALMATY), said, begun)
        if any(row[0] == other[0] and row[1] < other[2] and other[1] < row[2] for other in kept):
            continue
        kept.append(row)
        Duty.objects.create(
            user=people[user],
            organisation=town.centre,
            role=role_of(user),
            languages=said,
            starts_at=row[1],
            ends_at=row[2],
        )
    return kept


def ask(town, first, rows):
    """Writes the need, each row for one day, and gives it back as spans."""
    for role, language, day, starts, ends, count in rows:
        Need.objects.create(
            organisation=town.centre,
            role=role,
            language=language,
            weekday=(first + timedelta(days=day)).isoweekday(),
            starts=starts,
            ends=ends,
            count=count,
            valid_from=first,
            valid_to=first + timedelta(days=DAYS),
        )
    return [
        (role, language, *span(first + timedelta(days=day), starts, ends, ALMATY), count)
        for role, language, day, starts, ends, count in rows
    ]


def counted(asked, duties, since, until):
    """What is missing, half an hour after the other."""
    at = since
    while at < until:
        for kind in {row[:2] for row in asked}:
            need = max((row[4] for row in asked if row[:2] == kind and row[2] <= at < row[3]), default=0)
            there = [row for row in duties if row[1] <= at < row[2] and role_of(row[0]) == kind[0]]
            missing = need - sum(kind[1] in (*row[3], "") for row in there)
            if missing > 0:
                yield (*kind, at), missing
        at += HALF


def test_gaps_are_what_a_count_moment_by_moment_finds(town, people):
    @EXAMPLES
    @given(first=first_days, wanted=needs, rows=planned, late=st.integers(0, 30), long=st.integers(1, 200))
    def check(first, wanted, rows, late, long):
        with undone():
            asked, duties = ask(town, first, wanted), plan(town, people, first, rows)
            since = span(first, time(), time(1), ALMATY)[0] + late * HALF
            until = since + long * HALF
            found = gaps(organisation_id=town.centre.pk, since=since, until=until)
        told = {}
        for gap in found:
            assert since <= gap.starts_at < gap.ends_at <= until
            for step in range((gap.ends_at - gap.starts_at) // HALF):
                moment = (gap.role, gap.language, gap.starts_at + step * HALF)
                assert moment not in told, "one moment, one gap"
                told[moment] = gap.missing
        assert told == dict(counted(asked, duties, since, until))
        edges = [{(gap.role, gap.language, gap.missing, at(gap)) for gap in found} for at in (_begin, _end)]
        assert not edges[0] & edges[1], "spans that touch are one"

    check()


def _begin(gap):
    return gap.starts_at


def _end(gap):
    return gap.ends_at


def surest(duties, working, role, language, now, gone):
    """How the answer is known, and everybody who may be named by it."""
    here = [place for place in range(PEOPLE) if role_of(place) == role and place not in gone]
    mine = [row for row in duties if row[0] in here]
    running, coming = [row for row in mine if row[1] <= now < row[2]], [row for row in mine if row[1] > now]
    soonest = min((row[1] for row in coming), default=None)
    holders = [(place, None, None, ["ru"]) for place in here]
    tiers = [
        (How.AT_WORK, [row for row in running if row[0] in working]),
        (How.ON_DUTY, [row for row in running if row[0] not in working]),
        (How.ON_SHIFT, [row for row in holders if row[0] in working]),
        (How.NEXT, [row for row in coming if row[1] == soonest]),
        (How.HOLDER, holders),
    ]
    for how, rows in tiers:
        speaking = [row for row in rows if language in (*row[3], "")]
        if rows:
            return how, {row[0] for row in speaking or rows}, bool(speaking)
    return How.NOBODY, set(), False


def test_who_is_on_duty_is_always_answered(town, people):
    seen = set()

    @EXAMPLES
    @given(
        first=first_days,
        rows=planned,
        role=roles,
        language=languages,
        later=st.integers(-10, 48 * DAYS),
        gone=st.sets(st.integers(0, PEOPLE - 1)),
    )
    def check(first, rows, role, language, later, gone):
        now = span(first, time(), time(1), ALMATY)[0] + later * HALF
        with undone():
            duties = plan(town, people, first, rows)
            working = {row[0] for row in duties if row[4] and row[1] <= now}
            for user in working:
                Shift.objects.create(
                    user=people[user], organisation=town.centre, role=role_of(user), started_at=now - HALF
                )
            User.objects.filter(pk__in=[people[user].pk for user in gone]).update(is_active=False)
            found = duty_now(role=role, organisation_id=town.centre.pk, now=now, language=language)
        how, users, speaks = surest(duties, working, role, language, now, gone)
        assert (found.how, found.speaks) == (how, speaks)
        assert (people.index(found.user) in users) if users else found.user is None
        seen.add(found.how)

    check()
    assert seen == set(How)


def explained(statement, answer):
    """The plan of the statement that an answer asked."""
    asked = []

    def listen(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        answer()
    [params] = [params for sql, params in asked if sql == statement]
    with connection.cursor() as cursor:
        cursor.execute("explain " + statement, params)
        return "\n".join(row[0] for row in cursor.fetchall())


def test_both_read_the_rota_from_its_index(town):
    """Fifty people and four months."""
    users = User.objects.bulk_create(User(username=f"u{n}", family_name="U", given_name="U") for n in range(50))
    centre, now = town.centre.pk, make.NOON
    Duty.objects.bulk_create(
        Duty(
            user=user,
            organisation_id=centre,
            role="doctor",
            languages=["ru"],
            starts_at=now + timedelta(days=day, hours=place % 12),
            ends_at=now + timedelta(days=day, hours=12 + place % 12),
        )
        for place, user in enumerate(users)
        for day in range(-60, 60)
    )
    for weekday in range(1, 8):
        Need.objects.create(
            organisation_id=centre, role="doctor", weekday=weekday, starts=time(8), ends=time(8), count=60,
            valid_from=date(2026, 1, 1),
        )  # fmt: skip
    week = now + timedelta(days=7)
    plans = (
        explained(GAPS, lambda: gaps(organisation_id=centre, since=now, until=week)),
        explained(DUTY_NOW, lambda: duty_now(role="doctor", organisation_id=centre, now=now)),
    )
    for plan in plans:
        assert "Seq Scan on staff_duty" not in plan, plan
