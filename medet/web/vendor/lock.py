"""Reads, checks and writes `vendor.lock`: one sha256 a file, so nothing vendored changes unseen."""

import hashlib
from pathlib import Path

HERE = Path(__file__).parent
LOCK = HERE / "vendor.lock"
HEADER = """\
# tabler 3.51.0, MIT, npm @tabler/icons, icons/outline/*.svg and LICENSE
# inter 5.3.0, OFL-1.1, npm @fontsource-variable/inter, files/inter-*-wght-normal.woff2 and LICENSE
# To add an icon: `npm pack @tabler/icons@3.51.0`, copy the one file, then `python -m medet.web.vendor.lock`.
"""


def digests() -> dict[str, str]:
    """The hash of every vendored file, by its path under this folder."""
    files = sorted(path for folder in ("inter", "tabler") for path in (HERE / folder).iterdir())
    return {str(path.relative_to(HERE)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def locked() -> dict[str, str]:
    """The hashes the lock file promises."""
    lines = [line.split() for line in LOCK.read_text().splitlines() if line and not line.startswith("#")]
    return {name: digest for digest, name in lines}


def write() -> None:
    """Write the lock anew after a deliberate change."""
    LOCK.write_text(HEADER + "".join(f"{digest}  {name}\n" for name, digest in digests().items()))


if __name__ == "__main__":
    write()
