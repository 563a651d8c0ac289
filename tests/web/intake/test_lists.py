"""The lists' desk through its pages: a file is given, looked at, taken in, mended and given again."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from medet.base.actor import WORKER
from medet.base.models import AuditEntry
from medet.base.scope import scope
from medet.flows.take_list import take_lists
from medet.people.queries import iin_of
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.states import ListState, RowState
from medet.records.models import Case
from tests import make
from tests.records.intake.faulty import RU, all_faulty, good, iin
from tests.records.intake.sheets import csv_bytes
from tests.web.operator.pages import signed_in, text

FAULTY = {faulty.name: faulty for faulty in all_faulty()}


@pytest.fixture
def aigerim(town):
    return signed_in(town, "aigerim")


@pytest.fixture
def seen(town):
    with scope(WORKER):
        yield


def give(client, data, name="list.csv"):
    """The file through the page; where it leads."""
    return client.post(reverse("intake:lists"), {"file": SimpleUploadedFile(name, data)})


def page(given):
    return reverse("intake:list", args=[given.uid])


def taken():
    while take_lists(by=WORKER, now=make.NOON):
        pass


def test_a_list_is_shown_before_anything_is_written_and_then_taken_in(aigerim, seen):
    answer = give(aigerim, csv_bytes([RU, good(1), good(2), good(3, iin="5,9E+11")]))
    given = IntakeList.objects.get()
    assert answer.headers["Location"] == page(given)
    shown = text(aigerim.get(page(given)))
    assert "Серікбаева Әсел Нұрланқызы" in shown
    assert iin(1) not in shown
    assert "The spreadsheet rounded the IIN" in shown
    assert not Case.objects.exists()
    assert aigerim.post(page(given), {"move": "start", "programme": "covid-home"}).status_code == 302
    assert "every 2s" in text(aigerim.get(page(given)))
    taken()
    done = text(aigerim.get(page(given)))
    assert "Rows wait for a person" in done
    assert "every 2s" not in done
    assert Case.objects.count() == 2
    desk = text(aigerim.get("/operator/"))
    assert page(given) in desk
    assert "Rows of a list wait for a decision" in desk


def test_rows_to_mend_come_back_with_their_reason_and_are_given_again(aigerim, seen):
    give(aigerim, csv_bytes([RU, good(1), good(7, family='=HYPERLINK("x")', iin="00" + iin(7)[2:])]))
    given = IntakeList.objects.get()
    answer = aigerim.get(page(given) + "mend/")
    assert "Серік" not in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    header, row = [[cell for cell in line] for line in sheet.iter_rows()]
    assert [cell.value for cell in header] == [*RU, "What to mend"]
    assert {cell.data_type for cell in row} <= {"s", "inlineStr", "n"}
    assert row[0].value == '=HYPERLINK("x")'
    assert row[3].value.startswith("00")
    assert "A name holds digits or signs" in row[-1].value
    # Mended in the file itself and given again.
    row[0].value, row[3].value = "Ахметова", iin(7)
    mended = BytesIO()
    sheet.parent.save(mended)
    give(aigerim, mended.getvalue(), "list.xlsx")
    again = IntakeList.objects.order_by("-pk").first()
    assert list(again.rows.values_list("outcome", flat=True)) == ["new"]
    assert AuditEntry.objects.filter(action="export", object_uid=given.uid).exists()


def test_a_person_says_what_the_columns_hold(aigerim, seen):
    rows = [["a", "b", "c", "d"], ["Ахметова", "Әсел", iin(1), "87010000001"]]
    give(aigerim, csv_bytes(rows))
    given = IntakeList.objects.get()
    shown = text(aigerim.get(page(given)))
    assert "No row with names of columns was found" in shown
    columns = dict(
        zip(
            ("column_0", "column_1", "column_2", "column_3"), ("family_name", "given_name", "iin", "phone"), strict=True
        )
    )
    assert aigerim.post(page(given), {"move": "columns", "day": "2026-11-22"} | columns).status_code == 302
    assert list(given.rows.order_by("number").values_list("outcome", flat=True)) == ["bad", "new"]
    assert aigerim.post(page(given), {"move": "columns", "day": "soon"} | columns).status_code == 422


def test_a_doubtful_row_is_shown_beside_the_register(town, aigerim, seen):
    with scope(WORKER):
        who = make.person(town)
    give(aigerim, csv_bytes([RU, good(1, iin=iin_of(who), family="Ахметова")]))
    given = IntakeList.objects.get()
    aigerim.post(page(given), {"move": "start", "programme": "covid-home"})
    taken()
    row = IntakeRow.objects.get(state=RowState.CHECK)
    address = reverse("intake:row", args=[given.uid, row.number])
    assert address in text(aigerim.get(page(given)))
    shown = text(aigerim.get(address))
    assert "Ахметова" in shown
    assert "Серікбаева" in shown
    assert "The register has another name under this number" in shown
    assert AuditEntry.objects.filter(action="read", person_id=who.pk).exists()
    assert aigerim.post(address, {}).status_code == 422
    assert aigerim.post(address, {"choice": "same"}).headers["Location"] == page(given)
    assert IntakeList.objects.get().state == ListState.TAKEN
    assert Case.objects.get().person == who
    assert aigerim.get(address).status_code == 422


@pytest.mark.parametrize("name", [name for name, faulty in FAULTY.items() if faulty.refusal])
def test_a_file_that_cannot_be_read_is_said_on_the_form(aigerim, seen, name):
    answer = give(aigerim, FAULTY[name].data, "patients.xlsx")
    assert answer.status_code == 422
    assert "errorlist" in text(answer) or "summary" in text(answer)


def test_the_same_file_leads_to_its_list(aigerim, seen):
    data = csv_bytes([RU, good(1)])
    first = give(aigerim, data)
    aigerim.post(first.headers["Location"], {"move": "start", "programme": "covid-home"})
    taken()
    again = give(aigerim, data)
    assert again.headers["Location"] == first.headers["Location"]
    assert "This file was given before; it changes nothing." in text(aigerim.get(again.headers["Location"]))


def test_a_preview_is_thrown_away(aigerim, seen):
    address = give(aigerim, csv_bytes([RU, good(1)])).headers["Location"]
    assert aigerim.post(address, {"move": "discard"}).headers["Location"] == reverse("intake:lists")
    assert not IntakeRow.objects.exists()
    assert aigerim.get(address).status_code == 404


def test_a_file_over_the_limit_is_one_sentence(aigerim, seen):
    answer = give(aigerim, b"x" * 10_000_001)
    assert answer.status_code == 422
    assert "The file is larger than 10 MB." in text(answer)


def test_a_stranger_sees_no_list(town, aigerim, seen):
    address = give(aigerim, csv_bytes([RU, good(1)])).headers["Location"]
    assert signed_in(town, "dana").get(address).status_code == 403
    assert signed_in(town, "serik").get(address).status_code == 403


def test_many_rows_are_read_page_by_page(aigerim, seen):
    address = give(aigerim, csv_bytes([RU, *(good(number) for number in range(1, 62))])).headers["Location"]
    first = aigerim.get(address)
    assert len(first.context["rows"]) == 50
    second = aigerim.get(first.context["more_url"])
    assert [row.number for row in second.context["rows"]] == list(range(52, 63))


def test_people_of_one_name_stand_side_by_side_and_one_is_chosen(town, aigerim, seen):
    with scope(WORKER):
        first, second = make.person(town, phone="+77771110011"), make.person(town, phone="+77771110022")
    give(aigerim, csv_bytes([RU, good(1, iin="")]))
    given = IntakeList.objects.get()
    aigerim.post(page(given), {"move": "start", "programme": "covid-home"})
    taken()
    address = reverse("intake:row", args=[given.uid, IntakeRow.objects.get().number])
    shown = text(aigerim.get(address))
    for place, number in enumerate(("+7 777 111 00 11", "+7 777 111 00 22"), start=1):
        assert f"In the register: № {place}" in shown
        assert f"The same person as number {place}" in shown
        assert number in shown.replace("\u00a0", " ")
    read = AuditEntry.objects.filter(action="read", detail__why="list").values_list("person_id", flat=True)
    assert set(read) == {first.pk, second.pk}
    assert aigerim.post(address, {"choice": "same"}).status_code == 422
    assert aigerim.post(address, {"choice": f"same:{given.uid}"}).status_code == 422
    assert aigerim.post(address, {"choice": f"same:{second.uid}"}).headers["Location"] == page(given)
    assert Case.objects.get().person == second
