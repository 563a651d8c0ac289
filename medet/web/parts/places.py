"""The form of an organisation; the first setup and the administrator's desk have the same."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medet.base import phones
from medet.base.refused import Refused
from medet.people.states import Language
from medet.places.actions import Name
from medet.places.models import District, Organisation, Region
from medet.places.states import Kind, Level
from medet.web.parts.forms import offer

OTHER = "another"


def _line(label: Any, width: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=width, widget=forms.TextInput({"autocomplete": "off"}), **more)


class PlaceForm(forms.Form):
    """Its names, what it is, and where; a district that the shipped list lacks is added by its code."""

    name_kk = _line(_("Name in Kazakh"), 200)
    name_ru = _line(_("Name in Russian"), 200)
    name_en = _line(_("Name in English"), 200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices, initial=Level.OTHER)
    district = forms.ChoiceField(label=_("District"))
    region = forms.ChoiceField(label=_("Region"), required=False)
    kato = _line(_("Code of the district (KATO)"), 9, required=False)
    district_kk = _line(_("District in Kazakh"), 200, required=False)
    district_ru = _line(_("District in Russian"), 200, required=False)
    district_en = _line(_("District in English"), 200, required=False)
    duty_phone = _line(
        _("Telephone on duty"),
        30,
        required=False,
        help_text=_("The robot rings it when nobody looks at a new request."),
    )
    duty_language = forms.ChoiceField(
        label=_("Language of the call"), choices=Language.choices, initial=Language.KK, required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        regions = sorted(Region.objects.all(), key=lambda row: row.name)
        districts = sorted(District.objects.select_related("region"), key=lambda row: (row.region.name, row.name))
        known = [(row.kato, f"{row.region.name}: {row.name}") for row in districts]
        offer(
            self,
            region=[("", "—"), *((row.kato, row.name) for row in regions)],
            district=[*known, (OTHER, str(_("Another district …")))],
        )

    @staticmethod
    def of(organisation: Organisation) -> dict[str, Any]:
        """The values a change begins with."""
        names = ("name_kk", "name_ru", "name_en", "kind", "level", "duty_phone", "duty_language")
        district = organisation.district.kato if organisation.district else ""
        return {name: getattr(organisation, name) for name in names} | {"district": district}

    def clean_duty_phone(self) -> str:
        """E.164, however it is typed."""
        text = self.cleaned_data["duty_phone"]
        try:
            return phones.parse(text) if text else ""
        except Refused as refused:
            raise forms.ValidationError(refused.sentence()) from refused

    def clean_duty_language(self) -> str:
        """A page that does not ask for it leaves the first language."""
        return self.cleaned_data["duty_language"] or str(Language.KK)

    def clean(self) -> dict[str, Any]:
        """Another district needs its code, its region and its names."""
        data = super().clean() or self.cleaned_data
        if data.get("district") == OTHER:
            for name in ("region", "kato", "district_kk", "district_ru"):
                if not data.get(name):
                    self.add_error(name, _("Needed for a district that is not in the list."))
        return data

    def place(self) -> dict[str, Any]:
        """Region, district and its names, as the flow takes them."""
        data = self.cleaned_data
        if data["district"] != OTHER:
            row = District.objects.select_related("region").get(kato=data["district"])
            return {"region": row.region.kato, "district": row.kato, "district_name": None}
        kk, ru = data["district_kk"], data["district_ru"]
        name = Name(kk=kk, ru=ru, en=data["district_en"] or ru)
        return {"region": data["region"], "district": data["kato"], "district_name": name}

    def organisation(self) -> dict[str, Any]:
        """The words `create_organisation` takes."""
        data = self.cleaned_data
        name = Name(kk=data["name_kk"], ru=data["name_ru"], en=data["name_en"] or data["name_ru"])
        more = {"kind": Kind(data["kind"]), "level": Level(data["level"])}
        duty = {"duty_phone": data["duty_phone"], "duty_language": data["duty_language"]}
        return {"name": name, **more, **duty, **self.place()}
