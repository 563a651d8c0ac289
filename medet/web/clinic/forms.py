"""What the clinic answers to a home-visit request."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medet.base.refused import SENTENCES
from medet.handovers.states import VisitResult
from medet.web.parts.forms import Choices, offer

OTHER = "other"


def _note() -> forms.CharField:
    return forms.CharField(label=_("Note"), required=False, max_length=600, widget=forms.Textarea({"rows": 2}))


class _Fold(forms.Form):
    """Several of these stand on one page: the prefix keeps their ids apart."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"prefix": type(self).__name__.lower()} | options)


class AssignForm(_Fold):
    """Who goes: a name used lately by one tap, or another one typed."""

    worker = forms.ChoiceField(label=_("Who goes?"), widget=forms.RadioSelect, required=False)
    name = forms.CharField(label=_("Name of the doctor"), max_length=120, required=False)

    def __init__(self, *args: Any, names: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        if names:
            offer(self, worker=[*((name, name) for name in names), (OTHER, str(_("Another doctor")))])
            self.fields["name"].other = True  # type: ignore[attr-defined]  # shown when "another" is chosen
        else:
            del self.fields["worker"]

    def clean(self) -> dict[str, Any]:
        """One name, from either field."""
        data: dict[str, Any] = super().clean() or {}
        chosen = data.get("worker", OTHER)
        data["assigned_to"] = data.get("name", "").strip() if chosen in (OTHER, "") else chosen
        if not self.errors and not data["assigned_to"]:
            self.add_error("name", _("Write or choose who goes."))
        return data


class ResultForm(_Fold):
    """What was found and decided at the door."""

    result = forms.ChoiceField(
        label=_("What was decided?"),
        choices=VisitResult.choices,
        widget=forms.RadioSelect,
        error_messages={"required": SENTENCES["visit.result_needed"]},
    )
    icd10 = forms.ChoiceField(label=_("Diagnosis (ICD-10)"))
    pcr = forms.ChoiceField(
        label=_("Was a PCR swab taken?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        required=False,
    )
    note = _note()

    def __init__(self, *args: Any, diagnoses: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, icd10=diagnoses)

    @property
    def pcr_taken(self) -> bool | None:
        """None when nobody said."""
        said = self.cleaned_data["pcr"]
        return said == "yes" if said else None


class NotFoundForm(_Fold):
    """Nobody at the address: what was tried."""

    note = forms.CharField(
        label=_("What was tried?"), required=False, max_length=600, widget=forms.Textarea({"rows": 2})
    )


class RefuseForm(_Fold):
    """Why the clinic may not go."""

    refusal = forms.CharField(
        label=_("Why?"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": SENTENCES["visit.reason_needed"]},
    )
