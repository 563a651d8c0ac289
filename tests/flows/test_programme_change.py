"""A question and a threshold are added to a programme file: robot, reading, alert follow; old answers keep theirs."""

from datetime import timedelta

import pytest
import yaml

from medet.base.actor import ROBOT, WORKER
from medet.base.scope import scope
from medet.contacts.calls.claim import claim
from medet.flows.answers_arrived import Told, answers_arrived
from medet.monitoring.actions import FOLDER, load_programme
from medet.monitoring.models import Alert, Answers
from medet.monitoring.queries import programme
from medet.monitoring.schema import read_programme
from medet.phone.script import prompts_of
from medet.records.models import Reading
from medet.records.states import Source
from tests import make
from tests.flows.test_day import LEASE, MANNERS

SMELL = {
    "key": "smell",
    "label": {"kk": "Иіс", "ru": "Обоняние", "en": "Smell"},
    "spoken": {"kk": "Иіс сезесіз бе?", "ru": "Вы чувствуете запахи?", "en": "Can you smell?"},
    "options": [
        {"digit": "1", "value": "yes", "label": {"kk": "иә", "ru": "да", "en": "yes"}},
        {"digit": "2", "value": "no", "label": {"kk": "жоқ", "ru": "нет", "en": "no"}},
    ],
}
RULE = {
    "code": "no_smell",
    "when": {"smell": "no"},
    "band": "amber",
    "owner": "doctor",
    "due": 60,
    "reason": {"kk": "Иіс сезбейді", "ru": "Не чувствует запахов", "en": "Cannot smell"},
    "source": "a test",
}


@pytest.fixture
def changed(tmp_path):
    """The shipped file with one more question, one more rule and one limit moved."""
    content = yaml.safe_load((FOLDER / "covid-home.yaml").read_text(encoding="utf-8"))
    content["questions"].append(SMELL)
    content["rules"].append(RULE)
    next(rule for rule in content["rules"] if rule["code"] == "spo2_low")["when"] = {"spo2": {"high": 90}}
    path = tmp_path / "covid-home.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return read_programme(path)


def tell(enrolment, version, given, *, now=make.NOON):
    told = Told(enrolment=enrolment, programme=version, source=Source.OPERATOR)
    return answers_arrived(told=told, given=given, by=ROBOT, now=now)


def test_everything_follows_the_file(db, changed):
    with scope(WORKER):
        town = make.city()
        enrolment = make.observed(town)
        old = tell(enrolment, programme("covid-home"), {"spo2": "92"})
        assert Alert.objects.get().rule == "spo2_low"

        load_programme(file=changed, by=WORKER, now=make.NOON)
        new = programme("covid-home")
        assert new.version == old.programme.version + 1
        [claimed] = claim(limit=1, worker="test", manners=MANNERS, lease=LEASE, now=make.NOON)
        assert claimed.programme_id == new.pk
        assert "covid-home/smell" in prompts_of(changed, dict.fromkeys((rule.code for rule in changed.rules), 15))

        other = make.observed(town, now=make.NOON + timedelta(minutes=1))
        tell(other, new, {"smell": "no", "spo2": "91"})
        assert set(Alert.objects.filter(enrolment=other).values_list("rule", flat=True)) == {"no_smell"}
        assert Reading.objects.get(case=other.case, code="smell").choice == "no"
        kept = Answers.objects.get(pk=old.pk)
        assert (kept.programme.version, kept.band) == (old.programme.version, "red")
        assert "smell" not in {question.key for question in kept.programme.file.questions}


def test_going_back_to_an_older_content_brings_it_into_force(town, changed):
    """The dangerous second version must not stay in force because the third is like the first."""
    shipped = read_programme(FOLDER / "covid-home.yaml")
    first, second, third = (load_programme(file=file, by=WORKER, now=make.NOON) for file in (shipped, changed, shipped))
    assert (second.version, third.version) == (first.version + 1, first.version + 2)
    assert programme("covid-home") == third
    assert third.file.rule("spo2_low").when["spo2"].high == 92
    make.observed(town)
    [attempt] = claim(limit=1, worker="test", manners=MANNERS, lease=LEASE, now=make.NOON)
    assert attempt.programme_id == third.pk


def test_the_same_file_again_changes_nothing(db, changed):
    with scope(WORKER):
        make.city()
        first = load_programme(file=changed, by=WORKER, now=make.NOON)
        assert load_programme(file=changed, by=WORKER, now=make.NOON).pk == first.pk
