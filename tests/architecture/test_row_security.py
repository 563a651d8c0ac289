"""Every table with an organisation is either closed to others by the database itself, or open for a written reason."""

import os
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.contacts.calls.claim import Manners, claim
from medet.contacts.campaigns.actions import keep_filter
from medet.contacts.staff_calls.actions import ask_test_call
from medet.flows.conclude import Decision, Next, conclude
from medet.flows.give_list import give_list
from medet.flows.request_visit import VisitWish
from medet.flows.stop_robot import stop_robot
from medet.flows.write_contact import write_contact
from medet.people.models import Person
from medet.places.states import Kind
from medet.records.actions import Findings, note_close_contact
from medet.records.models import Allergy
from medet.records.states import Severity
from medet.staff.states import Role
from tests import make
from tests.architecture.reading import ROOT
from tests.records.intake.faulty import RU, good
from tests.records.intake.sheets import csv_bytes

NOW = make.NOON
DECISION = ROOT / "docs" / "decisions" / "0005-a-role-counts-at-its-organisation.md"
# Left open; the decision record says why for each.
OPEN = {
    "audit_entry",
    "journal_entry",
    "people_attachment",
    "people_episode",
    "people_person",
    "places_catchment",
    "staff_duty",
    "staff_need",
    "staff_roleat",
    "staff_shareddevice",
    "staff_shift",
}
# Views that see past the policies of their tables: each says itself whose rows are shown, and a decision why.
PAST_THE_POLICIES = {"handovers_observed"}
MANNERS = Manners(daily_cap=2, gap=timedelta(hours=1), quiet_start=time(9), quiet_end=time(20), zone="Asia/Almaty")

# A column that points at an organisation, or is called as if it did.
_OWNED = """
select c.relname, c.relrowsecurity and exists (select 1 from pg_policy p where p.polrelid = c.oid)
  from pg_class c
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
   and (exists (select 1 from pg_constraint f
                 where f.conrelid = c.oid and f.contype = 'f' and f.confrelid = 'places_organisation'::regclass)
        or exists (select 1 from pg_attribute a
                    where a.attrelid = c.oid and a.attname = 'organisation_id' and not a.attisdropped))
   and c.relname <> 'places_organisation'
 order by 1
"""


def owned(execute: Callable[[str], Any]) -> dict[str, bool]:
    """Table -> whether its rows are closed to other organisations."""
    return dict(execute(_OWNED).fetchall())


def left_open(tables: dict[str, bool]) -> set[str]:
    return {name for name, closed in tables.items() if not closed}


def executed(statement: str) -> Any:
    cursor = connection.cursor()
    cursor.execute(statement)
    return cursor


def count(table: str) -> int:
    return int(executed(f"select count(*) from {table}").fetchone()[0])


@pytest.fixture
def whole_round(town):
    """At least one row in every closed table."""
    enrolment = make.observed(town)
    claim(limit=5, worker="test", manners=MANNERS, lease=timedelta(seconds=45), now=NOW)
    write_contact(case=enrolment.case, given={"breath": "rest", "spo2": "91"}, by=town.actor("aigerim"), now=NOW)
    findings = Findings(severity=Severity.MILD, icd10="U07.1", outcome="home_visit", treatment="Rest")
    wish = VisitWish(reason="worsening", urgency="today")
    decision = Decision(findings=findings, then=Next.VISIT, visit=wish)
    conclude(case=enrolment.case, decision=decision, by=town.actor("serik"), now=NOW)
    person = Person.objects.get(pk=enrolment.person_id)
    Allergy.objects.create(person=person, organisation=town.centre, substance="Penicillin", noted_at=NOW)
    aigerim = town.actor("aigerim")
    note_close_contact(case=enrolment.case, name="Neighbour", number="", by=aigerim, now=NOW)
    give_list(data=csv_bytes([RU, good(1)]), organisation=town.centre, by=aigerim, now=NOW)
    admin = make.with_roles(town, "admin", (Role.ADMINISTRATOR, town.centre))
    ask_test_call(number="+77011234567", language="ru", allowed_prefixes=["+7"], by=admin, now=NOW)
    saule = town.actor("saule")
    stop_robot(organisation_id=town.centre.pk, by=saule, now=NOW)
    keep_filter(organisation_id=town.centre.pk, name="All", wanted={}, by=saule, now=NOW)
    return town


@pytest.mark.django_db
def test_every_table_with_an_organisation_is_closed_or_written_down():
    assert left_open(owned(executed)) == OPEN
    said = DECISION.read_text(encoding="utf-8")
    assert [table for table in sorted(OPEN) if f"`{table}`" not in said] == []


@pytest.mark.django_db
def test_a_table_that_was_forgotten_is_named():
    with psycopg.connect(os.environ["MEDET_OWNER_URL"]) as owner:
        owner.execute("create table planted_by_name (organisation_id bigint)")
        owner.execute("create table planted_by_key (clinic bigint references places_organisation)")
        assert left_open(owned(owner.execute)) - OPEN == {"planted_by_name", "planted_by_key"}
        owner.rollback()


@pytest.mark.django_db
def test_a_view_shows_no_more_than_its_tables_or_is_written_down():
    asks_its_owner = "relkind in ('v', 'm') and not coalesce(reloptions, '{}') @> '{security_invoker=true}'"
    ours = "relnamespace = 'public'::regnamespace"
    views = executed(f"select relname, reloptions from pg_class where {ours} and {asks_its_owner}").fetchall()
    # A barrier: no condition of the reader is asked about a row before the view's own.
    assert dict(views) == {name: ["security_barrier=true"] for name in PAST_THE_POLICIES}
    said = "".join(path.read_text(encoding="utf-8") for path in DECISION.parent.glob("0008-*.md"))
    assert [name for name in PAST_THE_POLICIES if f"`{name}`" not in said] == []


@pytest.mark.django_db
def test_such_a_view_takes_no_row():
    for name in PAST_THE_POLICIES:
        rights = "'insert, update, delete, truncate, references, trigger'"
        assert executed(f"select has_table_privilege('{name}', {rights})").fetchone() == (False,)


def test_a_stranger_sees_no_row_of_any_closed_table(whole_round):
    town = whole_round
    centre = make.organisation("Centre 2", Kind.TELEMEDICINE_CENTRE, town.centre.region)
    stranger = make.with_roles(town, "stranger", *((role, centre) for role in Role))
    tables = [name for name, closed in owned(executed).items() if closed]
    assert len(tables) >= 15
    assert [table for table in tables if count(table) == 0] == []
    with scope(stranger):
        assert {table: count(table) for table in tables} == dict.fromkeys(tables, 0)
    with scope(town.actor("aigerim")):
        assert [table for table in tables if count(table) == 0] == []


def test_a_stranger_writes_no_row_into_one(whole_round):
    town = whole_round
    tables = [name for name, closed in owned(executed).items() if closed]
    with scope(town.actor("boris")):
        for table in tables:
            assert executed(f"update {table} set id = id").rowcount == 0, table
            assert executed(f"delete from {table}").rowcount == 0, table
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            executed(
                'insert into contacts_campaign (uid, organisation_id, name, state, "on", created_at)'
                f" values (gen_random_uuid(), {town.centre.pk}, 'planted', 'running', '2026-11-24', now())"
            )
    with scope(WORKER):
        assert [table for table in tables if count(table) == 0] == []
