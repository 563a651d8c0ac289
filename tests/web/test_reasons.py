"""Every reason a flow can give has words; the codes are read from the source, so none is forgotten."""

import ast

from medet.contacts.calls.rules import FINAL
from medet.flows.plan_day import CANNOT
from medet.handovers.states import VISIT_LIFE
from medet.web.parts.reasons import RULE, WORDS
from tests.architecture.reading import sources


def given() -> set[str]:
    """Reason codes that stand in the flows as literals."""
    found: set[str] = set()
    for path, tree in sources():
        if path.parts[1] != "flows":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Why", "hand_contact", "hand_many"):
                for keyword in node.keywords:
                    if keyword.arg in ("code", "reason") and isinstance(keyword.value, ast.Constant):
                        found.add(str(keyword.value.value))
    return found - {RULE}


def test_every_reason_has_words():
    made = {"trunk_refused", "trunk_silent"}
    made |= {*CANNOT, "too_late_today", "robot_waits", "robot_not_started_yet"}
    made |= {f"visit_{state}" for state, role in VISIT_LIFE.owes.items() if role and state != "draft"}
    assert given() | set(FINAL) | made | {"wrong_number", "not_understood", "not_reached", "not_finished"} <= set(WORDS)
