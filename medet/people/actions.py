"""The only writers of persons and of how they are found."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from medet.base import journal, secret
from medet.base.actor import Actor
from medet.base.iin import parse as parse_iin
from medet.base.names import fold, sort_key
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
from medet.people.states import ConsentKind, Language, PhoneState, Sex, Whose
from medet.places.models import District, Organisation

FOLD_LENGTH = 80  # folding can lengthen a name: one letter may become two


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What is known of somebody when they are registered; `iin` may be missing (domain §3)."""

    family_name: str
    given_name: str
    patronymic: str = ""
    iin: str | None = None
    birth_date: date | None = None
    sex: Sex = Sex.UNKNOWN
    language: Language = Language.RU


@transaction.atomic
def register_person(*, identity: Identity, organisation: Organisation, by: Actor, now: datetime) -> Person:
    """A new person who is their own root; refuses an IIN that is taken or wrong."""
    if not identity.family_name.strip() or not identity.given_name.strip():
        raise Refused("person.name_missing")
    key = _next_id()
    person = Person(
        pk=key,
        root_id=key,
        organisation=organisation,
        family_name=identity.family_name.strip(),
        given_name=identity.given_name.strip(),
        patronymic=identity.patronymic.strip(),
        name_sort=sort_key(f"{identity.family_name} {identity.given_name} {identity.patronymic}".strip(), "kk"),
        family_fold=fold(identity.family_name)[:FOLD_LENGTH],
        given_fold=fold(identity.given_name)[:FOLD_LENGTH],
        patronymic_fold=fold(identity.patronymic)[:FOLD_LENGTH],
        birth_date=identity.birth_date,
        sex=identity.sex,
        language=identity.language,
        created_at=now,
        **_number(identity.iin, key, now),
    )
    person.save(force_insert=True)
    _know_names(person)
    journal.append(
        kind="person.registered",
        by=by,
        now=now,
        person_id=key,
        object_uid=person.uid,
        organisation_id=organisation.pk,
    )
    return person


def _know_names(person: Person) -> None:
    """A name nobody bore before enters the dictionaries of the search."""
    Surname.objects.bulk_create([Surname(fold=person.family_fold)], ignore_conflicts=True)
    GivenName.objects.bulk_create([GivenName(fold=person.given_fold)], ignore_conflicts=True)


def _next_id() -> int:
    """The key is drawn first because a person's root is the person."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('people_person', 'id'))")
        return int(cursor.fetchone()[0])


def _number(iin: str | None, key: int, now: datetime) -> dict[str, bytes | str]:
    if not iin:
        return {"temporary_number": f"T-{now.year}-{key:06d}"}
    digits = parse_iin(iin).digits
    hashed = secret.keyed_hash(digits)
    if Person.objects.filter(iin_hash=hashed).exists():
        raise Refused("person.iin_taken")
    return {"iin_cipher": secret.encrypt(digits), "iin_hash": hashed}


@transaction.atomic
def add_document(*, person: Person, number: str, by: Actor, now: datetime) -> None:
    """The number of a paper, so that somebody without an IIN is found again; the same number again changes nothing."""
    hashed = secret.keyed_hash(number)
    if Document.objects.filter(number_hash=hashed).exists():
        return
    Document.objects.create(person=person, number_hash=hashed, number_cipher=secret.encrypt(number))
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
    phone, made = Phone.objects.get_or_create(
        person=person,
        number=parse_phone(number),
        defaults={"whose": whose, "position": person.phones.count()},
    )
    if made:
        journal.append(kind="phone.added", by=by, now=now, person_id=person.pk, object_uid=phone.uid)
    return phone


@transaction.atomic
def mark_phone(*, phone: Phone, state: PhoneState, reason: str = "", by: Actor, now: datetime) -> None:
    """Marks a number as checked, bad or not to be called."""
    Phone.objects.filter(pk=phone.pk).update(state=state, state_reason=reason)
    journal.append(kind="phone.marked", by=by, now=now, person_id=phone.person_id, object_uid=phone.uid, code=state)


@dataclass(frozen=True, kw_only=True)
class Door:
    """An actual address as a visiting doctor needs it."""

    district: District
    street: str
    house: str
    flat: str = ""
    entrance: str = ""
    floor: str = ""
    intercom: str = ""
    note: str = ""


@transaction.atomic
def set_address(*, person: Person, door: Door, by: Actor, now: datetime) -> Address:
    """The actual address from `now` on; the former one stays as history."""
    person.addresses.filter(valid_to__isnull=True).update(valid_to=now)
    address = Address.objects.create(person=person, valid_from=now, **vars(door))
    journal.append(kind="address.set", by=by, now=now, person_id=person.pk, object_uid=person.uid)
    return address


@transaction.atomic
def attach(*, person: Person, clinic: Organisation, basis: str = "", by: Actor, now: datetime) -> Attachment:
    """Attaches to a primary-care clinic; the former attachment stays as history."""
    person.attachments.filter(valid_to__isnull=True).update(valid_to=now)
    attachment = Attachment.objects.create(person=person, clinic=clinic, basis=basis, valid_from=now)
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
    Episode.objects.update_or_create(
        organisation_id=organisation_id,
        object_uid=object_uid,
        defaults={"person_id": person_id, "reason": reason, "until": None},
        create_defaults={"person_id": person_id, "reason": reason, "since": now},
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
