"""`{% icon %}` and the few tags whose work a template cannot do itself."""

import re
from functools import cache
from pathlib import Path

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from medet.web.parts import sparkline
from medet.web.parts.shapes import VitalTile
from medet.web.vendor.lock import HERE as VENDOR

register = template.Library()
ICONS: Path = VENDOR / "tabler"
# Tabler draws an invisible square first; it only costs bytes.
_BACKGROUND = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


@cache
def _drawing(name: str) -> SafeString:
    """The lines inside the vendored SVG; an unknown name is a fault of ours and stops the page in tests."""
    svg = (ICONS / f"{name}.svg").read_text()
    inside = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if inside is None:
        raise ValueError(f"{name}.svg is not an SVG file")
    return SafeString(" ".join(inside.group(1).replace(_BACKGROUND, "").split()))


@register.simple_tag
def icon(name: str, extra: str = "") -> str:
    """An icon next to its word: hidden from screen readers, which read the word."""
    svg = '<svg class="i{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>'
    return format_html(svg, f" {extra}" if extra else "", _drawing(name))


@register.simple_tag
def spark(tile: VitalTile) -> str:
    """The course of a vital sign; its label says the same in words."""
    if len(tile.values) < 2:
        return ""
    x, y = sparkline.last_point(tile.values)
    svg = (
        '<svg class="spark" viewBox="0 0 100 26" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<polyline points="{}" vector-effect="non-scaling-stroke"/><line x1="{x}" y1="{y}" x2="{x}" y2="{y}" '
        'vector-effect="non-scaling-stroke"/></svg>'
    )
    return format_html(svg, tile.course, sparkline.points(tile.values), x=x, y=y)


# The row of digits goes on to the right: nine choices are not enough for every outcome.
ROW = (*(f"Digit{digit}" for digit in "1234567890"), "Minus", "Equal")


@register.filter
def row_key(place: int) -> str:
    """The key (event.code) of the n-th choice of a group, from 1; none beyond the row of digits."""
    return ROW[place - 1] if place <= len(ROW) else ""


@register.filter
def key_word(code: str) -> str:
    """`KeyA` is shown as A, `Digit1` as 1: what the key cap says on a Latin layout."""
    cap = re.sub(r"^(Key|Digit|Numpad)", "", code)
    return {"Minus": "-", "Equal": "="}.get(cap, cap)
