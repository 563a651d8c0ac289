"""Somebody who cannot be reached: vain calls are counted, telephones and the address are put right."""

from datetime import timedelta

from django.urls import reverse

from medet.base.actor import WORKER
from medet.contacts.models import Contact
from medet.flows.hand_contact import hand_contact
from medet.monitoring.models import DueContact
from medet.people.models import Representative
from medet.people.queries import address_of, phones_of
from medet.records.models import Allergy
from medet.tasks.models import Task
from medet.tasks.states import TaskKind, TaskState
from tests import make
from tests.web.operator.pages import page_of, signed_in, text

NOW = make.NOON


def nobody(client, enrolment):
    return client.post(page_of(enrolment), {"move": "not_reached"})


def test_a_vain_call_is_kept_and_comes_back_in_an_hour(aigerim, enrolment, seen):
    assert nobody(aigerim, enrolment).status_code == 302
    task = Task.objects.get(kind=TaskKind.CALL_BY_HAND)
    assert (task.state, task.reason_values) == (TaskState.OPEN, {"tries": 1})
    assert timedelta(minutes=60) <= task.due_at - NOW < timedelta(minutes=65)
    contact = Contact.objects.get()
    assert (contact.outcome, contact.channel, contact.due_contact) == ("not_reached", "phone", DueContact.objects.get())
    page = aigerim.get(page_of(enrolment))
    assert page.context["side"] == "answers"
    assert "rung by hand 1 time" in text(page)


def test_after_three_tries_a_visit_is_proposed(town, aigerim, enrolment, seen):
    for _ in range(3):
        nobody(aigerim, enrolment)
    page = aigerim.get(page_of(enrolment))
    assert (page.context["side"], page.context["form"]["reason"].value()) == ("visit", "not_reached")
    for language, words in (("ru", "звонили сами 3 раза"), ("kk", "қолмен 3 рет қоңырау шалынды")):
        assert words in text(signed_in(town, "aigerim", language).get("/operator/"))


def test_nobody_is_owed_a_call(aigerim, enrolment, seen):
    aigerim.post(page_of(enrolment), {"move": "answers", "state": "same"})
    assert nobody(aigerim, enrolment).status_code == 422
    assert aigerim.get(page_of(enrolment)).context["vain"] is None


def test_a_colleague_is_working_on_it(town, aigerim, enrolment, seen):
    aigerim.post(page_of(enrolment), {"move": "take"})
    assert nobody(signed_in(town, "marat"), enrolment).status_code == 422
    assert not Contact.objects.exists()


def test_a_new_number_turns_the_task_into_a_call(town, aigerim, seen):
    enrolment = make.observed(town)
    hand_contact(due=DueContact.objects.get(), reason="wrong_number", by=WORKER, now=NOW)
    assert aigerim.get(page_of(enrolment)).context["side"] == "phones"
    old = phones_of(enrolment.person)[0]
    aigerim.post(page_of(enrolment, phone=str(old.uid)), {"move": "phone_bad", "reason": "A shop answers"})
    assert phones_of(enrolment.person)[0].state_reason == "A shop answers"
    again = aigerim.post(page_of(enrolment), {"move": "phone", "number": old.number, "whose": "own"})
    assert again.status_code == 422
    assert "This number is known already: Bad number." in text(again)
    assert Task.objects.get(about_type="due_contact").kind == TaskKind.FIX_PHONE
    assert aigerim.post(page_of(enrolment), {"move": "phone", "number": "8 702 555 44 33", "whose": "own"})
    task = Task.objects.get(about_type="due_contact")
    assert (task.kind, task.state) == (TaskKind.CALL_BY_HAND, TaskState.OPEN)
    page = aigerim.get(page_of(enrolment))
    assert page.context["side"] == "answers"
    assert "The telephone is known now: ring it by hand" in text(page)


def test_the_address_is_put_right(town, aigerim, enrolment, seen):
    given = {"move": "address", "district": town.district.kato, "street": "Абай", "house": "", "flat": "7"}
    wrong = aigerim.post(page_of(enrolment), given)
    assert (wrong.status_code, wrong.context["folds"][0].form["flat"].value()) == (422, "7")
    assert "Write the house." in text(wrong)
    assert aigerim.post(page_of(enrolment), given | {"house": "10"}).status_code == 302
    now_at = address_of(enrolment.person)
    assert now_at is not None
    assert (now_at.street, now_at.house, now_at.flat, now_at.entrance) == ("Абай", "10", "7", "")


def test_robot_calls_are_refused_and_agreed_to_again(town, aigerim, seen):
    enrolment = make.observed(town)
    assert "Does not want robot calls" in text(aigerim.get(page_of(enrolment, form="phones")))
    assert aigerim.post(page_of(enrolment), {"move": "robot_no"}).status_code == 302
    page = text(aigerim.get(page_of(enrolment, form="phones")))
    assert "Does not want robot calls: ring by hand" in page
    assert "Consent refused or revoked: Robot calls" in page
    assert "Agrees to robot calls again" in page
    assert aigerim.post(page_of(enrolment), {"move": "robot_yes"}).status_code == 302
    assert "Consent given: Robot calls" in text(aigerim.get(page_of(enrolment, form="phones")))


def test_an_allergy_stands_in_the_card_of_every_desk(town, enrolment, aigerim, seen):
    assert "required" in text(aigerim.post(page_of(enrolment), {"move": "allergy", "substance": " "}))
    for _ in range(2):
        aigerim.post(page_of(enrolment), {"move": "allergy", "substance": "пенициллин"})
    assert Allergy.objects.get().substance == "пенициллин"
    doctor = reverse("doctor:person", args=[enrolment.person.uid])
    assert "пенициллин" in text(signed_in(town, "serik", "en").get(doctor))


def test_who_answers_for_the_patient_is_named(town, enrolment, aigerim, seen):
    said = {"move": "representative", "name": "Серикбаев Марат", "relation": "son", "number": "8701"}
    faulty = text(aigerim.post(page_of(enrolment), said))
    assert 'id="form-representative" open' in faulty
    assert 'value="Серикбаев Марат"' in faulty
    aigerim.post(page_of(enrolment), said | {"number": "8 701 555 44 33"})
    aigerim.post(page_of(enrolment), said | {"name": "Серикбаева Айгуль", "relation": "daughter", "number": ""})
    page = text(aigerim.get(page_of(enrolment)))
    assert "Серикбаева Айгуль, daughter" in page
    assert "Серикбаев Марат, son" not in page
    assert Representative.objects.filter(valid_to__isnull=True).count() == 1
