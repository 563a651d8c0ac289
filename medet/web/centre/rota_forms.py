"""Forms of the rota and of one's shifts; lists to choose from are handed in by the views."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from medet.base.clock import LOCAL
from medet.base.wording import LANGUAGE_LABELS
from medet.staff.rota.rules import span
from medet.web.parts.forms import Choices, offer

# Plain text: a browser's own fields speak the browser's language, months first and with AM and PM.
DAYS, CLOCKS = ["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"], ["%H:%M", "%H.%M", "%H%M", "%H"]


def day_field(label: Any) -> forms.DateField:
    """`24.11.2026`, in every language."""
    widget = forms.DateInput({"autocomplete": "off", "maxlength": 10}, format=DAYS[0])
    return forms.DateField(label=label, input_formats=DAYS, widget=widget)


def clock_field(label: Any) -> forms.TimeField:
    """`20:00`, and as quick as `20`."""
    widget = forms.TimeInput({"autocomplete": "off", "maxlength": 5}, format=CLOCKS[0])
    return forms.TimeField(label=label, input_formats=CLOCKS, widget=widget)


class PlanForm(forms.Form):
    """Who, on which day, from when to when; an end that is not later is on the next day."""

    user = forms.ChoiceField(label=_("Who"))
    day = day_field(_("Day"))
    starts = clock_field(pgettext_lazy("time of day", "From"))
    ends = clock_field(pgettext_lazy("time of day", "To"))
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        help_text=_("Nothing ticked: the languages of the person."),
        choices=list(LANGUAGE_LABELS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, people: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, user=people)
        self.fields["user"].widget.attrs["data-key"] = "KeyP"

    def span(self) -> tuple[datetime, datetime]:
        """The two moments that were meant."""
        day, starts, ends = (self.cleaned_data[name] for name in ("day", "starts", "ends"))
        return span(day, starts, ends, LOCAL)


class GiveForm(forms.Form):
    """To whom a planned duty goes instead."""

    to = forms.ChoiceField(label=_("Give the duty to"))

    def __init__(self, *args: Any, people: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, to=people)


class NeedForm(forms.Form):
    """How many are needed; nought ends what was asked for at the same times."""

    weekdays = forms.MultipleChoiceField(label=_("Days of the week"), widget=forms.CheckboxSelectMultiple)
    starts = clock_field(pgettext_lazy("time of day", "From"))
    ends = clock_field(pgettext_lazy("time of day", "To"))
    count = forms.IntegerField(label=_("How many"), min_value=0, max_value=99)
    language = forms.ChoiceField(label=_("Who speak"), required=False)
    valid_from = day_field(_("Since"))

    def __init__(self, *args: Any, weekdays: Choices, languages: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, weekdays=weekdays, language=languages)


class SwapForm(forms.Form):
    """Which colleague is asked, and which of their duties is taken in return."""

    colleague = forms.ChoiceField(label=_("Colleague"))
    in_return = forms.ChoiceField(label=_("In return"), required=False)

    def __init__(self, *args: Any, people: Choices, duties: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, colleague=people, in_return=duties)


class HandOverForm(forms.Form):
    """For each task in hand who gets it and what must be known; one note may serve for those without their own."""

    note = forms.CharField(
        label=_("Note for all that have none of their own"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, receivers: Mapping[str, Choices], **options: Any) -> None:
        super().__init__(*args, **options)
        self.keys = list(receivers)
        for key, people in receivers.items():
            self.fields[f"to_{key}"] = forms.ChoiceField(label=_("To whom"), choices=people, required=False)
            self.fields[f"note_{key}"] = forms.CharField(label=_("Note"), required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        """Every task has a note: its own, or the one for all."""
        data = super().clean() or self.cleaned_data
        for key in self.keys:
            data[f"note_{key}"] = data.get(f"note_{key}") or data.get("note", "")
            if not data[f"note_{key}"]:
                self.add_error(f"note_{key}", _("Say what was done and what comes next."))
        return data


USUAL = (time(8), time(20))


def first_values(day: date) -> dict[str, Any]:
    """A new duty begins as the usual day."""
    return {"day": day, "starts": USUAL[0], "ends": USUAL[1]}
