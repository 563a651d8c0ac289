"""Whom a clinic sees under observation: its own people only, by the rule of a home visit, and nothing of the record."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.flows.conclude import Decision, Next, conclude
from medet.flows.end_case import end_case
from medet.flows.hand_contact import hand_contact
from medet.flows.plan_day import plan_day
from medet.flows.request_visit import VisitWish, request_visit
from medet.flows.visit_moves import advance_visit
from medet.flows.write_contact import write_contact
from medet.handovers.models import Observed
from medet.handovers.observed import ORDER, after, at_clinic, streets, under_observation
from medet.handovers.states import ContactToday, VisitState
from medet.monitoring.actions import move_due, plan_doctor
from medet.monitoring.models import DueContact
from medet.people.actions import Door, attach, merge, set_address
from medet.places.actions import put_catchment
from medet.places.states import Kind
from medet.records.actions import Findings
from medet.records.states import ENDED, CaseState, Severity
from medet.staff.states import Role
from tests import make

NOW = make.NOON
RIGHTS = ("select", "insert", "update", "delete")
DAY = timedelta(days=1)


def shown(town, name="dana", *, now=NOW, **wanted):
    """The clinic's list as somebody of it sees it."""
    actor = town.actor(name)
    with scope(actor):
        return list(under_observation(actor, now=now, **wanted))


def words(town, **more):
    return [ContactToday(row.today) for row in shown(town, **more)]


def due_of(enrolment):
    return DueContact.objects.get(enrolment=enrolment, kind="robot")


def spoke(town, enrolment, *, by="aigerim", now=NOW):
    write_contact(case=enrolment.case, given={"state": "better"}, by=town.actor(by), now=now)


def moved(town, person, street, house, flat="", *, now=NOW):
    door = Door(district=town.district, street=street, house=house, flat=flat)
    set_address(person=person, door=door, by=WORKER, now=now)


def test_a_clinic_sees_its_own_people_with_where_they_live(town):
    enrolment = make.observed(town)
    [row] = shown(town)
    assert (row.person, row.organisation, row.programme_code) == (enrolment.person, town.centre, "covid-home")
    assert (row.address.street, row.started_on, row.planned_end_on) == (
        "Ақсай-4",
        enrolment.started_on,
        enrolment.planned_end_on,
    )
    assert shown(town, "boris") == []


# -- rights -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["aigerim", "serik", "saule", "boris"])
def test_nobody_of_the_centre_and_no_other_clinic_sees_a_row(town, name):
    make.observed(town)
    actor = town.actor(name)
    with scope(actor):
        assert not at_clinic(actor).exists()
        assert not Observed.objects.exists()  # the view itself, without any filter


def test_no_process_and_nobody_without_a_scope_sees_one(town):
    make.observed(town)
    with scope(WORKER):
        assert not Observed.objects.exists()
    with scope(make.with_roles(town, "nobody")):
        assert not Observed.objects.exists()


def test_a_role_of_the_centre_counts_for_nothing_at_a_clinic(town):
    """Somebody of both: a doctor's role at the clinic is no receiver's."""
    make.observed(town)
    both = make.with_roles(town, "both", (Role.DOCTOR, town.clinic), (Role.CLINIC_RECEIVER, town.other_clinic))
    with scope(both):
        assert not at_clinic(both).exists()


def test_the_view_has_nothing_of_the_record_and_takes_nothing(town):
    make.observed(town)
    with connection.cursor() as cursor:
        cursor.execute(
            "select attname from pg_attribute where attrelid = 'handovers_observed'::regclass and attnum > 0"
        )
        assert {name for (name,) in cursor.fetchall()} == {
            *("id", "uid", "person_id", "address_id", "clinic_id", "organisation_id", "programme_code"),
            *("started_on", "planned_end_on", "is_handed", "with_doctors", "waits_on", "spoken_at", "visit_uid"),
        }
        rights = [f"has_table_privilege('handovers_observed', '{what}')" for what in RIGHTS]
        cursor.execute(f"select {', '.join(rights)}")
        assert cursor.fetchone() == (True, False, False, False)
        with scope(town.actor("dana")):
            for statement in (
                "update handovers_observed set started_on = started_on",
                "delete from handovers_observed",
                "insert into handovers_observed (clinic_id) values (1)",
            ):
                with pytest.raises(DatabaseError), transaction.atomic():
                    cursor.execute(statement)
            cursor.execute("select count(*) from monitoring_enrolment")
            assert cursor.fetchone() == (0,)


def test_a_planted_function_learns_nothing_of_other_rows(town):
    """What a reader's own condition is told: only rows that are theirs (security_barrier)."""
    make.observed(town)
    with connection.cursor() as cursor, scope(town.actor("boris")):
        cursor.execute(
            "create function pg_temp.tell(bigint) returns boolean language plpgsql cost 0.000001 as"
            " $$ begin raise exception 'told %', $1; end $$"
        )
        cursor.execute("select count(*) from handovers_observed where pg_temp.tell(person_id)")
        assert cursor.fetchone() == (0,)


# -- who is in it -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", [*ENDED, CaseState.ADMITTED])
def test_whose_case_has_ended_is_not_in_it(town, to):
    enrolment = make.observed(town)
    end_case(case=enrolment.case, to=to, by=town.actor("serik"), now=NOW)
    assert shown(town) == []


def second_centre(town, first):
    """The same human being under another record, observed by another centre."""
    centre = make.organisation("Centre 2", Kind.TELEMEDICINE_CENTRE, town.centre.region)
    make.with_roles(town, "other", (Role.OPERATOR, centre), (Role.DOCTOR, centre))
    ours, town.centre = town.centre, centre
    aigerim, town.users["aigerim"] = town.users["aigerim"], town.users["other"]
    second = make.observed(town)
    town.centre, town.users["aigerim"] = ours, aigerim
    merge(person=second.person, into=first.person, by=WORKER, now=NOW)
    return second


def test_who_died_at_another_centre_is_not_in_it(town):
    first = make.observed(town)
    second = second_centre(town, first)
    assert len(shown(town)) == 2
    other = town.actor("other")
    with scope(other):  # which neither sees nor ends the case of the first
        end_case(case=second.case, to=CaseState.DIED, by=other, now=NOW)
    assert shown(town) == []


def test_two_centres_are_two_rows_of_one_human_being(town):
    first = make.observed(town)
    second = second_centre(town, first)
    spoke(town, second, by="other")
    rows = {row.organisation: (row.person, row.today) for row in shown(town)}
    assert rows == {
        town.centre: (first.person, ContactToday.WAITING),
        second.organisation: (first.person, ContactToday.SPOKEN),
    }


def test_who_moves_goes_to_the_other_clinic_at_once(town):
    put_catchment(clinic=town.other_clinic, district=town.district, street="Абай")
    enrolment = make.observed(town)
    moved(town, enrolment.person, "пр. Абая", "1", now=NOW + timedelta(minutes=1))
    assert len(shown(town)) == 1, "Абая is another spelling, not the same street"
    moved(town, enrolment.person, "проспект Абай", "1", now=NOW + timedelta(minutes=2))
    assert (len(shown(town)), len(shown(town, "boris"))) == (0, 1)


def test_only_a_visit_that_is_open_at_this_clinic_is_named(town):
    enrolment = make.observed(town)
    wish = VisitWish(reason="not_reached", urgency="today")
    visit = request_visit(case=enrolment.case, wish=wish, by=town.actor("serik"), now=NOW)
    assert [row.visit_uid for row in shown(town)] == [visit.uid]
    dana = town.actor("dana")
    with scope(dana):
        advance_visit(visit=visit, to=VisitState.REFUSED, refusal="Not our street", by=dana, now=NOW)
    assert [row.visit_uid for row in shown(town)] == [None]
    wish = VisitWish(reason="not_reached", urgency="today", clinic=town.other_clinic)
    other = make.observed(town)
    request_visit(case=other.case, wish=wish, by=town.actor("serik"), now=NOW)
    assert [row.visit_uid for row in shown(town)] == [None, None]


# -- today's contact --------------------------------------------------------------------------------------------------


def test_planned_then_handed_then_spoken(town):
    enrolment = make.observed(town)
    assert words(town) == [ContactToday.WAITING]
    hand_contact(due=due_of(enrolment), reason="not_reached", by=WORKER, now=NOW)
    assert words(town) == [ContactToday.TRYING]
    spoke(town, enrolment)
    assert words(town) == [ContactToday.SPOKEN]
    assert words(town, now=NOW + DAY) == [ContactToday.NOTHING]
    plan_day(day=make.NOON.date() + DAY, by=WORKER, now=NOW)
    assert words(town) == [ContactToday.SPOKEN], "tomorrow's plan is no contact of today"
    assert words(town, now=NOW + DAY) == [ContactToday.WAITING]


def test_who_was_not_reached_yesterday_is_still_being_tried(town):
    enrolment = make.observed(town)
    hand_contact(due=due_of(enrolment), reason="not_reached", by=WORKER, now=NOW)
    plan_day(day=make.NOON.date() + DAY, by=WORKER, now=NOW + DAY)
    assert words(town, now=NOW + DAY) == [ContactToday.TRYING]


def test_with_the_doctor(town):
    enrolment = make.observed(town)
    due = plan_doctor(enrolment=enrolment, on=make.NOON.date(), by=WORKER, now=NOW)
    move_due(due_id=due.pk, to="doctors", by=WORKER, now=NOW)
    assert words(town) == [ContactToday.DOCTOR]
    spoke(town, enrolment)
    assert words(town) == [ContactToday.DOCTOR], "an operator has spoken with them, the doctor is still owed"
    findings = Findings(severity=Severity.MILD, icd10="U07.1", outcome="more_often", treatment="Rest")
    decision = Decision(findings=findings, then=Next.GO_ON)
    conclude(case=enrolment.case, decision=decision, by=town.actor("serik"), now=NOW)
    assert words(town) == [ContactToday.SPOKEN]


def test_after_the_planned_days_a_doctor_decides(town):
    enrolment = make.observed(town)
    spoke(town, enrolment)
    over = NOW + (enrolment.planned_end_on - enrolment.started_on) + DAY
    assert words(town, now=over) == [ContactToday.DOCTOR]


# -- the order, and page by page --------------------------------------------------------------------------------------


def neighbours(town, *doors):
    rows = []
    for street, house, flat in doors:
        enrolment = make.observed(town)
        moved(town, enrolment.person, street, house, flat)
        rows.append(enrolment)
    return rows


def test_what_needs_the_clinic_first_then_from_door_to_door(town):
    rows = neighbours(
        town, ("Толе би", "2", ""), ("Абай", "10", "5"), ("Абай", "9а", "12"), ("Абай", "9", "3"), ("Абай", "10", "40")
    )
    hand_contact(due=due_of(rows[4]), reason="not_reached", by=WORKER, now=NOW)
    spoke(town, rows[3])
    found = [(row.address.street, row.address.house, row.address.flat) for row in shown(town)]
    assert found == [
        ("Абай", "10", "40"),
        ("Абай", "9а", "12"),
        ("Абай", "10", "5"),
        ("Толе би", "2", ""),
        ("Абай", "9", "3"),
    ]
    assert [row.person for row in shown(town, street="толеби")] == [rows[0].person]
    dana = town.actor("dana")
    with scope(dana):
        assert [(row.name, row.people) for row in streets(dana)] == [("Абай", 4), ("Толе би", 1)]


def test_a_page_begins_behind_the_last_row_also_when_its_state_has_changed(town):
    rows = neighbours(town, *(("Абай", str(house), "") for house in range(1, 7)))
    first = shown(town)[:2]
    dana = town.actor("dana")
    spoke(town, rows[1])
    with scope(dana):
        found = under_observation(dana, now=NOW)
        rest = list(after(found, rank=first[-1].rank, uid=first[-1].uid))
    assert [row.address.house for row in rest] == ["3", "4", "5", "6", "2"]
    end_case(case=rows[1].case, to=CaseState.RECOVERED, by=town.actor("serik"), now=NOW)
    with scope(dana):
        again = list(after(under_observation(dana, now=NOW), rank=first[-1].rank, uid=first[-1].uid))
    assert [row.address.house for row in again] == ["1", "3", "4", "5", "6"]


def test_every_word_has_its_place():
    assert set(ORDER) == set(ContactToday)


def test_who_has_no_address_is_found_by_attachment(town):
    enrolment = make.observed(town)
    enrolment.person.addresses.update(valid_to=NOW)
    [row] = shown(town, "boris")
    assert (row.person, row.address) == (enrolment.person, None)
    attach(person=enrolment.person, clinic=town.clinic, by=WORKER, now=NOW + DAY)
    assert [row.person for row in shown(town)] == [enrolment.person]
