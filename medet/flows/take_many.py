"""Many plain rows of a list at once: strangers become people under observation, all others are only noted.

The same decisions as `take_row`, written in a few statements by the bulk actions (`many.py` of the rooms); a test takes
the same lists both ways and compares the tables.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from medet.base.actor import Actor
from medet.flows.crowd import Plain
from medet.flows.reach import BASIS, Around
from medet.flows.take_row import DIAGNOSIS, identity_of, said_of, test_of
from medet.monitoring.many import enrol_many
from medet.monitoring.queries import programme
from medet.people.many import (
    Registered,
    add_documents,
    add_phones,
    attach_many,
    join_households,
    register_many,
    set_addresses,
)
from medet.records.intake.many import Held, move_many
from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.intake.queries import Found, neighbours_in, open_case_of
from medet.records.intake.rows import Became
from medet.records.intake.states import Outcome
from medet.records.many import Sample, open_at_home, record_tests


@transaction.atomic
def take_many(
    *, rows: Sequence[Plain], given: IntakeList, found: Found, by: Actor, writer: Actor, now: datetime
) -> None:
    """All of it or nothing. `by` stands for the list; `writer` moves its rows."""
    new = [one for one in rows if one.decided.outcome == Outcome.NEW]
    others = [one for one in rows if one.decided.outcome != Outcome.NEW]
    taken = list(zip((one.row for one in new), _observe(new, given, by=by, now=now), strict=True))
    held, samples = [], []
    for one in others:
        key = one.person.pk if one.person else None
        if one.decided.outcome == Outcome.CHECK:
            held.append(Held(one.row, one.decided.reasons, key))
            continue
        case, test = open_case_of(one.person, found), test_of(one.entry)
        became = Became(outcome=one.decided.outcome, person_id=key, case_id=case.pk if case else None)
        taken.append((one.row, became))
        samples += [Sample(case, test)] if case and test else []
    record_tests(samples=samples, by=by, now=now)
    _live_together(taken, given, now=now)
    move_many(taken=taken, held=held, by=writer)


def _live_together(taken: Sequence[tuple[IntakeRow, Became]], given: IntakeList, *, now: datetime) -> None:
    """Strangers of one household join the first of it who was taken in, as if they came one after the other."""
    listed = [(row, became) for row, became in taken if row.household_hash and became.person_id]
    first = neighbours_in(given, [_home(row) for row, _ in listed]) if listed else {}
    pairs = []
    for row, became in sorted(listed, key=lambda one: one[0].number):
        person = became.person_id or 0
        neighbour = first.setdefault(_home(row), person)
        if became.outcome == Outcome.NEW and neighbour != person:
            pairs.append((person, neighbour))
    join_households(pairs=pairs, now=now)


def _home(row: IntakeRow) -> bytes:
    return bytes(row.household_hash or b"")


def _observe(new: Sequence[Plain], given: IntakeList, *, by: Actor, now: datetime) -> list[Became]:
    identities = [identity_of(one.entry) for one in new]
    people = register_many(identities=identities, organisation=given.organisation, by=by, now=now)
    notes = _reach(new, people, given, by=by, now=now)
    cases = open_at_home(
        people=[person.id for person in people],
        diagnosis=DIAGNOSIS,
        organisation=given.organisation,
        by=by,
        now=now,
    )
    tests = [test_of(one.entry) for one in new]
    record_tests(samples=[Sample(case, test) for case, test in zip(cases, tests, strict=True) if test], by=by, now=now)
    enrol_many(cases=cases, programme=programme(given.programme_code), by=by, now=now)
    return [
        Became(outcome=Outcome.NEW, person_id=person.id, case_id=case.id, opened_case=True, notes=codes)
        for person, case, codes in zip(people, cases, notes, strict=True)
    ]


def _reach(
    new: Sequence[Plain], people: Sequence[Registered], given: IntakeList, *, by: Actor, now: datetime
) -> list[list[str]]:
    """Papers, telephones, addresses and clinics; for each the codes of what could not be understood."""
    pairs = [(person, one.entry) for person, one in zip(people, new, strict=True)]
    add_documents(papers=[(person, entry.document) for person, entry in pairs if entry.document], by=by, now=now)
    add_phones(numbers=[(person, entry.phones) for person, entry in pairs], by=by, now=now)
    said = [said_of(entry) for _, entry in pairs]
    around = Around.of(given.organisation.region, said)
    doors = [around.door(one) if one.street else (None, []) for one in said]
    clinics = [around.clinic(one) if one.clinic else (None, []) for one in said]
    set_addresses(doors=[(who, door) for who, (door, _) in zip(people, doors, strict=True) if door], by=by, now=now)
    attached = [(who, clinic) for who, (clinic, _) in zip(people, clinics, strict=True) if clinic]
    attach_many(clinics=attached, basis=BASIS, by=by, now=now)
    return [[*of_door, *of_clinic] for (_, of_door), (_, of_clinic) in zip(doors, clinics, strict=True)]
