"""The whole loop in real Chromium over real SIP, in Kazakh, Russian and English: a danger key, both open desks, the
conclusion, the home visit, the clinic's phone, its result, the timeline and the case."""

import pytest
from playwright.sync_api import Locator, Page, expect

from medet.base.actor import WORKER
from medet.base.clock import now
from medet.base.scope import scope
from medet.flows.loops import orphans
from medet.handovers.models import HomeVisit
from medet.people.states import Language
from medet.records.models import Case, Conclusion
from medet.staff.actions import choose_language
from medet.tasks.models import Task
from tests import make
from tests.live import pages, prompts
from tests.live import running as live
from tests.web.browser import chromium

REASON = {"kk": "Тыныш күйде ентігеді", "ru": "Одышка в покое", "en": "Short of breath at rest"}
FAMILY = {"kk": "Әбдірахманова", "ru": "Соколова", "en": "Brown"}
PHONE = {"kk": "+77000000001", "ru": "+77000000002", "en": "+77000000003"}
SOON = 20_000


@pytest.fixture
def town(medet):
    """The cast, the telephone network, the robot and the pages."""
    with scope(WORKER):
        return make.city(now=now())


def speak(town, language):
    """The cast reads its pages in this language."""
    with scope(WORKER):
        for user in town.users.values():
            choose_language(user=user, language=language, by=WORKER, now=now())


def someone_is_ill(town, language):
    with scope(WORKER):
        who = make.person(
            town, family_name=FAMILY[language], language=Language(language), phone=PHONE[language], now=now()
        )
        return make.observed(town, who, now=now())


def danger_is_seen(page: Page, language: str) -> None:
    """The row stands in the list by itself: nobody reloads the page."""
    row = page.locator("#queue .item", has_text=FAMILY[language]).filter(has_text=REASON[language])
    expect(row.first).to_be_visible(timeout=60_000)


def doctor_concludes(page: Page, language: str) -> None:
    """By keys: the first row, severity, outcome, then the key that also sends the home visit."""
    page.locator("#queue .item", has_text=FAMILY[language]).first.click()
    expect(page.locator("#side form")).to_be_visible(timeout=SOON)
    page.locator("#side [name=severity][value=moderate]").check(force=True)
    page.locator("#side [name=diagnosis]").first.check(force=True)
    page.locator("#side [name=outcome][value=home_visit]").check(force=True)
    page.locator("#side [name=next_contact]").nth(1).check(force=True)
    page.keyboard.press("F8")
    expect(page.locator("#queue .item", has_text=FAMILY[language])).to_have_count(0, timeout=SOON)


def fold(page: Page, name: str) -> Locator:
    """A form behind its button, opened."""
    form = page.locator(f"#form-{name}")
    expect(form).to_be_visible(timeout=SOON)
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    return form


def clinic_visits(page: Page, language: str) -> None:
    """On a phone: accept, assign, visited with a result."""
    row = page.locator(".item", has_text=FAMILY[language])
    expect(row.first).to_be_visible(timeout=SOON)
    row.first.click()
    page.locator("#visit button[value=accept]").click()
    expect(page.locator("#visit button[value=accept]")).to_have_count(0, timeout=SOON)
    assign = fold(page, "assign")
    other = assign.locator("[name$=worker][value=other]")
    if other.count():
        other.check(force=True)
    assign.locator("[name$=-name]").fill("Сейітова Г.")
    assign.locator("button[type=submit]").click()
    expect(page.locator("#form-assign")).to_have_count(0, timeout=SOON)
    done = fold(page, "done")
    done.locator("[name$=result][value=stays_home]").check(force=True)
    done.locator("button[type=submit]").click()
    expect(page.locator("#form-done")).to_have_count(0, timeout=SOON)


@pytest.mark.timeout(240)  # three whole calls and ten pages
def test_the_loop_in_three_languages(medet, town, tmp_path):
    medet.env["MEDET_PROMPTS"] = str(prompts.make(tmp_path / "prompts"))
    address = pages.serve(medet)
    lines = {number: {"behaviour": "danger", "birth_years": [1959]} for number in PHONE.values()}
    options = ("--ring", "0.2", "--prompts", str(tmp_path / "prompts"), "--pause", str(prompts.PAUSE_S))
    live.robot(medet, live.phones(medet, lines, options=options).port)
    enrolments = {}
    with chromium() as browser:
        for language in REASON:
            speak(town, language)
            with (
                pages.at_desk(browser, address, "serik") as doctor,
                pages.at_desk(browser, address, "aigerim") as operator,
                pages.at_desk(browser, address, "dana", width=390, height=844) as clinic,
            ):
                enrolments[language] = someone_is_ill(town, language)
                danger_is_seen(doctor, language)
                danger_is_seen(operator, language)
                doctor_concludes(doctor, language)
                clinic_visits(clinic, language)
                result = operator.locator("#queue .item", has_text=FAMILY[language])
                expect(result.first).to_be_visible(timeout=SOON)
                result.first.click()
                expect(operator.locator("#work")).to_contain_text("Сейітова Г.", timeout=SOON)
    with scope(WORKER):
        for enrolment in enrolments.values():
            case = Case.objects.get(pk=enrolment.case_id)
            assert (case.severity, case.state) == ("moderate", "at_home")
            assert Conclusion.objects.get(case=case).outcome == "home_visit"
            assert HomeVisit.objects.get(case=case).state == "done"
            assert Task.objects.filter(case_id=case.pk, state="open", role="operator").count() == 1
        assert list(orphans(now=now())) == []
