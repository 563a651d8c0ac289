"""A fresh installation gets its first organisation and its first administrator, by a code only its console shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from medet.base.actor import WORKER
from medet.base.refused import Refused, register
from medet.flows.installing import HOUSES, create_organisation, create_staff
from medet.staff.actions import accept_invitation, invite
from medet.staff.models import User
from medet.staff.queries import is_fresh
from medet.staff.states import Role

VALID_FOR = timedelta(hours=24)
ONE_AT_A_TIME = 7_335_401  # any number of our own for the advisory lock

register(
    {
        "setup.done": _("This installation has its administrator already: sign in."),
        "setup.house": _("The first organisation is a telemedicine centre or the national centre."),
    }
)


@dataclass(frozen=True, kw_only=True)
class First:
    """Who administers, and where: the words that `create_organisation` and `create_staff` take."""

    organisation: dict[str, Any]
    person: dict[str, Any]


@transaction.atomic
def setup_secret(*, now: datetime) -> str | None:
    """The one-time secret for the browser; a new one at each start, none when it is set up."""
    return invite(user=None, valid_for=VALID_FOR, by=WORKER, now=now) if is_fresh() else None


@transaction.atomic
def set_up(*, first: First, secret: str | None, now: datetime) -> User:
    """All or nothing. Without a secret it is the console itself that asks."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    if not is_fresh():
        raise Refused("setup.done")
    if secret is not None and accept_invitation(secret=secret, now=now).user_id is not None:
        raise Refused("invitation.over")
    if first.organisation["kind"] not in HOUSES:
        raise Refused("setup.house")
    house = create_organisation(**first.organisation, by=WORKER, now=now)
    return create_staff(**first.person, roles=[Role.ADMINISTRATOR], at=house, by=WORKER, now=now)
