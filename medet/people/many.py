"""The same actions for many new people at once: the rows of `rows.py` in a few statements.

Only for people whom this transaction registers: nothing is known of them, so nothing is looked for and nothing ends.
What is taken already (an IIN, a paper) is an IntegrityError of the whole; whoever calls takes them one by one then.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from medet.base import bulk, journal
from medet.base.actor import Actor
from medet.base.ids import uuid7
from medet.base.journal import Told
from medet.people.models import (
    Address,
    Attachment,
    Document,
    Episode,
    GivenName,
    Household,
    Person,
    Phone,
    Surname,
)
from medet.people.rows import (
    Door,
    Identity,
    address_row,
    attachment_row,
    document_row,
    episode_row,
    person_row,
    phone_row,
)
from medet.places.models import Organisation


class Registered(NamedTuple):
    """A person who was written a moment ago."""

    id: int
    uid: UUID


@transaction.atomic(savepoint=False)
def register_many(
    *, identities: Sequence[Identity], organisation: Organisation, by: Actor, now: datetime
) -> list[Registered]:
    """New people who are their own roots, in the order given."""
    keys = bulk.next_keys(Person, len(identities))
    rows = [
        person_row(identity, key=key, organisation_id=organisation.pk, now=now)
        for identity, key in zip(identities, keys, strict=True)
    ]
    bulk.insert(Person, rows)
    _know_names({row["family_fold"] for row in rows}, {row["given_fold"] for row in rows})
    made = [Registered(row["id"], row["uid"]) for row in rows]
    _journal(made, kind="person.registered", organisation_id=organisation.pk, by=by, now=now)
    return made


def _know_names(families: set[str], given: set[str]) -> None:
    """In order, so that two lists that bring the same new names wait for each other and never cross."""
    bulk.insert(Surname, [{"fold": fold} for fold in sorted(families)], or_nothing=True)
    bulk.insert(GivenName, [{"fold": fold} for fold in sorted(given)], or_nothing=True)


@transaction.atomic(savepoint=False)
def add_documents(*, papers: Sequence[tuple[Registered, str]], by: Actor, now: datetime) -> None:
    """A paper that is somebody's already stays theirs."""
    rows = [document_row(person.id, number) for person, number in papers]
    hashes = [row["number_hash"] for row in rows]
    taken = {
        bytes(row) for row in Document.objects.filter(number_hash__in=hashes).values_list("number_hash", flat=True)
    }
    free = [place for place, row in enumerate(rows) if row["number_hash"] not in taken]
    bulk.insert(Document, [rows[place] for place in free])
    _journal([papers[place][0] for place in free], kind="document.added", by=by, now=now)


@transaction.atomic(savepoint=False)
def add_phones(*, numbers: Sequence[tuple[Registered, Sequence[str]]], by: Actor, now: datetime) -> None:
    """Each one's numbers as `base.phones.parse` gives them, in the order given."""
    rows = [
        phone_row(person.id, number, position=place)
        for person, listed in numbers
        for place, number in enumerate(dict.fromkeys(listed))
    ]
    bulk.insert(Phone, rows)
    told = [Told(row["uid"], person_id=row["person_id"]) for row in rows]
    journal.append_many(kind="phone.added", by=by, now=now, told=told)


@transaction.atomic(savepoint=False)
def set_addresses(*, doors: Sequence[tuple[Registered, Door]], by: Actor, now: datetime) -> None:
    """Where they are, from now on."""
    bulk.insert(Address, [address_row(person.id, door, now=now) for person, door in doors])
    _journal([person for person, _ in doors], kind="address.set", by=by, now=now)


@transaction.atomic(savepoint=False)
def attach_many(
    *, clinics: Sequence[tuple[Registered, Organisation]], basis: str = "", by: Actor, now: datetime
) -> None:
    """To which clinic each is attached, from now on."""
    rows = [attachment_row(person.id, clinic.pk, basis=basis, now=now) for person, clinic in clinics]
    bulk.insert(Attachment, rows)
    told = [Told(person.uid, person_id=person.id, organisation_id=clinic.pk) for person, clinic in clinics]
    journal.append_many(kind="person.attached", by=by, now=now, told=told)


@transaction.atomic(savepoint=False)
def join_households(*, pairs: Sequence[tuple[int, int]], now: datetime) -> None:
    """New people, by key, each into the household of a neighbour, who gets one where there is none."""
    if not pairs:
        return
    neighbours = {neighbour for _, neighbour in pairs}
    homes = dict(Person.objects.filter(id__among=neighbours).values_list("pk", "household_id"))
    without = sorted(key for key, home in homes.items() if home is None)
    made = dict(zip(without, bulk.next_keys(Household, len(without)), strict=True))
    bulk.insert(Household, [{"id": key, "uid": uuid7(), "created_at": now} for key in made.values()])
    members = [*made.items(), *((person, made.get(neighbour, homes[neighbour])) for person, neighbour in pairs)]
    bulk.update(Person, [{"id": person, "household_id": home} for person, home in members])


def open_episodes(*, objects: Sequence[tuple[int, UUID]], organisation_id: int, reason: str, now: datetime) -> None:
    """The right to see each person because of one object that was made a moment ago."""
    rows = [
        episode_row(person_id=person, organisation_id=organisation_id, reason=reason, object_uid=uid, now=now)
        for person, uid in objects
    ]
    bulk.insert(Episode, rows)


def _journal(
    people: Sequence[Registered], *, kind: str, by: Actor, now: datetime, organisation_id: int | None = None
) -> None:
    told = [Told(person.uid, person_id=person.id, organisation_id=organisation_id) for person in people]
    journal.append_many(kind=kind, by=by, now=now, told=told)
