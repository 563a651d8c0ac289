"""A list of organisations: one row an organisation, with the streets it answers for in one cell."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from medet.base import phones
from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.flows.given.reading import Checked, Given, languages, plain, read_given, words_of
from medet.places.actions import Name, change_organisation, put_catchment, register_organisation
from medet.places.models import FIRST_LANGUAGE, District, Organisation
from medet.places.states import PRIMARY_CARE, Kind, Level

NEEDED = ("name_ru", "kind", "district")
REST = ("*", "остальное", "қалғаны", "rest")  # what is left of the district


def read_organisations(data: bytes) -> list[Given]:
    """The rows of the file."""
    return read_given(data, kind="organisations", needed=NEEDED)


def check_organisations(rows: Sequence[Given]) -> list[Checked]:
    """What each row would do; an organisation of the same name and district is brought up to date."""
    districts: dict[str, list[District]] = {}
    for district in District.objects.select_related("region"):
        for name in (district.kato, district.name_kk, district.name_ru, district.name_en):
            districts.setdefault(plain(name), []).append(district)
    known = {(plain(row.name_ru), row.district_id): row for row in Organisation.objects.filter(valid_to__isnull=True)}
    return [_check(row, districts, known) for row in rows]


def _check(
    row: Given, districts: dict[str, list[District]], known: dict[tuple[str, int | None], Organisation]
) -> Checked:
    one, cells = Checked(row), row.cells
    kind, level = words_of(Kind).get(plain(cells["kind"])), words_of(Level).get(plain(cells.get("level", "")))
    found = districts.get(plain(cells["district"]), [])
    streets = [part.strip() for part in re.split(r"[;\n]", cells.get("streets", "")) if part.strip()]
    wrong = {
        _("The name is missing."): not cells["name_ru"],
        _("There is no kind “%(text)s”.") % {"text": cells["kind"]}: kind is None,
        _("There is no level “%(text)s”.") % {"text": cells.get("level")}: bool(cells.get("level")) and level is None,
        _("There is no district “%(text)s”.") % {"text": cells["district"]}: not found,
        _("Several districts are called “%(text)s”: give the code.") % {"text": cells["district"]}: len(found) > 1,
        _("Only a clinic of primary care answers for streets."): bool(streets) and kind not in PRIMARY_CARE,
    }
    one.faults = [words for words, is_so in wrong.items() if is_so]
    house = known.get((plain(cells["name_ru"]), found[0].pk)) if found else None
    duty = _duty(cells, house, one.faults)
    if one.faults or kind is None:
        return one
    name = cells["name_ru"]
    one.values = {
        "name": Name(kk=cells.get("name_kk") or name, ru=name, en=cells.get("name_en") or name),
        "kind": Kind(kind),
        "level": Level(level) if level else Level.PRIMARY if kind in PRIMARY_CARE else Level.OTHER,
        "district": found[0],
        **duty,
        "streets": ["" if plain(street) in REST or street == "*" else street for street in streets],
        "known": house,
    }
    return one


def _duty(cells: dict[str, str], house: Organisation | None, faults: list[str]) -> dict[str, str]:
    """The telephone on duty and its language; a list that does not name them leaves what is known."""
    number = house.duty_phone if house else ""
    language = house.duty_language if house else FIRST_LANGUAGE
    if "duty_phone" in cells:
        number = _phone(cells["duty_phone"], faults)
    if text := cells.get("duty_language"):
        spoken = languages(text) or []
        if len(spoken) != 1:
            faults.append(_("A language is not known: “%(text)s”.") % {"text": text})
        language = next(iter(spoken), language)
    return {"duty_phone": number, "duty_language": language}


def _phone(text: str, faults: list[str]) -> str:
    try:
        return phones.parse(text) if text else ""
    except Refused as refused:
        faults.append(refused.sentence())
        return ""


@transaction.atomic
def take_organisations(*, rows: Sequence[Given], by: Actor, now: datetime) -> list[Organisation]:
    """Writes the good rows, all or none."""
    good = [one.values for one in check_organisations(rows) if not one.faults]
    if not good:
        raise Refused("given.no_good_row")
    return [_take(values, by=by, now=now) for values in good]


def _take(values: dict, by: Actor, now: datetime) -> Organisation:  # type: ignore[type-arg]
    data = {name: values[name] for name in ("name", "kind", "level", "district", "duty_phone", "duty_language")}
    house: Organisation | None = values["known"]
    if house is None:
        house = register_organisation(**data, by=by, now=now)
    else:
        change_organisation(organisation=house, **data, by=by, now=now)
    for street in values["streets"]:
        put_catchment(clinic=house, district=values["district"], street=street)
    return house
