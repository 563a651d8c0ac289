"""One patient, one real call, one key, one alert."""

from datetime import date

import pytest

from medet.base.actor import WORKER
from medet.base.clock import now
from medet.base.scope import scope
from medet.contacts.models import CallAttempt, Contact
from medet.monitoring.models import Alert, Answers, DueContact
from medet.people.models import Person
from medet.tasks.models import Task
from tests import make
from tests.contacts.test_claim import share_line
from tests.live import prompts
from tests.live import running as live


def observed(town, **more):
    with scope(WORKER):
        return make.observed(town, make.person(town, now=now(), **more), now=now())


def read(model, **where):
    with scope(WORKER):
        return list(model.objects.filter(**where))


@pytest.fixture
def town(medet):
    with scope(WORKER):
        return make.city(now=now())


def number_of(enrolment):
    with scope(WORKER):
        return enrolment.person.phones.get().number


@pytest.fixture
def quick(medet, tmp_path):
    """Quick recordings, for the robot and for the phones, which know each by ear."""
    folder = str(prompts.make(tmp_path / "prompts"))
    medet.env["MEDET_PROMPTS"] = folder
    return ("--ring", "0.2", "--prompts", folder, "--pause", str(prompts.PAUSE_S))


def test_a_danger_key_over_real_sip_stands_on_the_worklist(medet, town, quick):
    enrolment = observed(town)
    number = number_of(enrolment)
    phones = live.phones(medet, {number: {"behaviour": "danger", "birth_years": [1959]}}, options=quick)
    live.robot(medet, phones.port)
    [alert] = live.wait_until(
        lambda: read(Alert, rule="breath_at_rest"), seconds=60, what=f"the alert\n{medet.log('phone')}"
    )
    [task] = read(Task, about_uid=alert.uid)
    assert (task.role, task.state) == ("doctor", "open")
    [attempt] = live.wait_until(
        lambda: read(CallAttempt, state="ended"), seconds=60, what=f"the end of the call\n{medet.log('phone')}"
    )
    [contact] = read(Contact)
    assert (attempt.outcome, attempt.sip_code, contact.outcome) == ("answered", 200, "danger")
    assert "danger_advice" in attempt.prompts
    assert "within_15_minutes" in attempt.prompts
    assert [due.state for due in read(DueContact)] == ["done"]
    [answers] = read(Answers)
    assert answers.values["breath"] == "rest"
    assert len(phones.rings(number)) == 1


def test_one_call_serves_a_household(medet, town, quick):
    """A mother and her daughter on one telephone: it rings once, and each is asked by her own year of birth."""
    mother, daughter = observed(town), observed(town)
    number = number_of(mother)
    with scope(WORKER):
        share_line(mother.person, daughter.person)
        Person.objects.filter(pk=daughter.person_id).update(birth_date=date(1985, 5, 1))
    line = {number: {"behaviour": "fine", "birth_years": [1959, 1985]}}
    phones = live.phones(medet, line, options=quick)
    live.robot(medet, phones.port)
    live.wait_until(
        lambda: len(read(CallAttempt, state="ended")) == 2, seconds=60, what=lambda: f"both ends\n{medet.log('phone')}"
    )
    assert len(phones.rings(number)) == 1
    assert {contact.person_id: contact.outcome for contact in read(Contact)} == {
        mother.person_id: "complete",
        daughter.person_id: "complete",
    }
    assert {answers.enrolment_id for answers in read(Answers, is_complete=True)} == {mother.pk, daughter.pk}
    assert {due.state for due in read(DueContact)} == {"done"}


def test_a_danger_sign_of_the_second_person_in_a_call_stands_under_her_name(medet, town, quick):
    """In Kazakh: the mother cannot come, the daughter is asked first and is worse; nobody's answers mix."""
    mother, daughter = observed(town), observed(town, language="kk")
    number = number_of(mother)
    with scope(WORKER):
        share_line(mother.person, daughter.person)
        Person.objects.filter(pk=mother.person_id).update(language="kk")
        Person.objects.filter(pk=daughter.person_id).update(birth_date=date(1985, 5, 1))
    line = {number: {"behaviour": "danger", "birth_years": [1985, 1959], "language": "kk"}}
    phones = live.phones(medet, line, options=quick)
    live.robot(medet, phones.port)
    live.wait_until(
        lambda: len(read(CallAttempt, state="ended")) == 2, seconds=60, what=lambda: f"both ends\n{medet.log('phone')}"
    )
    [alert] = read(Alert, rule="breath_at_rest")
    assert alert.person_id == daughter.person_id
    outcomes = {contact.person_id: contact.outcome for contact in read(Contact)}
    assert outcomes == {mother.person_id: "not_asked", daughter.person_id: "danger"}
    assert {due.person_id: due.state for due in read(DueContact)} == {
        mother.person_id: "planned",
        daughter.person_id: "done",
    }
    assert len(phones.rings(number)) == 1
