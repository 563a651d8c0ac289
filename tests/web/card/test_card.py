"""The card: facts, vitals, timeline in words, joined records, and the IIN that leaves a trace."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from medet.base.actor import WORKER
from medet.base.models import AuditEntry
from medet.base.scope import scope
from medet.flows.write_contact import write_contact
from medet.monitoring.actions import load_programme
from medet.monitoring.models import Alert
from medet.monitoring.schema import read_programme
from medet.people.actions import merge
from medet.people.queries import iin_of
from medet.places.states import Kind
from medet.staff.actions import give_role
from medet.staff.states import Role
from medet.web.card.card import Opened, card_view
from medet.web.card.timeline import timeline
from medet.web.parts.shapes import TimelineRow
from tests import make
from tests.monitoring.variants import unchecked, variant
from tests.web.round import WORSE, ill


def card(town, case, who="serik", language="en", now=make.NOON):
    actor = town.actor(who)
    with scope(actor), translation.override(language):
        return card_view(Opened.of(case.person, actor=actor, now=now, url="/x/"))


def client_of(town, name):
    client = Client()
    client.force_login(town.users[name])
    return client


@pytest.mark.parametrize(("language", "sex"), [("en", "woman"), ("ru", "женщина"), ("kk", "әйел")])
def test_in_the_readers_language(town, language, sex):
    case = ill(town, WORSE)
    seen = card(town, case, language=language)
    with scope(WORKER):
        rule = Alert.objects.get(rule="breath_at_rest").programme.file.rule("breath_at_rest")
    assert rule is not None
    assert (seen.alerts[0].tone, seen.sex) == ("red", sex)
    assert seen.alerts[0].text == rule.reason.in_language(language)


def test_the_iin_is_masked_until_somebody_asks(town):
    case = ill(town)
    with scope(WORKER):
        iin = iin_of(case.person)
    seen = card(town, case)
    assert iin not in seen.iin
    page = client_of(town, "serik").get(seen.iin_url)
    assert iin in page.content.decode()
    assert AuditEntry.objects.filter(action="person.iin_shown", by_user_id=town.users["serik"].pk).count() == 1
    assert client_of(town, "dana").get(seen.iin_url).status_code == 403


def test_keys_of_one_talk_are_one_row(town):
    case = ill(town, {"state": "worse", "breath": "rest", "fever": "below38"})
    told = [row for row in card(town, case).timeline if row.icon == "robot"]
    assert len(told) == 1
    assert told[0].detail.count(" · ") == 2


@pytest.mark.parametrize(
    ("language", "again"),
    [("en", "seen in 2 contacts"), ("ru", "замечено в 2 контактах"), ("kk", "2 байланыста байқалды")],
)
def test_a_danger_sign_seen_again_is_told(town, language, again):
    """A second call three hours later must not pass without a word."""
    case = ill(town, WORSE)
    serik = town.actor("serik")
    with scope(serik):
        write_contact(case=case, given=WORSE, by=serik, now=make.NOON + timedelta(hours=3))
    first, second = [row for row in reversed(card(town, case, language=language).timeline) if "alert" in row.icon]
    with scope(WORKER):
        rule = Alert.objects.get(rule="breath_at_rest").programme.file.rule("breath_at_rest")
    assert rule is not None
    assert rule.reason.in_language(language) in second.text
    assert second.text.split(": ")[0] not in first.text
    assert again in second.detail
    assert second.bad


def test_old_answers_keep_the_words_of_their_version(town, tmp_path):
    """A newer version, and the newest of another programme, change nothing about what was said."""
    case = ill(town, {"state": "worse"})

    def reworded(content):
        content["questions"][0]["label"]["en"] = "Anything new"
        content["questions"][0]["options"][2]["label"]["en"] = "far worse"

    with scope(WORKER):
        load_programme(file=read_programme(variant(tmp_path, reworded)), by=WORKER, now=make.NOON)
        unchecked(lambda content: content.update(questions=[]), code="other-home")
        serik = town.actor("serik")
    with scope(serik):
        write_contact(case=case, given={"state": "worse"}, by=serik, now=make.NOON + timedelta(minutes=1))
    details = [row.detail for row in card(town, case).timeline if row.text.startswith("Answers")]
    assert details[0].startswith("Anything new: far worse")
    assert details[1] == "State against yesterday: worse"


def test_joined_records_show_everything(town):
    first, second = ill(town, WORSE), None
    with scope(WORKER):
        second = make.person(town)
        merge(person=second, into=first.person, by=town.actor("saule"), now=make.NOON)
        second.refresh_from_db()
        rows = timeline(second, actor=town.actor("serik"), now=make.NOON, limit=50).rows
    assert any(row.icon == "alert-triangle" for row in rows)
    assert sum(row.icon == "user" for row in rows) == 2


def test_vitals_by_the_programmes_thresholds(town):
    case = ill(town)
    serik = town.actor("serik")
    with scope(serik):
        for hours, spo2 in ((2, "96"), (1, "91")):
            now = make.NOON - timedelta(hours=hours)
            write_contact(case=case, given={"spo2": spo2, "temperature": "37,2"}, by=serik, now=now)
    spo2, temperature, *rest = card(town, case).vitals
    assert (spo2.label, spo2.value, spo2.tone, spo2.trend, spo2.values) == ("SpO₂", "91", "red", "down", (96.0, 91.0))
    assert (temperature.value, temperature.unit, temperature.tone) == ("37.2", "°C", "grey")
    assert rest[-1].value.endswith("1 / 1")


def test_the_timeline_goes_on_where_it_ended(town):
    case = ill(town, WORSE)
    serik = town.actor("serik")
    with scope(serik):
        whole = timeline(case.person, actor=serik, now=make.NOON, limit=50).rows
        paged: list[TimelineRow] = []
        before = None
        while True:
            page = timeline(case.person, actor=serik, now=make.NOON, limit=2, before=before)
            paged += page.rows
            before = page.before
            if before is None:
                break
    # A conversation that lies across two pages is told in two parts: nothing twice and nothing lost.
    assert sorted(parts(paged)) == sorted(parts(whole))


def parts(rows):
    """Everything that is said, without the headings of talks."""
    return [
        part
        for row in rows
        for part in f"{row.text if row.icon != 'robot' else ''} · {row.detail}".split(" · ")
        if part
    ]


def test_a_stranger_finds_nothing_and_is_noted(town):
    case = ill(town)
    with scope(WORKER):
        outsider = make.organisation("Other centre", Kind.TELEMEDICINE_CENTRE, town.centre.region)
        give_role(user=town.users["boris"], role=Role.DOCTOR, organisation=outsider, by=WORKER, now=make.NOON)
    client = client_of(town, "boris")
    assert client.get(f"/person/{case.person.uid}/timeline/").status_code == 404
    assert AuditEntry.objects.get(action="refused").detail["code"] == "person.not_visible"
    assert client_of(town, "aigerim").get(f"/person/{case.person.uid}/timeline/").status_code == 200
