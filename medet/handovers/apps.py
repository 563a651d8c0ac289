"""Registers the room with Django."""

from django.apps import AppConfig


class HandoversConfig(AppConfig):
    """The room `handovers`."""

    name = "medet.handovers"
    default_auto_field = "django.db.models.BigAutoField"
