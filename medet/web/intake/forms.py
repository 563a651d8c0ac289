"""What is asked for when a list is given, taken in, or decided about."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medet.flows.settle_row import Doubt
from medet.records.intake.columns import fields
from medet.records.intake.states import Choice
from medet.web.parts.forms import Choices, DayField, offer

FIELDS = {
    "full_name": _("Whole name in one cell"),
    "family_name": _("Family name"),
    "given_name": _("Given name"),
    "patronymic": _("Patronymic"),
    "iin": _("IIN"),
    "document": _("Document number"),
    "birth_date": _("Birth date"),
    "sex": _("Sex"),
    "language": _("Language"),
    "phone": _("Telephone"),
    "address": _("Whole address in one cell"),
    "district": _("District"),
    "street": _("Street"),
    "house": _("House"),
    "flat": _("Flat"),
    "clinic": _("Clinic"),
    "household": _("Household"),
    "result": _("Result"),
    "taken_on": _("Day of the sample"),
    "number": _("Number of the sample"),
}
NOT_USED = _("— not used —")


class GiveForm(forms.Form):
    """The file; its kind is told by its bytes, never by its name."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={"required": _("Choose a file."), "empty": _("There is no row in the file.")},
    )


class ColumnsForm(forms.Form):
    """Which column holds what, as a person says it."""

    day = DayField(label=_("Day of the samples where the list has none"))

    def __init__(self, *args: Any, header: Sequence[str], mapping: Mapping[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        words = [("", NOT_USED), *((name, FIELDS[name]) for name in fields())]
        for place, name in enumerate(header):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=name or "—", choices=words, required=False, initial=mapping.get(place, "")
            )

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """One choice a column."""
        return [self[name] for name in self.fields if name.startswith("column_")]

    @property
    def mapping(self) -> dict[int, str]:
        """Column -> field."""
        chosen = {name: value for name, value in self.cleaned_data.items() if name.startswith("column_") and value}
        return {int(name.removeprefix("column_")): value for name, value in chosen.items()}


class StartForm(forms.Form):
    """Which programme watches over the new cases."""

    programme = forms.ChoiceField(label=_("Programme for new cases"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, programmes: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, programme=programmes)


class SettleForm(forms.Form):
    """What a person decides about one row."""

    choice = forms.ChoiceField(
        label=_("What is it?"), widget=forms.RadioSelect, error_messages={"required": _("Choose one.")}
    )

    def __init__(self, *args: Any, doubt: Doubt, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, choice=[option for choice in doubt.choices for option in _options(choice, doubt)])

    @property
    def decided(self) -> tuple[Choice, UUID | None]:
        """What it is, and who of several people of one name."""
        choice, _sep, uid = self.cleaned_data["choice"].partition(":")
        return Choice(choice), UUID(uid) if uid else None


def _options(choice: Choice, doubt: Doubt) -> Choices:
    """One for each of several people, by the number they stand under beside the list."""
    if choice != Choice.SAME or len(doubt.people) < 2:
        return [(choice.value, str(choice.label))]
    words = gettext("The same person as number %(place)d: take the row in, keep the register’s data")
    return [(f"{choice}:{person.uid}", words % {"place": place}) for place, person in enumerate(doubt.people, start=1)]
