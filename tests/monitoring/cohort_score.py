"""Scores the programme's rules on the labelled contacts (tests/monitoring/cohort/README.md)."""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from medet.monitoring.rules import Fact, band, findings
from medet.monitoring.schema import Programme

FOLDER = Path(__file__).parent / "cohort"
SIGNALS = {"left_home": "left_home", "no_medicines": "no_medicines", "wants_doctor": "wants_doctor"}


def contacts(name: str) -> list[dict[str, Any]]:
    """The labelled contacts of one file."""
    rows = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return list(rows["contacts"] if isinstance(rows, dict) else rows)


def facts(contact: dict[str, Any]) -> dict[str, Fact]:
    """What the product would know in that contact."""
    known: dict[str, Fact] = {**contact.get("answers", {})}
    known |= {key: Decimal(str(value)) for key, value in contact.get("measured", {}).items()}
    known |= {"age": contact["age"], "fever_days": contact.get("days_fever", 0)}
    return known | {"risk_group": tuple(contact.get("risk_groups", ()))}


def score(programme: Programme, name: str) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Confusion counts (label, rule's band), and the ids that differ or miss a signal."""
    matrix: Counter[tuple[str, str]] = Counter()
    wrong = []
    for contact in contacts(name):
        found = findings(programme, facts(contact))
        got = band(found)
        matrix[contact["band"], got] += 1
        signals = {finding.rule.code for finding in found if finding.rule.band == "signal"}
        if got != contact["band"] or signals != set(contact.get("not_medical", [])):
            wrong.append(f"{contact['id']}: {contact['band']} -> {got}, signals {sorted(signals)}")
    return matrix, wrong
