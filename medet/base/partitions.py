"""Monthly partitions: the migration operation that makes a table partitioned, and the worker's call that adds months.

A month begins at 00:00 UTC. See docs/decisions/0002: what is partitioned and what is not.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

APP_ROLE = "medet_app"
AHEAD = timedelta(days=92)


def make_ahead(*, now: datetime, since: date | None = None) -> None:
    """Makes the partitions of this and the next three months (from `since` for history); cheap when all are there."""
    with connection.cursor() as cursor:
        cursor.execute("select medet_make_partitions(%s, %s)", [(now + AHEAD).date(), since or now.date()])


class MonthlyPartitions(Operation):
    """Turns the empty table that the same migration has just created into one partitioned by month.

    The primary key becomes (id, at). A partitioned table has no unique constraint without its time column
    (use `PlainUid`) and no other table can hold a foreign key to it (keep the uid instead). Comes right after
    CreateModel, before RowLevelSecurity, in a migration that depends on ("base", "0001_first").
    """

    reversible = True

    def __init__(self, table: str, column: str = "at") -> None:
        self.table = table
        self.column = column

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models do not change."""

    def database_forwards(self, app_label: str, editor: BaseDatabaseSchemaEditor, before: Any, after: Any) -> None:
        """Replaces the table; indexes and foreign keys Django makes at the end of the migration find the new one."""
        self._refuse_what_is_lost(editor)
        indexes = self._indexes(editor)
        for statement in self._statements():
            editor.execute(statement)
        for statement in indexes:
            editor.execute(statement)
        editor.execute(f"select medet_make_partitions((current_date + {AHEAD.days})::date)")

    def database_backwards(self, app_label: str, editor: BaseDatabaseSchemaEditor, before: Any, after: Any) -> None:
        """Nothing: dropping the table, which comes next, takes its partitions along."""

    def describe(self) -> str:
        """For the migration's output."""
        return f"Partition {self.table} by month"

    def _statements(self) -> list[str]:
        table, column = self.table, self.column
        return [
            f'alter table "{table}" rename to "{table}_plain"',
            f'create table "{table}" (like "{table}_plain" including all excluding indexes)'
            f' partition by range ("{column}")',
            f'drop table "{table}_plain"',
            f'alter table "{table}" add primary key (id, "{column}")',
            f'create table "{table}_rest" partition of "{table}" default',
            f'revoke all on "{table}_rest" from {APP_ROLE}',
        ]

    def _refuse_what_is_lost(self, editor: BaseDatabaseSchemaEditor) -> None:
        with editor.connection.cursor() as cursor:
            cursor.execute(
                "select conname from pg_constraint where conrelid = %s::regclass and contype in ('u', 'x', 'f')"
                " union all select 'row level security' from pg_class where oid = %s::regclass and relrowsecurity",
                [self.table, self.table],
            )
            names = [name for (name,) in cursor.fetchall()]
        if names:
            raise ValueError(f"{self.table} cannot be partitioned with {', '.join(names)}: see MonthlyPartitions")

    def _indexes(self, editor: BaseDatabaseSchemaEditor) -> list[str]:
        """Indexes made before this operation; they would go with the replaced table."""
        with editor.connection.cursor() as cursor:
            cursor.execute(
                "select pg_get_indexdef(indexrelid) from pg_index where indrelid = %s::regclass and not indisprimary",
                [self.table],
            )
            return [definition for (definition,) in cursor.fetchall()]
