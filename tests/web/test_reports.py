"""The supervisor's reports: every number leads to as many rows, files hold the same figures, others stay outside."""

import csv
import io
import random
import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook

from medet.base.models import AuditEntry
from medet.base.scope import scope
from tests.reports.round import DECEMBER, lived

pytestmark = pytest.mark.django_db
DAYS = "?first=2026-11-01&last=2026-12-31"


@pytest.fixture
def town(pages):
    with time_machine.travel(DECEMBER + timedelta(hours=5), tick=True):
        yield lived()


@pytest.fixture
def saule(town):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(town.users["saule"])
    return client


def links(page: str) -> dict[str, int]:
    """Every number of the report and where it leads."""
    found = re.findall(r'href="(/centre/reports/rows/[^"]+)"><?b?>?([\d  ]+)<', page)
    return {unescape(url): int(re.sub(r"\D", "", text)) for url, text in found}


def rows_behind(client: Client, url: str) -> int:
    count = 0
    while url:
        page = client.get(url).content.decode()
        count += page.count('<tr><th scope="row">')
        more = re.search(r'<p><a class="btn" href="([^"]+)">', page)
        url = unescape(more[1]) if more else ""
    return count


def test_every_number_opens_as_many_rows(saule):
    page = saule.get("/centre/reports/" + DAYS).content.decode()
    numbers = links(page)
    assert len(numbers) > 40
    chosen = random.Random(1).sample(sorted(numbers.items()), 40)
    assert any(count for _url, count in chosen)
    for url, count in chosen:
        assert rows_behind(saule, url) == count, url


def test_a_list_is_paged_and_its_readers_are_noted(saule, town, monkeypatch):
    monkeypatch.setattr("medet.web.centre.reports.PAGE", 2)
    url = "/centre/reports/rows/" + DAYS + "&measure=new"
    assert rows_behind(saule, url) == 3
    with scope(town.actor("saule")):
        assert AuditEntry.objects.filter(action="list", detail__why="report").count() == 2


def test_a_row_says_what_it_is(saule):
    rows = saule.get("/centre/reports/rows/" + DAYS + "&measure=new").context["rows"]
    assert [row.what for row in rows] == ["Confirmed"] * 3


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_files_hold_the_figures_of_the_page(saule, language):
    saule.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    sheet = load_workbook(io.BytesIO(saule.get("/centre/reports/file.xlsx" + DAYS).content)).worksheets[0]
    values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert values[-1][1:7] == [2, 100, 1, 100, 3, 100]
    text = saule.get("/centre/reports/file.csv" + DAYS).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[4][1:] == ["2", "100,00", "1", "100,00", "3", "100,00", "-50,0"]
    assert saule.get("/centre/reports/file.pdf" + DAYS).content.startswith(b"%PDF")


def test_an_export_is_noted(saule, town):
    saule.get("/centre/reports/file.csv" + DAYS)
    with scope(town.actor("saule")):
        assert AuditEntry.objects.get(action="export").detail == {"report": "centre", "kind": "csv"}


@pytest.mark.parametrize(
    "days", ["?first=2026-12-31&last=2026-11-01", "?first=x&last=2026-11-01", "?first=1999-01-01&last=2026-11-01"]
)
def test_days_that_make_no_sense_are_said(saule, days):
    answer = saule.get("/centre/reports/" + days)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_an_unknown_figure_or_file_is_not_there(saule):
    assert saule.get("/centre/reports/rows/?measure=x").status_code == 404
    assert saule.get("/centre/reports/file.exe").status_code == 404


@pytest.mark.parametrize("name", ["aigerim", "serik", "dana"])
def test_only_those_who_lead_see_it(town, name):
    client = Client()
    client.force_login(town.users[name])
    assert client.get("/centre/reports/").status_code == 403
    assert client.get("/centre/reports/file.csv").status_code == 403
