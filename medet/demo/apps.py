"""Registers the room with Django."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The room `demo`."""

    name = "medet.demo"
    default_auto_field = "django.db.models.BigAutoField"
