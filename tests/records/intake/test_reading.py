"""Faulty files, byte by byte: each is read for what it holds, or refused with a reason."""

from collections import Counter
from datetime import date

import pytest

from medet.records.intake import columns
from medet.records.intake.entry import by_field, read_entry
from medet.records.intake.sheet import Limits, Unreadable, read_lines
from medet.records.intake.states import REASONS
from tests.records.intake.faulty import all_faulty, good
from tests.records.intake.sheets import csv_bytes, xlsx_bytes

TODAY = date(2026, 11, 23)
FAULTY = {faulty.name: faulty for faulty in all_faulty()}
KEPT = "header-only"  # it is a list; that it has no row is found when it is kept
READ = [name for name, faulty in FAULTY.items() if not faulty.refusal]


def entries(data):
    lines = read_lines(data, Limits())
    place = columns.header_of(lines)
    mapping = columns.mapping_of(lines[place].cells) if place is not None else {}
    body = lines[place + 1 :] if place is not None else lines
    return [read_entry(by_field(line.cells, mapping), today=TODAY, day=TODAY) for line in body]


def test_there_are_more_than_twenty_kinds():
    assert len(FAULTY) == len(all_faulty()) > 40


@pytest.mark.parametrize("name", READ)
def test_what_can_be_read_is_read(name):
    faulty = FAULTY[name]
    read = entries(faulty.data)
    got = Counter("bad" if one.entry is None else one.entry.result for one in read)
    assert got["bad"] == faulty.outcomes.get("bad", 0)
    assert got.total() == sum(faulty.outcomes.values())
    assert {code for one in read for code in one.faults} >= set(faulty.reasons)


@pytest.mark.parametrize("name", [name for name in FAULTY if name not in READ and name != KEPT])
def test_what_cannot_is_refused(name):
    with pytest.raises(Unreadable) as caught:
        read_lines(FAULTY[name].data, Limits())
    assert caught.value.code == FAULTY[name].refusal


def test_every_fault_has_its_words():
    for name in READ:
        for one in entries(FAULTY[name].data):
            assert set(one.faults) | set(one.entry.notes if one.entry else ()) <= set(REASONS) | IIN_WORDS


IIN_WORDS = {"iin.check_digit", "iin.length", "iin.digits", "iin.birth_date_differs", "iin.sex_differs"}


def test_zeros_and_days_are_put_right():
    for name, iin_begins in (("leading-zeros-lost", "0200"), ("iin-as-excel-number", "0200")):
        assert entries(FAULTY[name].data)[0].entry.iin.startswith(iin_begins)
    for name in ("days-as-excel-numbers", "days-counted-from-1904", "days-as-numbers-in-text", "days-in-many-forms"):
        assert {one.entry.birth_date for one in entries(FAULTY[name].data)} == {date(1959, 4, 12)}
        assert {one.entry.taken_on for one in entries(FAULTY[name].data)} == {date(2026, 11, 22)}


def test_kazakh_letters_survive_the_old_code_page():
    assert entries(FAULTY["kazakh-code-page"].data)[0].entry.family_name == "Серікбаева"
    assert entries(FAULTY["windows-1251"].data)[0].entry.patronymic == "Нурлановна"


def test_telephones_in_one_cell():
    first, second = entries(FAULTY["phone-as-number-and-two-in-a-cell"].data)
    assert first.entry.phones == ("+77010000001",)
    assert second.entry.phones == ("+77010000002", "+77010000003")


@pytest.mark.parametrize(
    ("text", "street", "house", "flat"),
    [
        ("ул. Абая, д. 12, кв. 5", "ул. Абая", "12", "5"),
        ("Абай көшесі 12А, 5 пәтер", "Абай көшесі 12А, 5 пәтер", "", ""),
        ("мкр Аксай-4, дом 12/1, 48", "мкр Аксай-4", "12/1", "48"),
        ("за мостом", "за мостом", "", ""),
    ],
)
def test_an_address_in_one_cell(text, street, house, flat):
    head = ["Фамилия", "Имя", "ИИН", "Адрес"]
    read = entries(csv_bytes([head, [*good(1)[:2], good(1)[3], text]]))[0].entry
    assert (read.street, read.house, read.flat) == (street, house, flat)


def test_limits_hold():
    with pytest.raises(Unreadable, match="too_long"):
        read_lines(csv_bytes([["Фамилия", "Имя"]] + [["А", "Б"]] * 30), Limits(rows=20))
    assert len(read_lines(xlsx_bytes([["x"] * 26] * 2), Limits(columns=5))[0].cells) == 5
