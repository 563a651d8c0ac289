"""Scores the reader on the forty lists: what a careful registrar said of each row, against what the reader says."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from medet.records.intake import columns
from medet.records.intake.entry import NEGATIVE, WITHDRAWN, Entry, Read, by_field, read_entry
from medet.records.intake.sheet import Limits, Unreadable, read_lines

FOLDER = Path(__file__).parent / "lists"
TODAY = date(2026, 11, 24)
# The reader's codes for each kind of fault the labels know.
REFUSALS = {
    "empty": {"list.empty", "list.no_rows"},
    "columns": {"list.no_header"},
    "kind": {"list.not_a_list"},
    "size": {"list.too_big", "list.bomb"},
}
FAULTS = {"iin": "iin", "name": "name", "date": ("date", "day", "birth"), "result": "result"}


def expected() -> dict[str, Any]:
    """File -> what a careful registrar says of it."""
    return dict(yaml.safe_load((FOLDER / "expected.yaml").read_text(encoding="utf-8")))


def faults(name: str, wanted: dict[str, Any]) -> list[str]:
    """Every row of a file that was read otherwise than labelled; empty when all is right."""
    data = (FOLDER / "files" / name).read_bytes()
    try:
        lines = read_lines(data, Limits())
        place = columns.header_of(lines)
        if place is None:
            raise Unreadable("list.no_header")
        if len(lines) == place + 1:
            raise Unreadable("list.empty")
    except Unreadable as refusal:
        asked = REFUSALS.get(wanted.get("refused", ""), set())
        return [] if refusal.code in asked else [f"{name}: refused as {refusal.code}"]
    if "refused" in wanted:
        return [f"{name}: read, though it is {wanted['refused']}"]
    mapping = columns.mapping_of(lines[place].cells)
    read = {
        line.number: read_entry(by_field(line.cells, mapping), today=TODAY, day=TODAY) for line in lines[place + 1 :]
    }
    return list(_differences(name, wanted, read))


def _differences(name: str, wanted: dict[str, Any], read: dict[int, Read]) -> Iterator[str]:
    numbers = sorted(read)
    seen: dict[str, int] = {}
    for record, row in enumerate(wanted["rows"], start=1):
        number = row["line"] if "record" not in row and row["line"] in read else _nth(numbers, record)
        got = read.get(number)
        said = "not read" if got is None else _said(row, got, seen)
        if said:
            yield f"{name} line {row['line']}: {said}"
        if got and got.entry:
            seen.setdefault(got.entry.sample, row["line"])
    known = {row["line"] for row in wanted["rows"]} | set(wanted.get("ignored", ()))
    extra = [number for number in numbers if number not in known] if len(numbers) > len(wanted["rows"]) else []
    for number in extra:
        yield f"{name} line {number}: a row that is none"


def _nth(numbers: list[int], record: int) -> int:
    """Where lines break inside a cell, rows are told by their order."""
    return numbers[record - 1] if record <= len(numbers) else 0


def _said(row: dict[str, Any], got: Read, seen: dict[str, int]) -> str:
    state = row["state"]
    if state == "any":
        return ""
    if state == "bad":
        return "" if _faulty(row["reason"], got) else f"{row['reason']} not found, said {got.faults or 'good'}"
    if got.entry is None:
        return f"given back: {got.faults}"
    if state == "duplicate":
        return "" if got.entry.sample in seen else "not the same as before"
    if state in (NEGATIVE, WITHDRAWN):
        return "" if got.entry.result == state else f"read as {got.entry.result}"
    return _values(row, got.entry)


def _faulty(reason: str, got: Read) -> bool:
    # Two people under one number are told apart when the list meets the register: see test_lists.py.
    if reason == "conflict":
        return True
    words = FAULTS[reason]
    return any(word in code for code in got.faults for word in ((words,) if isinstance(words, str) else words))


def _values(row: dict[str, Any], entry: Entry) -> str:
    got = {
        "iin": entry.iin,
        "family": entry.family_name,
        "given": entry.given_name,
        "birth": str(entry.birth_date),
        "phone": entry.phones[0] if entry.phones else "",
        "taken": str(entry.taken_on),
    }
    wrong = {name: value for name, value in got.items() if value != row[name]}
    if wrong:
        return f"read {wrong}, wanted { {name: row[name] for name in wrong} }"
    if row.get("remark") == "phone" and "phone_unread" not in entry.notes:
        return "nothing is said of the telephone"
    return ""
