"""The operator's desk: the list, the person, answers by hand, a home visit, the end of a case, the robot's switch."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from medet.base.actor import WORKER
from medet.base.models import AuditEntry, JournalEntry, PolicyParameter
from medet.base.scope import scope
from medet.contacts.calls.models import CallOrder
from medet.contacts.campaigns.models import Campaign, RobotStop
from medet.flows.conclude import Decision, conclude
from medet.flows.day_campaign import ask_operators
from medet.flows.hand_contact import hand_contact
from medet.flows.stop_robot import let_ring
from medet.monitoring.models import Alert, Answers, DueContact
from medet.people.queries import iin_of, phones_of
from medet.places.states import Kind
from medet.records.actions import Findings
from medet.records.models import Case
from medet.records.states import Pcr, Severity
from medet.staff.states import Role
from medet.tasks.models import Task
from medet.tasks.states import TaskKind, TaskState, Weight
from medet.web.card.search import KEPT
from tests import make
from tests.contacts.test_claim import share_line
from tests.flows.test_well_again import swab
from tests.web.operator.pages import page_of, signed_in, text

NOW = make.NOON
KEY = 'data-key="F10"'


def test_the_list_says_why_in_the_readers_language(town, enrolment):
    for language, words in (
        ("en", "Not reached by the robot today"),
        ("ru", "Робот сегодня не дозвонился"),
        ("kk", "Робот бүгін хабарласа алмады"),
    ):
        answer = signed_in(town, "aigerim", language).get("/operator/")
        assert words in text(answer)
    assert AuditEntry.objects.filter(action="list", detail__why="operator").count() == 3


def test_rule_reasons_come_from_the_programme(town, enrolment, aigerim):
    aigerim.post(page_of(enrolment), {"move": "answers", "at_home": "no"})
    assert "Says they are not at home" in text(aigerim.get("/operator/"))
    assert "Үйде емес екенін айтты" in text(signed_in(town, "aigerim", "kk").get("/operator/"))


def test_calls_that_nobody_started_are_begun_from_the_list(town, aigerim):
    """The row leads to no page of the supervisor's: the robot's menu stands on the desk."""
    with scope(WORKER):
        PolicyParameter.objects.filter(code="campaign.starts_by_itself").update(value=False)
        make.observed(town)
        assert ask_operators(by=WORKER, now=NOW + timedelta(minutes=30))
        row = Task.objects.get(reason="robot_not_started_yet")
    answer = aigerim.get("/operator/")
    assert "Nobody has started the day’s robot calls" in text(answer)
    assert f'id="row-{row.uid}"' in answer.content.decode()
    assert reverse("centre:robot") not in answer.content.decode()
    assert "Robot calls: running." in text(aigerim.post("/operator/robot/", {"move": "start"}, follow=True))
    assert "Nobody has started" not in text(aigerim.get("/operator/"))


def test_opening_a_person_is_read_once_however_often_the_card_refreshes(aigerim, enrolment):
    aigerim.get(page_of(enrolment))
    refresh = {"HX-Request": "true", "HX-Target": "main"}
    for _ in range(3):
        assert aigerim.get(page_of(enrolment), headers=refresh).status_code == 200
    reads = AuditEntry.objects.filter(action="read", detail__why="operator")
    assert reads.count() == 1
    aigerim.get("/operator/", headers=refresh | {"HX-Target": "queue"})
    assert reads.count() == 1


def test_the_next_patient_by_one_key_is_the_gravest_nobody_holds(town, enrolment, aigerim):
    with scope(WORKER):
        other = make.observed(town)
        due = DueContact.objects.get(enrolment=other)
        hand_contact(due=due, reason="not_reached", by=WORKER, now=NOW)
        Task.objects.filter(person=other.person).update(weight=Weight.RED)
        gravest = Task.objects.filter(state="open").order_by("weight", "due_at").first()
    first = aigerim.post("/operator/", {"next": "1"})
    assert first.headers["Location"] == reverse("operator:person", args=[gravest.person.uid])
    second = signed_in(town, "marat", "en").post("/operator/", {"next": "1"})
    assert second.headers["Location"] not in ("/operator/", first.headers["Location"])
    with scope(WORKER):
        owners = {task.person_id: task.owner.username for task in Task.objects.filter(owner__isnull=False)}
    assert owners[gravest.person_id] == "aigerim"
    assert sorted(owners.values()) == ["aigerim", "marat"]
    answer = aigerim.post("/operator/", {"next": "1"}, follow=True)
    assert "Nobody waits" in text(answer)


def test_the_household_stands_on_one_page(town, enrolment, aigerim):
    with scope(WORKER):
        mother, stranger = make.observed(town), make.observed(town)
        share_line(enrolment.person, mother.person)
    page = text(aigerim.get(page_of(enrolment)))
    assert reverse("operator:person", args=[mother.person.uid]) in page
    assert reverse("operator:person", args=[stranger.person.uid]) not in page.split('id="main"')[1]
    assert "not asked yet today" in page
    assert AuditEntry.objects.get(detail__why="household").detail["people"] == [mother.person_id]


def test_answers_to_questions_are_read_in_the_patients_language(town, aigerim):
    with scope(WORKER):
        enrolment = make.observed(town, make.person(town, language="kk"))
    page = text(aigerim.get(page_of(enrolment), {"form": "answers"}))
    assert "Where do I get my medicines?" in page
    assert '<dd lang="kk">Дәріні дәрігер тағайындайды.' in page


def test_own_figures_of_today(town, enrolment, aigerim):
    before = text(aigerim.get("/operator/"))
    assert "Today I: 0 spoken with, 0 not reached, 1 tasks done" in before  # began the observation
    aigerim.post(page_of(enrolment), {"move": "answers", "state": "better", "breath": "none"})
    assert "Today I: 1 spoken with, 0 not reached" in text(aigerim.get("/operator/"))
    assert "Today I:" not in text(signed_in(town, "marat", "en").get("/operator/"))


def test_answers_by_hand(aigerim, enrolment, seen):
    answer = aigerim.post(
        page_of(enrolment), {"move": "answers", "state": "worse", "breath": "rest", "spo2": "91", "temperature": "38,4"}
    )
    assert answer.status_code == 302
    given = Answers.objects.get()
    assert given.values == {"state": "worse", "breath": "rest", "spo2": "91", "temperature": "38.4"}
    assert given.source == "operator"
    assert Alert.objects.filter(band="red").count() == 2
    assert Task.objects.get(kind=TaskKind.CALL_BY_HAND).state == TaskState.DONE
    assert DueContact.objects.get().state == "done"
    assert "The answers are saved." in text(aigerim.get(answer.headers["Location"]))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"state": "worse", "spo2": "930"}, "Enter a number between 50 and 100."),
        ({"state": "worse", "temperature": "high"}, "Enter a number."),
        ({}, "Choose at least one answer."),
    ],
)
def test_wrong_answers_keep_what_was_right(aigerim, enrolment, seen, typed, sentence):
    answer = aigerim.post(page_of(enrolment), {"move": "answers"} | typed)
    assert answer.status_code == 422
    assert sentence in text(answer)
    if typed:
        assert answer.context["form"]["state"].value() == "worse"
    assert not Answers.objects.exists()


def test_a_task_is_one_persons(town, aigerim, enrolment, seen):
    task = Task.objects.get(kind=TaskKind.CALL_BY_HAND)
    assert aigerim.post(page_of(enrolment), {"move": "take"}).status_code == 302
    assert Task.objects.get(pk=task.pk).owner == town.users["aigerim"]
    marat = signed_in(town, "marat")
    assert "Aigerim Test is already working on this." in text(marat.get(page_of(enrolment)))
    written = marat.post(page_of(enrolment), {"move": "answers", "state": "same"})
    assert written.status_code == 422
    assert not Answers.objects.exists()
    assert "with me" in text(aigerim.get("/operator/?tab=mine"))
    assert enrolment.person.family_name not in text(marat.get("/operator/?tab=mine"))


def test_a_new_case_comes_under_observation(town, aigerim, seen):
    case = make.case(town)
    url = reverse("operator:person", args=[case.person.uid])
    page = aigerim.get(url)
    assert "Start the observation" in text(page)
    assert aigerim.post(url, {"move": "start", "programme": "covid-home"}).status_code == 302
    assert Case.objects.get(pk=case.pk).state == "at_home"
    assert CallOrder.objects.filter(state="waiting").count() == 1


def test_the_end_of_a_case_needs_its_reason(aigerim, enrolment, seen):
    answer = aigerim.post(page_of(enrolment), {"move": "end", "to": "admitted"})
    assert answer.status_code == 422
    assert "Write how it is known." in text(answer)
    assert answer.context["end_form"]["to"].value() == "admitted"
    done = aigerim.post(page_of(enrolment), {"move": "end", "to": "admitted", "why": "The daughter rang"})
    assert done.status_code == 302
    assert Case.objects.get().state == "admitted"
    asked = Task.objects.get(state=TaskState.OPEN)
    assert asked.kind == TaskKind.ADMISSION
    assert "Still in hospital" in text(aigerim.get(page_of(enrolment)))
    assert aigerim.post(page_of(enrolment), {"move": "still_there"}).status_code == 302
    assert Task.objects.get(state=TaskState.OPEN).due_at > asked.due_at


WELL = {"move": "end", "to": "recovered", "why": "Well by the symptoms"}


def test_a_supervisor_who_says_recovered_is_asked_for_the_test_as_the_doctors_are(town, enrolment, seen):
    saule, page = signed_in(town, "saule"), page_of(enrolment)
    assert "No PCR test of this case is known." in text(saule.get(page, {"form": "case"}))
    answer = saule.post(page, WELL)
    assert answer.status_code == 422
    assert "Choose why it ends without a negative PCR." in text(answer)
    assert Case.objects.get().state == "at_home"
    assert saule.post(page, WELL | {"without_pcr": "symptoms"}).status_code == 302
    assert Case.objects.get().state == "recovered"
    assert JournalEntry.objects.get(kind="case.without_pcr").code == "symptoms"


def test_other_ends_a_negative_test_and_the_hospital_ask_for_no_reason(town, enrolment, aigerim, seen):
    assert "without a negative PCR" not in text(aigerim.get(page_of(enrolment), {"form": "case"}))
    saule, page = signed_in(town, "saule"), page_of(enrolment)
    assert saule.post(page, WELL | {"to": "admitted"}).status_code == 302
    assert "without a negative PCR" not in text(saule.get(page, {"form": "case"}))
    assert saule.post(page, WELL).status_code == 302
    assert Case.objects.get().state == "recovered"
    other = make.observed(town)
    swab(town, other.case, Pcr.NEGATIVE)
    assert saule.post(page_of(other), WELL).status_code == 302
    assert not JournalEntry.objects.filter(kind="case.without_pcr").exists()


def test_who_was_not_taken_goes_back_to_the_doctor(town, aigerim, enrolment):
    with scope(WORKER):
        findings = Findings(severity=Severity.SEVERE, icd10="U07.1", outcome="ambulance")
        decision = Decision(findings=findings)
        conclude(case=Case.objects.get(), decision=decision, by=town.actor("serik"), now=make.NOON)
        task = Task.objects.get(kind=TaskKind.ADMISSION)
    assert "Was not taken" in text(aigerim.get(page_of(enrolment)))
    assert aigerim.post(page_of(enrolment, task=str(task.uid)), {"move": "not_taken"}).status_code == 302
    with scope(WORKER):
        assert Task.objects.get(kind=TaskKind.ADMISSION, state=TaskState.OPEN).role == "doctor"


def test_only_a_chief_may_say_recovered(town, aigerim, enrolment):
    states = [code for code, _ in aigerim.get(page_of(enrolment, form="case")).context["end_form"].fields["to"].choices]
    assert states == ["admitted", "died", "moved", "mistaken"]
    saule = signed_in(town, "saule")
    chief = saule.get(page_of(enrolment, form="case")).context["end_form"].fields["to"].choices
    assert "recovered" in dict(chief)


def test_an_alert_of_the_operators_is_dealt_with(aigerim, enrolment, seen):
    aigerim.post(page_of(enrolment), {"move": "answers", "at_home": "no"})
    task = Task.objects.get(kind=TaskKind.ALERT)
    assert aigerim.post(page_of(enrolment, task=str(task.uid)), {"move": "settle"}).status_code == 302
    assert (Alert.objects.get().state, Task.objects.get(pk=task.pk).state) == ("acted", TaskState.DONE)


def test_the_robot_is_paused_and_goes_on(aigerim, enrolment, seen):
    assert "Robot is calling" in text(aigerim.get("/operator/"))
    for move, state in (("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
        assert aigerim.post("/operator/robot/", {"move": move}).status_code == 302
        assert Campaign.objects.get().state == state
    refused = aigerim.post("/operator/robot/", {"move": "resume"})
    assert refused.status_code == 422
    assert aigerim.post("/operator/robot/", {"move": "fly"}).status_code == 404


def test_an_operator_alone_at_night_stops_every_robot_call_and_a_supervisor_lifts_it(town, aigerim, seen):
    """Nobody is planned today and no campaign of the day stands there: others may be ringing all the same."""
    assert not Campaign.objects.exists()
    assert KEY in text(aigerim.get("/operator/"))
    for _twice in range(2):
        answer = aigerim.post("/operator/robot/", {"move": "stop_all"})
        assert answer.headers["Location"] == "/operator/"
    stop = RobotStop.objects.get()
    assert (stop.organisation, stop.stopped_by, stop.state) == (town.centre, town.users["aigerim"], "stands")
    [task] = Task.objects.filter(kind=TaskKind.ROBOT_STOPPED, state="open")
    assert task.role == "supervisor"
    page = text(aigerim.get("/operator/"))
    assert "Every robot call is stopped" in page
    assert "Stopped by Aigerim Test" in page
    assert KEY not in page
    assert aigerim.post("/operator/robot/", {"move": "ring_again", "why": "mended"}).status_code == 404
    assert aigerim.post("/centre/robot/", {"move": "ring_again", "why": "mended"}).status_code == 403
    again = signed_in(town, "saule", "en").post("/centre/robot/", {"move": "ring_again", "why": "mended"})
    assert again.status_code == 302
    assert KEY in text(aigerim.get("/operator/"))


def test_the_key_stops_the_robot_at_every_centre_where_one_works(town, seen):
    """And says of which; the key is there again as soon as one of them rings."""
    far = make.organisation("Centre 2", Kind.TELEMEDICINE_CENTRE, town.centre.region)
    make.with_roles(town, "olga", (Role.OPERATOR, town.centre), (Role.OPERATOR, far), (Role.DOCTOR, town.clinic))
    boss = make.with_roles(town, "bota", (Role.SUPERVISOR, far))
    olga = signed_in(town, "olga")
    olga.post("/operator/robot/", {"move": "stop_all"})
    stops = {stop.organisation: stop for stop in RobotStop.objects.filter(state="stands")}
    assert set(stops) == {town.centre, far}
    assert Task.objects.filter(kind=TaskKind.ROBOT_STOPPED, state="open").count() == 2
    page = text(olga.get("/operator/"))
    assert "Every robot call is stopped. Centre: Stopped by Olga Test, 12:00. Centre 2: Stopped by Olga Test" in page
    assert KEY not in page
    let_ring(stop=stops[town.centre], why="mended", by=town.actor("saule"), now=NOW)
    page = text(olga.get("/operator/"))
    assert (KEY in page, "Every robot call is stopped" in page) == (True, False)
    assert "Robot is stopped" in page
    assert "Centre 2: Stopped by Olga Test" in page
    let_ring(stop=stops[far], why="mended", by=boss, now=NOW)
    assert "Stopped by" not in text(olga.get("/operator/"))


def test_the_form_of_a_new_case_has_the_key_too_and_no_switch_that_would_leave_it(enrolment, aigerim, seen):
    page = text(aigerim.get("/operator/new/"))
    assert (KEY in page, "Pause the calls" in page) == (True, False)
    there = {"Referer": "http://testserver/operator/new/?near=1"}
    answer = aigerim.post("/operator/robot/", {"move": "stop_all"}, headers=there)
    assert answer.headers["Location"] == "/operator/new/"
    assert "Stopped by Aigerim Test" in text(aigerim.get("/operator/new/"))


def test_a_danger_sign_stands_on_the_operators_desk_too_and_stays_the_doctors(town, enrolment, aigerim, seen):
    aigerim.post(page_of(enrolment), {"move": "answers", "state": "worse", "breath": "rest"})
    [row] = aigerim.get("/operator/").context["queue"].rows
    assert (row.band.tone, row.reason, row.meta[-1]) == ("red", "Short of breath at rest", "a doctor acts")
    page = aigerim.get(page_of(enrolment))
    assert (page.context["owed"], page.context["take"]) == ([], None)
    assert aigerim.post(page_of(enrolment), {"move": "settle"}).status_code == 422
    aigerim.post(page_of(enrolment), {"move": "take"})
    red = Task.objects.get(weight=Weight.RED)
    assert (red.role, red.state, red.owner) == ("doctor", TaskState.OPEN, None)
    assert signed_in(town, "saule").get(page_of(enrolment)).context["take"] is not None


def test_a_supervisor_sees_what_climbed(town, enrolment, aigerim, seen):
    aigerim.post(page_of(enrolment), {"move": "answers", "state": "worse"})
    amber = Task.objects.get(weight=Weight.AMBER)
    saule = signed_in(town, "saule")
    assert saule.get("/operator/").context["queue"].rows == []
    Task.objects.filter(pk=amber.pk).update(rung=1)
    assert [row.reason for row in saule.get("/operator/").context["queue"].rows] == ["Feels worse"]
    assert aigerim.get("/operator/").context["queue"].rows == []


def test_one_row_a_person_with_every_reason(aigerim, enrolment):
    aigerim.post(page_of(enrolment), {"move": "answers", "at_home": "no", "medicines": "none"})
    queue = aigerim.get("/operator/").context["queue"]
    [row] = queue.rows
    assert row.reason == "Says they are not at home · Has or takes no medicines"
    assert [tab.count for tab in queue.tabs] == [0, 1, 0]


def test_a_right_number_is_found(aigerim, enrolment, seen):
    first = phones_of(enrolment.person)[0]
    aigerim.post(page_of(enrolment, phone=str(first.uid)), {"move": "phone_bad"})
    wrong = aigerim.post(page_of(enrolment), {"move": "phone", "number": "12", "whose": "own"})
    assert wrong.status_code == 422
    assert wrong.context["form"]["number"].value() == "12"
    assert wrong.context["form"].non_field_errors()
    assert aigerim.post(page_of(enrolment), {"move": "phone", "number": "8 702 555 44 33", "whose": "relative"})
    assert [(row.number, row.state) for row in phones_of(enrolment.person)] == [
        (first.number, "bad"),
        ("+77025554433", "unchecked"),
    ]
    assert "+7 702 555 44 33" in text(aigerim.get(page_of(enrolment, form="phones")))


@pytest.mark.parametrize("words", ["серик", "Серікбаева Әс", "cthbr", "8 701 {phone}", "{phone}", "{iin}"])
def test_somebody_is_found(town, aigerim, enrolment, words):
    """By the beginning of the name in any spelling, by telephone, by IIN; the words stay out of the audit."""
    person = enrolment.person
    with scope(WORKER):
        make.person(town, family_name="Ким")
        asked = words.format(phone=phones_of(person)[0].number[-7:], iin=iin_of(person))
    answer = aigerim.post("/operator/", {"q": asked}, follow=True)
    queue = answer.context["queue"]
    assert [row.uid for row in queue.rows] == [str(person.uid)]
    detail = AuditEntry.objects.get(action="search").detail
    assert (detail["found"], detail["by_number"]) == (1, asked.replace(" ", "").isdigit())
    assert asked not in str(detail)
    address = answer.redirect_chain[0][0]
    assert re.fullmatch(r"/operator/\?find=[0-9a-f]{12}", address), "no word of it in an address"
    assert queue.rows[0].url.endswith(address.removeprefix("/operator/"))
    assert asked not in str(dict(aigerim.session)), "nor in the clear in the session"
    opened = aigerim.get(queue.rows[0].url)
    assert 'href="/operator/" aria-label="Clear the search"' in opened.content.decode()
    assert signed_in(town, "marat").get(address).context["q"] == "", "it is the searcher's own"
    assert aigerim.post("/operator/", {"q": " "}).headers["Location"] == "/operator/"


def test_each_tab_keeps_its_search_and_old_ones_go(aigerim):
    first, *_others, last = [aigerim.post("/operator/", {"q": f"word{n}"}).headers["Location"] for n in range(KEPT + 1)]
    assert aigerim.get(last).context["q"] == f"word{KEPT}"
    assert aigerim.get(first).context["q"] == ""


def test_nobody_is_found(town, aigerim, enrolment):
    answer = aigerim.post("/operator/", {"q": "Шопенгауэр"}, follow=True)
    assert "Nobody of this name or number" in text(answer)


LADDER = [
    ("desk", (), "get", "put"),
    ("person", ("person",), "get", "put"),
    ("robot", (), "post", "get"),
]


@pytest.mark.parametrize(("name", "args", "right", "wrong"), LADDER)
def test_ladder(town, enrolment, name, args, right, wrong):
    """Works / wrong method / a stranger's row / outsiders of each kind."""
    url = reverse(f"operator:{name}", args=[enrolment.person.uid] if args else [])
    body = {"move": "pause"} if right == "post" else {}
    aigerim = signed_in(town, "aigerim")
    assert getattr(aigerim, right)(url, body).status_code in (200, 302)
    assert getattr(aigerim, wrong)(url).status_code == 405
    for outsider in ("serik", "dana", "boris"):
        assert getattr(signed_in(town, outsider), right)(url, body).status_code == 403
    assert getattr(Client(), right)(url, body).headers["Location"].startswith("/sign-in/")


def test_a_strangers_person_is_not_found(aigerim, enrolment):
    assert aigerim.get(reverse("operator:person", args=[uuid4()])).status_code == 404
    assert aigerim.post(page_of(enrolment), {"move": "nonsense"}).status_code == 404
    assert aigerim.get(page_of(enrolment, task="nonsense", after="x.y", tab="zzz")).status_code == 200
