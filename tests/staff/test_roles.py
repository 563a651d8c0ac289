"""Roles begin and end, each at its organisation, and so does what somebody is."""

from datetime import timedelta

from medet.base.actor import WORKER, Held
from medet.base.models import JournalEntry
from medet.staff.actions import deactivate_user, end_role, give_role
from medet.staff.models import RoleAt
from medet.staff.states import Role
from tests import make

NOW = make.NOON
LATER = NOW + timedelta(hours=1)


def test_roles_are_kept_with_their_places(town):
    both = make.with_roles(town, "zarina", (Role.DOCTOR, town.centre), (Role.CLINIC_RECEIVER, town.clinic))
    assert both.held == {Held("doctor", town.centre.pk), Held("clinic_receiver", town.clinic.pk)}


def test_a_role_ends_at_its_place_only_and_once(town):
    make.with_roles(town, "zarina", (Role.DOCTOR, town.centre), (Role.DOCTOR, town.clinic))
    ending = {"user": town.users["zarina"], "role": Role.DOCTOR, "organisation": town.clinic, "by": WORKER}
    assert end_role(**ending, now=LATER) is True
    assert end_role(**ending, now=LATER + timedelta(hours=1)) is False
    assert town.actor("zarina", now=LATER).held == {Held("doctor", town.centre.pk)}
    # What was held before stays known.
    assert Held("doctor", town.clinic.pk) in town.actor("zarina", now=NOW).held
    entry = JournalEntry.objects.get(kind="role.ended")
    assert (entry.object_uid, entry.organisation_id, entry.code) == (town.users["zarina"].uid, town.clinic.pk, "doctor")


def test_a_role_that_ended_can_be_given_again(town):
    user = town.users["dana"]
    end_role(user=user, role=Role.CLINIC_RECEIVER, organisation=town.clinic, by=WORKER, now=NOW)
    give_role(user=user, role=Role.CLINIC_RECEIVER, organisation=town.clinic, by=WORKER, now=LATER)
    assert RoleAt.objects.filter(user=user).count() == 2
    assert town.actor("dana", now=LATER).held == {Held("clinic_receiver", town.clinic.pk)}


def test_a_user_is_deactivated_once(town):
    user = town.users["dana"]
    assert deactivate_user(user=user, by=WORKER, now=NOW) is True
    assert deactivate_user(user=user, by=WORKER, now=NOW) is False
    user.refresh_from_db()
    assert not user.is_active
    assert JournalEntry.objects.get(kind="user.deactivated").object_uid == user.uid
