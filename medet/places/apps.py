"""Registers the room with Django."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The room `places`."""

    name = "medet.places"
    default_auto_field = "django.db.models.BigAutoField"
