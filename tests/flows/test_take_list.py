"""A day's list becomes cases: once a person, whatever is given how often, and never over what the register knows."""

from collections import Counter
from datetime import timedelta

import pytest

from medet.base.actor import WORKER
from medet.base.models import JournalEntry
from medet.flows import take_list, take_row
from medet.flows.end_case import end_case
from medet.flows.give_list import give_list
from medet.flows.loops import orphans
from medet.flows.observe import register_case
from medet.flows.settle_row import doubt_of, settle_row
from medet.flows.take_list import close_list, forget_previews, start_list, take_lists
from medet.monitoring.models import DueContact, Enrolment
from medet.people.actions import mark_phone
from medet.people.models import Address, Attachment, Document, Person, Phone
from medet.people.queries import iin_of
from medet.people.states import PhoneState
from medet.records.actions import Diagnosis
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.queries import counts_of
from medet.records.intake.states import Choice, ListState, Outcome, RowState
from medet.records.models import Case
from medet.records.states import OPEN, CaseState, Classification, Regimen, Severity
from medet.tasks.models import Task
from medet.tasks.states import TaskKind, TaskState
from tests import make
from tests.records.intake.faulty import RU, all_faulty, good, iin
from tests.records.intake.sheets import csv_bytes
from tests.refusing import refused

NOW = make.NOON
FAULTY = {faulty.name: faulty for faulty in all_faulty()}


def given(town, *rows, head=RU, now=NOW):
    return give_list(
        data=csv_bytes([head, *rows]), organisation=town.centre, by=town.actor("aigerim", now=now), now=now
    )


def taken(town, one, now=NOW):
    """The whole list, as the worker does it."""
    if one.state == ListState.PREVIEW:
        start_list(given=one, programme_code="covid-home", by=town.actor("aigerim", now=now), now=now)
    while take_lists(by=WORKER, now=now, batch=3):
        pass
    assert list(orphans(now=now)) == []
    return IntakeList.objects.get(pk=one.pk)


def outcomes(one):
    return {name: number for name, number in counts_of(one).items() if number and not name.startswith("is_")}


@pytest.mark.parametrize("name", [name for name, faulty in FAULTY.items() if not faulty.refusal])
def test_every_faulty_list_has_a_clear_result(town, name):
    """What the preview promises is what is done, and nobody has two cases."""
    faulty, aigerim = FAULTY[name], town.actor("aigerim")
    one = give_list(data=faulty.data, organisation=town.centre, by=aigerim, now=NOW)
    assert outcomes(one) == faulty.outcomes
    assert not Case.objects.exists()
    assert not Person.objects.exists()
    assert {code for row in one.rows.all() for code in row.reasons} >= set(faulty.reasons)
    after = taken(town, one)
    assert outcomes(after) == faulty.outcomes
    assert Case.objects.filter(state=CaseState.AT_HOME).count() == faulty.outcomes.get("new", 0)
    assert after.state == (ListState.CHECK if "bad" in faulty.outcomes else ListState.TAKEN)
    assert Task.objects.filter(kind=TaskKind.CHECK_LIST).count() == ("bad" in faulty.outcomes)


@pytest.mark.parametrize("name", [name for name, faulty in FAULTY.items() if faulty.refusal])
def test_a_file_that_cannot_be_read_is_one_sentence(town, name):
    with refused(FAULTY[name].refusal):
        give_list(data=FAULTY[name].data, organisation=town.centre, by=town.actor("aigerim"), now=NOW)
    assert not IntakeList.objects.exists()


def test_the_same_file_three_times_is_one_case_a_person(town):
    rows = [good(number) for number in range(1, 8)]
    lists = {taken(town, given(town, *rows)).pk for _ in range(3)}
    assert len(lists) == 1
    assert (
        Case.objects.count() == Person.objects.count() == Enrolment.objects.count() == DueContact.objects.count() == 7
    )


def test_the_same_rows_in_another_file_change_nothing(town):
    rows = [good(number) for number in range(1, 8)]
    taken(town, given(town, *rows))
    before = (Person.objects.count(), Phone.objects.count(), Address.objects.count(), JournalEntry.objects.count())
    again = given(town, *reversed(rows))
    assert outcomes(again) == {"known": 7}
    taken(town, again)
    after = (Person.objects.count(), Phone.objects.count(), Address.objects.count())
    assert after == before[:3]
    said = set(JournalEntry.objects.order_by("pk").values_list("kind", flat=True)[before[3] :])
    assert said == {"list.given", "list.taking", "list.taken"}


def test_a_corrected_file_changes_only_its_rows(town):
    taken(town, given(town, good(1), good(2), good(3)))
    untouched = Address.objects.filter(person__phones__number__in=("+77010000001", "+77010000003")).values_list("pk")
    before = set(untouched)
    second = taken(town, given(town, good(1), good(2, phone="87019999999", street="Абая", house="7"), good(3)))
    assert outcomes(second) == {"known": 2, "changed": 1}
    who = Person.objects.get(phones__number="+77019999999")
    assert [str(row.number) for row in who.phones.order_by("position")] == ["+77010000002", "+77019999999"]
    assert list(who.addresses.order_by("pk").values_list("street", "valid_to")) == [("Ақсай-4", NOW), ("Абая", None)]
    assert set(untouched) == before
    assert Case.objects.count() == 3


def test_a_withdrawn_positive_is_undone_with_history_and_a_later_one_opens_a_new_case(town):
    taken(town, given(town, good(1), good(2)))
    after = taken(town, given(town, good(1, result="аннулирован"), good(2)))
    assert outcomes(after) == {"withdrawn": 1, "known": 1}
    case = Case.objects.get(state=CaseState.MISTAKEN)
    assert JournalEntry.objects.filter(case_id=case.pk, kind="case.moved", code="mistaken").count() == 1
    assert not Task.objects.filter(case_id=case.pk, state=TaskState.OPEN).exists()
    assert DueContact.objects.get(enrolment__case=case).state == "cancelled"
    # The old file and the old row again bring nothing back.
    assert outcomes(taken(town, given(town, good(2), good(1)))) == {"known": 2}
    later = NOW + timedelta(hours=1)
    taken(town, given(town, good(1, taken="23.11.2026"), now=later), now=later)
    assert list(Case.objects.filter(person=case.person).order_by("pk").values_list("state", flat=True)) == [
        CaseState.MISTAKEN,
        CaseState.AT_HOME,
    ]


def test_a_case_held_by_two_samples_outlives_one_of_them(town):
    taken(town, given(town, good(1)))
    taken(town, given(town, good(1, taken="23.11.2026")))
    taken(town, given(town, good(1, result="отозван")))
    assert Case.objects.get().state == CaseState.AT_HOME
    taken(town, given(town, good(1, taken="23.11.2026", result="ложноположительный")))
    assert Case.objects.get().state == CaseState.MISTAKEN


def test_a_negative_of_another_day_withdraws_nothing(town):
    taken(town, given(town, good(1)))
    assert outcomes(taken(town, given(town, good(1, taken="23.11.2026", result="отрицательный")))) == {"negative": 1}
    assert Case.objects.get().state == CaseState.AT_HOME


def suspected(town):
    """Somebody with a suspected case that no list opened."""
    who = make.person(town)
    diagnosis = Diagnosis(
        classification=Classification.SUSPECTED, icd10="U07.2", severity=Severity.MILD, regimen=Regimen.HOME_TREATMENT
    )
    return register_case(person=who, diagnosis=diagnosis, organisation=town.centre, by=town.actor("aigerim"), now=NOW)


def row_of(person, **other):
    """The register's own data as a list would say them."""
    said = {"family": person.family_name, "given": person.given_name, "iin": iin_of(person), "phone": ""}
    return good(1, **(said | {"street": "", "house": ""} | other))


def test_a_positive_confirms_a_suspected_case_and_its_withdrawal_takes_that_back(town):
    case = suspected(town)
    assert outcomes(taken(town, given(town, row_of(case.person)))) == {"changed": 1}
    case.refresh_from_db()
    assert (case.classification, case.icd10, case.state) == ("confirmed", "U07.1", CaseState.OPENED)
    taken(town, given(town, row_of(case.person, result="withdrawn")))
    case.refresh_from_db()
    assert (case.classification, case.icd10, case.state) == ("suspected", "U07.2", CaseState.OPENED)


def test_other_data_under_a_known_number_are_for_a_person(town):
    who = make.person(town)
    one = taken(town, given(town, row_of(who, family="Ахметова", born="12.04.1960", sex="м"), good(1)))
    assert outcomes(one) == {"new": 1, "check": 1}
    row = one.rows.get(state=RowState.CHECK)
    assert (row.reasons, row.person) == (["other_name", "other_birth_date", "other_sex"], who)
    assert not Case.objects.filter(person=who).exists()
    assert one.state == ListState.CHECK
    aigerim = town.actor("aigerim")
    assert doubt_of(row, one, by=aigerim, now=NOW).choices == [Choice.SAME, Choice.LEAVE]
    with refused("list.choice_impossible"):
        settle_row(given=one, number=row.number, choice=Choice.OTHER, by=aigerim, now=NOW)
    settle_row(given=one, number=row.number, choice=Choice.SAME, by=aigerim, now=NOW)
    who.refresh_from_db()
    assert (who.family_name, str(who.birth_date), who.sex) == ("Серікбаева", "1959-04-12", "female")
    assert Case.objects.get(person=who).state == CaseState.AT_HOME
    assert IntakeList.objects.get().state == ListState.TAKEN
    assert list(orphans(now=NOW)) == []
    with refused("list.row_settled"):
        settle_row(given=one, number=row.number, choice=Choice.LEAVE, by=aigerim, now=NOW)


def test_another_spelling_of_the_same_name_is_the_same_person(town):
    who = make.person(town)
    assert outcomes(given(town, row_of(who, family="СЕРИКБАЕВА", given="Асель"))) == {"new": 1}


def test_namesakes_without_a_number_are_for_a_person(town):
    make.person(town)
    one = taken(town, given(town, good(1, iin="")))
    row = one.rows.get()
    assert (row.reasons, row.state) == (["same_name"], RowState.CHECK)
    doubt = doubt_of(row, one, by=town.actor("aigerim"), now=NOW)
    assert doubt.choices == [Choice.SAME, Choice.OTHER, Choice.LEAVE]
    settle_row(given=one, number=row.number, choice=Choice.OTHER, by=town.actor("aigerim"), now=NOW)
    assert Person.objects.count() == 2
    assert IntakeRow.objects.get().outcome == Outcome.NEW


def test_a_foreigner_is_found_again_by_the_document(town):
    head, who = [*RU, "Номер документа"], {"iin": "", "family": "Doe", "given": "John", "patronymic": ""}
    taken(town, given(town, [*good(1, **who), "AB 1234567"], head=head))
    again = taken(town, given(town, [*good(1, **who, taken="23.11.2026", phone="87015555555"), "ab1234567"], head=head))
    assert outcomes(again) == {"changed": 1}
    assert Document.objects.count() == Person.objects.count() == Case.objects.count() == 1
    assert b"1234567" not in bytes(Document.objects.get().number_cipher)


def test_the_clinic_of_the_list_and_the_household_are_used(town):
    head = [*RU, "Поликлиника", "Семья"]
    one = taken(
        town, given(town, [*good(1), "ГП №17", "1"], [*good(2), "Нет такой", "1"], [*good(3), "", ""], head=head)
    )
    assert [row.clinic for row in Attachment.objects.all()] == [town.clinic]
    assert one.rows.get(number=3).notes == ["clinic_unknown"]
    first, second, third = Person.objects.order_by("pk")
    assert first.household == second.household is not None
    assert third.household is None


def test_somebody_without_a_telephone_is_followed_by_a_person(town):
    one = taken(town, given(town, good(1, phone="нет")))
    assert one.rows.get().notes == ["phone_unread"]
    assert Task.objects.get(state=TaskState.OPEN).kind == TaskKind.FIX_PHONE


def test_the_dead_and_ended_cases_are_for_a_person(town):
    taken(town, given(town, good(1), good(2)))
    first, second = Case.objects.order_by("pk")
    end_case(case=first, to=CaseState.DIED, by=town.actor("serik"), now=NOW)
    end_case(case=second, to=CaseState.RECOVERED, by=town.actor("serik"), now=NOW)
    one = taken(town, given(town, good(1, taken="23.11.2026"), good(2, taken="20.11.2026")))
    assert [row.reasons for row in one.rows.order_by("number")] == [["died"], ["older_than_case"]]
    assert not Case.objects.filter(state__in=OPEN).exists()
    died = one.rows.get(number=2)
    assert doubt_of(died, one, by=town.actor("aigerim"), now=NOW).choices == [Choice.LEAVE]


def test_a_bad_number_of_the_register_stays_bad(town):
    taken(town, given(town, good(1)))
    mark_phone(phone=Phone.objects.get(), state=PhoneState.BAD, by=WORKER, now=NOW)
    taken(town, given(town, good(1, taken="23.11.2026")))
    assert Phone.objects.get().state == PhoneState.BAD


def test_a_fault_of_ours_in_one_row_is_for_a_person(town, monkeypatch, caplog):
    def planted(**_):
        raise ValueError("Серікбаева +77010000002")

    real, many = take_row._WRITERS[Outcome.NEW], take_list.take_many
    monkeypatch.setitem(
        take_row._WRITERS, Outcome.NEW, lambda row, *more: planted() if row.number == 3 else real(row, *more)
    )
    monkeypatch.setattr(
        take_list,
        "take_many",
        lambda *, rows, **more: planted() if any(one.row.number == 3 for one in rows) else many(rows=rows, **more),
    )
    one = taken(town, given(town, good(1), good(2), good(3)))
    assert Counter(row.state for row in one.rows.all()) == {RowState.TAKEN: 2, RowState.CHECK: 1}
    assert one.rows.get(state=RowState.CHECK).reasons == ["fault"]
    assert "ValueError" in caplog.text
    assert "Серікбаева" not in caplog.text


def test_rows_to_mend_are_owed_until_somebody_says_so(town):
    one = taken(town, given(town, good(1, iin="123")))
    task = Task.objects.get(about_uid=one.uid)
    assert (task.kind, task.role, task.state) == (TaskKind.CHECK_LIST, "operator", TaskState.OPEN)
    close_list(given=one, by=town.actor("aigerim"), now=NOW)
    assert Task.objects.get(pk=task.pk).state == TaskState.DONE
    assert list(orphans(now=NOW)) == []


def test_a_list_that_stands_still_is_named(town):
    one = given(town, good(1))
    start_list(given=one, programme_code="covid-home", by=town.actor("aigerim"), now=NOW)
    assert list(orphans(now=NOW)) == []
    assert [orphan.kind for orphan in orphans(now=NOW + timedelta(minutes=2))] == ["intake_list"]


def test_a_preview_nobody_took_is_thrown_away_with_what_it_held(town):
    given(town, good(1))
    assert not forget_previews(by=WORKER, now=NOW)
    assert forget_previews(by=WORKER, now=NOW + timedelta(hours=25))
    assert not IntakeRow.objects.exists()


def test_nothing_of_a_patient_stands_in_clear(town):
    one = given(town, good(1))
    stored = str(IntakeList.objects.values().get()) + str(IntakeRow.objects.values().get())
    assert not any(word in stored for word in ("Серікбаева", iin(1), "77010000001", "Ақсай"))
    assert one.mapping["3"] == "iin"


def test_a_doctor_of_a_clinic_gives_no_list(town):
    with refused("move.not_yours"):
        give_list(data=csv_bytes([RU, good(1)]), organisation=town.centre, by=town.actor("dana"), now=NOW)
