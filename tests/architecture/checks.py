"""The rules of the house that import-linter cannot see, as functions over source, so that faults can be planted."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.architecture.reading import calls, floors

WRITES = {
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "save",
    "delete",
    "acreate",
    "asave",
    "adelete",
}
# `update` and `delete` also belong to dict and set: they count on something that is a queryset.
QUERYSETS = (".objects", ".filter(", ".exclude(", ".select_for_update(", ".all()")
WRITERS = ("actions.py", "many.py", "planning.py", "claim.py")
# Set-based writing of base/bulk.py is for the writers as well.
BULK = {"insert", "update"}
ROWS_OF_THEIR_OWN = ("medet/base/", "medet/supervisor/")
READS = {"filter", "exclude", "get", "Q"}
FACES = ("web", "push", "phone", "worker", "demo")


def upward_keys(models: list[Any]) -> Iterator[str]:
    """Foreign keys that point to a higher room."""
    for model in models:
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or not field.concrete or not target.__module__.startswith("medet."):
                continue
            if floors()[_room(target)] < floors()[_room(model)]:
                yield f"{model.__name__}.{field.name} -> {target.__name__}"


def _room(model: Any) -> str:
    return str(model.__module__.split(".")[1])


def writes_outside_actions(path: Path, tree: ast.AST) -> Iterator[str]:
    """Rows made, changed or deleted anywhere but in a room's writers."""
    if path.name in WRITERS or "actions" in path.parts or str(path).startswith(ROWS_OF_THEIR_OWN):
        return
    for node, name, on in calls(tree):
        rows = any(mark in on + "." for mark in QUERYSETS)
        if (
            (name in WRITES and (rows or name == "save"))
            or (name == "update" and rows)
            or (on == "bulk" and name in BULK)
        ):
            yield f"{path}:{node.lineno} {on}.{name}()"


def filters_on_person(path: Path, tree: ast.AST) -> Iterator[str]:
    """Rows looked up by the record of a person instead of by who the person is."""
    if path.parts[:2] == ("medet", "people"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in READS:
            for keyword in node.keywords:
                if keyword.arg and _by_record(keyword.arg):
                    yield f"{path}:{node.lineno} {_name(node)}({keyword.arg}=...)"


def _name(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _by_record(keyword: str) -> bool:
    parts = keyword.split("__")
    if "person_id" in parts:
        return True
    after = parts[parts.index("person") + 1 :] if "person" in parts else None
    return after is not None and after[:1] in ([], ["in"], ["pk"], ["id"])


def wrapped_actions(sources: list[tuple[Path, ast.Module]]) -> set[tuple[str, str]]:
    """Actions that a flow wraps."""
    return {
        (module, name)
        for path, tree in sources
        if path.parts[1] == "flows"
        for module, name in _imported(tree)
        if module.split(".")[-1] in ("actions", "many") or ".actions." in module
        if name.islower()
    }


def goes_round_a_flow(path: Path, tree: ast.AST, wrapped: set[tuple[str, str]]) -> Iterator[str]:
    """A face that calls an action which belongs to a story."""
    if path.parts[1] in FACES:
        for module, name in _imported(tree):
            if (module, name) in wrapped:
                yield f"{path} imports {module}.{name}"


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.module, alias.name
