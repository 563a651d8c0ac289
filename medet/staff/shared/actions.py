"""The only writers of shared telephones and PINs."""

import secrets
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medet.base import audit, journal
from medet.base.actor import Actor
from medet.base.refused import Refused, register
from medet.places.models import Organisation
from medet.staff.actions import secret_hash
from medet.staff.models import DevicePin, SharedDevice, User
from medet.staff.shared.queries import may_open
from medet.staff.shared.rules import DIGITS, OPENS, TRIES, is_over, is_trivial
from medet.staff.states import Role

register(
    {
        "device.not_yours": _("Only who receives home visits of this clinic shares its telephone."),
        "device.over": _("This telephone is not shared any more."),
        "device.not_to_revoke": _("Only the head of the clinic or an administrator ends the sharing of a telephone."),
        "pin.digits": _("A PIN has 6 digits."),
        "pin.trivial": _("Whoever finds the telephone tries this PIN first: choose another one."),
    }
)


class Opened(NamedTuple):
    """Whose PIN it was, and how many wrong ones came before it."""

    user: User
    wrong_before: int


@transaction.atomic
def share_device(*, organisation: Organisation, name: str, by: Actor, now: datetime) -> tuple[SharedDevice, str]:
    """The telephone, and the secret of its cookie, which is told this once."""
    maker = _receives(by, organisation.pk)
    token = secrets.token_urlsafe(32)
    device = SharedDevice.objects.create(
        organisation=organisation,
        name=name,
        token_sha256=secret_hash(token),
        made_by_id=maker,
        made_at=now,
        used_at=now,
    )
    _note("device.shared", device, by=by, now=now)
    return device, token


@transaction.atomic
def set_pin(*, device: SharedDevice, user: User, pin: str, by: Actor, now: datetime) -> None:
    """One's own PIN at a telephone, also in place of one that is locked or was forgotten."""
    if user.pk != _receives(by, device.organisation_id):
        raise Refused("device.not_yours")
    standing = SharedDevice.objects.select_for_update().get(pk=device.pk)
    if is_over(used_at=standing.used_at, revoked_at=standing.revoked_at, now=now):
        raise Refused("device.over")
    if len(pin) != DIGITS or not (pin.isascii() and pin.isdecimal()):
        raise Refused("pin.digits")
    if is_trivial(pin):
        raise Refused("pin.trivial")
    new = {"pin": make_password(pin), "under": user.get_session_auth_hash(), "set_at": now}
    fresh = {"tries": 0, "locked_at": None, "used_at": None}
    DevicePin.objects.update_or_create(device=standing, user=user, defaults=new | fresh)
    SharedDevice.objects.filter(pk=standing.pk).update(used_at=now)
    _note("device.pin_set", device, by=by, now=now)


@transaction.atomic
def try_pin(*, device: SharedDevice, user_uid: UUID, pin: str, now: datetime) -> Opened | None:
    """Whom the PIN lets in, or None: for a wrong one, a locked one and a person without rights alike.

    A wrong one is counted, so the caller must not undo this: there is no refusal to raise.
    """
    rows = DevicePin.objects.select_for_update(of=("self",)).select_related("user", "device")
    row = rows.filter(device=device, user__uid=user_uid).first()
    # The hasher runs once in any case: the time of the answer tells nothing.
    fits = check_password(pin, row.pin if row else make_password("0" * DIGITS))
    if row is None or row.locked_at or not may_open(row, now=now):
        return None
    if not fits:
        _count(row, now=now)
        return None
    opened = Opened(row.user, row.tries)
    row.tries, row.used_at = 0, now
    row.save(update_fields=["tries", "used_at"])
    SharedDevice.objects.filter(pk=device.pk).update(used_at=now)
    return opened


def _count(row: DevicePin, *, now: datetime) -> None:
    row.tries += 1
    row.locked_at = now if row.tries >= TRIES else None
    row.save(update_fields=["tries", "locked_at"])
    if row.locked_at:
        by = Actor(user_id=None, label="device")
        _note("device.pin_locked", row.device, by=by, now=now, user=row.user_id)


@transaction.atomic
def revoke_device(*, device: SharedDevice, by: Actor, now: datetime) -> bool:
    """Nobody opens it by a PIN any more, and whoever has it open is out at the next request. False when done before."""
    if Role.HEAD_OF_CLINIC not in by.roles_at(device.organisation_id) and Role.ADMINISTRATOR not in by.roles:
        raise Refused("device.not_to_revoke")
    standing = SharedDevice.objects.filter(pk=device.pk, revoked_at__isnull=True)
    revoked = standing.update(revoked_at=now, revoked_by=by.user_id)
    if revoked:
        _note("device.revoked", device, by=by, now=now)
    return bool(revoked)


def _receives(by: Actor, organisation_id: int) -> int:
    """The doer, who must be somebody by name."""
    if by.user_id is None or not by.roles_at(organisation_id) & OPENS:
        raise Refused("device.not_yours")
    return by.user_id


def _note(kind: str, device: SharedDevice, *, by: Actor, now: datetime, user: int | None = None) -> None:
    """In the history and, as everything about coming in, in the audit."""
    where, about = device.organisation_id, {"user": user} if user else {}
    journal.append(kind=kind, by=by, now=now, object_uid=device.uid, organisation_id=where, values=about)
    audit.record(by=by, now=now, action=kind, object_uid=device.uid, organisation_id=where, about=about)
