"""Registers the room with Django."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """The room `tasks`."""

    name = "medet.tasks"
    default_auto_field = "django.db.models.BigAutoField"
