"""`make check`: migrations, generated documents and catalogues are what the code says; with the tests' database."""

import os
import subprocess
import sys

import django
from django.core.management import get_commands

from medet.supervisor.folders import CHECKOUT
from tests.database import TestDatabases, test_cluster

CHECKS = (
    ("check", "--fail-level", "WARNING"),
    ("makemigrations", "--check", "--dry-run"),
    ("states", "--check"),
    ("data_dictionary", "--check"),
    ("catalogues", "--check"),
)


def passes(words: tuple[str, ...], env: dict[str, str]) -> bool:
    """Migrations are looked at by the owner, everything else by the application."""
    role = {"MEDET_DB_ROLE": "owner"} if "migrat" in words[0] else {}
    done = subprocess.run([sys.executable, "manage.py", *words], env=env | role, check=False, cwd=CHECKOUT)
    return done.returncode == 0


def main() -> int:
    """Each check is run if its command exists; the failing ones are named at the end."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    known = {*get_commands()}
    with test_cluster() as postgres, TestDatabases(postgres).copy() as addresses:
        env = os.environ | addresses | {"DJANGO_SETTINGS_MODULE": "medet.settings"}
        failed = [" ".join(words) for words in CHECKS if words[0] in known and not passes(words, env)]
    for line in failed:
        print(f"failed: manage.py {line}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
