"""Whose person somebody is says SQL (handovers_observed) and Python (choose_clinic); they agree, whatever happens."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from medet.base.actor import WORKER
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.flows.request_visit import choose_clinic
from medet.handovers.observed import at_clinic
from medet.people.actions import Door, attach, merge, set_address, unmerge
from medet.people.models import Address, Attachment, Person
from medet.people.queries import address_of
from medet.places.actions import put_catchment
from medet.places.models import Catchment, District
from medet.places.states import Kind
from medet.staff.states import Role
from tests import make

# A few streets as people write them; one that folds to nothing.
STREETS = ("Абай", "абай көшесі", "Абая", "Толе би", "ул. Төле би", "мкр Ақсай-4", "---")
TIME_GOES_ON = st.integers(0, 1)  # or two things happen at one moment
who, place, clinic, street = st.integers(0, 4), st.integers(0, 1), st.integers(0, 2), st.sampled_from(STREETS)
steps = st.one_of(
    st.tuples(st.just("moves"), who, place, street),
    st.tuples(st.just("leaves"), who),
    st.tuples(st.just("is attached"), who, clinic),
    st.tuples(st.just("is nobody's"), who),
    st.tuples(st.just("merged"), who, who),
    st.tuples(st.just("unmerged"), who),
)
catchments = st.dictionaries(st.tuples(place, st.sampled_from(("", *STREETS))), clinic, max_size=6)


class World:
    """Four people under observation, a second record that nobody observes, three clinics and two districts."""

    def __init__(self, town):
        region = town.centre.region
        other = District.objects.create(region=region, kato="751510000", name_kk="М", name_ru="М", name_en="M")
        third = make.organisation("Clinic 9", Kind.POLYCLINIC, region)
        self.districts, self.clinics = (town.district, other), (town.clinic, town.other_clinic, third)
        self.people = [*(make.observed(town).person for _ in range(4)), make.person(town)]
        self.reader = make.with_roles(town, "reader", *((Role.CLINIC_RECEIVER, clinic) for clinic in self.clinics))
        self.observed, self.now = {person.pk for person in self.people[:4]}, make.NOON
        for rows in (Catchment, Address, Attachment):
            rows.objects.all().delete()

    def answers(self, answering):
        for (where, name), number in answering.items():
            put_catchment(clinic=self.clinics[number], district=self.districts[where], street=name)

    def lives(self, step, goes_on):
        self.now += timedelta(minutes=goes_on)
        kind, number, *more = step
        person = Person.objects.get(pk=self.people[number].pk)
        if kind == "moves":
            door = Door(district=self.districts[more[0]], street=more[1], house="1")
            set_address(person=person, door=door, by=WORKER, now=self.now)
        elif kind == "leaves":
            person.addresses.filter(valid_to=None).update(valid_to=self.now)
        elif kind == "is attached":
            attach(person=person, clinic=self.clinics[more[0]], by=WORKER, now=self.now)
        elif kind == "is nobody's":
            person.attachments.filter(valid_to=None).update(valid_to=self.now)
        elif kind == "merged":
            with suppress(Refused):
                merge(person=person, into=Person.objects.get(pk=self.people[more[0]].pk), by=WORKER, now=self.now)
        else:
            unmerge(person=person, by=WORKER, now=self.now)

    def in_sql(self):
        with scope(self.reader):
            return sorted(at_clinic(self.reader).values_list("person_id", "clinic_id", "address_id"), key=str)

    def in_python(self):
        found = []
        for person in Person.objects.filter(pk__in=self.observed):
            address = address_of(person)
            choice = choose_clinic(person, address)
            if choice:
                found.append((person.root_id, choice.clinic.pk, address and address.pk))
        return sorted(found, key=str)


@pytest.fixture
def world(town):
    return World(town)


@given(catchments, st.lists(st.tuples(steps, TIME_GOES_ON), max_size=14))
@example({(0, "Абай"): 0, (0, ""): 1}, [(("moves", 0, 0, "абай көшесі"), 1), (("moves", 1, 0, "Толе би"), 1)])
@example({(0, "Абай"): 0}, [(("moves", 0, 0, "Абай"), 1), (("moves", 1, 1, "Абай"), 0), (("merged", 0, 1), 1)])
@example({(0, "Абай"): 0}, [(("moves", 4, 0, "Абай"), 1), (("merged", 0, 4), 1)])
@example({(0, "Абай"): 0}, [(("moves", 4, 0, "Абай"), 1), (("merged", 4, 0), 1)])
@example({}, [(("is attached", 0, 1), 1), (("is attached", 4, 2), 0), (("merged", 4, 0), 1)])
@example({(0, "---"): 0}, [(("is attached", 0, 2), 1), (("moves", 0, 0, "---"), 1)])
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_agree(world, answering, life):
    began = world.now
    with transaction.atomic():
        world.answers(answering)
        for step, goes_on in life:
            world.lives(step, goes_on)
        assert world.in_sql() == world.in_python()
        transaction.set_rollback(True)
    world.now = began
