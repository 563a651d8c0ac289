"""One row of a list becomes a person, a case and an observation, or takes a case back; all of it or nothing."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from medet.base import secret
from medet.base.actor import WORKER, Actor
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.flows.end_case import end_case
from medet.flows.observe import begin
from medet.flows.reach import Said, reach
from medet.people.actions import Identity, add_document, complete_person, join_household, register_person
from medet.people.models import Person
from medet.people.states import Language, Sex
from medet.records.actions import Diagnosis, classify_case, open_case
from medet.records.intake import rules
from medet.records.intake.actions import Became, hold_row, spoil_row, take, withdraw_samples
from medet.records.intake.entry import WITHDRAWN, Entry
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.queries import Found, find, holding, known_of, neighbours_in, read_row
from medet.records.intake.states import Outcome
from medet.records.many import Sample, record_tests
from medet.records.models import Case
from medet.records.queries import current_case
from medet.records.rules import PcrTest
from medet.records.states import OPEN, CaseState, Classification, Pcr, Regimen, Severity

# A list says nothing of how ill somebody is; the first conversation does.
DIAGNOSIS = Diagnosis(
    classification=Classification.CONFIRMED,
    icd10="U07.1",
    severity=Severity.MILD,
    regimen=Regimen.HOME_TREATMENT,
)
UNSURE = (Classification.SUSPECTED, Classification.PROBABLE)


@transaction.atomic
def take_row(
    *, row: IntakeRow, given: IntakeList, by: Actor, writer: Actor, now: datetime, settled: Person | None = None,
    as_other: bool = False, found: Found | None = None,
) -> None:  # fmt: skip
    """Decides anew, since the register moves, and writes. `by` stands for the list; `writer` moves the row."""
    read = read_row(row, given, now=now)
    if read.entry is None:
        spoil_row(row=row, read=read, by=writer, now=now)
        return
    entry, found = read.entry, found or find([read.entry], apart_from=[row.pk])
    person = None if as_other else settled or found.people.get(entry.identity)
    # Of another person than all whom the register knows, it knows nothing.
    known = rules.Known() if as_other else known_of(entry, found, settled=settled)
    decided = rules.decide(entry, known)
    if decided.outcome == Outcome.CHECK:
        if settled or as_other:
            raise Refused("list.choice_impossible")
        hold_row(row=row, reasons=decided.reasons, person=person, by=writer, now=now)
        return
    write = _WRITERS[decided.outcome]
    became = write(row, given, entry, person, by, now)
    test = test_of(entry)
    if became.case_id and test and not known.said_before:
        _tell(became.case_id, test, by=by, now=now)
    take(row=row, became=became, by=writer, now=now)


def test_of(entry: Entry) -> PcrTest | None:
    """The result as it is told of a case; a withdrawal tells of the samples it takes back."""
    return None if entry.result == WITHDRAWN else PcrTest(entry.taken_on, Pcr(entry.result))


def _tell(case_id: int, test: PcrTest, *, by: Actor, now: datetime) -> None:
    """What the laboratory says stands in the case it is about, whichever centre follows it."""
    with scope(WORKER):
        record_tests(samples=[Sample(Case.objects.get(pk=case_id), test)], by=by, now=now)


def _became(outcome: Outcome, person: Person | None, case: Case | None = None, **more: Any) -> Became:
    return Became(outcome=outcome, person_id=person.pk if person else None, case_id=case.pk if case else None, **more)


def _known(row: IntakeRow, given: IntakeList, entry: Entry, person: Person | None, by: Actor, now: datetime) -> Became:
    """Nothing is written; a second test of somebody who is ill holds the case as well."""
    case = current_case(person) if person else None
    return _became(Outcome.KNOWN, person, case)


def _negative(
    row: IntakeRow, given: IntakeList, entry: Entry, person: Person | None, by: Actor, now: datetime
) -> Became:
    """No case is opened. To whoever has one it is the control: by the outpatient algorithm of the Ministry of Health
    (2020) somebody is well with no fever, fading symptoms and one negative PCR."""
    with scope(WORKER):
        case = current_case(person) if person else None
    return _became(Outcome.NEGATIVE, person, case)


def _new(row: IntakeRow, given: IntakeList, entry: Entry, person: Person | None, by: Actor, now: datetime) -> Became:
    owner = person or _register(entry, given, by=by, now=now)
    if person:
        sex = Sex(entry.sex) if entry.sex else Sex.UNKNOWN
        complete_person(person=person, birth_date=entry.birth_date, sex=sex, by=by, now=now)
    notes = _reach(row, given, entry, owner, by=by, now=now, unknown=person is None)
    # Opened and observed in one transaction: nobody sees it in between, so nobody owes its start.
    case = open_case(person=owner, diagnosis=DIAGNOSIS, organisation=given.organisation, by=by, now=now)
    begin(case=case, programme_code=given.programme_code, by=by, now=now)
    return _became(Outcome.NEW, owner, case, opened_case=True, notes=notes)


def _changed(
    row: IntakeRow, given: IntakeList, entry: Entry, person: Person | None, by: Actor, now: datetime
) -> Became:
    if person is None:
        raise Refused("person.not_visible")
    notes = _reach(row, given, entry, person, by=by, now=now)
    case, before = current_case(person), None
    if case and case.classification in UNSURE:
        before = {"classification": case.classification, "icd10": case.icd10}
        classify_case(case_id=case.pk, classification=Classification.CONFIRMED, icd10=DIAGNOSIS.icd10, by=by, now=now)
    return _became(Outcome.CHANGED, person, case, before=before, notes=notes)


def _withdrawn(
    row: IntakeRow, given: IntakeList, entry: Entry, person: Person | None, by: Actor, now: datetime
) -> Became:
    """Its sample holds the case no more; the case is a mistake when no other sample holds it."""
    held = _rows_withdrawn(row, entry, person)
    withdraw_samples(rows=held, now=now)
    for one in held:
        taken_back = read_row(one, one.given, now=now).entry
        if one.case_id and taken_back and not _stays_positive(one.case_id, taken_back.taken_on, now=now):
            _tell(one.case_id, PcrTest(taken_back.taken_on, Pcr.WITHDRAWN), by=by, now=now)
    cases = {one.case_id: one.case for one in held if one.case}
    for case in cases.values():
        _take_back(case, by=by, now=now)
    return _became(Outcome.WITHDRAWN, person or held[0].person, next(iter(cases.values()), None))


def _stays_positive(case_id: int, day: date, *, now: datetime) -> bool:
    """Whether another sample of that day holds the case: it said nothing new and has no reading of its own."""
    with scope(WORKER):
        rows = holding().filter(case_id=case_id, withdrawn_at__isnull=True).exclude(outcome=Outcome.WITHDRAWN)
        entries = [read_row(row, row.given, now=now).entry for row in rows.select_related("given")]
    return any(entry and test_of(entry) == PcrTest(day, Pcr.POSITIVE) for entry in entries)


def _rows_withdrawn(row: IntakeRow, entry: Entry, person: Person | None) -> list[IntakeRow]:
    rows = (
        holding()
        .filter(withdrawn_at__isnull=True)
        .exclude(pk=row.pk)
        .select_related("case", "person", "given")
        .order_by("-pk")
    )
    held = list(rows.filter(sample_hash=secret.keyed_hash(entry.sample)))
    if held or person is None:
        return held
    last = rows.filter(person__root_id=person.root_id, case__state__in=OPEN).first()
    return list(rows.filter(sample_hash=last.sample_hash)) if last else []


def _take_back(case: Case, *, by: Actor, now: datetime) -> None:
    rows = holding().filter(case=case).exclude(outcome=Outcome.WITHDRAWN)
    if case.state not in OPEN or rows.filter(withdrawn_at__isnull=True).exists():
        return
    if rows.filter(opened_case=True).exists():
        end_case(case=case, to=CaseState.MISTAKEN, by=by, now=now, why="withdrawn")
        return
    confirmed = rows.exclude(before={}).order_by("pk").first()
    if confirmed is None:
        raise Refused("list.case_of_others")
    before = Classification(confirmed.before["classification"])
    classify_case(case_id=case.pk, classification=before, icd10=confirmed.before["icd10"], by=by, now=now)


_Writer = Callable[[IntakeRow, IntakeList, Entry, Person | None, Actor, datetime], Became]
_WRITERS: dict[str, _Writer] = {
    Outcome.NEW: _new,
    Outcome.KNOWN: _known,
    Outcome.NEGATIVE: _negative,
    Outcome.CHANGED: _changed,
    Outcome.WITHDRAWN: _withdrawn,
}


def _register(entry: Entry, given: IntakeList, *, by: Actor, now: datetime) -> Person:
    return register_person(identity=identity_of(entry), organisation=given.organisation, by=by, now=now)


def identity_of(entry: Entry) -> Identity:
    """Who a row is about, as the register takes it."""
    return Identity(
        family_name=entry.family_name,
        given_name=entry.given_name,
        patronymic=entry.patronymic,
        iin=entry.iin or None,
        birth_date=entry.birth_date,
        sex=Sex(entry.sex) if entry.sex else Sex.UNKNOWN,
        language=Language(entry.language) if entry.language else Language.RU,
    )


def said_of(entry: Entry) -> Said:
    """How they are reached, as the list says it."""
    return Said(
        phones=entry.phones,
        district=entry.district,
        street=entry.street,
        house=entry.house,
        flat=entry.flat,
        clinic=entry.clinic,
    )


def _reach(
    row: IntakeRow, given: IntakeList, entry: Entry, person: Person, *, by: Actor, now: datetime, unknown: bool = False
) -> Sequence[str]:
    if entry.document:
        add_document(person=person, number=entry.document, by=by, now=now)
    _live_together(row, person, now=now)
    region = given.organisation.region
    return reach(person=person, said=said_of(entry), region=region, by=by, now=now, unknown=unknown)


def _live_together(row: IntakeRow, person: Person, *, now: datetime) -> None:
    if row.household_hash is None:
        return
    home = bytes(row.household_hash)
    neighbour = neighbours_in(row.given, [home]).get(home)
    if neighbour:
        join_household(person=person, neighbour=Person.objects.get(pk=neighbour), now=now)
