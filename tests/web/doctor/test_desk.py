"""The doctor's desk: worsening first, a conclusion by keys, what follows from it, in three languages."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from medet.base.actor import WORKER
from medet.base.clock import local_day
from medet.base.models import AuditEntry, PolicyParameter
from medet.base.scope import scope
from medet.flows.conclude import Next
from medet.handovers.models import HomeVisit
from medet.monitoring.models import Alert, Enrolment
from medet.monitoring.queries import alerts_of
from medet.records.many import Sample, record_tests
from medet.records.models import Case, Conclusion
from medet.records.rules import PcrTest
from medet.records.states import Pcr
from medet.staff.actions import give_role
from medet.staff.states import Role
from medet.tasks.models import Task
from medet.web.doctor.conclusion import ENTAILS
from medet.web.doctor.views import SAID
from tests import make
from tests.web.ladder import client_of
from tests.web.round import WORSE, ill, told

GIVEN = {
    "severity": "moderate",
    "diagnosis": "U07.1",
    "outcome": "stays",
    "advice": ["stay_home", "drink"],
    "next_contact": "2",
    "treatment": "Парацетамол 500",
    "then": "",
}
HTMX = {"HX-Request": "true"}


def page_of(case):
    return reverse("doctor:person", args=[case.person.uid])


@pytest.fixture
def serik(town):
    return client_of(town, "serik")


def conclude(client, case, query="", **changed):
    return client.post(page_of(case) + query, GIVEN | {"shown": shown(case)} | changed)


def shown(case):
    """The alerts that stand on the page now."""
    with scope(WORKER):
        return [str(alert.uid) for alert in alerts_of(case)]


def everything(model, **which):
    with scope(WORKER):
        return list(model.objects.filter(**which).order_by("pk"))


def test_a_colleagues_patient_is_taken_over_by_one_key_with_the_reason(town, serik):
    case = ill(town, WORSE)
    make.with_roles(town, "timur", (Role.DOCTOR, town.centre))
    client_of(town, "timur").post(page_of(case), {"move": "take"})
    page = serik.get(page_of(case)).content.decode()
    assert "С этим пациентом работает Timur Test." in page
    assert re.search(r'value="over_cannot_wait" data-key="Digit2"', page)
    assert serik.post(page_of(case), {"move": "over_cannot_wait"}).status_code == 302
    assert {task.owner.username for task in everything(Task, role=Role.DOCTOR, state="open")} == {"serik"}
    assert "Перенято у: Timur Test" in serik.get(page_of(case)).content.decode()


def test_worsening_patients_first_one_row_each(town, serik):
    ill(town, {"state": "worse"}, family_name="Аманова")
    grave = ill(town, WORSE, family_name="Серікбаева")
    ill(town, {"state": "better"}, family_name="Здорова")
    page = serik.get("/doctor/").content.decode()
    assert re.findall(r'class="name">([^,<]+)', page) == ["Серікбаева Әсел", "Аманова Әсел"]
    listed = AuditEntry.objects.filter(action="list", by_user_id=town.users["serik"].pk).latest("pk")
    assert grave.person_id in listed.detail["people"]


def test_a_list_that_refreshes_itself_audits_only_who_is_new(town, serik):
    ill(town, WORSE)
    serik.get("/doctor/")
    for _ in range(3):
        assert serik.get("/doctor/", headers=HTMX | {"HX-Target": "queue"}).status_code == 200
    second = ill(town, WORSE)
    serik.get("/doctor/", headers=HTMX | {"HX-Target": "queue"})
    lists = AuditEntry.objects.filter(action="list").order_by("pk").values_list("detail__people", flat=True)
    assert [len(people) for people in lists] == [1, 1]
    assert lists[1] == [second.person_id]


@pytest.mark.parametrize(
    ("language", "word", "record"),
    [("kk", "Қорытынды", "Жазу"), ("ru", "Заключение", "Записать"), ("en", "Conclusion", "Record")],
)
def test_the_whole_desk_in_the_readers_language(town, serik, language, word, record):
    case = ill(town, WORSE)
    serik.cookies["django_language"] = language
    page = serik.get(page_of(case)).content.decode()
    with scope(WORKER):
        rule = Alert.objects.get(rule="breath_at_rest").programme.file.rule("breath_at_rest")
    assert f'<html lang="{language}"' in page
    assert word in page
    assert record in page
    assert rule is not None
    assert rule.reason.in_language(language) in page
    left = set(re.findall(r">([A-Z][a-z]+ [a-z ]+)<", page)) if language != "en" else set()
    assert left == set()


def test_a_conclusion_goes_on_with_the_observation(town, serik):
    case = ill(town, WORSE)
    answer = conclude(serik, case)
    assert answer.headers["Location"] == page_of(case)
    [signed] = everything(Conclusion)
    assert (signed.severity, signed.outcome, signed.advice) == ("moderate", "stays", ["stay_home", "drink"])
    assert signed.next_contact_on == local_day(make.NOON) + timedelta(days=2)
    assert everything(Task, kind="alert", state="open") == []
    page = serik.get(page_of(case)).content.decode()
    assert "Парацетамол 500" in page
    assert f"amend={signed.uid}" in page


def test_one_key_sends_the_home_visit(town, serik):
    """F8 alone: the outcome need not be chosen, urgency and clinic come from the record."""
    case = ill(town, WORSE)
    answer = conclude(serik, case, outcome="", then="visit")
    assert answer.status_code == 302
    [visit] = everything(HomeVisit)
    assert (visit.clinic, visit.urgency, visit.reason) == (town.clinic, "two_hours", "worsening")
    assert everything(Conclusion)[0].outcome == "home_visit"


def test_whatever_may_follow_a_conclusion_the_desk_offers():
    assert {Next.GO_ON, *ENTAILS.values()} == set(Next) == set(SAID)


@pytest.mark.parametrize(("outcome", "state"), [("ended", "recovered"), ("hospitalise", "at_home")])
def test_only_an_end_ends_the_watch(town, serik, outcome, state):
    case = ill(town, WORSE)
    conclude(serik, case, outcome=outcome, without_pcr="symptoms")
    assert everything(Case)[0].state == state
    assert serik.get(page_of(case)).status_code == 200


def test_a_key_that_contradicts_the_outcome_is_asked_about(town, serik):
    case = ill(town, WORSE)
    answer = conclude(serik, case, outcome="stays", then="end")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Парацетамол 500" in page
    assert everything(Conclusion) == []


def test_amended_by_a_new_version_only(town, serik):
    case = ill(town, WORSE)
    conclude(serik, case, outcome="home_visit")
    [first] = everything(Conclusion)
    form = serik.get(f"{page_of(case)}?amend={first.uid}").content.decode()
    assert re.search(r'value="home_visit"[^>]*checked', form)
    assert re.search(r'name="next_contact" value="2"[^>]*checked', form)
    assert conclude(serik, case, f"?amend={first.uid}", severity="severe", outcome="home_visit").status_code == 302
    one, two = everything(Conclusion)
    assert (one.severity, two.severity, two.version, two.amends_id) == ("moderate", "severe", 2, one.pk)
    # The visit was sent with the first version and is not sent again.
    assert len(everything(HomeVisit)) == 1


@pytest.mark.parametrize(
    ("written", "code"), [("j12.8", "J12.8"), ("  U09.9 ", "U09.9"), ("назофарингит", "J00"), ("ларингит", "J04.0")]
)
def test_a_diagnosis_is_found_by_code_or_words(town, serik, written, code):
    case = ill(town, WORSE)
    conclude(serik, case, diagnosis="other", other_diagnosis=written)
    assert everything(Conclusion)[0].icd10 == code


@pytest.mark.parametrize("written", ["", "пневмония", "no such illness"])
def test_a_diagnosis_that_is_not_clear_comes_back(town, serik, written):
    case = ill(town, WORSE)
    answer = conclude(serik, case, diagnosis="other", other_diagnosis=written)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_taken_over_by_a_colleague(town, serik):
    case = ill(town, WORSE)
    with scope(WORKER):
        give_role(user=town.users["marat"], role=Role.DOCTOR, organisation=town.centre, by=WORKER, now=make.NOON)
    marat = client_of(town, "marat")
    marat.post(page_of(case), {"move": "take"})
    answer = conclude(serik, case)
    assert answer.status_code == 422
    assert "Marat" in answer.content.decode()
    assert "Marat" in serik.get("/doctor/").content.decode()
    assert "Серікбаева" in marat.get("/doctor/?tab=mine").content.decode()


@pytest.mark.parametrize("move", ["visit", "end"])
def test_what_follows_a_conclusion_waits_for_the_colleague_who_holds_the_patient(town, serik, move):
    case = ill(town, WORSE)
    conclude(serik, case)
    page = serik.get(page_of(case)).content.decode()
    assert f'value="{move}"' in page
    ill_again(case)
    make.with_roles(town, "timur", (Role.DOCTOR, town.centre))
    client_of(town, "timur").post(page_of(case), {"move": "take"})
    answer = serik.post(page_of(case), {"move": move, "shown": shown(case)})
    assert answer.status_code == 422
    assert "Timur Test" in answer.content.decode()
    assert (everything(HomeVisit), everything(Case)[0].state) == ([], "at_home")
    assert f'name="move" value="{move}"' not in serik.get(page_of(case)).content.decode()
    with scope(WORKER):
        PolicyParameter.objects.filter(code="case.close.needs_pcr").update(value=False)
    client_of(town, "timur").post(page_of(case), {"move": move, "shown": shown(case)})
    assert everything(HomeVisit) or everything(Case)[0].state == "recovered"


def ill_again(case):
    """A danger sign after the conclusion: the doctors owe something again."""
    with scope(WORKER):
        told(Enrolment.objects.get(case=case), {"breath": "rest"})


def test_ones_own_patients_stay_in_mine(town, serik):
    case = ill(town, WORSE)
    conclude(serik, case)
    assert "Серікбаева" not in serik.get("/doctor/").content.decode()
    assert "Серікбаева" in serik.get("/doctor/?tab=mine").content.decode()


def test_a_planned_contact_is_offered_to_the_doctor_who_knows_the_patient(town, serik):
    case = ill(town, WORSE)
    conclude(serik, case, next_contact="0")
    with scope(WORKER):
        give_role(user=town.users["marat"], role=Role.DOCTOR, organisation=town.centre, by=WORKER, now=make.NOON)
    mine, marat = serik.get("/doctor/?tab=mine").content.decode(), client_of(town, "marat")
    assert "мой пациент" in mine
    assert "врач запланировал его на сегодня" in mine
    assert "последний врач: Serik" in marat.get("/doctor/").content.decode()
    assert "Серікбаева" not in marat.get("/doctor/?tab=mine").content.decode()
    assert marat.post(page_of(case), {"move": "take"}).status_code == 302
    assert "Серікбаева" in marat.get("/doctor/?tab=mine").content.decode()
    assert "мой пациент" not in serik.get("/doctor/?tab=mine").content.decode()


def test_an_observation_that_ends_asks_why_it_goes_on(town, serik):
    case = ill(town, WORSE)
    assert 'name="goes_on"' not in serik.get(page_of(case)).content.decode()
    with scope(WORKER):
        Enrolment.objects.update(planned_end_on=local_day(make.NOON))
    assert 'name="goes_on"' in serik.get(page_of(case)).content.decode()
    answer = conclude(serik, case)
    assert answer.status_code == 422
    assert "почему наблюдение продолжается" in answer.content.decode()
    assert conclude(serik, case, goes_on="fever").status_code == 302
    assert "Температура держится" in serik.get(page_of(case)).content.decode()


def test_nobody_answered_the_doctor(town, serik):
    case = ill(town, WORSE)
    conclude(serik, case, next_contact="0")
    assert 'value="not_reached"' in serik.get(page_of(case)).content.decode()
    serik.post(page_of(case), {"move": "not_reached"})
    [task] = everything(Task, kind="doctor_contact", state="open")
    assert task.reason_values["tries"] == 1
    page = serik.get(page_of(case)).content.decode()
    assert "не ответил" in page
    assert re.search("Контакт врача .*?: запланирован", page)


def test_alerts_are_overridden(town, serik):
    case = ill(town, {"state": "worse"})
    serik.post(page_of(case), {"move": "override", "shown": shown(case)})
    assert {alert.state for alert in everything(Alert)} == {"overridden"}
    assert everything(Task, kind="alert", state="open") == []


def test_a_refused_move_is_said_above_the_page(town, serik):
    case = ill(town, WORSE)
    conclude(serik, case, outcome="ended", without_pcr="symptoms")
    answer = serik.post(page_of(case), {"move": "end"}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (422, "none")
    assert answer.content.decode().count('hx-swap-oob="true"') == 1
    plain = serik.post(page_of(case), {"move": "end"})
    assert plain.status_code == 422
    assert 'id="main"' in plain.content.decode()


def test_parts_are_small(town, serik):
    """A row that was clicked brings no list, and a card that refreshes itself only the card, read once."""
    case = ill(town, WORSE)
    page = serik.get(page_of(case), headers=HTMX | {"HX-Target": "work", "HX-Trigger": "row-1"}).content.decode()
    assert 'id="queue"' not in page
    before = AuditEntry.objects.filter(action="read").count()
    card = serik.get(page_of(case), headers=HTMX | {"HX-Target": "main"}).content.decode()
    assert card.lstrip().startswith("<main")
    assert AuditEntry.objects.filter(action="read").count() == before


def test_a_person_is_found_who_is_in_no_list(town, serik):
    case = ill(town, {"state": "better"}, family_name="Сәбитова")
    page = serik.post("/doctor/", {"q": "сабитова"}, follow=True).content.decode()
    assert re.findall(r'class="name">([^,<]+)', page) == ["Сәбитова Ә."]
    address = re.search(rf'href="({page_of(case)}\?find=[0-9a-f]+)"', page)
    assert address
    assert 'value="сабитова"' in serik.get(address[1]).content.decode()


def test_a_visit_that_is_under_way_is_not_sent_twice(town, serik):
    case = ill(town, WORSE)
    conclude(serik, case, outcome="home_visit")
    assert conclude(serik, case, "?new=1", outcome="home_visit").status_code == 302
    assert conclude(serik, case, "?new=1", outcome="home_visit", then="visit").status_code == 422
    assert (len(everything(HomeVisit)), len(everything(Conclusion))) == (1, 2)


def test_the_end_of_a_confirmed_case_shows_the_last_test_and_asks_why(town, serik):
    case = ill(town, WORSE)
    serik.cookies["django_language"] = "en"
    assert "No PCR test of this case is known." in serik.get(page_of(case)).content.decode()
    answer = conclude(serik, case, outcome="ended")
    assert answer.status_code == 422
    assert "No negative PCR is known." in answer.content.decode()
    assert everything(Conclusion) == []
    assert conclude(serik, case, outcome="ended", without_pcr="not_made").status_code == 302
    assert everything(Case)[0].state == "recovered"


def test_a_negative_test_of_before_the_illness_is_said_as_such(town, serik):
    case = ill(town, WORSE)
    with scope(WORKER):
        record_tests(samples=[Sample(case, PcrTest(date(2026, 11, 19), Pcr.NEGATIVE))], by=WORKER, now=make.NOON)
        Case.objects.update(onset_on=date(2026, 11, 20))
    serik.cookies["django_language"] = "kk"
    page = serik.get(page_of(case)).content.decode()
    assert re.search(r"Соңғы ПТР: теріс, [^<]*, ауру басталғанға дейін\.", page)


def test_the_key_alone_needs_the_test_too(town, serik):
    case = ill(town, WORSE)
    conclude(serik, case)
    assert serik.post(page_of(case), {"move": "end", "shown": shown(case)}).status_code == 422
    assert everything(Case)[0].state == "at_home"
