"""Form pieces that more than one desk uses."""

from collections.abc import Sequence
from typing import Any

from django import forms

Choices = Sequence[tuple[str, str]]


class Measured(forms.DecimalField):
    """A measured value with its unit; a comma is as good as a point."""

    def __init__(self, *, unit: str, **options: Any) -> None:
        super().__init__(required=False, localize=True, widget=forms.TextInput({"inputmode": "decimal"}), **options)
        self.unit = unit

    def to_python(self, value: Any) -> Any:
        """Phones and keyboards offer whichever of the two they like."""
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


def offer(form: forms.Form, **lists: Choices) -> None:
    """Hand a form its coded lists: `offer(form, severity=..., outcome=...)`."""
    for name, choices in lists.items():
        field = form.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(f"{name} has no list to choose from")
        field.choices = choices
