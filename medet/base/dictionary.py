"""The data dictionary: every table and column of the rooms, read from the models."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models
from django.utils import translation


def text() -> str:
    """The Markdown page; English whatever language is active."""
    with translation.override("en"):
        head = ["# Data dictionary", "", "Made by `manage.py data_dictionary` from the models; do not edit."]
        return "\n".join([*head, *(line for model in _tables() for line in _table(model))]) + "\n"


def _tables() -> list[type[models.Model]]:
    rooms = [app for app in apps.get_app_configs() if app.name.startswith("medet.")]
    return [model for app in rooms for model in app.get_models(include_auto_created=True)]


def _table(model: type[models.Model]) -> Iterator[str]:
    yield ""
    yield f"## {model._meta.db_table}"
    if not model._meta.auto_created:
        yield ""
        yield " ".join((model.__doc__ or "").split())
    yield ""
    yield "| column | type | null | meaning |"
    yield "| --- | --- | --- | --- |"
    for field in model._meta.local_concrete_fields:
        yield f"| {field.column} | {field.db_type(connection)} | {'yes' if field.null else 'no'} | {_meaning(field)} |"


def _meaning(field: "models.Field[object, object]") -> str:
    words = [str(field.help_text)] if field.help_text else []
    if field.remote_field and field.remote_field.model:
        words.append(f"→ {field.remote_field.model._meta.db_table}")
    if field.choices:
        words.append("one of " + ", ".join(f"`{code}`" for code, _label in field.flatchoices))
    return "; ".join(words).replace("|", "\\|").replace("\n", " ")
