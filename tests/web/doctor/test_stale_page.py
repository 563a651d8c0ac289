"""A danger sign that came in while the doctor wrote: no page that did not show it settles it."""

import re

import pytest
from django.urls import reverse

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.monitoring.models import Alert, Enrolment
from medet.records.models import Case, Conclusion
from medet.tasks.models import Task
from tests.web.doctor.test_desk import GIVEN
from tests.web.ladder import client_of
from tests.web.round import ill, told

NEW_SIGN = {
    "kk": "Осы арада жаңа қауіпті белгі келді: алдымен соны қараңыз.",
    "ru": "Тем временем пришёл новый опасный признак: сначала посмотрите его.",
    "en": "A new danger sign came in meanwhile: look at it first.",
}


@pytest.fixture
def serik(town):
    return speaking(client_of(town, "serik"))


@pytest.fixture
def case(town):
    """Somebody who feels worse; the page is made now."""
    return ill(town, {"state": "worse"})


def speaking(client, language="en"):
    client.cookies["django_language"] = language
    return client


def page_of(case):
    return reverse("doctor:person", args=[case.person.uid])


def shown_on(page):
    """What the form of a page says it showed."""
    form = page[page.index('data-main novalidate hx-post="/doctor/') :]
    return re.findall(r'name="shown" value="([^"]+)"', form[: form.index("</form>")])


def gets_worse(case):
    with scope(WORKER):
        told(Enrolment.objects.get(case=case), {"breath": "rest"})


def alerts():
    with scope(WORKER):
        return dict(Alert.objects.values_list("band", "state"))


def state():
    with scope(WORKER):
        return Case.objects.get().state


@pytest.mark.parametrize(
    "changed", [{"then": "end", "outcome": "ended", "without_pcr": "symptoms"}, {"outcome": "not_confirmed"}]
)
@pytest.mark.parametrize("language", NEW_SIGN)
def test_an_end_waits_for_the_new_danger_sign(serik, case, changed, language):
    serik.cookies["django_language"] = language
    shown = shown_on(serik.get(page_of(case)).content.decode())
    gets_worse(case)
    answer = serik.post(page_of(case), GIVEN | changed | {"shown": shown})
    page = answer.content.decode()
    assert (answer.status_code, state()) == (422, "at_home")
    assert NEW_SIGN[language] in page
    assert "Парацетамол 500" in page
    assert alerts() == {"amber": "open", "red": "open"}
    with scope(WORKER):
        assert not Conclusion.objects.exists()
    # The page that comes back shows the sign, and now it may be ended.
    again = serik.post(page_of(case), GIVEN | changed | {"shown": shown_on(page)})
    assert again.status_code == 302
    assert alerts() == {"amber": "acted", "red": "acted"}


def test_going_on_leaves_what_was_not_shown(serik, case):
    shown = shown_on(serik.get(page_of(case)).content.decode())
    gets_worse(case)
    assert serik.post(page_of(case), GIVEN | {"shown": shown}).status_code == 302
    assert alerts() == {"amber": "acted", "red": "open"}
    with scope(WORKER):
        assert Task.objects.get(kind="alert", state="open").weight == 1


@pytest.mark.parametrize("move", ["override", "end"])
def test_a_key_alone_waits_as_well(serik, case, move):
    shown = shown_on(serik.get(page_of(case)).content.decode())
    gets_worse(case)
    answer = serik.post(page_of(case), {"move": move, "shown": shown})
    assert answer.status_code == 422
    assert NEW_SIGN["en"] in answer.content.decode()
    assert (alerts(), state()) == ({"amber": "open", "red": "open"}, "at_home")


def test_nonsense_shows_nothing(serik, case):
    gets_worse(case)
    assert serik.post(page_of(case), {"move": "end", "shown": ["", "x"]}).status_code == 422


def test_the_operators_end_waits_too(town, case):
    aigerim = speaking(client_of(town, "aigerim"))
    url = reverse("operator:person", args=[case.person.uid])
    given = {"move": "end", "to": "admitted", "why": "The daughter rang"}
    shown = list(aigerim.get(url + "?form=case").context["shown"])
    gets_worse(case)
    answer = aigerim.post(url, given | {"shown": shown})
    page = answer.content.decode()
    assert (answer.status_code, state()) == (422, "at_home")
    assert NEW_SIGN["en"] in page
    assert "The daughter rang" in page
    assert aigerim.post(url, given | {"shown": list(answer.context["shown"])}).status_code == 302
    assert state() == "admitted"
