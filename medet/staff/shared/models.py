"""Tables of shared telephones and of the PINs that open them."""

from django.db import models
from django.db.models import F, Q

from medet.base.models import Uid
from medet.places.models import Organisation


class SharedDevice(Uid):
    """A telephone or computer of a clinic that several people use in turn; known by a cookie."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60, help_text="What people call it")
    token_sha256 = models.BinaryField(max_length=32, unique=True, help_text="Of the cookie's value, which is not kept")
    made_by = models.ForeignKey("staff.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(help_text="When somebody opened it last; long unused it opens no more")
    revoked_by = models.ForeignKey("staff.User", models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__gte=F("made_at"), revoked_by__isnull=False),
                name="device_revoked_by_somebody",
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "id"], condition=Q(revoked_at__isnull=True), name="device_standing")
        ]

    def __str__(self) -> str:
        return self.name


class DevicePin(models.Model):
    """What one person types to open one shared telephone."""

    device = models.ForeignKey(SharedDevice, models.CASCADE, related_name="pins")
    user = models.ForeignKey("staff.User", models.CASCADE, related_name="+")
    pin = models.CharField(max_length=200, help_text="Hash of the PIN, made like a password's")
    under = models.CharField(max_length=128, help_text="Mark of the password it was set under: it ends with it")
    set_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="Wrong ones since it opened last")
    locked_at = models.DateTimeField(null=True, help_text="After too many wrong ones only a password helps")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "user"], name="device_pin_once")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.device_id}"
