"""Lists and rows as templates show them, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medet.base import iin, phones, wording
from medet.base.refused import SENTENCES
from medet.records.intake.entry import Entry, by_field
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.queries import cells_of, columns_of, counts_of, read_row
from medet.records.intake.states import REASONS, ListState, Outcome, RowState
from medet.web.asked import Asked
from medet.web.parts.shapes import Pill, Tab, Tone

LISTS: dict[str, tuple[Tone, str]] = {
    ListState.PREVIEW: ("grey", "eye"),
    ListState.TAKING: ("brand", "refresh"),
    ListState.CHECK: ("amber", "alert-triangle"),
    ListState.TAKEN: ("green", "circle-check"),
}
OUTCOMES: dict[str, tuple[Tone, str]] = {
    Outcome.NEW: ("brand", "virus"),
    Outcome.KNOWN: ("grey", "check"),
    Outcome.CHANGED: ("brand", "edit"),
    Outcome.WITHDRAWN: ("grey", "x"),
    Outcome.NEGATIVE: ("grey", "circle"),
    Outcome.CHECK: ("amber", "user-check"),
    Outcome.BAD: ("red", "alert-triangle"),
}
ALL = gettext_lazy("All rows")
WHOLE = 12  # digits of an IIN: a spoilt one is shown as it was given, so that it can be mended


@dataclass(frozen=True)
class ListRow:
    """A given list in the list of lists."""

    url: str
    when: str
    who: str
    state: Pill


@dataclass(frozen=True)
class RowView:
    """A row of a list: whom it names, and what it means."""

    number: int
    name: str
    iin: str
    phone: str
    outcome: Pill
    reasons: Sequence[str]
    notes: Sequence[str]
    url: str = ""
    person_url: str = ""


def list_row(given: IntakeList) -> ListRow:
    """When, by whom, and where it stands."""
    return ListRow(
        url=reverse("intake:list", args=[given.uid]),
        when=wording.moment(given.given_at),
        who=str(given.by_user),
        state=list_pill(given),
    )


def list_pill(given: IntakeList) -> Pill:
    """Where a list stands as icon, word and colour."""
    tone, icon = LISTS[given.state]
    return Pill(tone, icon, str(ListState(given.state).label))


def outcome_tabs(given: IntakeList, counts: dict[str, int], shown: str) -> list[Tab]:
    """All rows, and each outcome there is."""
    url = reverse("intake:list", args=[given.uid])
    tabs = [Tab(str(ALL), url, sum(counts[code] for code in Outcome.values), current=not shown)]
    there = [code for code in Outcome if counts[code] or code == shown]
    return tabs + [Tab(str(code.label), f"{url}?show={code}", counts[code], current=code == shown) for code in there]


def row_view(row: IntakeRow, given: IntakeList, request: Asked) -> RowView:
    """The row in words. A row that cannot be read is shown as far as it was given."""
    read = read_row(row, given, now=request.now)
    name, number, phone = _of_entry(read.entry) if read.entry else _of_cells(row, given)
    tone, icon = OUTCOMES[row.outcome]
    word = RowState.LEFT.label if row.state == RowState.LEFT else Outcome(row.outcome).label
    open_check = row.state == RowState.CHECK
    return RowView(
        number=row.number,
        name=name,
        iin=number,
        phone=phone,
        outcome=Pill(tone, icon, str(word)),
        reasons=[words_of(code) for code in row.reasons],
        notes=[words_of(code) for code in row.notes],
        url=reverse("intake:row", args=[given.uid, row.number]) if open_check else "",
        person_url=reverse("operator:person", args=[row.person.uid]) if row.person and row.case_id else "",
    )


def _of_entry(entry: Entry) -> tuple[str, str, str]:
    name = " ".join(part for part in (entry.family_name, entry.given_name, entry.patronymic) if part)
    number = iin.masked(entry.iin) if entry.iin else entry.document
    return name, number, phones.masked(entry.phones[0]) if entry.phones else ""


def _of_cells(row: IntakeRow, given: IntakeList) -> tuple[str, str, str]:
    said = by_field(cells_of(row), columns_of(given))
    name = " ".join(said.get(part, "") for part in ("full_name", "family_name", "given_name", "patronymic")).strip()
    number = said.get("iin", "")
    shown = iin.masked(number) if number.isdecimal() and len(number) == WHOLE else number
    return name or " · ".join(cell for cell in cells_of(row) if cell)[:80], shown, said.get("phone", "")


def words_of(code: str) -> str:
    """A reason in the reader's language; what is wrong with an IIN has its words in base."""
    if code in REASONS:
        return str(REASONS[code])
    return str(SENTENCES.get(code, code)) % {"length": _("other than 12")}


def progress_of(given: IntakeList) -> dict[str, int | str]:
    """How far it is, for the bar."""
    counts = counts_of(given)
    whole = sum(counts[code] for code in Outcome.values)
    return {"label": _("Rows taken in"), "value": whole - counts["is_waiting"], "of": whole}
