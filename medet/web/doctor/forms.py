"""The conclusion as a form of keys: every choice is a coded list handed in by the desk's view."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medet.web.parts.forms import Choices, offer

OTHER = "other"


class ConclusionForm(forms.Form):
    """Severity, diagnosis, outcome, advice, next contact, treatment: in the order the keys walk."""

    severity = forms.ChoiceField(label=_("Severity"), widget=forms.RadioSelect)
    diagnosis = forms.ChoiceField(label=_("Diagnosis (ICD-10)"), widget=forms.RadioSelect)
    other_diagnosis = forms.CharField(label=_("Another code"), required=False, max_length=10)
    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    advice = forms.MultipleChoiceField(label=_("Advice"), widget=forms.CheckboxSelectMultiple, required=False)
    next_contact = forms.ChoiceField(label=_("Next contact"), widget=forms.RadioSelect)
    treatment = forms.CharField(
        label=_("Treatment"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(
        self,
        *args: Any,
        severities: Choices,
        diagnoses: Choices,
        outcomes: Choices,
        advice: Choices,
        contacts: Choices,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        offer(self, severity=severities, outcome=outcomes, advice=advice, next_contact=contacts)
        offer(self, diagnosis=[*diagnoses, (OTHER, gettext("Another code"))])

    def clean(self) -> dict[str, Any]:
        """`Another code` needs the code."""
        data = super().clean() or self.cleaned_data
        if data.get("diagnosis") == OTHER and not data.get("other_diagnosis"):
            self.add_error("other_diagnosis", gettext("Write the ICD-10 code, for example J12.8."))
        return data
