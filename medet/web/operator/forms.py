"""What the operator may write: answers by hand, a home visit, the beginning and the end of a case."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medet.base.wording import language
from medet.handovers.states import Urgency, VisitReason
from medet.monitoring.schema import Measure, Programme, Question
from medet.people.states import Whose
from medet.records.states import CaseState, WithoutPcr
from medet.web.parts.forms import Choices, Measured, offer


class AnswersForm(forms.Form):
    """The programme's questions and readings: built from the file, so a new question needs no code."""

    def __init__(self, *args: Any, programme: Programme, **options: Any) -> None:
        super().__init__(*args, **options)
        self.programme = programme
        for question in programme.questions:
            self.fields[question.key] = _choice(question)
        for measure in programme.measures:
            self.fields[measure.key] = _measured(measure)

    @property
    def question_fields(self) -> list[forms.BoundField]:
        """The questions in the order of the programme."""
        return [self[question.key] for question in self.programme.questions]

    @property
    def reading_fields(self) -> list[forms.BoundField]:
        """The readings in the order of the programme."""
        return [self[measure.key] for measure in self.programme.measures]

    def clean(self) -> dict[str, Any]:
        """Half an interview is worth keeping, an empty one is not."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not _given(data):
            self.add_error(None, _("Choose at least one answer."))
        return data

    @property
    def given(self) -> dict[str, str]:
        """What was answered, as the record takes it."""
        return _given(self.cleaned_data)


def _given(data: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in data.items() if value not in ("", None)}


def _choice(question: Question) -> forms.ChoiceField:
    words = [(option.value, option.label.in_language(language())) for option in question.options]
    return forms.ChoiceField(
        label=question.label.in_language(language()), choices=words, required=False, widget=forms.RadioSelect
    )


def _measured(measure: Measure) -> Measured:
    label = measure.label.in_language(language())
    between = _("Enter a number between %(low)s and %(high)s.") % {"low": measure.low, "high": measure.high}
    return Measured(
        label=label,
        unit="",  # the programme's words name the unit
        min_value=measure.low,
        max_value=measure.high,
        max_digits=6,
        decimal_places=measure.decimals,
        error_messages=dict.fromkeys(("min_value", "max_value"), between),
    )


class VisitForm(forms.Form):
    """A home-visit request; complaints and measures come from the last answers."""

    clinic = forms.ChoiceField(label=_("Where to"))
    urgency = forms.ChoiceField(label=_("How soon"), choices=Urgency.choices, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Why"), choices=VisitReason.choices)
    icd10 = forms.ChoiceField(label=_("Preliminary diagnosis (ICD-10)"))
    note = forms.CharField(
        label=_("For the district doctor"), required=False, max_length=600, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, clinics: Choices, diagnoses: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, clinic=clinics, icd10=diagnoses)


class PhoneForm(forms.Form):
    """A number the person can be reached at; how it is written does not matter."""

    number = forms.CharField(
        label=_("Number"),
        max_length=30,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": _("Write the number.")},
    )
    whose = forms.ChoiceField(label=_("Whose is it?"), choices=Whose.choices)


class AllergyForm(forms.Form):
    """What the patient must not be given."""

    substance = forms.CharField(label=_("Medicine or substance"), max_length=120)


class RepresentativeForm(forms.Form):
    """Who answers for a child or somebody who cannot."""

    name = forms.CharField(label=_("Name"), max_length=240)
    relation = forms.CharField(label=_("Who that is to the patient"), max_length=40)
    number = forms.CharField(label=_("Telephone"), required=False, widget=forms.TextInput({"inputmode": "tel"}))


class AddressForm(forms.Form):
    """Where the person actually is, with what a visiting doctor needs at the door."""

    district = forms.ChoiceField(label=_("District"))
    street = forms.CharField(label=_("Street"), max_length=120, error_messages={"required": _("Write the street.")})
    house = forms.CharField(label=_("House"), max_length=20, error_messages={"required": _("Write the house.")})
    flat = forms.CharField(label=_("Flat"), max_length=10, required=False)
    entrance = forms.CharField(label=_("Entrance"), max_length=10, required=False)
    floor = forms.CharField(label=_("Floor"), max_length=5, required=False)
    intercom = forms.CharField(label=_("Intercom"), max_length=20, required=False)

    def __init__(self, *args: Any, districts: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, district=districts)


class ObserveForm(forms.Form):
    """Which programme watches over the case."""

    programme = forms.ChoiceField(label=_("Programme"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, programmes: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, programme=programmes)


class EndForm(forms.Form):
    """The case leaves the observation at home, and why; `last_pcr`: the last test, when "recovered" needs a reason."""

    to = forms.ChoiceField(
        label=_("What happened?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happened.")},
    )
    why = forms.CharField(
        label=_("How is it known?"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Write how it is known.")},
    )

    without_pcr = forms.ChoiceField(label=_("Why it ends without a negative PCR"), required=False)

    def __init__(self, *args: Any, states: Choices, last_pcr: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.last_pcr = last_pcr
        offer(self, to=states, without_pcr=[("", "—"), *((why.value, str(why.label)) for why in WithoutPcr)])
        self.fields["without_pcr"].help_text = _("For “%(state)s”. %(pcr)s") % {
            "state": CaseState.RECOVERED.label,
            "pcr": last_pcr,
        }

    def clean(self) -> dict[str, Any]:
        """Who is called well without a negative test is called so for a reason."""
        data: dict[str, Any] = super().clean() or {}
        if self.last_pcr and data.get("to") == CaseState.RECOVERED and not data.get("without_pcr"):
            self.add_error("without_pcr", _("Choose why it ends without a negative PCR."))
        return data
