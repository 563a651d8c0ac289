"""Who somebody is at this moment."""

from datetime import datetime

from django.db.models import Q, QuerySet

from medet.base.actor import Actor, Held
from medet.staff.actions import secret_hash
from medet.staff.models import Invitation, RoleAt, User
from medet.staff.states import Role


def holding_now(now: datetime) -> QuerySet[RoleAt]:
    """The roles that hold at `now`, of everybody."""
    return RoleAt.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=now), valid_from__lte=now)


def roles_of(user: User | int, *, now: datetime) -> list[RoleAt]:
    """The roles that hold at `now`, with their organisations, in the order they were given."""
    held = holding_now(now).filter(user=user)
    return list(held.select_related("organisation").order_by("valid_from", "pk"))


def actor_of(user: User, *, now: datetime) -> Actor:
    """The user with the roles that hold at `now`, each with its organisation."""
    pairs = holding_now(now).filter(user=user).values_list("role", "organisation_id")
    return Actor(user_id=user.pk, held=frozenset(Held(role, organisation_id) for role, organisation_id in pairs))


def holders(*, role: Role, organisation_id: int, now: datetime) -> list[User]:
    """Active users who hold a role at an organisation."""
    return list(
        User.objects.filter(
            Q(roles__valid_to__isnull=True) | Q(roles__valid_to__gt=now),
            roles__role=role,
            roles__organisation_id=organisation_id,
            is_active=True,
        ).distinct()
    )


def holds(user_id: int | None, role: str, organisation_id: int, *, now: datetime) -> bool:
    """Whether somebody active holds a role at an organisation."""
    if user_id is None:
        return False
    rows = holding_now(now).filter(user_id=user_id, role=role, organisation_id=organisation_id)
    return rows.filter(user__is_active=True).exists()


def invitation_of(secret: str, *, now: datetime) -> Invitation | None:
    """The link, as long as it can be used."""
    rows = Invitation.objects.filter(used_at__isnull=True, expires_at__gt=now).select_related("user")
    return rows.filter(secret_sha256=secret_hash(secret)).first()


def is_fresh() -> bool:
    """Nobody can sign in yet: the installation has no administrator."""
    return not User.objects.filter(roles__role=Role.ADMINISTRATOR).exists()
