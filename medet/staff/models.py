"""Users and the roles they hold at organisations."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from medet.base.models import Uid
from medet.places.models import Organisation
from medet.staff.rota.models import Duty, Need, Shift, Swap
from medet.staff.shared.models import DevicePin, SharedDevice
from medet.staff.states import Role

__all__ = ["DevicePin", "Duty", "Invitation", "Need", "RoleAt", "SharedDevice", "Shift", "Swap", "User"]


class User(Uid, AbstractBaseUser):
    """Somebody who signs in."""

    username = models.CharField(max_length=60, unique=True)
    family_name = models.CharField(max_length=80)
    given_name = models.CharField(max_length=80)
    patronymic = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=2, default="ru")
    speaks = ArrayField(
        models.CharField(max_length=2),
        default=list,
        blank=True,
        help_text="With patients; empty: the language of pages",
    )
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    objects = BaseUserManager["User"]()

    def __str__(self) -> str:
        return f"{self.family_name} {self.given_name}"

    @property
    def spoken(self) -> list[str]:
        """The languages in which this person talks to patients."""
        return list(self.speaks) or [self.language]


class RoleAt(models.Model):
    """One role of one user at one organisation, for a time."""

    user = models.ForeignKey(User, models.CASCADE, related_name="roles")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=models.Q(valid_to__isnull=True),
                name="role_held_once",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role} at {self.organisation}"


class Invitation(Uid):
    """A one-time link to set a password by. Without a user it makes the first administrator of a fresh installation."""

    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="invitations")
    secret_sha256 = models.BinaryField(max_length=32, unique=True, help_text="Of the link's secret, which is not kept")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.uid)
