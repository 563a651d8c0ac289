"""What a supervisor may ask of the robot: other settings, a reason to ring again, people to ring."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medet.contacts.calls.choosing import Wanted
from medet.contacts.campaigns.models import RobotStop
from medet.contacts.states import Preset
from medet.web.parts.forms import Choices, offer

LONGEST_QUIET = 60


class RingAgainForm(forms.Form):
    """Why the robot of one centre may ring again; `stop`: what is lifted by it."""

    why = forms.CharField(
        label=_("Why may the robot ring again?"),
        max_length=300,
        error_messages={"required": _("Say why the robot may ring again.")},
    )

    def __init__(self, posted: Mapping[str, Any] | None = None, *, stop: RobotStop) -> None:
        super().__init__(posted, auto_id=f"stop-{stop.pk}-%s")
        self.stop = stop


class PresetForm(forms.Form):
    """One of the three ways of ringing."""

    preset = forms.ChoiceField(label=_("How hard to ring"), choices=Preset.choices, widget=forms.RadioSelect)


class PeopleForm(forms.Form):
    """Whom to ring; every field that is empty narrows nothing. Stands in the address, so it names no patient."""

    programme = forms.ChoiceField(label=_("Programme"), required=False)
    district = forms.ChoiceField(label=_("District"), required=False)
    clinic = forms.ChoiceField(label=_("Clinic of attachment"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    quiet_days = forms.IntegerField(
        label=_("Nobody has talked with them for, days"), required=False, min_value=1, max_value=LONGEST_QUIET
    )

    def __init__(self, *args: Any, lists: Mapping[str, Choices], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, **{name: [("", str(_("all"))), *choices] for name, choices in lists.items()})

    @property
    def wanted(self) -> Wanted:
        """The valid form as the rooms take it."""
        data = self.cleaned_data
        return Wanted(**{name: value for name, value in data.items() if value})


class StartForm(PresetForm):
    """The campaign's name and settings."""

    name = forms.CharField(
        label=_("Name of the campaign"), max_length=120, error_messages={"required": _("Give the campaign a name.")}
    )


class KeepForm(forms.Form):
    """The name under which a choice of people is kept."""

    filter_name = forms.CharField(
        label=_("Keep this choice as"), max_length=80, error_messages={"required": _("Give the choice a name.")}
    )
