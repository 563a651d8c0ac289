"""One spelling for one value: JSON with sorted keys, so that equal facts have equal hashes."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

# jsonb gives floats from here on back as whole numbers, so they are written as such from the start.
WHOLE_FROM = 1e16


def plain(value: Any) -> Any:
    """The value as it will be read back from a jsonb column: dates and uids become text, tuples lists."""
    return _whole(json.loads(json.dumps(value, cls=DjangoJSONEncoder, allow_nan=False)))


def canonical(value: Any) -> bytes:
    """The bytes that are hashed."""
    return json.dumps(plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return _number(value) if isinstance(value, float) else value


def _number(value: float) -> float | int:
    """Adding zero takes the sign from -0.0, as jsonb does."""
    return int(value) if abs(value) >= WHOLE_FROM else value + 0.0
