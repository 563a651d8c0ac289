"""An alert counts the contacts it was seen in, says so each time, and grows graver with its file."""

from datetime import timedelta
from uuid import uuid4

from medet.base.actor import ROBOT, WORKER
from medet.base.models import JournalEntry
from medet.flows.answers_arrived import Told, answers_arrived
from medet.monitoring.actions import load_programme
from medet.monitoring.models import Alert
from medet.monitoring.queries import programme
from medet.monitoring.schema import read_programme
from medet.records.states import Source
from medet.tasks.models import Task
from medet.tasks.states import Weight
from tests import make
from tests.monitoring.variants import variant


def call(enrolment, given, *, hours=0):
    """One robot call, key by key."""
    told = Told(enrolment=enrolment, programme=programme("covid-home"), source=Source.ROBOT, contact_uid=uuid4())
    now = make.NOON + timedelta(hours=hours)
    for key, value in given.items():
        answers_arrived(told=told, given={key: value}, by=ROBOT, now=now)
    return told


WHOLE = {"state": "worse", "breath": "none", "fever": "none", "at_home": "yes"}


def test_contacts_are_counted_and_not_keys(town):
    enrolment = make.observed(town)
    for hours in (0, 3, 6):
        call(enrolment, WHOLE, hours=hours)
    alert = Alert.objects.get(rule="worse")
    assert (alert.seen_count, alert.last_seen_at) == (3, make.NOON + timedelta(hours=6))
    entries = JournalEntry.objects.filter(kind__startswith="alert.", object_uid=alert.uid).order_by("pk")
    assert [(entry.kind, entry.values["seen"]) for entry in entries] == [
        ("alert.raised", 1),
        ("alert.repeated", 2),
        ("alert.repeated", 3),
    ]


def test_two_calls_side_by_side_count_as_two(town):
    """An operator writes while the robot's call goes on."""
    enrolment = make.observed(town)
    first = call(enrolment, {"state": "worse"})
    second = call(enrolment, {"state": "worse"})
    for told in (first, second, first, second):
        answers_arrived(told=told, given={"breath": "none"}, by=ROBOT, now=make.NOON)
    assert Alert.objects.get(rule="worse").seen_count == 2


def test_a_rule_that_became_a_danger_sign_lifts_the_open_alert(town, tmp_path):
    enrolment = make.observed(town)
    call(enrolment, {"state": "worse"})

    def graver(content):
        rule = next(rule for rule in content["rules"] if rule["code"] == "worse")
        rule |= {"band": "red", "due": "danger.callback_minutes", "advice": "danger_advice"}

    version = load_programme(file=read_programme(variant(tmp_path, graver)), by=WORKER, now=make.NOON)
    call(enrolment, {"state": "worse"}, hours=1)
    alert = Alert.objects.get(rule="worse")
    task = Task.objects.get(about_uid=alert.uid)
    assert (alert.band, alert.programme_id, task.weight) == ("red", version.pk, Weight.RED)
    assert alert.due_at == task.due_at == make.NOON + timedelta(hours=1, minutes=15)
