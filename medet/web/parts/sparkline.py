"""A line of a few values as SVG polyline points: pure, so the same line stands on a page, in print and in a test."""

from collections.abc import Sequence

WIDTH, HEIGHT, PAD = 100.0, 26.0, 3.0


def points(values: Sequence[float], *, width: float = WIDTH, height: float = HEIGHT, pad: float = PAD) -> str:
    """`"3,23 97,3"`: values left to right, lowest at the bottom; a flat line runs through the middle."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    step = (width - 2 * pad) / (len(values) - 1)
    return " ".join(
        f"{pad + index * step:.1f},{_y(value, low, high, height, pad):.1f}" for index, value in enumerate(values)
    )


def last_point(
    values: Sequence[float], *, width: float = WIDTH, height: float = HEIGHT, pad: float = PAD
) -> tuple[float, float]:
    """Where the newest value stands, for the dot at the end of the line."""
    low, high = min(values), max(values)
    return width - pad, round(_y(values[-1], low, high, height, pad), 1)


def _y(value: float, low: float, high: float, height: float, pad: float) -> float:
    if high == low:
        return height / 2
    return height - pad - (value - low) / (high - low) * (height - 2 * pad)
