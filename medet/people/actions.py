"""The only writers of persons and of how they are found."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from medet.base import journal
from medet.base.actor import Actor
from medet.base.bulk import next_keys
from medet.base.phones import parse as parse_phone
from medet.base.refused import Refused
from medet.people.models import (
    Address,
    Attachment,
    Consent,
    Document,
    Episode,
    GivenName,
    Household,
    Person,
    Phone,
    Representative,
    Surname,
)
from medet.people.queries import consent_of
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
from medet.people.states import ConsentKind, PhoneState, Sex, Whose
from medet.places.models import Organisation

__all__ = ["Door", "Identity"]  # what the actions take


@transaction.atomic
def register_person(*, identity: Identity, organisation: Organisation, by: Actor, now: datetime) -> Person:
    """A new person who is their own root; refuses an IIN that is taken or wrong."""
    row = person_row(identity, key=next_keys(Person, 1)[0], organisation_id=organisation.pk, now=now)
    if row["iin_hash"] and Person.objects.filter(iin_hash=row["iin_hash"]).exists():
        raise Refused("person.iin_taken")
    person = _registered_once(Person(**row))
    _know_names(person)
    journal.append(
        kind="person.registered",
        by=by,
        now=now,
        person_id=person.pk,
        object_uid=person.uid,
        organisation_id=organisation.pk,
    )
    return person


def _registered_once(person: Person) -> Person:
    """A colleague, or a list, that registers the same number in the same moment was first."""
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as clash:
        if person.iin_hash is None:
            raise
        raise Refused("person.iin_taken") from clash
    return person


def _know_names(person: Person) -> None:
    """A name nobody bore before enters the dictionaries of the search."""
    Surname.objects.bulk_create([Surname(fold=person.family_fold)], ignore_conflicts=True)
    GivenName.objects.bulk_create([GivenName(fold=person.given_fold)], ignore_conflicts=True)


@transaction.atomic
def add_document(*, person: Person, number: str, by: Actor, now: datetime) -> None:
    """The number of a paper, so that somebody without an IIN is found again; the same number again changes nothing."""
    row = document_row(person.pk, number)
    if Document.objects.filter(number_hash=row["number_hash"]).exists():
        return
    Document.objects.create(**row)
    journal.append(kind="document.added", by=by, now=now, person_id=person.pk, object_uid=person.uid)


@transaction.atomic
def complete_person(*, person: Person, birth_date: date | None, sex: Sex, by: Actor, now: datetime) -> bool:
    """Fills what is empty and overwrites nothing; whether something was filled."""
    row = Person.objects.select_for_update(no_key=True).get(pk=person.root_id)
    filled = {
        **({"birth_date": birth_date} if birth_date and row.birth_date is None else {}),
        **({"sex": sex} if sex != Sex.UNKNOWN and row.sex == Sex.UNKNOWN else {}),
    }
    if filled:
        Person.objects.filter(pk=row.pk).update(**filled)
        journal.append(kind="person.completed", by=by, now=now, person_id=row.pk, object_uid=row.uid)
    return bool(filled)


@transaction.atomic
def add_phone(*, person: Person, number: str, whose: Whose = Whose.OWN, by: Actor, now: datetime) -> Phone:
    """Adds a number after those already known; the same number again changes nothing."""
    row = phone_row(person.pk, parse_phone(number), whose=whose, position=person.phones.count())
    phone, made = Phone.objects.get_or_create(person_id=person.pk, number=row["number"], defaults=row)
    if made:
        journal.append(kind="phone.added", by=by, now=now, person_id=person.pk, object_uid=phone.uid)
    return phone


@transaction.atomic
def mark_phone(*, phone: Phone, state: PhoneState, reason: str = "", by: Actor, now: datetime) -> None:
    """Marks a number as checked, bad or not to be called."""
    Phone.objects.filter(pk=phone.pk).update(state=state, state_reason=reason)
    journal.append(kind="phone.marked", by=by, now=now, person_id=phone.person_id, object_uid=phone.uid, code=state)


@transaction.atomic
def set_address(*, person: Person, door: Door, by: Actor, now: datetime) -> Address:
    """The actual address from `now` on; the former one stays as history."""
    person.addresses.filter(valid_to__isnull=True).update(valid_to=now)
    address = Address.objects.create(**address_row(person.pk, door, now=now))
    journal.append(kind="address.set", by=by, now=now, person_id=person.pk, object_uid=person.uid)
    return address


@transaction.atomic
def attach(*, person: Person, clinic: Organisation, basis: str = "", by: Actor, now: datetime) -> Attachment:
    """Attaches to a primary-care clinic; the former attachment stays as history."""
    person.attachments.filter(valid_to__isnull=True).update(valid_to=now)
    attachment = Attachment.objects.create(**attachment_row(person.pk, clinic.pk, basis=basis, now=now))
    journal.append(
        kind="person.attached",
        by=by,
        now=now,
        person_id=person.pk,
        object_uid=person.uid,
        organisation_id=clinic.pk,
    )
    return attachment


@transaction.atomic
def give_consent(
    *, person: Person, kind: ConsentKind, text_version: str, channel: str, by: Actor, now: datetime
) -> Consent:
    """Consent in the person's language; giving it again changes nothing."""
    consent, made = Consent.objects.get_or_create(
        person=person,
        kind=kind,
        revoked_at=None,
        defaults={
            "text_version": text_version,
            "language": person.language,
            "channel": channel,
            "given_at": now,
        },
    )
    if made:
        journal.append(kind="consent.given", by=by, now=now, person_id=person.pk, object_uid=consent.uid, code=kind)
    return consent


@transaction.atomic
def revoke_consent(*, person: Person, kind: ConsentKind, channel: str, by: Actor, now: datetime) -> None:
    """The human being does not agree any more, whichever record it was given under; a refusal without a consent before
    it is kept as well."""
    in_force = Consent.objects.filter(person__root_id=person.root_id, kind=kind, revoked_at__isnull=True)
    if not in_force.update(revoked_at=now):
        if consent_of(person, kind) is False:
            return
        Consent.objects.create(
            person=person, kind=kind, language=person.language, channel=channel, given_at=now, revoked_at=now
        )
    journal.append(kind="consent.revoked", by=by, now=now, person_id=person.pk, object_uid=person.uid, code=kind)


@transaction.atomic
def name_representative(
    *, person: Person, name: str, relation: str, number: str, by: Actor, now: datetime
) -> Representative:
    """Who answers for a child or somebody who cannot; the one named before answers no more."""
    if not name.strip() or not relation.strip():
        raise Refused("person.representative_missing")
    Representative.objects.filter(person__root_id=person.root_id, valid_to__isnull=True).update(valid_to=now)
    made = Representative.objects.create(
        person=person,
        name=name.strip(),
        relation=relation.strip(),
        number=parse_phone(number) if number.strip() else "",
        valid_from=now,
    )
    journal.append(kind="representative.named", by=by, now=now, person_id=person.pk, object_uid=person.uid)
    return made


@transaction.atomic
def share_household(*, people: list[Person], now: datetime) -> Household:
    """Puts people into one household, so that one call serves one line."""
    household = Household.objects.create(created_at=now)
    Person.objects.filter(pk__in=[person.pk for person in people]).update(household=household)
    return household


@transaction.atomic
def join_household(*, person: Person, neighbour: Person, now: datetime) -> None:
    """Into the household of somebody who lives behind the same door; a person who has one keeps it."""
    if person.household_id is not None or person.pk == neighbour.pk:
        return
    if neighbour.household_id is None:
        share_household(people=[person, neighbour], now=now)
    else:
        Person.objects.filter(pk=person.pk).update(household=neighbour.household_id)


def open_episode(*, person_id: int, organisation_id: int, reason: str, object_uid: UUID, now: datetime) -> None:
    """Gives an organisation the right to see a person because of one case or handover."""
    row = episode_row(
        person_id=person_id, organisation_id=organisation_id, reason=reason, object_uid=object_uid, now=now
    )
    again = {name: row[name] for name in ("person_id", "reason")} | {"until": None}
    Episode.objects.update_or_create(
        organisation_id=organisation_id, object_uid=object_uid, defaults=again, create_defaults=row
    )


def close_episode(*, object_uid: UUID, until: datetime) -> None:
    """Ends the right that one case or handover gave."""
    Episode.objects.filter(object_uid=object_uid).update(until=until)


@transaction.atomic
def lock_root(*, person: Person) -> int:
    """Holds a human being while it is decided about them, and says who it is once nobody merges them any more."""
    root = 0
    while root != (found := Person.objects.values_list("root_id", flat=True).get(pk=person.pk)):
        root = Person.objects.select_for_update(no_key=True).values_list("pk", flat=True).get(pk=found)
    return root


def try_root(root_id: int) -> bool:
    """Holds a human being like `lock_root` until the transaction ends, or says at once that somebody else does."""
    return Person.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=root_id).exists()


@transaction.atomic
def merge(*, person: Person, into: Person, by: Actor, now: datetime) -> None:
    """Says that two records are one human being; only roots change, so it can be undone."""
    # The smaller key first, whichever way round two people merge the same records at once.
    first, second = sorted((person, into), key=lambda row: row.pk)
    lock_root(person=first)
    lock_root(person=second)
    person.refresh_from_db(fields=["root"])
    into.refresh_from_db(fields=["root"])
    if person.root_id == into.root_id:
        raise Refused("person.merged_already")
    Person.objects.filter(root_id=person.root_id).update(root_id=into.root_id)
    journal.append(kind="person.merged", by=by, now=now, person_id=person.pk, object_uid=into.uid)


@transaction.atomic
def unmerge(*, person: Person, by: Actor, now: datetime) -> None:
    """Undoes a merge for one record."""
    Person.objects.filter(pk=person.pk).update(root_id=person.pk)
    journal.append(kind="person.unmerged", by=by, now=now, person_id=person.pk, object_uid=person.uid)
