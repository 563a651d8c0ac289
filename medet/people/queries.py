"""Who may be seen by whom, and everything recorded under one human being. Reading goes through root."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery

from medet.base import audit, secret
from medet.base.actor import Actor
from medet.base.iin import masked, parse
from medet.base.models import JournalEntry
from medet.base.refused import Refused
from medet.people.models import Address, Attachment, Consent, Episode, Person, Phone, Representative
from medet.people.states import DIALLABLE, ConsentKind, PhoneState
from medet.places.models import District


def visible_to(actor: Actor, *, now: datetime) -> QuerySet[Person]:
    """Persons an actor's organisations care for: registered by them, or in an episode with them."""
    episodes = Episode.objects.filter(
        Q(until__isnull=True) | Q(until__gt=now),
        person__root_id=OuterRef("root_id"),
        organisation_id__in=actor.organisation_ids,
    )
    return Person.objects.filter(Q(organisation_id__in=actor.organisation_ids) | Exists(episodes))


def open_person(*, uid: UUID, by: Actor, now: datetime, why: str) -> Person:
    """One person for a page, with the read in the audit; a stranger's person is not found."""
    person = visible_to(by, now=now).filter(uid=uid).select_related("root", "household").first()
    if person is None:
        raise Refused("person.not_visible")
    audit.record(by=by, now=now, action="read", person_id=person.root_id, object_uid=person.uid, why=why)
    return person


def seen_in_list(*, people: Iterable[int], by: Actor, now: datetime, desk: str) -> None:
    """Audits that a worklist showed these persons."""
    ids = sorted(set(people))
    if ids:
        audit.record(by=by, now=now, action=audit.LIST, why=desk, people=ids)


def records_of(person: Person) -> list[int]:
    """Keys of every record of this human being (for tables without a foreign key, such as the journal)."""
    return list(Person.objects.filter(root_id=person.root_id).values_list("pk", flat=True))


def journal_of(person: Person) -> QuerySet[JournalEntry]:
    """What happened to a human being, under whichever record it was written."""
    return JournalEntry.objects.filter(person_id__in=records_of(person))


def diallable_phones(person: Person) -> QuerySet[Phone]:
    """Numbers that may be rung, best first."""
    return Phone.objects.filter(person__root_id=person.root_id, state__in=DIALLABLE).order_by("position", "pk")


def roots_on_line(number: str) -> QuerySet[Phone, int]:
    """Human beings who are said to be reached on a line; one that was found to be wrong does not count."""
    return Phone.objects.filter(number=number).exclude(state=PhoneState.BAD).values_list("person__root_id", flat=True)


def phones_of(person: Person) -> QuerySet[Phone]:
    """All numbers, best first."""
    return Phone.objects.filter(person__root_id=person.root_id).order_by("position", "pk")


def district_then(*, person: str, at: str) -> Subquery:
    """The КАТО of the district somebody lived in at a moment or day of another table's row, for its own query;
    an address that was written down only later counts too. `person` and `at` are paths in that table."""
    known = Address.objects.filter(person__root_id=OuterRef(f"{person}__root_id"))
    over = Q(valid_to__isnull=False, valid_to__lt=OuterRef(at))
    return Subquery(known.exclude(over).order_by("valid_from", "pk").values("district__kato")[:1])


def representative_of(person: Person) -> Representative | None:
    """Who answers for this human being now."""
    rows = Representative.objects.filter(person__root_id=person.root_id, valid_to__isnull=True)
    return rows.order_by("-valid_from").first()


def household_of(person: Person, *, by: Actor, now: datetime, most: int = 12) -> list[Person]:
    """The others behind the same door or on the same line, as far as the actor may see them; each human being once."""
    lines = Phone.objects.filter(person__root_id=person.root_id).exclude(state=PhoneState.BAD).values("number")
    sharing = Phone.objects.filter(number__in=lines).exclude(state=PhoneState.BAD).values("person__root_id")
    together = Q(root_id__in=sharing)
    doors = Person.objects.filter(root_id=person.root_id, household__isnull=False).values("household_id")
    together |= Q(household_id__in=doors)
    rows = visible_to(by, now=now).filter(together, pk=F("root_id")).exclude(pk=person.root_id)
    return list(rows.order_by("birth_date", "pk")[:most])


def address_of(person: Person) -> Address | None:
    """The actual address of today."""
    return (
        Address.objects.filter(person__root_id=person.root_id, valid_to__isnull=True)
        .select_related("district")
        .order_by("-valid_from", "-pk")
        .first()
    )


def first_numbers_of(roots: Iterable[int]) -> dict[int, str]:
    """The best number of each human being that has one."""
    rows = Phone.objects.filter(person__root_id__in=roots).order_by("-position", "-pk")
    return dict(rows.values_list("person__root_id", "number"))


def diallable_numbers_of(roots: Iterable[int]) -> dict[int, str]:
    """The best number of each human being that may be rung."""
    rows = Phone.objects.filter(person__root_id__in=roots, state__in=DIALLABLE).order_by("-position", "-pk")
    return dict(rows.values_list("person__root_id", "number"))


def districts_of(roots: Iterable[int]) -> dict[int, District]:
    """The district of each human being whose address is known."""
    rows = Address.objects.filter(person__root_id__in=roots, valid_to__isnull=True).order_by("valid_from")
    return {row.person.root_id: row.district for row in rows.select_related("person", "district")}


def attachment_of(person: Person) -> Attachment | None:
    """The current attachment to a primary-care clinic."""
    return (
        Attachment.objects.filter(person__root_id=person.root_id, valid_to__isnull=True)
        .select_related("clinic")
        .order_by("-valid_from", "-pk")
        .first()
    )


def consent_of(person: Person, kind: ConsentKind) -> bool | None:
    """The last word of a human being about one kind of consent; None when nobody asked."""
    last = Consent.objects.filter(person__root_id=person.root_id, kind=kind).order_by("-given_at", "-pk").first()
    return None if last is None else last.revoked_at is None


def last_consent(kind: ConsentKind, *, root: str) -> Subquery:
    """The same for rows of another room: `root` names their column of the human being."""
    rows = Consent.objects.filter(person__root_id=OuterRef(root), kind=kind).order_by("-given_at", "-pk")
    agreed = ExpressionWrapper(Q(revoked_at__isnull=True), output_field=BooleanField())
    return Subquery(rows.annotate(agreed=agreed).values("agreed")[:1])


def iin_of(person: Person) -> str | None:
    """The IIN in clear; the caller audits why."""
    return secret.decrypt(bytes(person.iin_cipher)) if person.iin_cipher else None


def masked_number(person: Person) -> str:
    """The IIN with its serial hidden, or the temporary number."""
    iin = iin_of(person)
    return masked(iin) if iin else person.temporary_number


def by_iin(text: str) -> Person | None:
    """The person with this IIN, found by its keyed hash."""
    return Person.objects.filter(iin_hash=secret.keyed_hash(parse(text).digits)).select_related("root").first()


def age_on(person: Person, day: date) -> int | None:
    """Full years on a day; None when the birth date is not known."""
    born = person.birth_date
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
