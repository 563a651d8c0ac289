"""Trunk: the contract with a telephone company. OwnPrompt: a recording in place of ours."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from medet.base.models import Uid
from medet.people.states import Language
from medet.staff.models import User


class Trunk(Uid):
    """Where calls leave to; the phone process takes a changed row by itself."""

    name = models.CharField(max_length=20, unique=True, default="main")
    address = models.CharField(max_length=120, help_text="host:port of the telephone company")
    user = models.CharField(max_length=80)
    password_cipher = models.BinaryField(default=bytes, blank=True, help_text="Encrypted; never shown again")
    register = models.BooleanField(default=False, help_text="Whether the company wants a registration")
    caller_id = models.CharField(max_length=20, blank=True, help_text="E.164; the number people see")
    allowed_prefixes = ArrayField(models.CharField(max_length=15), help_text="Numbers that may be rung")
    max_channels = models.PositiveSmallIntegerField(default=30, help_text="Calls at once")
    attempts_per_s = models.FloatField(default=5, help_text="New calls a second")
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(attempts_per_s__gt=0, attempts_per_s__lte=20), name="trunk_pace"),
            models.CheckConstraint(condition=Q(max_channels__gt=0), name="trunk_channels"),
        ]

    def __str__(self) -> str:
        return self.name


class OwnPrompt(models.Model):
    """A clinic's own recording of one prompt in one language."""

    key = models.CharField(max_length=80, help_text="Name of the prompt")
    language = models.CharField(max_length=2, choices=Language.choices)
    wav = models.BinaryField(help_text="8 kHz, 16 bit, mono, at telephone level")
    sha256 = models.BinaryField(max_length=32)
    text_sha256 = models.BinaryField(max_length=32, help_text="Of the words it was recorded for")
    seconds = models.FloatField()
    level_dbfs = models.FloatField()
    put_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    put_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="own_prompt_once")]

    def __str__(self) -> str:
        return f"{self.language}/{self.key}"
