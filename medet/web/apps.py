"""Registers the room with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The room `web`."""

    name = "medet.web"
    default_auto_field = "django.db.models.BigAutoField"
