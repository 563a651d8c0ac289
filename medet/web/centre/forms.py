"""What the reports are asked for."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medet.base.refused import Refused
from medet.reports.periods import Period

Words = Any  # a lazy string: what gettext_lazy gives has no public type
YEARS = 3
ISO = "%Y-%m-%d"


def _day_field(label: Words) -> forms.DateField:
    """A day as browsers send it, in any language."""
    widget = forms.DateInput(attrs={"type": "date"}, format=ISO)
    return forms.DateField(label=label, input_formats=[ISO], widget=widget)


class PeriodForm(forms.Form):
    """From which day to which; without an answer this month so far."""

    first = _day_field(_("From"))
    last = _day_field(_("To"))

    def __init__(self, data: Any, *, today: date) -> None:
        asked = {"first": today.replace(day=1).isoformat(), "last": today.isoformat()}
        given = {name: data[name] for name in asked if data.get(name)}
        super().__init__(asked | given)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """A report over many years would be read by nobody and slow everybody down."""
        days = self.cleaned_data
        first, last = days.get("first"), days.get("last")
        if first and last and not timedelta() <= last - first <= timedelta(days=366 * YEARS):
            raise forms.ValidationError(Refused("report.period", years=YEARS).sentence())
        return days

    @property
    def period(self) -> Period:
        """The days asked for, or this month when they make no sense."""
        if self.is_valid():
            return Period(self.cleaned_data["first"], self.cleaned_data["last"])
        return Period(self.today.replace(day=1), self.today)
