"""The rota, one's shifts and the end of a shift through Django's client: every move, and what is refused."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medet.base.actor import WORKER
from medet.base.models import AuditEntry
from medet.base.scope import scope
from medet.flows.swaps import ask_colleague
from medet.staff.rota.actions.shifts import start_shift
from medet.staff.rota.models import Duty, Need, Shift, Swap
from medet.tasks.actions import take_task
from medet.tasks.models import Task
from tests import make
from tests.staff.test_rota import planned
from tests.web.ladder import client_of
from tests.web.round import WORSE, ill

NOW, HOUR = make.NOON, timedelta(hours=1)
ROTA, SHIFTS, SHIFT = "/centre/rota/?role=operator", "/centre/shifts/", "/centre/shift/"


def text(answer):
    return answer.content.decode()


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def doctors_task(case):
    return Task.objects.filter(case_id=case.pk, role="doctor", state="open").earliest("pk")


def plan_values(town, **other):
    user = town.users["aigerim"]
    return {"move": "plan", "user": user.uid, "day": "2026-11-24", "starts": "20:00", "ends": "08:00"} | other


def test_a_night_is_planned_shown_on_both_days_and_taken_out(town):
    saule = client_of(town, "saule", HTTP_ACCEPT_LANGUAGE="en")
    assert saule.post(ROTA, plan_values(town)).status_code == 302
    duty = Duty.objects.get()
    assert duty.ends_at - duty.starts_at == 12 * HOUR
    shown = text(saule.get(ROTA))
    assert "20:00–08:00" in shown
    assert '<rect x="20" y="0" width="4" height="2"/>' in shown
    assert '<rect x="0" y="0" width="8" height="2"/>' in shown
    opened = f"{ROTA}&duty={duty.uid}"
    assert "Take out of the rota" in text(saule.get(opened))
    assert saule.post(opened, {"move": "drop"}).status_code == 302
    assert "20:00–08:00" not in text(saule.get(ROTA))


def test_a_duty_is_given_to_somebody_else(town):
    with scope(WORKER):
        duty = planned(town)
    saule = client_of(town, "saule")
    answer = saule.post(f"{ROTA}&duty={duty.uid}", {"move": "give", "to": town.users["marat"].uid})
    assert answer.status_code == 302
    duty.refresh_from_db()
    assert duty.user == town.users["marat"]


def test_a_refused_plan_comes_back_with_what_was_typed(town):
    with scope(WORKER):
        planned(town, begins=26, hours=8)
    answer = client_of(town, "saule", HTTP_ACCEPT_LANGUAGE="en").post(ROTA, plan_values(town, starts="16:00"))
    assert answer.status_code == 422
    assert "already has a duty at that time" in text(answer)
    assert 'value="16:00"' in text(answer)


@pytest.mark.parametrize("wrong", [{"day": "tomorrow"}, {"user": "x"}, {"starts": "25:00"}, {"languages": "xx"}])
def test_nonsense_is_a_fault_of_its_field(town, wrong):
    assert client_of(town, "saule").post(ROTA, plan_values(town, **wrong)).status_code == 422
    assert not Duty.objects.exists()


@pytest.mark.parametrize(
    "address", [f"{ROTA}&week=x", f"{ROTA}&week=0001-01-01", f"{ROTA}&duty=x", "/centre/rota/?role=x"]
)
def test_an_address_that_says_nonsense_is_this_week(town, address):
    assert client_of(town, "saule").get(address).status_code == 200


@pytest.mark.parametrize("data", [{"move": "x"}, {"move": "drop"}, {"move": "give", "to": "x"}, {}])
def test_moves_without_their_duty_are_not_found(town, data):
    assert client_of(town, "saule").post(ROTA, data).status_code == 404


def test_a_week_is_copied_and_looked_at_where_it_went(town):
    with scope(WORKER):
        planned(town)
    answer = client_of(town, "saule", HTTP_ACCEPT_LANGUAGE="en").post(ROTA, {"move": "copy"})
    assert "week=2026-11-30" in answer.headers["Location"]
    assert said(answer) == ["1 duty is copied to the next week."]


def test_what_is_needed_is_written_down_and_its_gap_is_said_in_words(town):
    need = {
        "move": "need",
        "weekdays": ["2", "3"],
        "starts": "20:00",
        "ends": "08:00",
        "count": "2",
        "language": "kk",
        "valid_from": "2026-11-24",
    }
    saule = client_of(town, "saule", HTTP_ACCEPT_LANGUAGE="en")
    assert saule.post(ROTA, need | {"count": "-1"}).status_code == 422
    assert saule.post(ROTA, need).status_code == 302
    assert Need.objects.count() == 2
    shown = text(saule.get(ROTA))
    assert "Operator: 2 missing (Қазақша)" in shown
    assert "−2 (kaz) 20:00–24:00" in shown
    assert "day=2026-11-24&amp;starts=20%3A00&amp;ends=08%3A00" in shown


def test_the_week_costs_the_same_number_of_queries_however_many_are_planned(town):
    saule, counts = client_of(town, "saule"), []
    for begins in (1, 30):
        with scope(WORKER):
            planned(town, begins=begins)
            planned(town, "marat", begins=begins)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            saule.get(ROTA)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_swap_is_asked_and_accepted(town):
    with scope(WORKER):
        mine, theirs = planned(town), planned(town, "marat", begins=30)
    aigerim, marat = client_of(town, "aigerim", HTTP_ACCEPT_LANGUAGE="en"), client_of(town, "marat")
    form = text(aigerim.get(f"{SHIFTS}?duty={mine.uid}"))
    assert str(theirs.uid) in form
    values = {"move": "ask", "colleague": town.users["marat"].uid, "in_return": theirs.uid}
    assert aigerim.post(f"{SHIFTS}?duty={mine.uid}", values).status_code == 302
    swap = Swap.objects.get()
    assert "Aigerim" in text(marat.get(SHIFTS))
    assert "Swap of a duty" in text(client_of(town, "marat", HTTP_ACCEPT_LANGUAGE="en").get("/operator/"))
    assert "Swap of a duty" not in text(aigerim.get("/operator/"))
    assert marat.post(f"{SHIFTS}?question={swap.uid}", {"move": "accept"}).status_code == 302
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert [mine.user, theirs.user] == [town.users["marat"], town.users["aigerim"]]


def test_strangers_questions_and_duties_are_not_found(town):
    with scope(WORKER):
        duty = planned(town)
        swap = ask_colleague(
            duty=duty, colleague=town.users["marat"], in_return=None, by=town.actor("aigerim"), now=NOW
        )
    serik = client_of(town, "serik")
    assert serik.post(f"{SHIFTS}?question={swap.uid}", {"move": "accept"}).status_code == 404
    assert serik.post(f"{SHIFTS}?duty={duty.uid}", {"move": "ask"}).status_code == 404
    assert client_of(town, "aigerim").post(f"{SHIFTS}?question={swap.uid}", {"move": "accept"}).status_code == 422


def test_a_shift_begins_from_any_page_and_ends_with_a_handover(town):
    case = ill(town, WORSE)
    serik = client_of(town, "serik", HTTP_ACCEPT_LANGUAGE="en")
    assert "Start shift" in text(serik.get("/doctor/"))
    answer = serik.post(SHIFT, {"move": "start"}, HTTP_REFERER="http://testserver/doctor/")
    assert answer.headers["Location"] == "/doctor/"
    assert "Start shift" not in text(serik.get("/doctor/"))
    with scope(WORKER):
        task = take_task(task=doctors_task(case), by=town.actor("serik"), now=NOW)
        start_shift(by=town.actor("saule"), now=NOW)
    page = text(serik.get(SHIFT))
    assert "Серікбаева" in page
    assert "Saule" in page
    assert AuditEntry.objects.filter(action="list", detail__why="centre", detail__people=[case.person_id]).exists()
    empty = serik.post(SHIFT, {"move": "end"})
    assert empty.status_code == 422
    assert "Say what was done" in text(empty)
    note = "Rings back at six"
    to = {"move": "end", f"to_{task.uid.hex}": town.users["saule"].uid, f"note_{task.uid.hex}": note}
    assert serik.post(SHIFT, to).status_code == 302
    assert Shift.objects.get(user=town.users["serik"]).ended_at
    words = f"handed over by Serik Test: {note}"
    saule = client_of(town, "saule", HTTP_ACCEPT_LANGUAGE="en")
    assert words in text(saule.get("/doctor/"))
    card = text(saule.get(f"/doctor/{case.person.uid}/"))
    assert f"H{words[1:]}" in card
    assert "Handed over to Saule Test" in card


def test_one_note_serves_for_all_and_the_role_gets_them(town):
    case = ill(town, WORSE)
    serik = client_of(town, "serik")
    with scope(WORKER):
        start_shift(by=town.actor("serik"), now=NOW)
        take_task(task=doctors_task(case), by=town.actor("serik"), now=NOW)
    assert serik.post(SHIFT, {"move": "end", "note": "Nothing new"}).status_code == 302
    with scope(WORKER):
        row = doctors_task(case)
    assert (row.owner, row.handed_note) == (None, "Nothing new")


def test_who_is_not_on_shift_sees_so(town):
    aigerim = client_of(town, "aigerim", HTTP_ACCEPT_LANGUAGE="en")
    assert "You are not on shift." in text(aigerim.get(SHIFT))
    assert aigerim.post(SHIFT, {"move": "end"}).status_code == 422
    assert aigerim.post(SHIFT, {"move": "x"}).status_code == 404
