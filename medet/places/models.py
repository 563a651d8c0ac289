"""Where care happens: regions, districts, organisations and who answers for which street."""

from django.db import models
from django.utils.translation import get_language

from medet.base.models import Uid
from medet.places.states import Kind, Level

FIRST_LANGUAGE = "kk"


class Named(models.Model):
    """A name in the three languages; Kazakh is the first, not a translation."""

    name_kk = models.CharField(max_length=200, help_text="Name in Kazakh")
    name_ru = models.CharField(max_length=200, help_text="Name in Russian")
    name_en = models.CharField(max_length=200, help_text="Name in English")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the moment."""
        return self.name_in(get_language() or "ru")

    def name_in(self, language: str) -> str:
        """The name in `kk`, `ru` or `en`."""
        return str(getattr(self, f"name_{language[:2]}", self.name_ru))


class Region(Named):
    """One of the 20 regions (oblast or city of republican significance)."""

    kato = models.CharField(max_length=9, unique=True, help_text="КАТО code, 9 digits")
    valid_from = models.DateField(null=True, blank=True, help_text="Set for regions created later (2022)")

    def __str__(self) -> str:
        return self.name


class District(Named):
    """A district of a region or of a city."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="districts")
    kato = models.CharField(max_length=9, unique=True, help_text="КАТО code, 9 digits")
    valid_from = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Organisation(Uid, Named):
    """A clinic, hospital, station, centre or supplier."""

    kind = models.CharField(max_length=30, choices=Kind.choices)
    level = models.CharField(max_length=12, choices=Level.choices, default=Level.OTHER)
    is_rural = models.BooleanField(default=False, help_text="Rural mark of the network reports")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="+")
    bin = models.CharField(max_length=12, blank=True, help_text="БИН")
    duty_phone = models.CharField(max_length=20, blank=True, help_text="E.164; rung when nobody has the page open")
    duty_language = models.CharField(max_length=2, default=FIRST_LANGUAGE, help_text="In which the robot speaks to it")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="organisation_kind_known"),
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="organisation_level_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Catchment(models.Model):
    """A street, or a whole district when `street_fold` is empty, and the clinic that answers for it."""

    clinic = models.ForeignKey(Organisation, models.CASCADE, related_name="catchments")
    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    street = models.CharField(max_length=120, blank=True)
    street_fold = models.CharField(max_length=120, blank=True, help_text="Street folded for look-up")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "street_fold"], name="catchment_one_clinic"),
        ]

    def __str__(self) -> str:
        return f"{self.street or self.district} -> {self.clinic}"
