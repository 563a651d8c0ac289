"""The form that sends a home-visit request on to another clinic; the clinic and the operator have the same."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medet.handovers.models import HomeVisit
from medet.places.models import Organisation
from medet.web.parts.forms import offer
from medet.web.parts.visits import other_clinics

OTHER = "other"


class RedirectForm(forms.Form):
    """A likely clinic by one tap, or any other of the region from a list."""

    clinic = forms.ChoiceField(label=_("To which clinic?"), widget=forms.RadioSelect, required=False)
    another = forms.ChoiceField(label=_("Clinic"), required=False)
    why = forms.CharField(label=_("Why?"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, visit: HomeVisit, **options: Any) -> None:
        super().__init__(*args, **{"prefix": "redirect"} | options)
        likely, others = other_clinics(visit)
        offer(self, another=[("", "—"), *((str(row.uid), row.name) for row in others)])
        if likely:
            offer(self, clinic=[*((str(row.uid), row.name) for row in likely), (OTHER, str(_("Another clinic")))])
            self.fields["another"].other = True  # type: ignore[attr-defined]  # shown when "another" is chosen
        else:
            del self.fields["clinic"]

    def clean(self) -> dict[str, Any]:
        """One clinic, from either field."""
        data: dict[str, Any] = super().clean() or {}
        chosen = data.get("clinic", OTHER)
        uid = data.get("another", "") if chosen in (OTHER, "") else chosen
        data["to"] = Organisation.objects.filter(uid=uid).first() if uid else None
        if not self.errors and data["to"] is None:
            self.add_error("another", _("Choose the clinic."))
        return data
