"""The robot's page through Django's client: every move by name, what is refused, and what the lists count."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.messages import get_messages
from django.utils import translation

from medet.base import wording
from medet.base.actor import WORKER
from medet.base.clock import now
from medet.base.models import AuditEntry, PolicyParameter
from medet.base.scope import scope
from medet.contacts.calls.actions import CallEnd, permit
from medet.contacts.calls.claim import claim
from medet.contacts.models import CallOrder, Campaign, CampaignFilter, RobotStop
from medet.contacts.states import AttemptOutcome, CampaignState
from medet.flows.day_campaign import steer_campaign
from medet.flows.end_call import end_call
from medet.monitoring.models import DueContact
from medet.places.states import Kind
from medet.staff.states import Role
from medet.tasks.models import Task
from tests import make
from tests.flows.test_campaigns import done_today
from tests.flows.test_day import LEASE, MANNERS
from tests.web.ladder import client_of

NOW = make.NOON
ROBOT, NEW = "/centre/robot/", "/centre/robot/new/"


@pytest.fixture
def saule(town):
    return client_of(town, "saule", HTTP_ACCEPT_LANGUAGE="en")


def text(answer):
    return answer.content.decode()


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def posted(client, address, **data):
    answer = client.post(address, data)
    assert answer.status_code == 302, text(answer)
    return said(answer)[-1]


def rung_in_vain(town):
    """One of three is ringing, one was rung in vain, one waits."""
    with scope(WORKER):
        for name in ("Ахметова", "Бекова", "Сейтова"):
            make.observed(town, make.person(town, family_name=name))
        [first, second] = claim(limit=2, worker="t", manners=MANNERS, lease=LEASE, now=NOW)
        for one in (first, second):
            assert permit(attempt_id=one.attempt_id, lease=LEASE, caller_id="", trunk="", now=NOW)
        end = CallEnd(outcome=AttemptOutcome.BUSY, ended_at=NOW + timedelta(seconds=30))
        end_call(attempt_id=first.attempt_id, end=end, by=WORKER, now=NOW)


def test_each_person_has_a_reason_a_state_and_an_outcome(town, saule):
    rung_in_vain(town)
    page = text(saule.get(ROBOT))
    for words in (
        "Ахметова Әсел",
        "Again after: Busy",
        "Busy · 1 call",
        "Daily contact: COVID-19, watched at home",
        "Ringing",
        "Not rung yet",
        "A call holds a line for 30 s on average",
    ):
        assert words in page
    with scope(WORKER):
        [shown] = AuditEntry.objects.filter(action="list", detail__why="robot")
        assert len(shown.detail["people"]) == 3


@pytest.mark.parametrize(
    ("show", "names"), [("again", {"Ахметова"}), ("ringing", {"Бекова"}), ("waiting", {"Сейтова"}), ("done", set())]
)
def test_a_figure_opens_the_rows_it_counts(town, saule, show, names):
    rung_in_vain(town)
    page = text(saule.get(f"{ROBOT}?show={show}"))
    assert {name for name in ("Ахметова", "Бекова", "Сейтова") if name in page} == names


def test_a_list_goes_on_from_page_to_page(town, saule, monkeypatch):
    rung_in_vain(town)
    monkeypatch.setattr("medet.web.centre.robot.views.PAGE", 2)
    first = saule.get(ROBOT)
    assert "Сейтова" not in text(first)
    second = text(saule.get(first.context["more_url"]))
    assert "Сейтова" in second
    assert "Ахметова" not in second


def test_the_campaign_is_paused_goes_on_and_ends(town, saule):
    with scope(WORKER):
        make.observed(town)
    for move, state in (("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
        assert posted(saule, ROBOT, move=move) == f"Robot calls: {state}."
        with scope(WORKER):
            row = Campaign.objects.get()
            assert (row.state, row.moved_by) == (state, town.users["saule"])
    assert saule.post(ROBOT, {"move": "resume"}).status_code == 422
    assert "stopped by Saule Test" in text(saule.get(ROBOT))


def test_every_call_is_stopped_and_a_reason_lets_the_robot_ring(town, saule):
    posted(saule, ROBOT, move="stop_all")
    page = text(saule.get(ROBOT))
    assert "Every robot call is stopped. Stopped by Saule Test" in page
    refused = saule.post(ROBOT, {"move": "ring_again", "why": ""})
    assert (refused.status_code, "Say why the robot may ring again." in text(refused)) == (422, True)
    posted(saule, ROBOT, move="ring_again", why="the recording is mended")
    with scope(WORKER):
        assert RobotStop.objects.get().why == "the recording is mended"


def test_a_supervisor_of_two_centres_stops_both_and_lets_each_ring_for_its_reason(town):
    far = make.organisation("Centre 2", Kind.TELEMEDICINE_CENTRE, town.centre.region)
    make.with_roles(town, "bota", (Role.SUPERVISOR, town.centre), (Role.SUPERVISOR, far))
    bota = client_of(town, "bota", HTTP_ACCEPT_LANGUAGE="en")
    posted(bota, ROBOT, move="stop_all")
    with scope(WORKER):
        first, second = RobotStop.objects.order_by("organisation_id")
    page = text(bota.get(ROBOT))
    assert "Centre: Stopped by Bota Test" in page
    assert f'value="{first.uid}"' in page
    words = posted(bota, ROBOT, move="ring_again", why="mended", stop=str(second.uid))
    assert words == "Centre 2: The robot rings again."
    assert bota.post(ROBOT, {"move": "ring_again", "why": "mended", "stop": str(second.uid)}).status_code == 302
    with scope(WORKER):
        assert list(RobotStop.objects.order_by("organisation_id").values_list("state", flat=True)) == [
            "stands",
            "lifted",
        ], "a stale page lifts no other centre's"


def test_an_operator_sees_that_the_robot_is_stopped(town, saule):
    with scope(WORKER):
        make.observed(town)
    posted(saule, ROBOT, move="stop_all")
    assert "Every robot call is stopped" in text(
        client_of(town, "aigerim", HTTP_ACCEPT_LANGUAGE="en").get("/operator/")
    )


def test_settings_are_saved(town, saule):
    with scope(WORKER):
        make.observed(town)
    assert saule.post(ROBOT, {"move": "preset", "preset": "wild"}).status_code == 422
    posted(saule, ROBOT, move="preset", preset="gentle")
    with scope(WORKER):
        assert (Campaign.objects.get().preset, Campaign.objects.get().tries) == ("gentle", 2)


def test_a_campaign_is_chosen_kept_looked_at_and_started(town, saule):
    with scope(WORKER):
        done_today(town, language="kk", family_name="Ахметова")
        make.observed(town, make.person(town, language="kk", family_name="Бекова"))
    asked = f"{NEW}?{urlencode({'look': 1, 'language': 'kk'})}"
    page = text(saule.get(asked))
    assert ("Ахметова" in page, "Бекова" in page) == (True, False)
    assert "1 — rung by a campaign today already" in page
    assert saule.post(asked, {"move": "keep"}).status_code == 422
    posted(saule, asked, move="keep", filter_name="Kazakh")
    with scope(WORKER):
        assert CampaignFilter.objects.get().wanted == {"language": "kk"}
    assert "?look=1&amp;language=kk" in text(saule.get(NEW))
    assert saule.post(asked, {"move": "start", "preset": "normal"}).status_code == 422
    posted(saule, asked, move="start", preset="urgent", name="Again in Kazakh")
    with scope(WORKER):
        campaign = Campaign.objects.get(name="Again in Kazakh")
        assert (campaign.started_by, campaign.priority) == (town.users["saule"], 1)
        [order] = CallOrder.objects.filter(campaign=campaign)
        assert order.due_contact.kind == "extra"
    again = saule.post(asked, {"move": "start", "preset": "urgent", "name": "Once more"})
    assert "Nobody would be rung." in text(again)


def test_nonsense_in_the_address_is_said(town, saule):
    assert saule.get(f"{NEW}?look=1&programme=nosuch").status_code == 422
    assert saule.post(ROBOT, {"move": "pause"}).status_code == 404  # there is no campaign yet
    assert not DueContact.objects.exists()


@pytest.mark.parametrize(("desk", "address"), [("saule", ROBOT), ("aigerim", "/operator/robot/")])
def test_the_days_calls_are_started_by_a_person(town, desk, address):
    with scope(WORKER):
        PolicyParameter.objects.filter(code="campaign.starts_by_itself").update(value=False)
        make.observed(town)
    client = client_of(town, desk, HTTP_ACCEPT_LANGUAGE="en")
    page = text(client.get(ROBOT if desk == "saule" else "/operator/"))
    assert "Start the calls" in page
    assert "Go on calling" not in page
    assert posted(client, address, move="start").startswith("Robot calls: ")
    with scope(WORKER):
        campaign = Campaign.objects.get()
        assert (campaign.state, campaign.moved_by) == ("running", town.users[desk])
        assert Task.objects.get(about_uid=campaign.uid).state == "done"


def test_who_started_the_days_calls_and_when_is_said_also_after_a_pause(town, saule):
    with scope(WORKER):
        PolicyParameter.objects.filter(code="campaign.starts_by_itself").update(value=False)
        make.observed(town)
        day = Campaign.objects.get()
    assert f"planned, {near(NOW)}" in text(saule.get(ROBOT))
    for minutes, name, to in ((5, "saule", "running"), (9, "aigerim", "paused"), (12, "aigerim", "running")):
        at = NOW + timedelta(minutes=minutes)
        with scope(town.actor(name)):
            steer_campaign(campaign_id=day.pk, to=CampaignState(to), by=town.actor(name), now=at)
        page = text(saule.get(ROBOT))
        assert f"started by Saule Test, {near(NOW + timedelta(minutes=5))}" in page
        assert "the day&#x27;s plan" not in page
        moved = f"{to} by Aigerim Test, {near(at)}"
        assert (moved in page) == (name == "aigerim")
    assert "running by Saule" not in page


def test_who_ended_what_nobody_started_did_not_start_it(town, saule):
    with scope(WORKER):
        PolicyParameter.objects.filter(code="campaign.starts_by_itself").update(value=False)
        make.observed(town)
    posted(saule, ROBOT, move="stop")
    page = text(saule.get(ROBOT))
    assert "started by" not in page
    assert "stopped by Saule Test" in page


def near(at):
    with translation.override("en"):
        return wording.near(at, now=now())
