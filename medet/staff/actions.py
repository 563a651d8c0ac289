"""The only writers of users and roles."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from medet.base import journal
from medet.base.actor import Actor
from medet.places.models import Organisation
from medet.staff.models import RoleAt, User
from medet.staff.states import Role


@transaction.atomic
def create_user(
    *, username: str, password: str | None, family_name: str, given_name: str, language: str, by: Actor, now: datetime
) -> User:
    """A new user without any role; without a password they cannot sign in."""
    user = User(username=username, family_name=family_name, given_name=given_name, language=language)
    user.set_password(password)
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
