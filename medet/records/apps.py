"""Registers the room with Django."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The room `records`."""

    name = "medet.records"
    default_auto_field = "django.db.models.BigAutoField"
