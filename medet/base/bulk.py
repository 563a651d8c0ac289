"""Many rows in one statement, for the bulk actions of the rooms (`many.py`).

The rows go over as one JSON text: it takes columns of every type, arrays and JSON too, costs Python next to nothing,
and, unlike COPY, is allowed on tables with row level security. A value too long for its column is an error, as ever.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

Row = Mapping[str, Any]
_INSERT = 'insert into "{table}" ({columns}) select {values} from {said} {conflict}'
_LENGTH = re.compile(r"\(\d+(,\s*\d+)?\)")
_UPDATE = 'update "{table}" kept set {changes} from {said} where kept.id = said.id'


class _Encoder(DjangoJSONEncoder):
    """Full microseconds, and bytes as PostgreSQL reads them."""

    def default(self, o: Any) -> Any:
        if isinstance(o, UUID):
            return str(o)
        if isinstance(o, bytes):
            return "\\x" + o.hex()
        if isinstance(o, date):
            return o.isoformat()
        return super().default(o)


def next_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys for rows that must be known before they are written."""
    sequence = "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(sequence, [model._meta.db_table, count])
        return [int(key) for (key,) in cursor.fetchall()]


def insert(model: type[models.Model], rows: Sequence[Row], *, or_nothing: bool = False) -> None:
    """Writes rows that all have the same columns; a column they do not have gets its default as `create` gives it.

    `or_nothing`: a row that is there already is passed over.
    """
    if not rows:
        return
    fields = model._meta.concrete_fields
    defaults = {field.attname: field.get_default() for field in fields if _left_out(field, rows[0])}
    said, values, same = _parted(fields, rows, defaults)
    columns = ", ".join(f'"{column}"' for column in values)
    conflict = "on conflict do nothing" if or_nothing else ""
    statement = _INSERT.format(
        table=model._meta.db_table, columns=columns, values=", ".join(values.values()), said=said, conflict=conflict
    )
    _execute(statement, same, rows)


def update(model: type[models.Model], rows: Sequence[Row]) -> int:
    """Changes rows by their `id`, each to its own values; how many there were."""
    if not rows:
        return 0
    said, values, same = _parted(model._meta.concrete_fields, rows, {})
    changes = ", ".join(f'"{column}" = {value}' for column, value in values.items() if column != "id")
    return _execute(_UPDATE.format(table=model._meta.db_table, changes=changes, said=said), same, rows)


def _parted(fields: Iterable[Any], rows: Sequence[Row], defaults: Row) -> tuple[str, dict[str, str], dict[str, Any]]:
    """What is the same in all rows goes over once: half of most tables. The rest as a set of rows; the expression of
    each column; the values that go over once."""
    first, expressions, types, same = rows[0], {}, [], {}
    for field in fields:
        name = field.attname
        if name in defaults or (name in first and len(rows) > 1 and name != "id" and _is_same(name, rows)):
            same[name] = field.get_db_prep_save(defaults.get(name, first.get(name)), connection)
            # Without its length: a cast would cut a text that is too long, where an assignment refuses it.
            expressions[field.column] = f"%({name})s::{_LENGTH.sub('', _type(field))}"
        elif name in first:
            types.append(f'"{name}" {_type(field)}')
            expressions[field.column] = f'said."{name}"'
    return f"json_to_recordset(%(rows)s::json) as said({', '.join(types)})", expressions, same


def _is_same(name: str, rows: Sequence[Row]) -> bool:
    value = rows[0][name]
    return all(row[name] is value or row[name] == value for row in rows)


def _left_out(field: Any, row: Row) -> bool:
    """A number the database gives, or a default it has itself, is left to it."""
    return field.attname not in row and not (isinstance(field, models.AutoField) or field.has_db_default())


def _type(field: Any) -> str:
    return str(field.rel_db_type(connection) if isinstance(field, models.AutoField) else field.db_type(connection))


def _execute(statement: str, same: dict[str, Any], rows: Sequence[Row]) -> int:
    names = [name for name in rows[0] if name not in same]
    sent = [{name: row[name] for name in names} for row in rows]
    text = json.dumps(sent, cls=_Encoder, ensure_ascii=False, separators=(",", ":"), check_circular=False)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**same, "rows": text})
        return int(cursor.rowcount)
