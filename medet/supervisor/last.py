"""The settings of the last start, kept in the data folder: a service reads them from /etc/medet.env, and whoever types
`make upgrade` in a shell does not.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from medet.supervisor import current
from medet.supervisor.folders import Place
from medet.supervisor.trouble import Trouble

FILE = "last.json"
DATABASE, OWNER = "DATABASE_URL", "MEDET_OWNER_URL"
# Of what runs, not of how it is set up.
NOT_SETTINGS = ("MEDET_DATA", "MEDET_UNIT", "MEDET_SUPERVISOR_PID")


def keep(data: Path, env: Mapping[str, str]) -> None:
    """What this start was given; a database of our own is not among it."""
    current.write(data / FILE, _settings(env))


def forget(data: Path) -> None:
    """Whatever comes next may be another database."""
    (data / FILE).unlink(missing_ok=True)


def joined(data: Path, env: Mapping[str, str], running: Mapping[str, str]) -> dict[str, str]:
    """The settings of the service, and above them those of the shell; both of one database."""
    kept = _kept(data)
    if kept is None and running:
        kept = _given_to(data, running)
    both = {**(kept or {}), **env}
    _check(data, both, kept)
    if not both.get(DATABASE) and Place.load(data) is None:
        raise Trouble(f"No PostgreSQL ever ran from {data}, and {DATABASE} is not set: give the service's settings.")
    return both


def check(data: Path, env: Mapping[str, str]) -> None:
    """Refuses another database than that of the last start, and one whose tables nobody could make."""
    _check(data, env, _kept(data))


def _check(data: Path, env: Mapping[str, str], before: Mapping[str, str] | None) -> None:
    if env.get(DATABASE) and not env.get(OWNER):
        raise Trouble(f"{DATABASE} is set, but {OWNER}, with which the tables are made, is not.")
    for name in (DATABASE, OWNER) if before is not None else ():
        was, now = _place((before or {}).get(name, "")), _place(env.get(name, ""))
        if was != now:
            raise Trouble(
                f"{data} last ran on {was}, and {name} now names {now}: nothing was changed. Give the database it ran "
                f"on, or remove {data / FILE} if the data was moved on purpose."
            )


def _settings(env: Mapping[str, str]) -> dict[str, str]:
    given = {name: value for name, value in env.items() if current.is_ours(name) or name == "PG_BINDIR"}
    return {name: value for name, value in given.items() if name not in NOT_SETTINGS}


def _kept(data: Path) -> dict[str, str] | None:
    try:
        kept = json.loads((data / FILE).read_text("utf-8"))
    except FileNotFoundError:
        return None
    except PermissionError as refusal:
        raise Trouble(f"{data / FILE} cannot be read: become the user that Medet runs as.") from refusal
    except ValueError as damage:
        raise Trouble(f"{data / FILE} is damaged: give all settings of the service, and remove it.") from damage
    return {str(name): str(value) for name, value in kept.items()}


def _given_to(data: Path, running: Mapping[str, str]) -> dict[str, str]:
    """Of a run of a release that kept no settings; the address of our own PostgreSQL was made, not given."""
    found, own = _settings(running), Place.load(data)
    if own and urlsplit(found.get(DATABASE, "")).port == own.port:
        found = {name: value for name, value in found.items() if name not in (DATABASE, OWNER)}
    return found


def _place(url: str) -> str:
    """Where a database is, without who enters it and how."""
    if not url:
        return "its own PostgreSQL"
    parts = urlsplit(url)
    host = parts.hostname or dict(parse_qsl(parts.query)).get("host", "")
    return f"the database {host}:{parts.port or 5432}{parts.path}"
