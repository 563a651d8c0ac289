"""Registers the room with Django."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """The room `staff`."""

    name = "medet.staff"
    default_auto_field = "django.db.models.BigAutoField"
