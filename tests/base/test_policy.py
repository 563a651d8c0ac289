"""Limits as data: the value in force on a local day, its source, its change and its confirmation."""

import ast
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from medet.base import policy
from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.base.models import JournalEntry, PolicyParameter
from medet.base.refused import Refused
from medet.monitoring.actions import FOLDER as PROGRAMMES
from tests.base.rows import NOW

pytestmark = pytest.mark.django_db
TODAY = local_day(NOW)
SETTER, OTHER = Actor(user_id=1), Actor(user_id=2)


def test_every_shipped_limit_is_in_the_database():
    """A new entry of policy.yaml needs a migration with RunPython(policy.seed)."""
    assert set(PolicyParameter.objects.values_list("code", flat=True)) == set(policy.shipped())


def test_the_limits_the_first_loop_needs():
    assert policy.whole("quarantine.days", now=NOW) == 14
    assert policy.whole("call.daily_attempts", now=NOW) == 3
    assert policy.whole("active_visit.ack_minutes", now=NOW) == 60
    assert policy.whole("active_visit.visit_hours", now=NOW) == 24
    assert policy.value("video.max_gap_days", now=NOW) == 3
    assert policy.local_time("call.hours.start", now=NOW) == time(9)
    assert policy.local_time("call.hours.end", now=NOW) == time(20)


def test_a_limit_without_an_act_says_so():
    assert "Ministry of Health" in policy.parameter("video.max_gap_days", now=NOW).source
    assert policy.parameter("quarantine.days", now=NOW).legal_ref == ""
    assert policy.parameter("quarantine.days", now=NOW).source
    assert policy.parameter("quarantine.days", now=NOW).confirmed_at is None


def test_a_change_holds_from_its_local_midnight():
    policy.change(code="video.max_gap_days", value=7, valid_from=date(2026, 12, 1), by=SETTER, now=NOW, legal_ref="№ 1")
    before, after = datetime(2026, 11, 30, 18, 59, tzinfo=UTC), datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
    assert policy.whole("video.max_gap_days", now=before) == 3
    assert policy.whole("video.max_gap_days", now=after) == 7
    row = policy.parameter("video.max_gap_days", now=after)
    assert (row.unit, row.set_by, row.confirmed_by) == ("days", 1, None)
    assert JournalEntry.objects.get(kind="policy.changed").values == {"limit": "video.max_gap_days", "value": 7}


def test_what_nobody_confirmed_is_replaced_and_the_journal_keeps_it():
    today, tomorrow = TODAY, TODAY + timedelta(1)
    policy.change(code="video.max_gap_days", value=30, valid_from=tomorrow, by=SETTER, now=NOW)
    policy.change(code="video.max_gap_days", value=7, valid_from=today, by=OTHER, now=NOW)
    policy.change(code="video.max_gap_days", value=8, valid_from=today, by=OTHER, now=NOW)
    rows = PolicyParameter.objects.filter(code="video.max_gap_days").order_by("valid_from")
    assert list(rows.values_list("value", "valid_from", "valid_to")) == [
        (3, policy.SEEDED_FROM, today),
        (8, today, None),
    ]
    told = JournalEntry.objects.filter(kind="policy.withdrawn").order_by("pk").values_list("values", flat=True)
    assert list(told) == [
        {"limit": "video.max_gap_days", "value": 30, "day": tomorrow.isoformat(), "set_by": 1},
        {"limit": "video.max_gap_days", "value": 7, "day": today.isoformat(), "set_by": 2},
    ]


def test_a_change_cannot_reach_behind_what_was_confirmed_nor_behind_days_that_are_over():
    row = policy.change(code="video.max_gap_days", value=7, valid_from=date(2026, 12, 1), by=SETTER, now=NOW)
    policy.confirm(parameter=row, by=OTHER, now=NOW)
    with pytest.raises(Refused, match=r"policy\.overlap"):
        policy.change(code="video.max_gap_days", value=5, valid_from=TODAY, by=SETTER, now=NOW)
    policy.change(code="duty.longest_hours", value=12, valid_from=TODAY - timedelta(1), by=SETTER, now=NOW)
    with pytest.raises(Refused, match=r"policy\.overlap"):
        policy.change(code="duty.longest_hours", value=8, valid_from=TODAY - timedelta(1), by=SETTER, now=NOW)
    assert policy.whole("duty.longest_hours", now=NOW) == 12


def test_calls_never_begin_after_they_end():
    with pytest.raises(Refused, match=r"policy\.order"):
        policy.change(code="call.hours.start", value="21:00", valid_from=date(2026, 12, 1), by=SETTER, now=NOW)
    policy.change(code="call.hours.end", value="22:00", valid_from=date(2026, 12, 1), by=SETTER, now=NOW)
    policy.change(code="call.hours.start", value="21:00", valid_from=date(2026, 12, 1), by=SETTER, now=NOW)
    with pytest.raises(Refused, match=r"policy\.order"):
        policy.change(code="call.hours.end", value="21:00", valid_from=date(2026, 12, 2), by=SETTER, now=NOW)


def test_calls_that_end_earlier_from_a_later_day_on_do_not_begin_after_that():
    policy.change(code="call.hours.end", value="12:00", valid_from=date(2026, 12, 1), by=SETTER, now=NOW)
    with pytest.raises(Refused, match=r"policy\.order"):
        policy.change(code="call.hours.start", value="14:00", valid_from=TODAY, by=SETTER, now=NOW)
    policy.change(code="call.hours.start", value="11:00", valid_from=TODAY, by=SETTER, now=NOW)


def test_the_database_itself_refuses_two_values_for_a_day():
    with pytest.raises(IntegrityError, match="policy_one_value_a_day"), transaction.atomic():
        PolicyParameter.objects.create(code="video.max_gap_days", value=1, valid_from=date(2026, 1, 1))


def test_another_person_confirms():
    row = policy.change(code="video.max_gap_days", value=7, valid_from=date(2026, 11, 1), by=SETTER, now=NOW)
    with pytest.raises(Refused, match=r"policy\.own_confirmation"):
        policy.confirm(parameter=row, by=SETTER, now=NOW)
    policy.confirm(parameter=row, by=OTHER, now=NOW)
    row.refresh_from_db()
    assert (row.confirmed_by, row.confirmed_at) == (2, NOW)


def test_an_unknown_limit_is_refused():
    with pytest.raises(Refused, match=r"policy\.missing"):
        policy.value("no.such", now=NOW)
    with pytest.raises(Refused):
        policy.value("quarantine.days", now=datetime(2019, 1, 1, tzinfo=UTC))


def test_every_limit_the_product_asks_for_is_shipped():
    files = (Path(settings.BASE_DIR) / "medet").rglob("*.py")
    asked = re.compile(r"policy\.(?:value|whole|local_time|parameter)\(\s*\"([^\"]+)\"")
    assert {code for path in files for code in asked.findall(path.read_text("utf-8"))} - set(policy.shipped()) == set()


def asked_for() -> set[str]:
    """Every whole word of our code and programmes; the words of pages and the demo's own values ask for nothing."""
    medet = Path(settings.BASE_DIR) / "medet"
    names = {medet / "web" / "admin" / "limit_words.py"} | set((medet / "demo").rglob("*.py"))
    found = {
        node.value
        for path in set(medet.rglob("*.py")) - names
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return found | {
        word for path in PROGRAMMES.glob("*.yaml") for word in re.findall(r"[\w.]+", path.read_text("utf-8"))
    }


def test_a_limit_nothing_asks_for_says_so_and_one_that_is_asked_for_does_not():
    asked = asked_for()
    marked = {code for code in policy.shipped() if not policy.is_used(code)}
    assert marked & asked == set(), "take `used: false` away"
    assert set(policy.shipped()) - asked - marked == set(), "mark it `used: false`"
    assert not policy.is_used("shipped.once")


def test_nobody_answers_by_name_for_a_limit_nothing_asks_for():
    with pytest.raises(Refused, match=r"policy\.not_used"):
        policy.change(code="quarantine.days", value=7, valid_from=date(2026, 12, 1), by=SETTER, now=NOW)
    with pytest.raises(Refused, match=r"policy\.not_used"):
        policy.confirm(parameter=policy.parameter("quarantine.days", now=NOW), by=OTHER, now=NOW)
