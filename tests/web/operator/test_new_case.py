"""One form beside a call: person, suspected case, complaints, who was near, home visit; all of it or nothing."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from medet.base.actor import WORKER
from medet.base.models import AuditEntry
from medet.base.scope import scope
from medet.flows.end_case import end_case
from medet.flows.loops import orphans
from medet.flows.observe import observe, register_case
from medet.flows.write_contact import write_contact
from medet.handovers.models import HomeVisit
from medet.monitoring.models import Alert, Answers, DueContact
from medet.people.models import Document, Person
from medet.people.queries import iin_of
from medet.places.states import Kind
from medet.records.models import Case, CloseContact
from medet.records.states import CaseState
from medet.staff.states import Role
from medet.tasks.models import Task
from medet.tasks.states import Weight
from tests import make
from tests.flows.test_two_places import MILD
from tests.records.intake.faulty import iin
from tests.web.operator.pages import signed_in, text

NEW = "/operator/new/"
WHO = {"family_name": "Ахметова", "given_name": "Дана", "sex": "female", "language": "kk", "birth_date": "1970-05-01"}
REACHED = {"number": "8 701 555 44 33", "district": "751310000", "street": "Абая", "house": "7"}
ILL = {"severity": "mild", "regimen": "home_treatment", "urgency": "today", "state": "worse", "temperature": "38,4"}
ALL = WHO | REACHED | ILL


def saved(client, **more):
    return client.post(NEW, ALL | more)


def test_everything_is_saved_in_one_step_and_followed_from_today(town, aigerim, seen):
    near = {"near_name_0": "Ахметов Марат", "near_number_0": "87015554434", "near_name_1": "Соседка"}
    answer = saved(aigerim, wants_visit="on", note="Lives alone", **near)
    case = Case.objects.get()
    assert answer.headers["Location"] == reverse("operator:person", args=[case.person.uid])
    assert (case.classification, case.icd10, case.state) == ("suspected", "U07.2", CaseState.AT_HOME)
    assert case.person.temporary_number.startswith("T-")
    assert case.person.phones.get().number == "+77015554433"
    assert Answers.objects.get().values == {"state": "worse", "temperature": "38.4"}
    assert Alert.objects.exists()
    visit = HomeVisit.objects.get()
    assert (visit.clinic, visit.clinic_choice, visit.urgency, visit.note) == (
        town.clinic,
        "address",
        "today",
        "Lives alone",
    )
    assert visit.measures == {"temperature": "38.4"}
    assert DueContact.objects.get().state == "done"
    assert list(CloseContact.objects.order_by("pk").values_list("name", "number")) == [
        ("Ахметов Марат", "+77015554434"),
        ("Соседка", ""),
    ]
    assert list(orphans(now=make.NOON)) == []


def test_a_fault_keeps_what_was_right(aigerim, seen):
    answer = saved(aigerim, iin="123", near_number_0="12", near_name_0="Марат", house="")
    assert answer.status_code == 422
    page = text(answer)
    assert "The IIN has 12 digits, 3 were entered." in page
    assert 'value="Ахметова"' in page
    assert 'value="Марат"' in page
    assert re.search(r'name="state" value="worse"[^>]*checked', page)
    assert not Person.objects.exists()


def test_a_visit_without_an_address_leaves_nothing_half_done(aigerim, seen):
    answer = saved(aigerim, wants_visit="on", district="", street="", house="")
    assert answer.status_code == 422
    assert not Person.objects.exists()
    assert not Case.objects.exists()


def test_somebody_already_in_the_register_is_offered_while_one_types(town, aigerim, seen):
    who = make.person(town)
    for typed in (
        {"iin": iin_of(who)},
        {"number": who.phones.get().number},
        {"family_name": "Серикба", "given_name": "Ас"},
    ):
        part = text(aigerim.post(NEW + "alike/", typed))
        assert f"{NEW}?person={who.uid}" in part
    assert "Clinic 17" in text(aigerim.post(NEW + "alike/", {"district": "751310000", "street": "Абая"}))
    assert text(aigerim.post(NEW + "alike/", {"family_name": "Се"})).strip() == ""
    said = [row.detail for row in AuditEntry.objects.filter(action="search")]
    assert [detail["found"] for detail in said] == [1, 1, 1]
    assert who.phones.get().number not in str(said)


def test_one_new_patient_costs_one_search_a_sign_however_often_one_pauses(town, aigerim, seen):
    """Nobody is known: an operator who enters patients all day is not locked out of the search by it."""
    typed, who = {}, ALL | {"iin": iin(9), "district": "751310000"}
    for name, value in who.items():
        for end in range(1, len(value) + 1):
            typed[name] = value[:end]
            assert aigerim.post(NEW + "alike/", typed).status_code == 200
    said = [row.detail for row in AuditEntry.objects.filter(action="search")]
    assert sum(detail["by_number"] for detail in said) == 2
    assert len(said) < 20, "the name as it grows"
    assert aigerim.post("/operator/", {"q": "Нурланов"}).status_code == 302


def test_a_person_who_was_found_gets_the_case(town, aigerim, seen):
    who = make.person(town)
    page = aigerim.get(f"{NEW}?person={who.uid}")
    assert "family_name" not in page.context["form"].fields
    assert page.context["form"]["street"].value() == "Ақсай-4"
    kept = REACHED | ILL | {"number": "", "street": "Ақсай-4", "house": "12", "flat": "48", "entrance": "2"}
    assert aigerim.post(f"{NEW}?person={who.uid}", kept).status_code == 302
    assert Case.objects.get().person == who
    assert who.addresses.count() == who.phones.count() == 1
    again = aigerim.post(f"{NEW}?person={who.uid}", kept)
    assert again.status_code == 422
    assert "This person already has an open case." in text(again)


ASEL = {"family_name": "СЕРИКБАЕВА", "given_name": "Асель", "birth_date": "1959-04-12", "sex": "female"}


@pytest.mark.parametrize(
    "said",
    [
        {"family_name": "Ахметова"},
        {"given_name": "Марат"},
        {"birth_date": "2001-01-01"},
        {"sex": "male"},
    ],
)
def test_the_iin_of_a_sister_or_a_child_is_not_taken_for_ones_own(town, aigerim, seen, said):
    who = make.person(town)
    answer = saved(aigerim, iin=iin_of(who), **ASEL | said)
    assert answer.status_code == 422
    assert "This IIN belongs to somebody else: check the number, the name and the birth date." in text(answer)
    assert not Case.objects.exists()
    assert AuditEntry.objects.get(action="refused").detail["code"] == "person.iin_other_name"


@pytest.fixture
def far(town):
    """Another telemedicine centre, and its operator."""
    place = make.organisation("Centre 2", Kind.TELEMEDICINE_CENTRE, town.centre.region)
    return place, make.with_roles(town, "olga", (Role.OPERATOR, place))


def known_to(far, town):
    """Somebody the other centre registered."""
    with scope(WORKER):
        who = make.person(town)
        Person.objects.filter(pk=who.pk).update(organisation=far[0])
        return Person.objects.get(pk=who.pk)


def test_somebody_known_at_another_centre_is_followed_here_too(town, far, aigerim, seen):
    """The search does not show them; all that is known of them says who it is, and the audit says so."""
    who = known_to(far, town)
    assert f"?person={who.uid}" not in text(aigerim.post(NEW + "alike/", {"iin": iin_of(who)}))
    assert saved(aigerim, iin=iin_of(who), document="N1234567", **ASEL).status_code == 302
    case = Case.objects.get()
    assert (case.person_id, case.organisation) == (who.pk, town.centre)
    assert AuditEntry.objects.filter(action="read", person_id=who.pk, detail__why="iin given").count() == 1
    assert Document.objects.get().person_id == who.pk
    assert aigerim.get(reverse("operator:person", args=[who.uid])).status_code == 200


def test_what_is_told_of_somebody_another_centre_follows_stands_there_at_once(town, far, aigerim, seen):
    """A danger sign has its doctor where the person is followed, whoever heard it."""
    who = known_to(far, town)
    with scope(far[1]):
        case = register_case(person=who, diagnosis=MILD, organisation=far[0], by=far[1], now=make.NOON)
        observe(case=case, programme_code="covid-home", by=far[1], now=make.NOON)
    answer = saved(aigerim, iin=iin_of(who), **ASEL | {"breath": "rest"})
    assert answer.headers["Location"] == NEW
    assert "Centre 2 follows this person" in text(aigerim.get(NEW))
    assert Case.objects.get() == case
    [alert] = Alert.objects.filter(rule="breath_at_rest")
    tasks = Task.objects.filter(organisation=far[0], state="open")
    assert {(task.role, task.reason) for task in tasks} == {("doctor", "rule"), ("operator", "told_elsewhere")}
    assert alert.organisation_id == far[0].pk
    assert list(orphans(now=make.NOON)) == []


@pytest.fixture
def followed(far, town, seen):
    """Somebody the other centre follows at home, whose contact of today was made already."""
    who = known_to(far, town)
    with scope(far[1]):
        case = register_case(person=who, diagnosis=MILD, organisation=far[0], by=far[1], now=make.NOON)
        observe(case=case, programme_code="covid-home", by=far[1], now=make.NOON)
        write_contact(case=case, given={"state": "better"}, by=far[1], now=make.NOON)
    return case


NEAR = {"near_name_0": "Ахметов Марат", "near_number_0": "87015554434"}


def test_the_wish_for_a_visit_and_who_was_near_go_to_the_centre_that_follows(town, far, followed, aigerim):
    """Nothing of one form is dropped: their operators ring, read the note, and send the visit."""
    answer = saved(
        aigerim, iin=iin_of(followed.person), wants_visit="on", note="Lives alone", **ASEL | NEAR | {"urgency": "today"}
    )
    assert answer.headers["Location"] == NEW
    assert "They are asked to send the home visit." in text(aigerim.get(NEW))
    assert not HomeVisit.objects.exists()
    [near] = CloseContact.objects.all()
    assert (near.case, near.organisation, near.name, near.number) == (
        followed,
        far[0],
        "Ахметов Марат",
        "+77015554434",
    )
    [task] = Task.objects.filter(reason="visit_elsewhere", state="open")
    assert (task.organisation, task.role, task.weight) == (far[0], Role.OPERATOR, Weight.AMBER)
    assert (task.handed_by, task.handed_note) == (town.users["aigerim"], "Lives alone")
    assert task.due_at < make.NOON + timedelta(minutes=70)
    assert list(orphans(now=make.NOON)) == []
    olga = signed_in(town, "olga", "en")
    page = text(olga.get(reverse("operator:person", args=[followed.person.uid])))
    assert "Rang another centre, which asks for a home visit: ring back and send it" in page
    assert "Lives alone" in page
    assert "Ахметов Марат" in text(olga.get(reverse("operator:person", args=[followed.person.uid]), {"form": "case"}))
    with scope(far[1]):
        write_contact(case=followed, given={"state": "same"}, by=far[1], now=make.NOON)
    assert not Task.objects.filter(reason="visit_elsewhere", state="open").exists(), "their answers settle it"


def test_a_visit_within_two_hours_is_red_there_and_asked_for_twice_is_one_task(town, far, followed, aigerim):
    for urgency in ("today", "two_hours"):
        saved(aigerim, iin=iin_of(followed.person), wants_visit="on", **ASEL | {"urgency": urgency})
    [task] = Task.objects.filter(reason="visit_elsewhere", state="open")
    assert (task.weight, task.handed_note) == (Weight.RED, "")
    assert list(orphans(now=make.NOON)) == []


def test_somebody_who_was_near_and_is_followed_elsewhere_is_registered(town, far, followed, aigerim):
    saved(aigerim, **NEAR)
    near = CloseContact.objects.get()
    aigerim.post(f"{NEW}?near={near.uid}", ALL | ASEL | {"iin": iin_of(followed.person)})
    near.refresh_from_db()
    assert near.person == followed.person


def test_who_is_recorded_as_dead_is_a_supervisors_matter(town, aigerim, seen):
    enrolment = make.observed(town)
    end_case(case=enrolment.case, to=CaseState.DIED, by=town.actor("serik"), now=make.NOON)
    page = f"{NEW}?person={enrolment.person.uid}"
    kept = REACHED | ILL | {"number": "", "street": "Ақсай-4", "house": "12", "flat": "48", "entrance": "2"}
    answer = aigerim.post(page, kept)
    assert answer.status_code == 422
    assert "recorded as dead" in text(answer)
    assert signed_in(town, "saule", "en").post(page, kept).status_code == 302
    assert Case.objects.filter(state=CaseState.AT_HOME).count() == 1


def test_who_was_near_is_offered_and_registered(aigerim, seen):
    saved(aigerim, near_name_0="Ахметов Марат Ерланұлы", near_number_0="87015554434")
    first, near = Case.objects.get(), CloseContact.objects.get()
    desk = text(aigerim.get(reverse("operator:person", args=[first.person.uid]), {"form": "case"}))
    assert f"{NEW}?near={near.uid}" in desk
    form = aigerim.get(f"{NEW}?near={near.uid}").context["form"]
    assert [form[name].value() for name in ("family_name", "given_name", "patronymic", "number")] == [
        "Ахметов",
        "Марат",
        "Ерланұлы",
        "+77015554434",
    ]
    aigerim.post(f"{NEW}?near={near.uid}", ALL | {"family_name": "Ахметов", "given_name": "Марат", "iin": iin(9)})
    near.refresh_from_db()
    assert near.person.family_name == "Ахметов"
    assert Case.objects.filter(person=near.person).exists()


def test_a_stranger_is_not_found(town, aigerim, seen):
    with scope(WORKER):
        who = make.person(town)
        Person.objects.filter(pk=who.pk).update(organisation=town.clinic)
    assert aigerim.get(f"{NEW}?person={who.uid}").status_code == 404


@pytest.mark.parametrize("name", ["person", "near"])
def test_nonsense_in_the_address_is_not_found(aigerim, name):
    assert aigerim.get(f"{NEW}?{name}=nonsense").status_code == 404
