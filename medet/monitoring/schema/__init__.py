"""Programme files: their shape, and how one is read and checked before it comes into force."""

from medet.monitoring.schema.reading import check, read_programme
from medet.monitoring.schema.shape import (
    Condition,
    Measure,
    Option,
    Primitive,
    Programme,
    Question,
    Range,
    Rule,
)

__all__ = [
    "Condition",
    "Measure",
    "Option",
    "Primitive",
    "Programme",
    "Question",
    "Range",
    "Rule",
    "check",
    "read_programme",
]
