"""Many at once: what one action refuses, the bulk one refuses too, and each sees what it wrote."""

from datetime import date

import pytest
from django.db import DataError, IntegrityError, transaction

from medet.base.actor import WORKER
from medet.base.models import JournalEntry
from medet.people.actions import Identity
from medet.people.many import Registered, join_households, register_many, set_addresses
from medet.people.models import Person
from medet.people.rows import Door
from tests import make
from tests.records.intake.faulty import iin
from tests.refusing import refused

NOW = make.NOON


def identity(number, **other):
    return Identity(**({"family_name": "Серікбаева", "given_name": f"Әсел {number}", "iin": iin(number)} | other))


def registered(town, *identities):
    with transaction.atomic():
        return register_many(identities=identities, organisation=town.centre, by=WORKER, now=NOW)


def test_each_is_their_own_root_and_stands_in_the_journal(town):
    made = registered(town, identity(1), identity(2, iin=None, birth_date=date(1959, 4, 12)))
    rows = Person.objects.order_by("pk")
    assert [(row.root_id, row.uid) for row in rows] == [(one.id, one.uid) for one in made]
    assert [bool(row.temporary_number) for row in rows] == [False, True]
    told = JournalEntry.objects.filter(kind="person.registered").order_by("person_id")
    assert list(told.values_list("person_id", "object_uid")) == made


@pytest.mark.parametrize("others", [1, 2], ids=["each its own", "all the same"])
def test_what_is_too_long_is_refused_and_never_cut(town, others):
    long = {"street": "Ә" * 121}
    people = registered(town, identity(1), identity(2))
    doors = [
        Door(district=town.district, house="1", **(long if place < others else {"street": "Абая"})) for place in (0, 1)
    ]
    with pytest.raises(DataError), transaction.atomic():
        set_addresses(doors=list(zip(people, doors, strict=True)), by=WORKER, now=NOW)


def test_a_taken_number_and_a_missing_name_refuse_the_whole(town):
    registered(town, identity(1))
    with pytest.raises(IntegrityError):
        registered(town, identity(2), identity(1))
    with refused("person.name_missing"):
        registered(town, identity(3), identity(4, given_name=" "))
    assert Person.objects.count() == 1


def test_neighbours_share_a_household(town):
    first, second, third = registered(town, identity(1), identity(2), identity(3))
    join_households(pairs=[(second.id, first.id), (third.id, first.id)], now=NOW)
    assert len(set(Person.objects.values_list("household", flat=True))) == 1
    assert isinstance(first, Registered)
    assert Person.objects.get(pk=first.id).household is not None
