"""Kinds and levels of organisations (network norm: order ҚР ДСМ-133/2020)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What an organisation is."""

    MEDICAL_POINT = "medical_point", _("Medical point")
    FELDSHER_STATION = "feldsher_station", _("Feldsher station")
    AMBULATORY = "ambulatory", _("Ambulatory")
    POLYCLINIC = "polyclinic", _("Polyclinic")
    DISTRICT_HOSPITAL = "district_hospital", _("District hospital")
    INTERDISTRICT_HOSPITAL = "interdistrict_hospital", _("Inter-district hospital")
    CITY_HOSPITAL = "city_hospital", _("City hospital")
    REGIONAL_HOSPITAL = "regional_hospital", _("Regional hospital")
    INFECTIOUS_HOSPITAL = "infectious_hospital", _("Infectious-disease hospital")
    REPUBLICAN_CENTRE = "republican_centre", _("Republican centre")
    LABORATORY = "laboratory", _("Laboratory")
    TELEMEDICINE_CENTRE = "telemedicine_centre", _("Telemedicine centre")
    AMBULANCE_STATION = "ambulance_station", _("Ambulance station")
    HEALTH_DEPARTMENT = "health_department", _("Health department")
    NATIONAL_CENTRE = "national_centre", _("National centre")
    SUPPLIER = "supplier", _("Supplier")


class Level(TextChoices):
    """At which level of the network an organisation works."""

    PRIMARY = "primary", _("Primary care")
    DISTRICT = "district", _("District level")
    CITY = "city", _("City level")
    REGIONAL = "regional", _("Regional level")
    REPUBLICAN = "republican", _("Republican level")
    OTHER = "other", _("Outside the levels")


PRIMARY_CARE = frozenset({Kind.MEDICAL_POINT, Kind.FELDSHER_STATION, Kind.AMBULATORY, Kind.POLYCLINIC})
