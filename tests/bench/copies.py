"""Many rows like one that exists, made in SQL by the owner of the tables."""

from collections.abc import Mapping

import psycopg

COLUMNS = """
select column_name from information_schema.columns
 where table_schema = 'public' and table_name = %s and is_generated = 'NEVER' order by ordinal_position
"""


class Copies:
    """`count` copies of each row; copy n of one table belongs to copy n of another."""

    def __init__(self, owner: psycopg.Connection, count: int) -> None:
        self.owner, self.count = owner, count

    def of(self, table: str, key: int, changed: Mapping[str, str]) -> str:
        """Copies a row by its key. `changed`: column -> SQL, in which `n` counts from 1 and `{new}` is the new key.
        Gives the SQL of the new key, for the tables that point at it."""
        row = self.owner.execute(f"select max(id) from {table}").fetchone()
        new = f"({row[0] if row else 0} + n)"
        fresh = {"id": new, "uid": "gen_random_uuid()"} | {name: text.format(new=new) for name, text in changed.items()}
        columns = [name for (name,) in self.owner.execute(COLUMNS, [table]).fetchall()]
        values = ", ".join(fresh.get(name, f'"{name}"') for name in columns)
        self.owner.execute(
            f"insert into {table} ({', '.join(map(repr_of, columns))}) select {values}"
            f" from {table}, generate_series(1, {self.count}) n where id = {key}"
        )
        self.owner.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))")
        return new


def repr_of(column: str) -> str:
    """Quoted: `on` is a word of SQL."""
    return f'"{column}"'
