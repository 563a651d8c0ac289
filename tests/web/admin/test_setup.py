"""A fresh installation: one link, no default password, and nothing left of the link afterwards."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.flows.setup import setup_secret
from medet.staff.models import RoleAt, User
from medet.worker.reference import load_reference
from tests import make
from tests.web.operator.pages import text

FORM = {
    "name_kk": "Орталық",
    "name_ru": "Центр",
    "kind": "telemedicine_centre",
    "level": "other",
    "district": "751310000",
    "family_name": "Жақсыбек",
    "given_name": "Данияр",
    "username": "Admin",
    "password": "sunny-steppe-42",
    "again": "sunny-steppe-42",
    "language": "kk",
}


@pytest.fixture
def link(pages):
    with scope(WORKER):
        load_reference(now=make.NOON)
        return f"/setup/{setup_secret(now=make.NOON)}/"


def test_the_browser_sets_the_installation_up_once(link):
    client = Client(headers={"accept-language": "en"})
    assert client.get("/setup/guessed/").status_code == 302
    assert client.get(link).status_code == 200
    refused = client.post(link, FORM | {"again": "another", "district": "another"})
    assert "The two passwords differ." in text(refused)
    assert "Needed for a district that is not in the list." in text(refused)
    assert client.post(link, FORM).headers["Location"] == "/"
    assert client.get("/").headers["Location"] == "/manage/"
    [held] = RoleAt.objects.all()
    assert (held.user.username, held.role, held.organisation.name_en) == ("admin", "administrator", "Центр")
    assert held.organisation.district.kato == "751310000"
    assert Client().get(link).status_code == 302, "the link is used up"
    with scope(WORKER):
        assert setup_secret(now=make.NOON) is None


def test_a_district_of_ones_own(link):
    place = {"district": "another", "region": "110000000", "kato": "111010000", "district_kk": "А", "district_ru": "Б"}
    assert Client().post(link, FORM | place).status_code == 302
    assert RoleAt.objects.get().organisation.region.kato == "110000000"


def test_the_console_sets_it_up_too_and_only_once(pages, monkeypatch):
    with scope(WORKER):
        load_reference(now=make.NOON)
    words = ["--kk=О", "--ru=Ц", "--en=C", "--region=750000000", "--district=751310000", "--username=root"]
    words += ["--family-name=Ж", "--given-name=Д", "--password-stdin"]
    monkeypatch.setattr("sys.stdin", StringIO("sunny-steppe-42\n"))
    call_command("setup", *words, stdout=StringIO())
    assert User.objects.get().check_password("sunny-steppe-42")
    monkeypatch.setattr("sys.stdin", StringIO("sunny-steppe-42\n"))
    with pytest.raises(CommandError, match="администратор"):
        call_command("setup", *words, stdout=StringIO())
