"""A value of the wrong shape never comes in force: each of these would stop the day's plan or the end of every call."""

import copy
from typing import Any

import pytest
from django.utils import translation

from medet.base import policy, policy_shape
from medet.base.refused import Refused

SHIPPED = policy.shipped()


def check(code: str, value: Any) -> None:
    """As a change does."""
    policy_shape.check(value, like=SHIPPED[code]["value"], unit=SHIPPED[code]["unit"])


def changed(code: str, *path: str, to: Any) -> Any:
    """The shipped value with one thing put elsewhere, or taken out."""
    value = copy.deepcopy(SHIPPED[code]["value"])
    inner = value
    for name in path[:-1]:
        inner = inner[name]
    if to is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = to
    return value


PRESETS = "campaign.presets"


@pytest.mark.parametrize("code", SHIPPED)
def test_what_is_shipped_has_its_own_shape(code: str) -> None:
    check(code, SHIPPED[code]["value"])


@pytest.mark.parametrize(
    ("code", "value", "why"),
    [
        ("call.slots", ["25:00"], "time"),
        ("call.slots", ["9:00"], "time"),
        ("call.slots", [9], "time"),
        ("call.slots", ["12:00", "09:00"], "order"),
        ("call.slots", ["09:00", "09:00"], "order"),
        ("call.slots", {"09:00": 1}, "kind"),
        ("call.hours.start", "24:00", "time"),
        ("call.hours.start", "09:00:30", "time"),
        ("call.hours.start", 9, "kind"),
        ("call.daily_attempts", 30, "whole"),
        ("call.daily_attempts", 0, "whole"),
        ("call.daily_attempts", 3.0, "whole"),
        ("call.daily_attempts", True, "whole"),
        ("call.ring_seconds", 300, "whole"),
        ("video.max_gap_days", 0, "whole"),
        ("intake.max_megabytes", 10_000, "whole"),
        ("call.without_consent", 1, "kind"),
        ("call.retry_minutes", changed("call.retry_minutes", "busy", to="x"), "whole"),
        ("call.retry_minutes", changed("call.retry_minutes", "busy", to=-1), "whole"),
        ("call.retry_minutes", changed("call.retry_minutes", "busy", to=None), "names"),
        ("call.retry_minutes", changed("call.retry_minutes", "bussy", to=1), "names"),
        ("call.retry_times", changed("call.retry_times", "busy", to=99), "whole"),
        (PRESETS, changed(PRESETS, "normal", "tries", to=None), "names"),
        (PRESETS, changed(PRESETS, "normal", "tries", to=30), "whole"),
        (PRESETS, changed(PRESETS, "normal", "spread", to="no"), "kind"),
        (PRESETS, changed(PRESETS, "normal", "lines_percent", to=700), "whole"),
        (PRESETS, changed(PRESETS, "gentle", "start", to="19:00"), "order"),
        (PRESETS, changed(PRESETS, "gentle", "start", to="late"), "time"),
        (PRESETS, changed(PRESETS, "hasty", to={}), "names"),
        (PRESETS, changed(PRESETS, "normal", to=3), "kind"),
        ("consent.required_kinds", ["offer", "offer"], "word"),
        ("consent.required_kinds", ["offer", ["personal_data"]], "word"),
    ],
)
def test_a_slip_is_refused_with_its_reason(code: str, value: Any, why: str) -> None:
    with pytest.raises(Refused) as refused:
        check(code, value)
    assert refused.value.code == f"policy.{why}"
    with translation.override("en"):
        assert "—" not in refused.value.sentence(), "each gap of the sentence is filled"


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("call.slots", []),
        ("call.slots", ["08:30", "18:00"]),
        ("call.daily_attempts", 5),
        ("call.min_gap_minutes", 2),
        ("call.retry_minutes", changed("call.retry_minutes", "busy", to=0)),
        (PRESETS, changed(PRESETS, "normal", "start", to="10:00")),
        (PRESETS, changed(PRESETS, "gentle", "end", to=None)),
        ("consent.required_kinds", ["offer"]),
    ],
)
def test_what_a_protocol_may_want_is_taken(code: str, value: Any) -> None:
    check(code, value)
