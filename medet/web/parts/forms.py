"""Form pieces that more than one desk uses."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from medet.base.clock import local_day, now
from medet.records.intake import values
from medet.records.intake.states import REASONS

Choices = Sequence[tuple[str, str]]


class Measured(forms.DecimalField):
    """A measured value with its unit; a comma is as good as a point."""

    def __init__(self, *, unit: str, **options: Any) -> None:
        super().__init__(required=False, localize=True, widget=forms.TextInput({"inputmode": "decimal"}), **options)
        self.unit = unit

    def to_python(self, value: Any) -> Any:
        """Phones and keyboards offer whichever of the two they like."""
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class DayField(forms.CharField):
    """A day as people type it (31.12.1970, 1970-12-31, 31 декабря 1970), not after today unless it lies `ahead`."""

    def __init__(self, *, born: bool = False, ahead: bool = False, **options: Any) -> None:
        self.born, self.ahead = born, ahead
        widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "placeholder": "31.12.1970"})
        super().__init__(max_length=30, widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        """Shown as it is typed here."""
        return value.strftime("%d.%m.%Y") if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        """The day, or what is wrong with it in the words of the lists."""
        text = super().clean(value)
        try:
            last = date.max if self.ahead else local_day(now())
            return values.day(text, today=last, born=self.born)
        except values.Fault as fault:
            raise forms.ValidationError(REASONS[fault.code]) from fault


def offer(form: forms.Form, **lists: Choices) -> None:
    """Hand a form its coded lists: `offer(form, severity=..., outcome=...)`."""
    for name, choices in lists.items():
        field = form.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(f"{name} has no list to choose from")
        field.choices = choices
