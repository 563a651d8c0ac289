"""Registers the room with Django."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """The room `base`."""

    name = "medet.base"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The lookups of our own."""
        from medet.base import among  # noqa: F401
