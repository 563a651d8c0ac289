"""Somebody rings or is visited: person, suspected case, complaints, close contacts, home visit, all in one step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from medet.base import audit
from medet.base.actor import WORKER, Actor
from medet.base.names import fold
from medet.base.phones import parse as parse_phone
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.flows.observe import observe, register_case
from medet.flows.request_visit import VisitWish, request_visit
from medet.flows.told_elsewhere import told_elsewhere
from medet.flows.write_contact import write_contact
from medet.people.actions import Door, Identity, add_document, add_phone, register_person, set_address
from medet.people.models import Person
from medet.people.queries import by_iin, phones_of
from medet.people.states import Sex
from medet.places.models import Organisation
from medet.records.actions import Diagnosis, note_close_contact, register_close_contact
from medet.records.models import Case, CloseContact


@dataclass(frozen=True, kw_only=True)
class Near:
    """Somebody who was near the patient."""

    name: str
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """What one form holds: `person` was found, or `identity` is registered."""

    person: Person | None = None
    identity: Identity | None = None
    document: str = ""
    number: str = ""
    door: Door | None = None
    diagnosis: Diagnosis
    programme_code: str
    answers: Mapping[str, str] = field(default_factory=dict)
    near: tuple[Near, ...] = ()
    visit: VisitWish | None = None
    was_near: CloseContact | None = None


@transaction.atomic
def new_case(*, told: NewCase, organisation: Organisation, by: Actor, now: datetime) -> Case:
    """All of it or nothing; the observation begins today, and what was told counts as today's contact.

    Where another centre follows the person already, all that was told goes there, and its case comes back.
    """
    person = told.person or _register(told, organisation, by=by, now=now)
    _reach(person, told, by=by, now=now)
    elsewhere = told_elsewhere(
        person=person, organisation=organisation, given=told.answers, visit=told.visit, by=by, now=now
    )
    if elsewhere:
        with scope(WORKER):
            _note_near(elsewhere, told, by=by, now=now)
        return elsewhere
    case = register_case(person=person, diagnosis=told.diagnosis, organisation=organisation, by=by, now=now)
    _note_near(case, told, by=by, now=now)
    observe(case=case, programme_code=told.programme_code, by=by, now=now)
    case.refresh_from_db()
    if told.answers:
        write_contact(case=case, given=told.answers, by=by, now=now)
    if told.visit:
        request_visit(case=case, wish=told.visit, by=by, now=now)
    return case


def _note_near(case: Case, told: NewCase, *, by: Actor, now: datetime) -> None:
    """Who was near the patient, and near whom the patient was."""
    for near in told.near:
        number = parse_phone(near.number) if near.number else ""
        note_close_contact(case=case, name=near.name, number=number, by=by, now=now)
    if told.was_near:
        register_close_contact(near=told.was_near, person=case.person, by=by, now=now)


def _register(told: NewCase, organisation: Organisation, *, by: Actor, now: datetime) -> Person:
    """A new person, or the one who bears this IIN already: at another centre they are not seen, and still one human
    being who rings us now. Who says all that is known of them is known to us from here on; the audit says so."""
    identity = told.identity or Identity(family_name="", given_name="")
    known = by_iin(identity.iin) if identity.iin else None
    if known and not _is_same(known.root, identity):
        raise Refused("person.iin_other_name")
    if known:
        audit.record(by=by, now=now, action="read", person_id=known.root_id, object_uid=known.uid, why="iin given")
    person = known or register_person(identity=identity, organisation=organisation, by=by, now=now)
    if told.document:
        add_document(person=person, number=told.document, by=by, now=now)
    return person


def _is_same(person: Person, said: Identity) -> bool:
    """The IIN of a sister or a child is easily taken for one's own: everything that was said must fit."""
    names = (fold(said.family_name), fold(said.given_name)) == (person.family_fold, person.given_fold)
    born = said.birth_date is None or person.birth_date in (None, said.birth_date)
    return names and born and (Sex.UNKNOWN in (said.sex, person.sex) or said.sex == person.sex)


def _reach(person: Person, told: NewCase, *, by: Actor, now: datetime) -> None:
    if told.number and parse_phone(told.number) not in {phone.number for phone in phones_of(person)}:
        add_phone(person=person, number=told.number, by=by, now=now)
    if told.door:
        set_address(person=person, door=told.door, by=by, now=now)
