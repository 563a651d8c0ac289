"""The weeks before the demo's days: whole lives of a few people at a time beside a city that lives already."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from medet.base.actor import WORKER
from medet.base.clock import local_day
from medet.base.scope import scope
from medet.contacts.calls.models import CallAttempt, CallLine
from medet.demo.city.places import build
from medet.demo.city.roster import FIRST, PEOPLE, roster
from medet.demo.city.weeks import groups, make_calls, make_past, stay_of
from medet.flows.finish_campaigns import finish_campaigns
from medet.flows.loops import orphans
from medet.monitoring.models import DueContact, Enrolment
from medet.monitoring.states import DueKind
from medet.people.models import Person
from medet.worker.reference import load_reference

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 23, 5, 10, tzinfo=UTC)  # 10:10 in Almaty
TODAY = local_day(MORNING)


def test_most_of_the_city_is_well_again_and_some_are_ill_still() -> None:
    stays = [stay_of(made, TODAY) for made in roster(PEOPLE)[FIRST:]]
    ill = sum(stay.first + timedelta(days=stay.days) > TODAY for stay in stays)
    assert 50 < ill < 110
    assert all(date(2026, 10, 26) <= stay.first < TODAY for stay in stays)
    assert Counter(stay.outcome for stay in stays)["hospitalise"] == 8


def test_groups_live_through_their_days_and_nobody_is_lost() -> None:
    with scope(WORKER):
        load_reference(now=MORNING - timedelta(days=30))
        build(now=MORNING - timedelta(days=30))
        waiting = groups(TODAY)
        assert sum(map(len, waiting)) == PEOPLE - FIRST
    for group in (waiting[0], waiting[1], waiting[-1]):
        make_past(group, now=MORNING)
        with scope(WORKER):
            finish_campaigns(by=WORKER, now=MORNING)
    make_calls(now=MORNING)
    with scope(WORKER):
        assert CallLine.objects.filter(direction="inbound").count() > 28 * 9
        assert CallLine.objects.filter(direction="inbound", person__isnull=False).exists()
        assert Person.objects.count() == 12
        assert Counter(Enrolment.objects.values_list("state", flat=True)) == {"ended": 8, "active": 4}
        assert CallAttempt.objects.filter(outcome="answered").count() > 60
        assert not CallAttempt.objects.filter(claimed_at__gt=MORNING - timedelta(hours=10)).exists()
        assert DueContact.objects.filter(on=TODAY, kind=DueKind.ROBOT).count() == 4
        assert list(orphans(now=MORNING)) == []
        assert len(groups(TODAY)) == len(waiting) - 3
