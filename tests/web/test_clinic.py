"""The clinic's desk: own requests by time, every move, and nobody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medet.base.actor import ROBOT, WORKER
from medet.base.models import AuditEntry, JournalEntry
from medet.base.scope import scope
from medet.flows.request_visit import VisitWish, request_visit
from medet.flows.visit_moves import advance_visit
from medet.flows.write_contact import write_contact
from medet.handovers.actions import note_ring
from medet.handovers.models import HomeVisit
from medet.handovers.states import VisitState
from medet.tasks.models import Task
from medet.tasks.states import TaskKind, TaskState
from tests import make

NOW = make.NOON


def signed_in(town, name, language="en"):
    client = Client(headers={"Accept-Language": language})
    client.force_login(town.users[name])
    return client


@pytest.fixture
def dana(town):
    return signed_in(town, "dana")


@pytest.fixture
def seen(town):
    """Looks at the tables with the worker's eyes."""
    with scope(WORKER):
        yield


def asked(town, *, urgency="today", family_name="Серікбаева", now=NOW):
    """A request to Clinic 17 with complaints and measures."""
    with scope(WORKER):
        enrolment = make.observed(town, make.person(town, family_name=family_name))
        by = town.actor("aigerim")
        write_contact(case=enrolment.case, given={"breath": "rest", "spo2": "91"}, by=by, now=now)
        wish = VisitWish(reason="worsening", urgency=urgency, note="Lives alone")
        return request_visit(case=enrolment.case, wish=wish, by=by, now=now)


@pytest.fixture
def visit(town):
    return asked(town)


def page_of(visit):
    return reverse("clinic:visit", args=[visit.uid])


def text(answer):
    return answer.content.decode()


def moved(visit, town, *states):
    dana = town.actor("dana")
    with scope(dana):
        for state in states:
            changes = {"assigned_to": "Seiitova G."} if state == VisitState.ASSIGNED else {}
            advance_visit(visit=visit, to=state, by=dana, now=NOW, **changes)


def test_the_list_is_by_time_due(town, dana):
    late = asked(town, urgency="day", family_name="Late")
    soon = asked(town, urgency="two_hours", family_name="Soon")
    answer = dana.get("/clinic/")
    assert [row.uid for row in answer.context["visits"]] == [str(soon.uid), str(late.uid)]
    assert (answer.context["urgent"], answer.context["overdue"]) == (2, 0)
    assert AuditEntry.objects.filter(action="list", detail__why="clinic").exists()


def test_the_whole_request_in_words(town, visit, dana):
    page = text(dana.get(page_of(visit)))
    for words in (
        "Auezov, Ақсай-4, 12<",
        "flat 48, entrance 2",
        "Breathlessness",
        "at rest",
        "SpO₂, %",
        "Worsening",
        "Lives alone",
        "Chosen by the actual address",
        f'href="tel:{visit.phone}"',
        "Aigerim Test",
    ):
        assert words in page
    assert AuditEntry.objects.filter(action="read", object_uid=visit.uid, detail__why="clinic").count() == 1


@pytest.mark.parametrize(("language", "words"), [("ru", "Одышка"), ("kk", "Ентігу")])
def test_in_the_readers_language(town, visit, language, words):
    assert words in text(signed_in(town, "dana", language).get(page_of(visit)))


def test_accepted_assigned_under_way_visited(town, visit, dana, seen):
    for body, state in (
        ({"move": "accept"}, "received"),
        ({"move": "assign", "assignform-name": "Seiitova G."}, "assigned"),
        ({"move": "under_way"}, "under_way"),
        (
            {
                "move": "done",
                "resultform-result": "stays_home",
                "resultform-icd10": "U07.1",
                "resultform-pcr": "yes",
                "resultform-note": "SpO2 94",
            },
            "done",
        ),
    ):
        assert dana.post(page_of(visit), body).status_code == 302
        assert HomeVisit.objects.get().state == state
    done = HomeVisit.objects.get()
    assert (done.assigned_to, done.result, done.pcr_taken) == ("Seiitova G.", "stays_home", True)
    assert Task.objects.get(state=TaskState.OPEN, kind=TaskKind.VISIT_RESULT).organisation == town.centre
    ended = text(dana.get("/clinic/?tab=ended"))
    assert "Серікбаева" in ended
    assert "Seiitova G." in ended


def test_names_used_lately_are_offered(town, visit, dana, seen):
    moved(visit, town, VisitState.RECEIVED, VisitState.ASSIGNED)
    second = asked(town, family_name="Second")
    moved(second, town, VisitState.RECEIVED)
    form = dana.get(page_of(second)).context["assign_form"]
    assert [code for code, _ in form.fields["worker"].choices] == ["Seiitova G.", "other"]
    dana.post(page_of(second), {"move": "assign", "assignform-worker": "Seiitova G."})
    assert HomeVisit.objects.get(pk=second.pk).assigned_to == "Seiitova G."


def test_not_found_and_again(town, visit, dana, seen):
    moved(visit, town, VisitState.RECEIVED, VisitState.ASSIGNED)
    tried = {"move": "not_found", "notfoundform-note": "Nobody opened"}
    assert dana.post(page_of(visit), tried).status_code == 302
    assert (HomeVisit.objects.get().state, HomeVisit.objects.get().result_note) == ("not_found", "Nobody opened")
    assert dana.post(page_of(visit), {"move": "assign", "assignform-name": "Omarov"}).status_code == 302
    page = dana.get(page_of(visit)).context["visit"]
    assert [step.current for step in page.steps] == [False, True, False, False], "assigned, and no result"
    assert (page.result, page.due is not None) == ("", True)
    assert [fact.value for fact in page.facts if fact.label == "Note"] == ["Nobody opened"]
    assert [row.text for row in page.history][:2] == ["Not found at the address", "Accepted"]
    assert HomeVisit.objects.get().ended_at is None


@pytest.mark.parametrize(
    ("states", "body", "sentence"),
    [
        ((), {"move": "refuse"}, "Say why the visit is refused."),
        ((VisitState.RECEIVED,), {"move": "assign"}, "Write or choose who goes."),
        (
            (VisitState.RECEIVED, VisitState.ASSIGNED),
            {"move": "done", "resultform-icd10": "J12.8", "resultform-note": "Kept"},
            "Choose the result of the visit.",
        ),
    ],
)
def test_faults_are_one_clear_sentence(town, visit, dana, seen, states, body, sentence):
    moved(visit, town, *states)
    answer = dana.post(page_of(visit), body)
    assert answer.status_code == 422
    assert sentence in text(answer)
    if "resultform-note" in body:
        assert answer.context["done_form"]["note"].value() == "Kept"
        assert answer.context["done_form"]["icd10"].value() == "J12.8"


def test_refused_with_a_reason(visit, dana, seen):
    assert dana.post(page_of(visit), {"move": "refuse", "refuseform-refusal": "Another street"}).status_code == 302
    assert HomeVisit.objects.get().refusal == "Another street"


def test_redirected_to_another_clinic(town, visit, dana, seen):
    page = text(dana.get(page_of(visit)))
    assert "Clinic 5" in page.split('id="form-redirect"')[1], "the clinic of attachment is offered first"
    assert "Choose the clinic." in text(dana.post(page_of(visit), {"move": "redirect"}))
    other = {"move": "redirect", "redirect-clinic": str(town.other_clinic.uid), "redirect-why": "Another street"}
    assert dana.post(page_of(visit), other).status_code == 302
    page = text(dana.get(page_of(visit)))
    assert "Redirected to: Clinic 5. Another street" in page
    assert "The centre has read the result" not in page
    assert 'name="move"' not in page
    [sent] = HomeVisit.objects.filter(state="sent")
    assert "Redirected by: Clinic 17." in text(signed_in(town, "boris").get(page_of(sent)))
    back = {"move": "redirect", "redirect-clinic": "other", "redirect-another": str(town.clinic.uid)}
    answer = signed_in(town, "boris").post(page_of(sent), back)
    assert (answer.status_code, "has redirected the request already" in text(answer)) == (422, True)


def test_a_move_that_is_over_says_so(visit, dana, seen):
    assert dana.post(page_of(visit), {"move": "accept"}).status_code == 302
    again = dana.post(page_of(visit), {"move": "accept"})
    assert again.status_code == 422
    assert "cannot become" in text(again)


def test_a_clinic_sees_only_its_own(town, visit, dana):
    boris = signed_in(town, "boris")
    assert "Серікбаева" not in text(boris.get("/clinic/"))
    assert boris.get(page_of(visit)).status_code == 404
    assert boris.post(page_of(visit), {"move": "accept"}).status_code == 404
    assert "Серікбаева" in text(dana.get("/clinic/"))


@pytest.mark.parametrize("name", ["desk", "visit"])
def test_ladder(town, visit, name):
    """Works / wrong method / other roles / nobody."""
    url = reverse(f"clinic:{name}", args=[visit.uid] if name == "visit" else [])
    dana = signed_in(town, "dana")
    assert dana.get(url).status_code == 200
    assert dana.delete(url).status_code == 405
    for outsider in ("aigerim", "serik", "saule"):
        assert signed_in(town, outsider).get(url).status_code == 403
    assert Client().get(url).headers["Location"].startswith("/sign-in/")


def test_the_list_beside_an_open_request_is_no_new_reading(visit, dana):
    dana.get(page_of(visit))
    part = dana.get(page_of(visit), headers={"HX-Request": "true", "HX-Target": "queue"})
    assert text(part).count("<h1") == 0
    assert AuditEntry.objects.filter(action="read").count() == 1


def test_overdue_is_counted(town, dana):
    visit = asked(town, urgency="two_hours")
    with scope(WORKER):
        HomeVisit.objects.filter(pk=visit.pk).update(visit_due_at=NOW - timedelta(minutes=5))
    assert dana.get("/clinic/").context["overdue"] == 1


def family_names(answer):
    return [row.name.split()[0] for row in answer.context["visits"]]


def test_the_list_has_pages_and_its_head_counts_all_of_it(town, dana, monkeypatch):
    monkeypatch.setattr("medet.web.clinic.pages.PAGE", 2)
    names = ["Бір", "Екі", "Үш", "Төрт", "Бес"]
    visits = [asked(town, family_name=name) for name in names]  # all are due at one moment
    with scope(WORKER):
        HomeVisit.objects.update(visit_due_at=NOW - timedelta(minutes=5))
    found, address = [], "/clinic/"
    while address:
        page = dana.get(address)
        assert (page.context["overdue"], page.context["urgent"], page.context["tabs"][0].count) == (5, 5, 5)
        assert bool(page.context["start_url"]) == bool(found)
        found, address = found + family_names(page), page.context["more_url"]
    assert found == names
    with scope(WORKER):
        assert AuditEntry.objects.filter(action="list", detail__why="clinic").count() == 3
    moved(visits[0], town, VisitState.RECEIVED)
    assert dana.get("/clinic/").context["urgent"] == 4


def test_what_was_ended_has_pages_newest_first_and_an_opened_one_stays_in_its_place(town, dana, monkeypatch):
    monkeypatch.setattr("medet.web.clinic.pages.PAGE", 2)
    for name in ("Бір", "Екі", "Үш"):
        visit = asked(town, family_name=name)
        with scope(WORKER):
            advance_visit(visit=visit, to=VisitState.REFUSED, by=town.actor("dana"), now=NOW, refusal="Far")
    first = dana.get("/clinic/?tab=ended")
    second = dana.get(first.context["more_url"])
    assert (family_names(first), family_names(second)) == (["Үш", "Екі"], ["Бір"])
    opened = dana.get(second.context["visits"][0].url)
    assert [row.current for row in opened.context["visits"]] == [True]
    assert opened.context["back_url"] == first.context["more_url"]
    assert family_names(dana.get("/clinic/?tab=ended&after=x")) == ["Үш", "Екі"]


def shown_at(visit):
    with scope(WORKER):
        return HomeVisit.objects.get(pk=visit.pk).shown_at


def told_shown(visit):
    with scope(WORKER):
        rows = JournalEntry.objects.filter(object_uid=visit.uid, kind="home_visit.shown")
        return list(rows.values_list("by_user_id", flat=True))


def test_the_list_that_shows_a_request_says_so_once(town, visit, dana):
    assert shown_at(visit) is None
    dana.get("/clinic/?tab=ended")
    assert shown_at(visit) is None, "it is not in this tab"
    dana.get("/clinic/", headers={"HX-Request": "true", "HX-Target": "queue", "Medet-Unseen": "1"})
    assert shown_at(visit) is None, "nobody can see the page"
    dana.get("/clinic/", headers={"HX-Request": "true", "HX-Target": "queue"})
    first = shown_at(visit)
    assert first is not None
    with CaptureQueriesContext(connection) as asked_for:
        dana.get("/clinic/", headers={"HX-Request": "true", "HX-Target": "queue"})
    assert [query for query in asked_for if 'UPDATE "handovers_homevisit"' in query["sql"]] == []
    assert (shown_at(visit), told_shown(visit)) == (first, [town.users["dana"].pk])
    assert "Seen on the clinic’s page" in text(dana.get(page_of(visit)))


def test_a_request_that_is_opened_is_seen_and_the_list_beside_it_only_where_it_is_there(town, visit, dana):
    other = asked(town, family_name="Other")
    page = text(dana.get(page_of(visit)))
    assert (shown_at(visit) is not None, shown_at(other)) == (True, None), "a telephone hides the list"
    assert "medet:change from:body, load" in page
    dana.get(page_of(visit), headers={"HX-Request": "true", "HX-Target": "queue"})
    assert shown_at(other) is not None
    assert "from:body, load" not in text(dana.get(page_of(visit)))


def test_the_centre_looking_at_it_is_not_the_clinic(town, visit):
    signed_in(town, "saule").get("/centre/morning/rows/?figure=visits")
    signed_in(town, "boris").get("/clinic/")
    assert signed_in(town, "boris").get(page_of(visit)).status_code != 200
    assert shown_at(visit) is None


def test_what_the_robot_said_on_duty_stands_in_both_histories(town, visit, dana):
    dana.get("/clinic/")
    with scope(WORKER):
        for code, heard in (("no_answer", False), ("heard", True)):
            note_ring(visit_ids=[visit.pk], code=code, heard=heard, by=ROBOT, now=NOW)
    assert "Told to the telephone on duty" in text(dana.get(page_of(visit)))
    card = text(signed_in(town, "serik").get(reverse("doctor:person", args=[visit.person.uid])))
    for words in (
        "Home visit: seen on the clinic’s page",
        "the robot rang the clinic’s telephone on duty: no answer",
        "the robot rang the clinic’s telephone on duty: heard",
    ):
        assert words in card
