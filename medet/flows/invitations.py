"""Somebody is invited by a link and chooses a password of their own: nobody else ever knows it."""

from datetime import datetime, timedelta

from django.db import transaction

from medet.base import audit, policy
from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.flows.installing import check_password
from medet.staff.actions import accept_invitation, invite, set_password
from medet.staff.models import User


def invite_user(*, user: User, by: Actor, now: datetime) -> str:
    """The secret of the link; a new invitation makes the one before worthless."""
    hours = policy.whole("account.invitation_hours", now=now)
    secret = invite(user=user, valid_for=timedelta(hours=hours), by=by, now=now)
    audit.record(by=by, now=now, action="user.invited", object_uid=user.uid)
    return secret


@transaction.atomic
def come_in(*, secret: str, password: str, now: datetime) -> User:
    """The password is set and the link used up, or neither."""
    user = accept_invitation(secret=secret, now=now).user
    if user is None or not user.is_active:
        raise Refused("invitation.over")
    about = {"username": user.username, "family_name": user.family_name, "given_name": user.given_name}
    check_password(password, **about)
    by = Actor(user_id=user.pk)
    set_password(user=user, password=password, by=by, now=now)
    audit.record(by=by, now=now, action="user.password", object_uid=user.uid)
    return user
