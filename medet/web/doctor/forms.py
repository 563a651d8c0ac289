"""The conclusion as a form of keys: every choice is a coded list handed in by the desk's view."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medet.monitoring.states import GoesOn
from medet.records.codes import find, label
from medet.records.states import WithoutPcr
from medet.web.parts.forms import Choices, offer

OTHER = "other"
SHOWN = 5


class ConclusionForm(forms.Form):
    """Severity, diagnosis, outcome, advice, next contact, treatment: in the order the keys walk."""

    severity = forms.ChoiceField(label=_("Severity"), widget=forms.RadioSelect)
    diagnosis = forms.ChoiceField(label=_("Diagnosis (ICD-10)"), widget=forms.RadioSelect)
    other_diagnosis = forms.CharField(
        label=_("Another diagnosis: code or words"),
        required=False,
        max_length=120,
        widget=forms.TextInput({"list": "icd10", "autocomplete": "off"}),
    )
    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    advice = forms.MultipleChoiceField(label=_("Advice"), widget=forms.CheckboxSelectMultiple, required=False)
    next_contact = forms.ChoiceField(label=_("Next contact"), widget=forms.RadioSelect)
    goes_on = forms.ChoiceField(label=_("Why the observation goes on"), required=False)
    without_pcr = forms.ChoiceField(label=_("Why it ends without a negative PCR"), required=False)
    treatment = forms.CharField(
        label=_("Treatment"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3, "data-key": "KeyT"})
    )

    def __init__(
        self,
        *args: Any,
        severities: Choices,
        diagnoses: Choices,
        outcomes: Choices,
        advice: Choices,
        contacts: Choices,
        all_diagnoses: Choices = (),
        ends_on: str = "",
        last_pcr: str = "",
        phrases: Choices = (),
        language: str = "",
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        # Sentences for the treatment, in the patient's language.
        self.phrases, self.language = phrases, language
        self.all_diagnoses = all_diagnoses
        # Asked only when a next contact may lie beyond the planned days.
        self.ends_on = ends_on
        offer(self, goes_on=[("", "—"), *((why.value, str(why.label)) for why in GoesOn)])
        self.fields["goes_on"].help_text = ends_on
        # Asked only while no negative test of a confirmed case is known.
        self.last_pcr = last_pcr
        offer(self, without_pcr=[("", "—"), *((why.value, str(why.label)) for why in WithoutPcr)])
        self.fields["without_pcr"].help_text = last_pcr
        offer(self, severity=severities, outcome=outcomes, advice=advice, next_contact=contacts)
        offer(self, diagnosis=[*diagnoses, (OTHER, gettext("Another code"))])

    def clean(self) -> dict[str, Any]:
        """The diagnosis as one code, whether it was chosen by a key or searched for."""
        data = super().clean() or self.cleaned_data
        if data.get("diagnosis") != OTHER:
            data["icd10"] = data.get("diagnosis", "")
            return data
        found = find("icd10", data.get("other_diagnosis", ""))
        if len(found) == 1:
            data["icd10"] = found[0]
        elif found:
            some = "; ".join(f"{code} {label('icd10', code)}" for code in found[:SHOWN])
            self.add_error("other_diagnosis", gettext("Several diagnoses fit: %(some)s.") % {"some": some})
        else:
            self.add_error(
                "other_diagnosis", gettext("Write an ICD-10 code of the list, for example J12.8, or words of it.")
            )
        return data
