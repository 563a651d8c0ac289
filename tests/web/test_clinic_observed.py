"""The second tab of the clinic's desk: who is under observation, what the fold shows, and what stays closed."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from medet.base.actor import WORKER
from medet.base.models import AuditEntry
from medet.base.scope import scope
from medet.flows.hand_contact import hand_contact
from medet.flows.request_visit import VisitWish, request_visit
from medet.flows.write_contact import write_contact
from medet.monitoring.models import DueContact
from medet.people.actions import Door, mark_phone, set_address
from medet.people.models import Person
from medet.web.clinic import observed
from tests import make

NOW = make.NOON
LIST = "/clinic/?tab=observed"


def signed_in(town, name, language="en"):
    client = Client(headers={"Accept-Language": language})
    client.force_login(town.users[name])
    return client


@pytest.fixture
def dana(town):
    return signed_in(town, "dana")


def ill(town, family_name, street="Ақсай-4", house="12", flat="48"):
    with scope(WORKER):
        enrolment = make.observed(town, make.person(town, family_name=family_name))
        door = Door(district=town.district, street=street, house=house, flat=flat, entrance="2", note="Собака")
        set_address(person=enrolment.person, door=door, by=WORKER, now=NOW)
        return enrolment


def not_reached(enrolment):
    with scope(WORKER):
        hand_contact(due=DueContact.objects.get(enrolment=enrolment), reason="not_reached", by=WORKER, now=NOW)


def text(answer):
    return answer.content.decode()


def names(answer):
    return [row.name for row in answer.context["rows"]]


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch):
    """The gate asks the clock; here it stands at noon of the cast's day."""
    monkeypatch.setattr("medet.web.access.now", lambda: NOW)


def test_who_was_not_reached_comes_first_with_what_the_nurse_needs(town, dana):
    ill(town, "Calm")
    tried = ill(town, "Tried", street="Яблочная")
    not_reached(tried)
    answer = dana.get(LIST)
    assert names(answer) == ["Tried Әсел", "Calm Әсел"]
    assert [(tab.label, tab.count, tab.current) for tab in answer.context["tabs"]][:2] == [
        ("To do", 0, False),
        ("Under observation", 2, True),
    ]
    row = answer.context["rows"][0]
    assert (row.address, row.today.word, row.day) == (
        "Яблочная, 12, flat 48",
        "Not reached, an operator is ringing",
        "day 1 of 14",
    )
    assert row.phone_url.startswith("tel:+7701")
    assert [fact.value for fact in row.facts][1:] == ["Centre", "flat 48, entrance 2, Собака"]
    audit = AuditEntry.objects.filter(action="list", detail__why="clinic").latest("pk")
    assert tried.person_id in audit.detail["people"]


@pytest.mark.parametrize(("language", "words"), [("ru", "Под наблюдением"), ("kk", "Бақылауда")])
def test_in_the_readers_language(town, language, words):
    ill(town, "Серікбаева")
    assert words in text(signed_in(town, "dana", language).get(LIST))


def test_nothing_of_the_record_is_told(town, dana):
    enrolment = ill(town, "Told")
    with scope(WORKER):
        given = {"state": "worse", "breath": "rest", "spo2": "83"}
        write_contact(case=enrolment.case, given=given, by=town.actor("aigerim"), now=NOW)
    page = text(dana.get(LIST))
    assert "Spoken with today" in page
    for secret in ("83", "Breath", "U07.1", "worse", "High"):
        # As a word: the uid of a link may hold any two digits.
        assert not re.search(rf"\b{secret}\b", page.split('id="queue"')[1].split("</main>")[0]), secret


def test_the_card_stays_closed(town, dana):
    enrolment = ill(town, "Closed")
    assert dana.get(LIST).status_code == 200
    for address in ("operator:person", "doctor:person", "card:timeline", "card:number"):
        assert dana.get(reverse(address, args=[enrolment.person.uid])).status_code == 403
    rows = text(dana.get(LIST)).split('<ol class="list">')[1].split("</ol>")[0]
    assert rows.count("<a ") == 1, "the telephone is the one link"


def test_another_clinic_and_the_centre_see_nobody(town):
    ill(town, "Own")
    empty = signed_in(town, "boris").get(LIST)
    assert (names(empty), "No centre observes anybody of this clinic." in text(empty)) == ([], True)
    for name in ("aigerim", "serik", "saule"):
        assert signed_in(town, name).get(LIST).status_code == 403


def test_an_open_visit_is_one_tap_away_and_leads_back(town, dana):
    enrolment = ill(town, "Visited")
    with scope(WORKER):
        wish = VisitWish(reason="not_reached", urgency="today")
        visit = request_visit(case=enrolment.case, wish=wish, by=town.actor("serik"), now=NOW)
    [row] = dana.get(LIST).context["rows"]
    assert row.visit_url == f"{reverse('clinic:visit', args=[visit.uid])}?tab=observed"
    opened = dana.get(row.visit_url)
    assert (opened.status_code, opened.context["back_url"]) == (200, LIST)


def test_a_line_that_is_bad_is_not_offered(town, dana):
    enrolment = ill(town, "Line")
    with scope(WORKER):
        phone = Person.objects.get(pk=enrolment.person_id).phones.get()
        mark_phone(phone=phone, state="bad", reason="dead", by=WORKER, now=NOW)
    [row] = dana.get(LIST).context["rows"]
    assert (row.phone, row.phone_url) == ("", "")


def test_page_by_page(town, dana, monkeypatch):
    monkeypatch.setattr(observed, "PAGE", 2)
    for house in range(1, 6):
        ill(town, f"House{house}", house=str(house))
    seen, url = [], LIST
    while url:
        answer = dana.get(url)
        seen += names(answer)
        url = answer.context["more_url"]
    assert seen == [f"House{house} Әсел" for house in range(1, 6)]
    assert answer.context["start_url"] == LIST
    for nonsense in ("x", "1.2", "99999999999.0", "-.-"):
        assert names(dana.get(f"{LIST}&after={nonsense}")) == ["House1 Әсел", "House2 Әсел"]


def test_one_street(town, dana):
    ill(town, "Abai", street="пр. Абай")
    ill(town, "Other", street="Толе би")
    answer = dana.get(LIST)
    assert [one["label"] for one in answer.context["streets"]] == ["пр. Абай (1)", "Толе би (1)"]
    assert names(dana.get(f"{LIST}&street=абаи")) == ["Abai Әсел"]
    assert len(names(dana.get(f"{LIST}&street=nowhere"))) == 2, "a street where nobody is left narrows nothing"


def test_a_list_that_refreshes_itself_is_no_new_reading(town, dana):
    ill(town, "Seen")
    dana.get(LIST)
    dana.get(LIST, headers={"HX-Request": "true", "HX-Target": "queue"})
    assert AuditEntry.objects.filter(action="list", detail__why="clinic").count() == 1
