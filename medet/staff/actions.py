"""The only writers of users and roles."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from medet.base import journal
from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.places.models import Organisation
from medet.staff.models import Invitation, RoleAt, User
from medet.staff.states import Role


class Hashed(str):
    """A password as it is kept: a made-up city gives all its people one, and hashing is slow on purpose."""


@transaction.atomic
def create_user(
    *,
    username: str,
    password: str | Hashed | None,
    family_name: str,
    given_name: str,
    patronymic: str = "",
    language: str,
    by: Actor,
    now: datetime,
) -> User:
    """A new user without any role; without a password they cannot sign in."""
    names = {"family_name": family_name, "given_name": given_name, "patronymic": patronymic}
    kept = password if isinstance(password, Hashed) else make_password(password)
    user = User(username=username, language=language, password=kept, **names)
    user.save(force_insert=True)
    journal.append(kind="user.created", by=by, now=now, object_uid=user.uid)
    return user


@transaction.atomic
def give_role(*, user: User, role: Role, organisation: Organisation, by: Actor, now: datetime) -> RoleAt:
    """Gives a role at an organisation from `now` on; giving it twice changes nothing."""
    held, made = RoleAt.objects.get_or_create(
        user=user, role=role, organisation=organisation, valid_to=None, defaults={"valid_from": now}
    )
    if made:
        journal.append(
            kind="role.given", by=by, now=now, object_uid=user.uid, organisation_id=organisation.pk, code=role
        )
    return held


@transaction.atomic
def end_role(*, user: User, role: Role, organisation: Organisation, by: Actor, now: datetime) -> bool:
    """Ends a role at an organisation; False when it is not held. Open pages lose it at their next request."""
    held = RoleAt.objects.filter(user=user, role=role, organisation=organisation, valid_to__isnull=True)
    ended = held.update(valid_to=now)
    if ended:
        journal.append(
            kind="role.ended", by=by, now=now, object_uid=user.uid, organisation_id=organisation.pk, code=role
        )
    return bool(ended)


@transaction.atomic
def deactivate_user(*, user: User, by: Actor, now: datetime) -> bool:
    """The user signs in no more, and whoever is signed in is out; roles stay as they were. False when done before."""
    ended = User.objects.filter(pk=user.pk, is_active=True).update(is_active=False)
    if ended:
        journal.append(kind="user.deactivated", by=by, now=now, object_uid=user.uid)
    return bool(ended)


@transaction.atomic
def choose_language(*, user: User, language: str, by: Actor, now: datetime) -> None:
    """The user's own language for pages."""
    User.objects.filter(pk=user.pk).update(language=language)
    journal.append(kind="user.language", by=by, now=now, object_uid=user.uid, code=language)


@transaction.atomic
def set_speaks(*, user: User, languages: Sequence[str], by: Actor, now: datetime) -> None:
    """The languages in which somebody talks to patients."""
    user.speaks = sorted(set(languages))
    user.save(update_fields=["speaks"])
    journal.append(kind="user.speaks", by=by, now=now, object_uid=user.uid, values={"languages": user.speaks})


@transaction.atomic
def invite(*, user: User | None, valid_for: timedelta, by: Actor, now: datetime) -> str:
    """The secret of a new one-time link, shown once; older links of the same user are worth nothing from now on."""
    secret = secrets.token_urlsafe(32)
    Invitation.objects.filter(user=user, used_at__isnull=True).delete()
    made = Invitation.objects.create(
        user=user, secret_sha256=secret_hash(secret), made_at=now, expires_at=now + valid_for
    )
    journal.append(kind="user.invited", by=by, now=now, object_uid=user.uid if user else made.uid)
    return secret


@transaction.atomic
def accept_invitation(*, secret: str, now: datetime) -> Invitation:
    """Uses the link up; whoever comes second is refused."""
    found = Invitation.objects.select_for_update().filter(secret_sha256=secret_hash(secret)).first()
    if found is None or found.used_at or found.expires_at <= now:
        raise Refused("invitation.over")
    found.used_at = now
    found.save(update_fields=["used_at"])
    return found


@transaction.atomic
def set_password(*, user: User, password: str, by: Actor, now: datetime) -> None:
    """Every session of the user ends with the old password."""
    user.set_password(password)
    user.save(update_fields=["password"])
    journal.append(kind="user.password", by=by, now=now, object_uid=user.uid)


@transaction.atomic
def let_in_again(*, user: User, by: Actor, now: datetime) -> bool:
    """An account that was ended is open again, with the roles it had; False when it is open already."""
    opened = User.objects.filter(pk=user.pk, is_active=False).update(is_active=True)
    if opened:
        journal.append(kind="user.let_in_again", by=by, now=now, object_uid=user.uid)
    return bool(opened)


def secret_hash(secret: str) -> bytes:
    """What is kept of a link."""
    return hashlib.sha256(secret.encode()).digest()
