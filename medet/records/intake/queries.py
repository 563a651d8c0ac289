"""Lists as pages and flows read them, and what the register knows of the people in them, many rows at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from json import loads
from operator import or_
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from medet.base import secret
from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.base.names import fold, fold_street
from medet.base.refused import Refused
from medet.people.models import Address, Attachment, Document, Person, Phone
from medet.records.intake.entry import Entry, Read, by_field, read_entry
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.rules import Facts, Known
from medet.records.intake.states import ListState, Outcome, RowState
from medet.records.models import Case
from medet.records.states import OPEN, CaseState

# Rows that count as said: decided, or waiting for a decision; a row to mend has said nothing yet.
SAID = (RowState.TAKEN, RowState.CHECK, RowState.LEFT)


def lists_of(actor: Actor) -> QuerySet[IntakeList]:
    """Lists of the actor's organisations, newest first."""
    return (
        IntakeList.objects.filter(organisation_id__in=actor.organisation_ids)
        .exclude(state=ListState.DISCARDED)
        .select_related("by_user", "organisation")
        .order_by("-pk")
    )


def open_list(*, uid: UUID, by: Actor) -> IntakeList:
    """One list for a page."""
    found = lists_of(by).filter(uid=uid).first()
    if found is None:
        raise Refused("list.not_visible")
    return found


def counts_of(given: IntakeList) -> dict[str, int]:
    """Rows by outcome, and under `waiting`, `taken`, `check_open`, `bad_open` by state."""
    rows = given.rows.values_list("outcome", "state").annotate(n=Count("pk"))
    found: dict[str, int] = dict.fromkeys(Outcome.values, 0) | {f"is_{state}": 0 for state in RowState.values}
    for outcome, state, number in rows:
        found[outcome] += number
        found[f"is_{state}"] += number
    return found


def rows_of(given: IntakeList, outcome: str = "", *, after: int = 0) -> QuerySet[IntakeRow]:
    """Rows in the order of the file, from a number on."""
    rows = given.rows.filter(number__gt=after).order_by("number")
    return rows.filter(outcome=outcome) if outcome else rows


def cells_of(row: IntakeRow) -> list[str]:
    """What the file said."""
    return list(loads(secret.decrypt(row.cells_cipher)))


def header_of(given: IntakeList) -> list[str]:
    """The names of the columns as the file has them."""
    return list(loads(secret.decrypt(given.header_cipher)))


def columns_of(given: IntakeList) -> dict[int, str]:
    """Column -> field."""
    return {int(place): name for place, name in given.mapping.items()}


def read_row(row: IntakeRow, given: IntakeList, *, now: datetime) -> Read:
    """What the row says, with the columns of its list."""
    texts = by_field(cells_of(row), columns_of(given))
    return read_entry(texts, today=local_day(now), day=given.day)


def hash_of(entry: Entry, said: Literal["content", "sample"]) -> bytes:
    """Under which look-up key a row says it; kept with the entry, as its other cached values are."""
    kept: dict[str, bytes] = entry.__dict__.setdefault("_hashes", {})
    if said not in kept:
        kept[said] = secret.keyed_hash(getattr(entry, said))
    return kept[said]


Named = tuple[str, str, date | None]


@dataclass
class Found:
    """The person behind each identity of some rows, and everything about them by root."""

    people: dict[str, Person] = field(default_factory=dict)
    namesakes: Mapping[Named, set[int]] = field(default_factory=dict)  # roots of the same name and day of birth
    phones: Mapping[int, set[str]] = field(default_factory=dict)
    addresses: Mapping[int, Address] = field(default_factory=dict)
    clinics: Mapping[int, Attachment] = field(default_factory=dict)
    cases: Mapping[int, list[Case]] = field(default_factory=dict)
    said: set[bytes] = field(default_factory=set)
    samples: Mapping[bytes, list[IntakeRow]] = field(default_factory=dict)
    holding: set[int] = field(default_factory=set)  # roots with a case that a sample holds


def find(entries: Sequence[Entry], *, apart_from: Sequence[int] = ()) -> Found:
    """A fixed number of queries for any number of rows. `apart_from`: rows that are asking."""
    people, alike = _people(entries), _namesakes(entries)
    roots = {person.root_id for person in people.values()}.union(*alike.values())
    return Found(
        people=people,
        namesakes=alike,
        phones=_grouped(Phone.objects.filter(person__root_id__in=roots), lambda row: row.number),
        addresses=_latest(Address.objects.filter(person__root_id__in=roots, valid_to__isnull=True)),
        clinics=_latest(Attachment.objects.filter(person__root_id__in=roots, valid_to__isnull=True)),
        cases=_cases(roots),
        said=said_among((hash_of(entry, "content") for entry in entries), apart_from),
        samples=_samples(entries, apart_from),
        holding=set(
            holding()
            .filter(person__root_id__in=roots, withdrawn_at__isnull=True, case__state__in=OPEN)
            .values_list("person__root_id", flat=True)
        ),
    )


def holding() -> QuerySet[IntakeRow]:
    """Rows by which a case hangs on a sample; a control that was negative is told of the case and holds nothing."""
    return IntakeRow.objects.filter(state=RowState.TAKEN, case__isnull=False).exclude(outcome=Outcome.NEGATIVE)


def known_of(entry: Entry, found: Found, *, settled: Person | None = None) -> Known:
    """What bears on one row. `settled`: the person somebody has chosen."""
    person = settled or found.people.get(entry.identity)
    root = person.root_id if person else 0
    # A number of its own tells somebody from all namesakes, whoever else stands in the list.
    alike = set() if person or entry.iin else found.namesakes.get(_by_name(entry), set())
    cases = found.cases.get(root, [])
    open_case = open_case_of(person, found)
    ended = [case.ended_at for case in cases if case.ended_at and case.state != CaseState.MISTAKEN]
    return Known(
        said_before=settled is None and hash_of(entry, "content") in found.said,
        person=_facts(person, cases) if person else None,
        namesake=bool(alike),
        namesake_ill=any(case.state in OPEN for one in alike for case in found.cases.get(one, [])),
        sample=_sample(found.samples.get(hash_of(entry, "sample"), [])),
        last_sample=root in found.holding,
        classification=open_case.classification if open_case else "",
        ended_on=local_day(max(ended)) if ended else None,
        fresh=bool(person) and _fresh(entry, root, found),
        settled=settled is not None,
    )


def open_case_of(person: Person | None, found: Found) -> Case | None:
    """The case somebody has now."""
    return next((case for case in found.cases.get(person.root_id, []) if case.state in OPEN), None) if person else None


def neighbours_in(given: IntakeList, households: Iterable[bytes]) -> dict[bytes, int]:
    """The first person of each household of a list that was taken in; by key."""
    rows = IntakeRow.objects.filter(given=given, household_hash__in=set(households), state=RowState.TAKEN)
    found = rows.filter(person__isnull=False).order_by("-number").values_list("household_hash", "person")
    return {bytes(home or b""): person for home, person in found}


def _people(entries: Sequence[Entry]) -> dict[str, Person]:
    by_hash = {secret.keyed_hash(entry.iin): entry.identity for entry in entries if entry.iin}
    people = {
        by_hash[bytes(person.iin_hash or b"")]: person
        for person in Person.objects.filter(iin_hash__among=list(by_hash)).select_related("root")
    }
    papers = {
        secret.keyed_hash(entry.document): entry.identity for entry in entries if not entry.iin and entry.document
    }
    for paper in Document.objects.filter(number_hash__among=list(papers)).select_related("person__root"):
        people[papers[bytes(paper.number_hash)]] = paper.person
    return people


def _by_name(entry: Entry) -> Named:
    return fold(entry.family_name), fold(entry.given_name), entry.birth_date


def _namesakes(entries: Sequence[Entry]) -> dict[Named, set[int]]:
    """Human beings of the same name and day of birth as somebody whom the list gives no number of the register's."""
    wanted = {_by_name(entry) for entry in entries if not entry.iin and entry.birth_date}
    found: dict[Named, set[int]] = defaultdict(set)
    if wanted:
        match = (Q(family_fold=family, given_fold=given, birth_date=born) for family, given, born in wanted)
        rows = Person.objects.filter(reduce(or_, match))
        for family, given, born, root in rows.values_list("family_fold", "given_fold", "birth_date", "root"):
            found[family, given, born].add(root)
    return found


def namesakes_of(entry: Entry) -> QuerySet[Person]:
    """Whom a row without a number may be about: who is in the register under its name and day of birth."""
    roots = _namesakes([entry]).get(_by_name(entry), set())
    return Person.objects.filter(pk__in=roots).order_by("pk")


def said_among(contents: Iterable[bytes], apart_from: Sequence[int] = ()) -> set[bytes]:
    """Which of these are said already by other rows, whatever became of them."""
    rows = IntakeRow.objects.filter(content_hash__among=list(contents), state__in=SAID).exclude(id__among=apart_from)
    return {bytes(row or b"") for row in rows.values_list("content_hash", flat=True)}


def _samples(entries: Sequence[Entry], apart_from: Sequence[int]) -> dict[bytes, list[IntakeRow]]:
    samples: dict[bytes, list[IntakeRow]] = defaultdict(list)
    hashes = [hash_of(entry, "sample") for entry in entries]
    held = holding().filter(sample_hash__among=hashes)
    for row in held.exclude(id__among=apart_from).order_by("pk"):
        samples[bytes(row.sample_hash or b"")].append(row)
    return samples


def _sample(rows: Sequence[IntakeRow]) -> str:
    if not rows:
        return ""
    return "withdrawn" if all(row.withdrawn_at for row in rows) else "held"


def _grouped(rows: QuerySet[Any], value: Any) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for row in rows.select_related("person"):
        found[row.person.root_id].add(value(row))
    return found


def _latest(rows: QuerySet[Any]) -> dict[int, Any]:
    return {row.person.root_id: row for row in rows.select_related("person").order_by("valid_from")}


def _cases(roots: set[int]) -> dict[int, list[Case]]:
    found: dict[int, list[Case]] = defaultdict(list)
    for case in Case.objects.filter(person__root_id__in=roots).select_related("person"):
        found[case.person.root_id].append(case)
    return found


def _facts(person: Person, cases: Sequence[Case]) -> Facts:
    root = person.root
    return Facts(
        family_fold=root.family_fold,
        given_fold=root.given_fold,
        birth_date=root.birth_date,
        sex=root.sex,
        died=any(case.state == CaseState.DIED for case in cases),
    )


def _fresh(entry: Entry, root: int, found: Found) -> bool:
    address = found.addresses.get(root)
    lives = (fold_street(address.street), address.house, address.flat) if address else ("", "", "")
    moved = bool(entry.street) and (fold_street(entry.street), entry.house, entry.flat) != lives
    return moved or not set(entry.phones) <= found.phones.get(root, set())
