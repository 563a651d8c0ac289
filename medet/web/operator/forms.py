"""What the operator may write: a home visit and answers by hand. Choices come from queries and from the programme."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medet.web.parts.forms import Choices, Measured, offer


class VisitForm(forms.Form):
    """A home-visit request."""

    clinic = forms.ChoiceField(label=_("Where to"))
    urgency = forms.ChoiceField(label=_("How soon"), widget=forms.RadioSelect)
    symptoms = forms.MultipleChoiceField(label=_("Symptoms"), widget=forms.CheckboxSelectMultiple, required=False)
    spo2 = Measured(label=_("SpO₂"), unit="%", min_value=30, max_value=100, max_digits=3, decimal_places=0)
    temperature = Measured(
        label=_("Temperature"), unit="°C", min_value=30, max_value=45, max_digits=3, decimal_places=1
    )
    icd10 = forms.CharField(label=_("Preliminary diagnosis (ICD-10)"), required=False, max_length=200)
    comment = forms.CharField(
        label=_("For the district doctor"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, clinics: Choices, urgencies: Choices, symptoms: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, clinic=clinics, urgency=urgencies, symptoms=symptoms)


@dataclass(frozen=True)
class Question:
    """A question of the programme: key, words, and its options as (value, words)."""

    key: str
    text: str
    options: Choices
    required: bool = True


@dataclass(frozen=True)
class Measure:
    """An optional reading the programme's form asks for."""

    key: str
    label: str
    unit: str
    low: float
    high: float
    decimals: int = 0


class AnswersForm(forms.Form):
    """The programme's questions and readings: built from the file, so a new question needs no code."""

    def __init__(self, *args: Any, questions: Iterable[Question], measures: Iterable[Measure], **options: Any) -> None:
        super().__init__(*args, **options)
        self.questions, self.measures = tuple(questions), tuple(measures)
        for question in self.questions:
            self.fields[question.key] = _choice(question)
        for measure in self.measures:
            self.fields[measure.key] = _measured(measure)
        self.fields["note"] = forms.CharField(
            label=_("Note"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
        )

    @property
    def question_fields(self) -> list[forms.BoundField]:
        """The questions in the order of the programme."""
        return [self[question.key] for question in self.questions]

    @property
    def reading_fields(self) -> list[forms.BoundField]:
        """The readings in the order of the programme."""
        return [self[measure.key] for measure in self.measures]


def _choice(question: Question) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=question.text, choices=question.options, required=question.required, widget=forms.RadioSelect
    )


def _measured(measure: Measure) -> Measured:
    return Measured(
        label=measure.label,
        unit=measure.unit,
        min_value=measure.low,
        max_value=measure.high,
        max_digits=6,
        decimal_places=measure.decimals,
    )
