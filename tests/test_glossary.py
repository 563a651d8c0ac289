"""The glossary names only what the code has, and says of everything else that it comes later."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLES = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()


def test_rows_are_complete_in_three_languages():
    rows = [line.strip("| ").split(" | ") for line in TABLES if line.startswith("| ") and "---" not in line]
    assert len(rows) > 90
    assert all(len(row) in {4, 5} and all(cell.strip() for cell in row) for row in rows)


def test_named_classes_exist():
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "medet").rglob("*.py"))
    named = {
        name
        for line in TABLES
        if "later" not in line and line.startswith("|")
        for name in re.findall(r"`([A-Z][a-z]\w+)", line)
    }
    assert named >= {"Task", "Alert", "HomeVisit", "CallAttempt"}
    assert [name for name in sorted(named) if not re.search(rf"^class {name}\b", code, re.MULTILINE)] == []
