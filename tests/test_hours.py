"""The small form of `make prove-hours`: what reckons with days passes on New Year's Eve beyond the date line."""

import os
from pathlib import Path

from tests.prove.hours import suite

FILES = (
    "tests/flows/test_day.py",
    "tests/monitoring/test_rules.py",
    "tests/web/test_words.py",
)
# In Almaty the year ends in two seconds; in Kiritimati it ended nine hours ago.
AT, ZONE = "2027-12-31T23:59:58+05:00", "Pacific/Kiritimati"
PLANTED = """
from datetime import datetime

def test_the_clock_is_moved():
    assert datetime.now().isoformat()[:13] in ("2027-12-31T23", "2028-01-01T00")

def test_of_the_hour():
    assert 1 < datetime.now().hour < 23
"""


def run(*words: str) -> list[str]:
    """Pytest at that moment."""
    return suite(dict(os.environ) | {"TESTS_AT": AT, "TZ": ZONE}, ["-p", "tests.travel", *words])


def test_the_turn_of_the_year_on_the_other_side_of_the_date_line() -> None:
    said = run(*FILES)
    assert " passed in " in said[-1], "\n".join(said)
    assert "failed" not in said[-1]


def test_a_test_that_depends_on_the_hour_is_seen(tmp_path: Path) -> None:
    planted = tmp_path / "test_planted.py"
    planted.write_text(PLANTED)
    said = run("-c", "pyproject.toml", "--rootdir", str(tmp_path), str(planted))
    assert "1 failed, 1 passed in" in said[-2], "\n".join(said)
    assert any("test_of_the_hour" in line for line in said if line.startswith("FAILED"))
