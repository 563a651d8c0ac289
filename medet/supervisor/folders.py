"""Where data lies: below the checkout, or in a folder that the user who serves PostgreSQL can reach.

No mode of a parent folder is ever changed and no user is made.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from medet.supervisor.trouble import Trouble
from medet.supervisor.users import ServiceUser

CHECKOUT = Path(__file__).resolve().parents[2]
SYSTEM_STATE = Path("/var/lib")


def short_hash(path: Path) -> str:
    """Tells checkouts of one machine apart."""
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]


def data_folder(env: Mapping[str, str]) -> Path:
    """MEDET_DATA, else `.data` of the checkout, else the user's state folder when the checkout is not writable."""
    if env.get("MEDET_DATA"):
        return Path(env["MEDET_DATA"]).absolute()
    inside = CHECKOUT / ".data"
    if os.access(inside if inside.exists() else CHECKOUT, os.W_OK):
        return inside
    state = Path(env.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return state / f"medet-{short_hash(CHECKOUT)}"


def make_folder(path: Path) -> None:
    """Make a folder of ours; a refusal of the system becomes one sentence."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as refusal:
        raise Trouble(f"Cannot make the folder {path}: {refusal.strerror}. Set MEDET_DATA to another.") from refusal


@dataclass
class Place:
    """What the data folder remembers of its cluster: the folder (relative when inside) and the last port."""

    folder: str
    port: int = 0

    @staticmethod
    def load(data: Path) -> "Place | None":
        """The remembered place, if there is a readable one."""
        try:
            return Place(**json.loads((data / "postgres.json").read_text("utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def save(self, data: Path) -> None:
        """Replace the file in one step."""
        fresh = data / ".postgres.json.new"
        fresh.write_text(json.dumps(asdict(self)) + "\n", "utf-8")
        fresh.replace(data / "postgres.json")


def choose_place(data: Path, user: ServiceUser | None) -> Place:
    """The remembered place, else `postgres` inside the data folder, else one below /var/lib."""
    known = Place.load(data)
    if known and (data / known.folder / "data" / "PG_VERSION").exists():
        if user and not user.may("x", data / known.folder):
            raise Trouble(f"The user {user.name} can no longer reach {data / known.folder}, where the data lies.")
        return known
    outside = SYSTEM_STATE / f"medet-{short_hash(data)}"
    reachable = user is None or user.may("x", data)
    return Place(folder="postgres" if reachable else str(outside))
