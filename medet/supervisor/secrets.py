"""The secrets file `.data/secrets.env` (0600): made once, at the first start, and never changed by us."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from medet.supervisor.trouble import Trouble

MAKERS: dict[str, Callable[[], str]] = {
    "MEDET_SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "MEDET_FIELD_KEY": lambda: secrets.token_hex(32),
    "MEDET_DB_SUPERUSER_PASSWORD": lambda: secrets.token_urlsafe(24),
    "MEDET_DB_OWNER_PASSWORD": lambda: secrets.token_urlsafe(24),
    "MEDET_DB_APP_PASSWORD": lambda: secrets.token_urlsafe(24),
}
# What the product's processes get; the passwords reach them inside database addresses only.
EXPORTED = ("MEDET_SECRET_KEY", "MEDET_FIELD_KEY")
FILE = "secrets.env"


def load(path: Path) -> dict[str, str]:
    """The secrets of the file; a missing or damaged line is named."""
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    found = {name: value for name, _, value in pairs}
    for name in MAKERS:
        if not found.get(name):
            raise Trouble(f"{path} has no {name}: put the file back from your backup.")
    return found


def load_or_create(data: Path) -> dict[str, str]:
    """The secrets of a data folder; two first starts at once agree, because a link never replaces a file."""
    path = data / FILE
    if not path.exists():
        fresh = data / f".{FILE}.{os.getpid()}"
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write("# Losing this file loses the encrypted national numbers: keep a copy with your backups.\n")
            stream.writelines(f"{name}={make()}\n" for name, make in MAKERS.items())
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return load(path)
