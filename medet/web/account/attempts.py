"""Tries to sign in by password or PIN: counted in the audit table, so that guessing is slow on all processes together.

What was typed as a name is kept as a keyed hash only: people type their password there by mistake.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.db.models import Count, Q

from medet.base import audit, secret
from medet.base.models import AuditEntry
from medet.staff.models import SharedDevice, User
from medet.staff.shared.actions import Opened, try_pin
from medet.staff.shared.queries import pin_of
from medet.web import shared
from medet.web.asked import NOBODY, Asked

FAILED, IN, OUT = "account.sign_in_failed", shared.IN, shared.OUT
WINDOW = timedelta(minutes=15)
# From one computer a name is closed soon; from everywhere together late, so that a stranger cannot shut a doctor out.
OF_ONE_NAME = 5
OF_ONE_NAME_ANYWHERE = 50
OF_ONE_ADDRESS = 50  # a whole clinic may stand behind one address


@transaction.atomic
def signed_in_user(request: Asked, *, username: str, password: str) -> User | None:
    """The user, or None: for a wrong name, a wrong password and too many tries alike."""
    name, address = _hash(username.strip().casefold()), _address(request)
    _one_at_a_time(name)
    user = None if _too_many(request, name, address) else authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        audit.record(by=NOBODY, now=request.now, action=FAILED, name=name, address=address)
        return None
    return user


@transaction.atomic
def opened_by_pin(request: Asked, *, device: SharedDevice, who: UUID, pin: str) -> Opened | None:
    """The same for a PIN. One that was set anew begins anew: whoever forgot it does not wait as well."""
    standing = pin_of(device, who)
    name, address = _hash(f"{device.uid} {who} {standing.set_at if standing else ''}"), _address(request)
    _one_at_a_time(name)
    opened = None
    if not _too_many(request, name, address):
        opened = try_pin(device=device, user_uid=who, pin=pin, now=request.now)
    if opened is None:
        audit.record(
            by=NOBODY,
            now=request.now,
            action=FAILED,
            object_uid=device.uid,
            organisation_id=device.organisation_id,
            name=name,
            address=address,
        )
    return opened


def _address(request: Asked) -> str:
    """The computer; behind our own proxy what the proxy wrote last, since anybody can write the rest."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def _hash(text: str) -> str:
    return secret.keyed_hash(text).hex()


def _one_at_a_time(name: str) -> None:
    """A hundred tries at once must not all see the count before any of them is in it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _too_many(request: Asked, name: str, address: str) -> bool:
    # Nobody signed in, so by_user_id is null: the index on (by_user_id, at) finds them.
    failed = AuditEntry.objects.filter(action=FAILED, by_user_id=None, at__gt=request.now - WINDOW)
    of_name, of_address = Q(detail__name=name), Q(detail__address=address)
    counted = failed.aggregate(
        here=Count("pk", filter=of_name & of_address),
        anywhere=Count("pk", filter=of_name),
        address=Count("pk", filter=of_address),
    )
    limits = {"here": OF_ONE_NAME, "anywhere": OF_ONE_NAME_ANYWHERE, "address": OF_ONE_ADDRESS}
    return any(counted[which] >= limit for which, limit in limits.items())
