"""One form beside a call or a visit: who it is, how reached, complaints, who was near, and the home visit."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medet.base import iin as iins
from medet.base.phones import parse as parse_phone
from medet.base.refused import Refused
from medet.flows.new_case import Near
from medet.handovers.states import Urgency
from medet.monitoring.schema import Programme
from medet.people.states import Language, Sex
from medet.records.states import Regimen, Severity
from medet.web.operator.forms import AnswersForm, _given
from medet.web.parts.forms import Choices, DayField, offer

NEAR = 5
PLAIN = {"autocomplete": "off"}
IDENTITY = ("family_name", "given_name", "patronymic", "iin", "document", "birth_date", "sex", "language")


def _line(label: Any, width: int, **more: Any) -> forms.CharField:
    attributes = PLAIN | ({"inputmode": more.pop("mode")} if "mode" in more else {})
    return forms.CharField(label=label, max_length=width, required=False, widget=forms.TextInput(attributes), **more)


class NewCaseForm(AnswersForm):
    """Whatever is not known stays empty: a name is enough for somebody who is found at the door."""

    family_name = _line(_("Family name"), 80)
    given_name = _line(_("Given name"), 80)
    patronymic = _line(_("Patronymic"), 80)
    iin = _line(_("IIN"), 20, mode="numeric")
    document = _line(_("Document number"), 40)
    birth_date = DayField(label=_("Birth date"), required=False, born=True)
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, initial=Sex.UNKNOWN, widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, initial=Language.RU, widget=forms.RadioSelect
    )
    number = _line(_("Telephone"), 30, mode="tel")
    district = forms.ChoiceField(label=_("District"), required=False)
    street = _line(_("Street"), 120)
    house = _line(_("House"), 20)
    flat = _line(_("Flat"), 10)
    entrance = _line(_("Entrance"), 10)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Severity.choices, initial=Severity.MILD, widget=forms.RadioSelect
    )
    regimen = forms.ChoiceField(
        label=_("At home for"), choices=Regimen.choices, initial=Regimen.HOME_TREATMENT, widget=forms.RadioSelect
    )
    wants_visit = forms.BooleanField(label=_("Ask the clinic for a home visit"), required=False)
    urgency = forms.ChoiceField(
        label=_("How soon"), choices=Urgency.choices, initial=Urgency.DAY, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("For the district doctor"), required=False, max_length=600, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, programme: Programme, districts: Choices, known: bool, **options: Any) -> None:
        super().__init__(*args, programme=programme, **options)
        offer(self, district=[("", "—"), *districts])
        self.known = known
        for place in range(NEAR):
            self.fields[f"near_name_{place}"] = _line(_("Name"), 240)
            self.fields[f"near_number_{place}"] = _line(_("Telephone"), 30, mode="tel")
        if known:
            for name in IDENTITY:
                del self.fields[name]

    def group(self, *names: str) -> list[forms.BoundField]:
        """Fields of one part of the page, as far as they are asked."""
        return [self[name] for name in names if name in self.fields]

    @property
    def names(self) -> list[forms.BoundField]:
        """Who it is."""
        return self.group("family_name", "given_name", "patronymic", "iin", "document", "birth_date")

    @property
    def places(self) -> list[forms.BoundField]:
        """How the person is reached."""
        return self.group("number", "district", "street", "house", "flat", "entrance")

    @property
    def near_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Name and telephone of each who was near."""
        return [(self[f"near_name_{place}"], self[f"near_number_{place}"]) for place in range(NEAR)]

    def clean(self) -> dict[str, Any]:
        """Every fault beside its field, so that what was right stays."""
        data: dict[str, Any] = forms.Form.clean(self) or {}
        if not self.known:
            self._need(data, "family_name", _("Write the family name."))
            self._need(data, "given_name", _("Write the given name."))
            self._parsed("iin", data.get("iin", ""), lambda text: iins.parse(text).digits)
        if data.get("street") or data.get("house"):
            self._need(data, "district", _("Choose the district."))
            self._need(data, "street", _("Write the street."))
        for name in ("number", *(f"near_number_{place}" for place in range(NEAR))):
            self._parsed(name, data.get(name, ""), parse_phone)
        for place in range(NEAR):
            if data.get(f"near_number_{place}"):
                self._need(data, f"near_name_{place}", _("Write the name."))
        return data

    def _need(self, data: dict[str, Any], name: str, words: Any) -> None:
        if not data.get(name) and name not in self.errors:
            self.add_error(name, words)

    def _parsed(self, name: str, text: str, parse: Any) -> None:
        try:
            if text:
                parse(text)
        except Refused as refused:
            self.add_error(name, refused.sentence())

    @property
    def given(self) -> dict[str, str]:
        """The answers to the programme's questions."""
        keys = [question.key for question in self.programme.questions]
        keys += [measure.key for measure in self.programme.measures]
        return _given({key: self.cleaned_data.get(key) for key in keys})

    def near(self) -> Iterator[Near]:
        """Who was near, as far as they were named."""
        for place in range(NEAR):
            name = self.cleaned_data.get(f"near_name_{place}", "")
            if name:
                yield Near(name=name, number=self.cleaned_data.get(f"near_number_{place}", ""))
