"""The environment of the product's processes: database addresses and secrets, never the superuser's."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from medet.supervisor import roles, secrets
from medet.supervisor.folders import data_folder, make_folder
from medet.supervisor.postgres import Postgres


def product_environment(data: Path, postgres: Postgres | None, env: Mapping[str, str]) -> dict[str, str]:
    """What the processes get on top of ours; a secret set by the administrator wins over the file's."""
    kept = secrets.load_or_create(data)
    added = {name: env.get(name) or kept[name] for name in secrets.EXPORTED}
    added["MEDET_DATA"] = str(data)
    if postgres:
        added |= {"DATABASE_URL": postgres.url(roles.APP), "MEDET_OWNER_URL": postgres.url(roles.OWNER)}
    hidden = {name for name in secrets.MAKERS if name not in secrets.EXPORTED}
    return {name: value for name, value in env.items() if name not in hidden} | added


@contextmanager
def running(env: Mapping[str, str], *, data: Path | None = None) -> Iterator[tuple[dict[str, str], Postgres | None]]:
    """With DATABASE_URL set nothing is started; else PostgreSQL runs for as long as the block."""
    data = (data or data_folder(env)).resolve()
    make_folder(data)
    if env.get("DATABASE_URL"):
        yield product_environment(data, None, env), None
        return
    with Postgres(data, env=env) as postgres:
        yield product_environment(data, postgres, env), postgres
