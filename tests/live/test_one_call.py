"""One patient, one real call, one key, one alert."""

import pytest

from medet.base.actor import WORKER
from medet.base.clock import now
from medet.base.scope import scope
from medet.contacts.models import CallAttempt, Contact
from medet.monitoring.models import Alert, Answers, DueContact
from medet.tasks.models import Task
from tests import make
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


def test_a_danger_key_over_real_sip_stands_on_the_worklist(medet, town):
    enrolment = observed(town)
    number = number_of(enrolment)
    phones = live.phones(medet, {number: {"behaviour": "danger", "birth_years": [1959]}}, options=("--ring", "0.2"))
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
