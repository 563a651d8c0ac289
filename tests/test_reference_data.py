"""Reference data is complete in three languages and its parts fit together."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from medet.base import names, phones

PACKAGE = Path(__file__).resolve().parents[1] / "medet"
DISTRICTS = {"751110000", "751210000", "751310000", "751410000", "751510000", "751710000", "751810000", "751910000"}


def load(place: str) -> Any:
    return yaml.safe_load((PACKAGE / place).read_text(encoding="utf-8"))


@pytest.mark.parametrize("place", ["icd10", "risk_groups", "outcomes", "advice"])
def test_coded_lists(place):
    rows = load(f"records/data/{place}.yaml")
    assert len({row["code"] for row in rows}) == len(rows) >= 12
    for row in rows:
        assert set(row) == {"code", "kk", "ru", "en"}
        assert len(row["code"]) <= (8 if place == "icd10" else 30)
        assert all(row[language] == row[language].strip() != "" for language in ("kk", "ru", "en"))
        assert re.search("[а-я]", row["ru"])
        assert not re.search("[а-яәғқңөұүһі]", row["en"], re.IGNORECASE)
        assert row["kk"] != row["ru"]


def test_the_codes_of_the_centres_disease_are_there():
    codes = {row["code"] for row in load("records/data/icd10.yaml")}
    assert codes >= {"U07.1", "U07.2", "U09.9", "Z20.8", "Z29.0", "Z03.8", "J12.8", "J06.9", "J18.9"}
    assert codes >= {"I10", "E11.9", "J44.9", "J45.9"}
    assert all(re.fullmatch(r"[A-Z]\d\d(\.\d)?", code) for code in codes)


def test_regions():
    regions = load("places/data/regions.yaml")
    assert len(regions) == len({region["kato"] for region in regions}) == 20
    assert all(re.fullmatch(r"\d\d0000000", region["kato"]) for region in regions)
    young = {region["en"] for region in regions if region["valid_from"] == date(2022, 6, 8)}
    assert young == {"Abai Region", "Zhetisu Region", "Ulytau Region"}
    almaty = next(region for region in regions if region["kato"] == "750000000")
    assert {district["kato"] for district in almaty["districts"]} == DISTRICTS
    for row in [*regions, *almaty["districts"]]:
        assert row["kk"] != row["ru"]
        assert row["en"].isascii()


def test_made_up_people():
    groups = load("demo/data/names.yaml")
    assert set(groups) == {"kk", "ru", "other"}
    for group in groups.values():
        assert len(group["family_male"]) == len(group["family_female"]) >= 50
        assert len(group["patronymic_male"]) == len(group["patronymic_female"])
        for listed in group.values():
            assert all(name == names.tidy(name) and names.fold(name) for name in listed)
            assert len(set(listed)) == len(listed)


def test_made_up_city():
    clinics = {row["key"]: row for row in load("demo/data/clinics.yaml")}
    streets = load("demo/data/streets.yaml")
    assert {row["district"] for row in streets} == DISTRICTS
    assert len(streets) == len({(row["district"], names.fold(row["ru"])) for row in streets}) == 40
    for street in streets:
        assert clinics[street["clinic"]]["district"] == street["district"]
    for clinic in clinics.values():
        assert clinic["phone"] == phones.parse(clinic["phone"])
        assert clinic["kk"] != clinic["ru"]
    kinds = {row["kind"] for row in clinics.values()}
    assert kinds >= {"telemedicine_centre", "health_department", "ambulance_station", "infectious_hospital"}
