"""Facts by the file: days in a row that it declares itself, and minutes that are held whatever a limit says."""

import logging
from datetime import timedelta

import pytest

from medet.base.actor import ROBOT, WORKER
from medet.contacts.calls.claim import Claimed
from medet.flows.answers_arrived import Told, answers_arrived
from medet.flows.facts import SAFE_MINUTES, known_facts, minutes_of
from medet.monitoring.actions import load_programme
from medet.monitoring.models import Alert, Answers
from medet.monitoring.queries import programme
from medet.monitoring.schema import read_programme
from medet.phone.speaker import Speaker
from medet.records.states import Source
from medet.tasks.models import Task
from medet.web.doctor.worklist import tasks_of
from medet.web.operator.worklist import tasks_of as tasks_of_operators
from tests import make
from tests.monitoring.variants import unchecked, variant


def tell(enrolment, given, *, days=0):
    told = Told(enrolment=enrolment, programme=programme("covid-home"), source=Source.ROBOT)
    return answers_arrived(told=told, given=given, by=ROBOT, now=make.NOON + timedelta(days=days))


def test_fever_keyed_for_the_fourth_day_is_a_danger_sign(town):
    """Who has no thermometer's figure keys 38-39 every day."""
    enrolment = make.observed(town)
    bands = [tell(enrolment, {"fever": "38to39"}, days=day) for day in range(4)]
    assert [Answers.objects.get(pk=answers.pk).band for answers in bands] == ["amber", "amber", "amber", "red"]
    assert Alert.objects.get(band="red").rule == "fever_told_three_days"


def test_keyed_and_measured_days_count_together_and_a_gap_ends_the_run(town):
    enrolment = make.observed(town)
    for day, given in enumerate(
        ({"fever": "38to39"}, {"fever": "none"}, {"temperature": "38.0"}, {"fever": "above39"})
    ):
        tell(enrolment, given, days=day)
    facts = known_facts(enrolment.case, programme("covid-home").file, now=make.NOON + timedelta(days=4))
    assert (facts["fever_days"], facts["age"], facts["risk_group"]) == (2, 67, ())


def test_what_counts_as_a_day_stands_in_the_file_alone(town, tmp_path):
    """Another illness, other words: nothing in the code knows what fever is."""

    def breathless(content):
        content["days_in_a_row"] = {"short_of_breath_days": {"breath": "exertion", "resp_rate": {"low": 22}}}
        content["rules"] = [rule for rule in content["rules"] if "fever_days" not in rule["when"]]
        content["rules"].append(
            {
                "code": "breath_two_days",
                "when": {"breath": "exertion", "short_of_breath_days": {"low": 2}},
                "band": "red",
                "owner": "doctor",
                "due": 30,
                "reason": {"kk": "а", "ru": "б", "en": "c"},
                "source": "a test",
            }
        )

    load_programme(file=read_programme(variant(tmp_path, breathless)), by=WORKER, now=make.NOON)
    enrolment = make.observed(town)
    tell(enrolment, {"breath": "exertion"})
    tell(enrolment, {"resp_rate": "23"}, days=1)
    tell(enrolment, {"breath": "exertion"}, days=2)
    assert Alert.objects.get(band="red").because == {"breath": "exertion", "short_of_breath_days": "2"}


BAD_DUES = {"no such limit": "danger.callback_mins", "no number": "call.hours.start", "a map": "call.retry_minutes",
            "not positive": 0}  # fmt: skip


@pytest.mark.parametrize("due", BAD_DUES.values(), ids=list(BAD_DUES))
def test_a_danger_key_outlives_a_due_that_cannot_be_read(town, caplog, due):
    unchecked(lambda content: content["rules"][0].update(due=due))
    enrolment = make.observed(town)
    with caplog.at_level(logging.ERROR, "medet.flows"):
        tell(enrolment, {"breath": "rest"})
    alert = Alert.objects.get(rule="breath_at_rest")
    task = Task.objects.get(about_uid=alert.uid)
    assert alert.due_at == task.due_at == make.NOON + timedelta(minutes=SAFE_MINUTES)
    assert task in tasks_of(town.actor("serik"))
    assert task in tasks_of_operators(town.actor("aigerim"))
    assert "breath_at_rest" in caplog.text


def test_the_robot_promises_what_the_task_holds(town, tmp_path):
    """The minutes of the rule itself, and the days before: the script is given both before the phone rings."""
    file = read_programme(variant(tmp_path, lambda content: content["rules"][0].update(due=45)))
    version = load_programme(file=file, by=WORKER, now=make.NOON)
    enrolment = make.observed(town)
    tell(enrolment, {"breath": "rest"})
    held = Alert.objects.get().due_at - make.NOON
    patient = Speaker(claimed(enrolment, version), ledger=None, carrier=1).prepare().patient
    assert patient.minutes["breath_at_rest"] == held.total_seconds() / 60 == 45
    assert patient.known["fever_days"] == 0
    assert patient.minutes["spo2_low"] == minutes_of(file.rule("spo2_low"), now=make.NOON) == 15


def claimed(enrolment, version):
    return Claimed(
        attempt_id=1,
        number="+77010000000",
        language="kk",
        birth_year=1959,
        programme=version.content,
        programme_id=version.pk,
        enrolment_id=enrolment.pk,
    )
