"""Forms of the desk and of the first setup: organisations, people, the trunk, a limit."""

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medet.base import phones, policy
from medet.base.refused import Refused
from medet.contacts.line.actions import TrunkData
from medet.people.states import Language
from medet.places.models import District, Organisation
from medet.staff.states import Role
from medet.web.parts.forms import Choices, DayField, offer
from medet.web.parts.places import PlaceForm

__all__ = ["GrantForm", "InviteForm", "LimitForm", "PlaceForm", "RingForm", "SpeaksForm", "StreetForm", "TrunkForm"]
PLAIN = {"autocomplete": "off", "spellcheck": "false"}


def line(label: Any, width: int, **more: Any) -> forms.CharField:
    """A line of text."""
    return forms.CharField(label=label, max_length=width, widget=forms.TextInput(PLAIN), **more)


def houses() -> Choices:
    """Every organisation, by name."""
    rows = sorted(Organisation.objects.filter(valid_to__isnull=True), key=lambda row: row.name)
    return [(str(row.uid), row.name) for row in rows]


class StreetForm(forms.Form):
    """A street a clinic answers for; empty is what is left of the district."""

    district = forms.ChoiceField(label=_("District"))
    street = line(
        _("Street"), 120, required=False, help_text=_("Empty: what is left of the district when no street is named.")
    )

    def __init__(self, *args: Any, districts: Iterable[District], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, district=[(row.kato, row.name) for row in districts])


class GrantForm(forms.Form):
    """A role at an organisation."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    organisation = forms.ChoiceField(label=_("Organisation"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, organisation=houses())

    def house(self) -> Organisation:
        """The one that was chosen."""
        return Organisation.objects.get(uid=self.cleaned_data["organisation"])


class SpeaksForm(forms.Form):
    """The languages in which somebody talks to patients."""

    speaks = forms.MultipleChoiceField(
        label=_("Speaks with patients"),
        choices=Language.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: the language of the pages."),
    )


class InviteForm(GrantForm, SpeaksForm):
    """Somebody new; the password they choose themselves."""

    family_name = line(_("Family name"), 80)
    given_name = line(_("Given name"), 80)
    patronymic = line(_("Patronymic"), 80, required=False)
    username = line(_("User name"), 60, required=False, help_text=_("Empty: made from the name."))
    language = forms.ChoiceField(label=_("Language of pages"), choices=Language.choices, initial="ru")
    field_order = ("family_name", "given_name", "patronymic", "username", "role", "organisation", "language", "speaks")


class TrunkForm(forms.Form):
    """What the telephone company wrote into the contract."""

    address = line(_("Address"), 120, help_text=_("Name or number and port, as in the contract."))
    user = line(_("User"), 80)
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("It is kept encrypted and never shown again. Empty: the one that is kept stays."),
    )
    register = forms.BooleanField(label=_("The company wants a registration"), required=False)
    caller_id = line(_("Number that people see"), 20, required=False)
    prefixes = line(_("Allowed prefixes"), 120, help_text=_("Numbers that may be rung, with spaces between: +7."))
    max_channels = forms.IntegerField(label=_("Calls at once"), min_value=1, max_value=500)
    attempts_per_s = forms.FloatField(label=_("New calls a second"), min_value=0.1, max_value=20)

    def clean_caller_id(self) -> str:
        """As people type it."""
        return number(self.cleaned_data["caller_id"]) if self.cleaned_data["caller_id"] else ""

    def data_of(self) -> TrunkData:
        """What the action takes."""
        values = {name: self.cleaned_data[name] for name in ("address", "user", "register", "caller_id")}
        more = {name: self.cleaned_data[name] for name in ("max_channels", "attempts_per_s")}
        words = self.cleaned_data["prefixes"].replace(",", " ").split()
        return TrunkData(**values, **more, allowed_prefixes=words, password=self.cleaned_data["password"] or None)


class RingForm(forms.Form):
    """The administrator's own telephone."""

    number = forms.CharField(
        label=_("Your telephone"), max_length=30, widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"})
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, widget=forms.RadioSelect)

    def clean_number(self) -> str:
        """E.164."""
        return number(self.cleaned_data["number"])


def number(text: str) -> str:
    """A telephone number, or its fault on the form."""
    try:
        return phones.parse(text)
    except Refused as refused:
        raise forms.ValidationError(refused.sentence()) from refused


class LimitForm(forms.Form):
    """A new value of a limit, from a day on."""

    value = line(_("New value"), 800)
    valid_from = DayField(label=_("In force since"), ahead=True)
    legal_ref = forms.CharField(
        label=_("Legal source"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, code: str, old: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # What was typed once may be of the wrong shape; what was shipped is not.
        self.code, self.like = code, policy.shipped().get(code, {"value": old})["value"]

    def clean_value(self) -> Any:
        """Of the same kind as the value that was shipped: a number stays a number."""
        try:
            return as_value(self.cleaned_data["value"], self.like)
        except (ValueError, TypeError, KeyError) as fault:
            raise forms.ValidationError(_("Give a value of the same kind as before.")) from fault

    def clean(self) -> dict[str, Any] | None:
        """What is wrong with the value stands at the value."""
        data = super().clean() or {}
        if {"value", "valid_from"} <= data.keys():
            try:
                policy.check(self.code, data["value"], valid_from=data["valid_from"])
            except Refused as refused:
                self.add_error("value", refused.sentence())
        return data


# In any of the languages, whichever the page is read in.
YES_OR_NO = {"иә": True, "да": True, "yes": True, "жоқ": False, "нет": False, "no": False}


def as_value(text: str, like: Any) -> Any:
    """Text into a number, yes or no, a time, or a list, whichever the limit is; its bounds are `policy.check`'s."""
    if isinstance(like, bool):
        return YES_OR_NO[text.strip().lower()]
    if isinstance(like, str):
        hours, _colon, minutes = text.strip().partition(":")
        return f"{int(hours):02d}:{int(minutes):02d}"
    return json.loads(text)
