"""Persons: numbers, roots, phones, and who may see whom."""

from datetime import date, timedelta

import pytest

from medet.base.actor import WORKER
from medet.base.models import AuditEntry
from medet.base.refused import Refused
from medet.people.actions import Door, Identity, add_phone, mark_phone, merge, register_person, set_address, unmerge
from medet.people.models import Person
from medet.people.queries import (
    address_of,
    age_on,
    by_iin,
    diallable_phones,
    iin_of,
    open_person,
    records_of,
    visible_to,
)
from medet.people.states import PhoneState
from tests import make
from tests.refusing import refused

NOW = make.NOON


def register(town, **more):
    identity = Identity(**({"family_name": "Ким", "given_name": "Елена"} | more))
    return register_person(identity=identity, organisation=town.centre, by=WORKER, now=NOW)


def test_the_iin_is_encrypted_and_found_by_its_hash(town):
    somebody = make.person(town)
    iin = iin_of(somebody)
    assert iin.encode() not in bytes(somebody.iin_cipher)
    assert by_iin(iin) == somebody
    with refused("person.iin_taken"):
        register(town, iin=iin)


def test_a_wrong_iin_is_one_clear_sentence(town):
    with pytest.raises(Refused) as refusal:
        register(town, iin="590012300001"[:-1] + "x")
    assert refusal.value.sentence()
    with pytest.raises(Refused):
        register(town, iin="123")


def test_without_an_iin_a_temporary_number_is_given(town):
    first, second = register(town), register(town)
    assert first.temporary_number.startswith("T-2026-")
    assert first.temporary_number != second.temporary_number
    assert first.root == first


def test_a_name_is_needed(town):
    with refused("person.name_missing"):
        register(town, given_name=" ")


def test_merge_and_unmerge_change_nothing_but_the_root(town):
    first, second = make.person(town), make.person(town)
    before = Person.objects.filter(pk=second.pk).values().get()
    merge(person=second, into=first, by=WORKER, now=NOW)
    second.refresh_from_db()
    assert second.root == first
    assert sorted(records_of(second)) == sorted([first.pk, second.pk])
    assert {phone.person_id for phone in diallable_phones(first)} == {first.pk, second.pk}
    unmerge(person=second, by=WORKER, now=NOW)
    assert Person.objects.filter(pk=second.pk).values().get() == before


def test_only_who_cares_for_a_person_sees_them_and_the_read_is_audited(town):
    somebody = make.person(town)
    operator, outsider = town.actor("aigerim"), town.actor("boris")
    assert open_person(uid=somebody.uid, by=operator, now=NOW, why="card") == somebody
    entry = AuditEntry.objects.get(action="read")
    assert (entry.by_user_id, entry.person_id) == (operator.user_id, somebody.pk)
    assert not visible_to(outsider, now=NOW).exists()
    with refused("person.not_visible"):
        open_person(uid=somebody.uid, by=outsider, now=NOW, why="card")


def test_a_bad_or_forbidden_number_is_not_rung(town):
    somebody = make.person(town)
    second = add_phone(person=somebody, number="8 701 555 45 67", by=WORKER, now=NOW)
    assert second.number == "+77015554567"
    first = diallable_phones(somebody)[0]
    mark_phone(phone=first, state=PhoneState.DO_NOT_CALL, reason="asked", by=WORKER, now=NOW)
    assert list(diallable_phones(somebody)) == [second]


def test_a_number_without_its_country_is_refused(town):
    with pytest.raises(Refused) as refusal:
        add_phone(person=make.person(town), number="5554567", by=WORKER, now=NOW)
    assert refusal.value.sentence()


def test_a_new_address_leaves_the_old_one_as_history(town):
    somebody = make.person(town)
    door = Door(district=town.district, street="Абай", house="1")
    set_address(person=somebody, door=door, by=WORKER, now=NOW + timedelta(days=1))
    assert address_of(somebody).street == "Абай"
    assert somebody.addresses.count() == 2


def test_age(town):
    somebody = register(town, birth_date=date(2000, 2, 29))
    assert age_on(somebody, date(2026, 2, 28)) == 25
    assert age_on(somebody, date(2026, 3, 1)) == 26
    assert age_on(register(town), date(2026, 3, 1)) is None
