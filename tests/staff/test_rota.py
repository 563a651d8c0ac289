"""The rota: one duty at a time, a week copied by the clock on the wall, shifts, and swaps that change hands at once."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from medet.base.actor import WORKER
from medet.base.models import JournalEntry
from medet.flows.loops import orphans
from medet.flows.swaps import answer_swap, ask_colleague, take_out
from medet.staff.actions import set_speaks
from medet.staff.models import RoleAt, User
from medet.staff.rota.actions.planning import Planned, Wanted, copy_week, plan_duty, put_need
from medet.staff.rota.actions.shifts import end_shift, start_shift
from medet.staff.rota.models import Duty, Need, Swap
from medet.staff.rota.queries import duties, forgotten_shifts
from medet.staff.rota.rules import monday_of, span, week_later
from medet.staff.rota.states import SwapState
from medet.tasks.models import Task
from tests import make
from tests.refusing import refused

NOW = make.NOON
ALMATY = ZoneInfo("Asia/Almaty")
HOUR = timedelta(hours=1)


def planned(town, name="aigerim", *, begins=2, hours=8, role="operator", by="saule"):
    return plan_duty(
        planned=Planned(
            user=town.users[name],
            role=role,
            organisation=town.centre,
            starts_at=NOW + begins * HOUR,
            ends_at=NOW + (begins + hours) * HOUR,
        ),
        by=town.actor(by) if by else WORKER,
        now=NOW,
    )


def test_nobody_has_two_duties_at_once(town):
    planned(town, begins=2, hours=8)
    planned(town, begins=10, hours=8)
    planned(town, "marat", begins=4)
    with refused("duty.overlap") as refusal:
        planned(town, begins=9)
    assert "Aigerim" in refusal.value.sentence()
    assert Duty.objects.count() == 3


def test_a_dropped_duty_leaves_its_time_free(town):
    duty = planned(town)
    take_out(duty=duty, by=town.actor("saule"), now=NOW)
    planned(town)
    assert [row.dropped_at for row in Duty.objects.order_by("pk")] == [NOW, None]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"name": "serik"}, "duty.not_holder"),
        ({"hours": 26}, "duty.too_long"),
        ({"hours": -1}, "duty.backwards"),
        ({"begins": -9, "hours": 8}, "duty.over"),
        ({"by": "aigerim"}, "rota.not_yours"),
    ],
)
def test_what_is_not_planned(town, wanted, code):
    with refused(code):
        planned(town, **wanted)


def test_a_duty_speaks_the_languages_of_the_person(town):
    assert planned(town).languages == ["en"]
    set_speaks(user=town.users["marat"], languages=["ru", "kk"], by=WORKER, now=NOW)
    assert planned(town, "marat").languages == ["kk", "ru"]


def test_a_week_is_copied_once_and_by_the_clock_on_the_wall(town):
    """Across 1 March 2024, when Almaty's clocks went back an hour: 20:00 to 08:00 stays 20:00 to 08:00."""
    monday = date(2024, 2, 26)
    before = datetime(2024, 2, 20, tzinfo=UTC)
    RoleAt.objects.update(valid_from=before)
    for name, clock in (("aigerim", (time(20), time(8))), ("marat", (time(8), time(20)))):
        starts_at, ends_at = span(monday, *clock, ALMATY)
        plan = Planned(
            user=town.users[name], role="operator", organisation=town.centre, starts_at=starts_at, ends_at=ends_at
        )
        plan_duty(planned=plan, by=WORKER, now=before)
    copied = copy_week(organisation=town.centre, monday=monday, by=WORKER, now=before)
    assert (copied.made, copied.left_out) == (2, [])
    later = Duty.objects.filter(starts_at__gt=datetime(2024, 3, 3, tzinfo=UTC)).order_by("starts_at")
    told = [tuple(at.astimezone(ALMATY).strftime("%d %H:%M") for at in (row.starts_at, row.ends_at)) for row in later]
    assert told == [("04 08:00", "04 20:00"), ("04 20:00", "05 08:00")]
    assert [row.starts_at - timedelta(days=7, hours=1) for row in later] == sorted(
        Duty.objects.exclude(pk__in=[row.pk for row in later]).values_list("starts_at", flat=True)
    )
    again = copy_week(organisation=town.centre, monday=monday, by=WORKER, now=before)
    assert (again.made, len(again.left_out)) == (0, 2)


def test_who_left_the_role_is_not_copied(town):
    planned(town)
    RoleAt.objects.filter(user=town.users["aigerim"]).update(valid_to=NOW)
    copied = copy_week(organisation=town.centre, monday=date(2026, 11, 23), by=town.actor("saule"), now=NOW)
    assert (copied.made, len(copied.left_out)) == (0, 1)


def test_a_need_is_replaced_from_a_day_on(town):
    def need(count, day):
        wanted = Wanted(role="doctor", weekdays=[1, 2], starts=time(8), ends=time(20), count=count)
        put_need(organisation=town.centre, wanted=wanted, valid_from=day, by=town.actor("saule"), now=NOW)

    need(1, date(2026, 11, 23))
    need(2, date(2026, 12, 7))
    rows = Need.objects.filter(weekday=1).order_by("valid_from").values_list("count", "valid_from", "valid_to")
    assert list(rows) == [(1, date(2026, 11, 23), date(2026, 12, 7)), (2, date(2026, 12, 7), None)]
    need(0, date(2026, 12, 14))
    assert not Need.objects.filter(valid_to__isnull=True).exists()


def test_a_shift_begins_once_in_the_role_of_the_duty(town):
    aigerim, dana = town.actor("aigerim"), town.actor("dana")
    shift = start_shift(by=aigerim, now=NOW)
    assert (shift.role, shift.organisation) == ("operator", town.centre)
    with refused("shift.running"):
        start_shift(by=aigerim, now=NOW)
    with refused("shift.no_role"):
        start_shift(by=dana, now=NOW)
    assert end_shift(user_id=aigerim.user_id, by=aigerim, now=NOW + HOUR).ended_at == NOW + HOUR
    with refused("shift.not_running"):
        end_shift(user_id=aigerim.user_id, by=aigerim, now=NOW + HOUR)


def test_a_shift_is_forgotten_long_after_its_duty_and_never_during_the_next(town):
    planned(town, begins=0, hours=8)
    start_shift(by=town.actor("aigerim"), now=NOW)
    assert not forgotten_shifts(NOW + 10 * HOUR).exists()
    assert forgotten_shifts(NOW + 11 * HOUR).exists()
    planned(town, begins=11, hours=8)
    assert not forgotten_shifts(NOW + 11 * HOUR).exists()
    start_shift(by=town.actor("marat"), now=NOW)
    assert [row.user for row in forgotten_shifts(NOW + 24 * HOUR)] == [town.users["aigerim"], town.users["marat"]]


def test_a_swap_changes_hands_with_its_return_and_leaves_no_task(town):
    mine, theirs = planned(town), planned(town, "marat", begins=30)
    swap = ask_colleague(duty=mine, colleague=town.users["marat"], in_return=theirs, by=town.actor("aigerim"), now=NOW)
    task = Task.objects.get(about_uid=swap.uid)
    assert (task.owner, task.due_at) == (town.users["marat"], mine.starts_at)
    assert list(orphans(now=NOW)) == []
    answer_swap(swap=swap, to=SwapState.ACCEPTED, by=town.actor("marat"), now=NOW)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.user, theirs.user) == (town.users["marat"], town.users["aigerim"])
    assert not Task.objects.filter(state="open").exists()
    assert JournalEntry.objects.filter(kind="duty.given").count() == 2


def test_only_the_colleague_or_a_supervisor_answers_and_only_the_asker_withdraws(town):
    mine = planned(town)
    swap = ask_colleague(duty=mine, colleague=town.users["marat"], in_return=None, by=town.actor("aigerim"), now=NOW)
    with refused("swap.not_yours"):
        answer_swap(swap=swap, to=SwapState.ACCEPTED, by=town.actor("aigerim"), now=NOW)
    with refused("swap.not_yours"):
        answer_swap(swap=swap, to=SwapState.WITHDRAWN, by=town.actor("marat"), now=NOW)
    answer_swap(swap=swap, to=SwapState.ACCEPTED, by=town.actor("saule"), now=NOW)
    mine.refresh_from_db()
    assert mine.user == town.users["marat"]


@pytest.mark.parametrize(
    ("colleague", "begins", "code"),
    [("aigerim", None, "swap.self"), ("serik", None, "duty.not_holder"), ("marat", 3, "swap.same_time")],
)
def test_swaps_that_are_not_asked(town, colleague, begins, code):
    mine = planned(town)
    theirs = planned(town, "marat", begins=begins) if begins else None
    with refused(code):
        ask_colleague(duty=mine, colleague=town.users[colleague], in_return=theirs, by=town.actor("aigerim"), now=NOW)
    assert not Task.objects.exists()


def test_a_colleague_who_got_another_duty_meanwhile_cannot_accept(town):
    mine = planned(town)
    swap = ask_colleague(duty=mine, colleague=town.users["marat"], in_return=None, by=town.actor("aigerim"), now=NOW)
    planned(town, "marat", begins=4)
    with refused("duty.overlap"):
        answer_swap(swap=swap, to=SwapState.ACCEPTED, by=town.actor("marat"), now=NOW)
    assert Swap.objects.get().state == SwapState.ASKED


def test_a_duty_that_leaves_the_rota_takes_the_question_with_it(town):
    mine = planned(town)
    ask_colleague(duty=mine, colleague=town.users["marat"], in_return=None, by=town.actor("aigerim"), now=NOW)
    with refused("swap.asked"):
        ask_colleague(duty=mine, colleague=town.users["marat"], in_return=None, by=town.actor("aigerim"), now=NOW)
    take_out(duty=mine, by=town.actor("saule"), now=NOW)
    assert (Swap.objects.get().state, Task.objects.get().state) == ("withdrawn", "cancelled")


def test_the_week_is_read_from_its_index(town):
    users = User.objects.bulk_create(
        User(username=f"u{number}", family_name="U", given_name="U") for number in range(50)
    )
    Duty.objects.bulk_create(
        Duty(
            user=user,
            organisation=town.centre,
            role="operator",
            languages=["ru"],
            starts_at=NOW + timedelta(days=day),
            ends_at=NOW + timedelta(days=day, hours=12),
        )
        for user in users
        for day in range(60)
    )
    # The rows of a test are too young for statistics: what is asked is whether the order can come from the index.
    with connection.cursor() as cursor:
        cursor.execute("set local enable_sort = off")
    plan = duties(town.centre.pk, since=NOW + timedelta(days=20), until=NOW + timedelta(days=27)).explain()
    assert "duty_by_start" in plan, plan
    assert "Sort" not in plan, plan


def test_weeks_and_walls():
    assert monday_of(date(2026, 11, 29)) == date(2026, 11, 23)
    night = span(date(2026, 11, 23), time(20), time(8), ALMATY)
    assert night[1] - night[0] == 12 * HOUR
    assert week_later(night[0], ALMATY) - night[0] == timedelta(days=7)
