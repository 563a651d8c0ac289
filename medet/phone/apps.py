"""Registers the room with Django."""

from django.apps import AppConfig


class PhoneConfig(AppConfig):
    """The room `phone`."""

    name = "medet.phone"
    default_auto_field = "django.db.models.BigAutoField"
