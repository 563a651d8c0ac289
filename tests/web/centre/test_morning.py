"""The morning's page through Django's client: what stands on it, and where each figure leads."""

from datetime import timedelta

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.reports.morning import STANDINGS
from tests import make
from tests.reports.test_morning import asked
from tests.web.ladder import client_of
from tests.web.morning import opened

NOW, HOUR = make.NOON, timedelta(hours=1)


def test_the_page_and_its_lists(town):
    with scope(WORKER):
        asked(town, now=NOW - 3 * HOUR)
    saule = client_of(town, "saule", HTTP_ACCEPT_LANGUAGE="en")
    page = saule.get("/centre/morning/").content.decode()
    assert "Home visits overdue by clinic" in page
    assert "telephone process is silent" in page
    assert "1 more than yesterday" in page
    for code in STANDINGS:
        assert saule.get(f"/centre/morning/rows/?figure={code}").status_code == 200
    late = saule.get(f"/centre/morning/rows/?figure=late_visits&part={town.clinic.uid}").content.decode()
    assert "Clinic 17" in late
    assert saule.get("/centre/morning/rows/?figure=late_visits&part=x").status_code == 404
    assert saule.get("/centre/morning/rows/?figure=nosuch").status_code == 404


def test_every_figure_opens_all_its_rows_from_page_to_page(town, monkeypatch):
    monkeypatch.setattr("medet.web.centre.morning.PAGE", 2)
    with scope(WORKER):
        for _ in range(5):
            asked(town, now=NOW - 3 * HOUR)  # of one moment: the key decides
    figures = list(opened(client_of(town, "saule", HTTP_ACCEPT_LANGUAGE="en")))
    assert [count for address, count, _rows in figures if "late_visits" in address] == [5, 5], "and by clinic"
    assert [figure for figure in figures if figure[1] != figure[2]] == []


def test_a_key_that_says_nothing_is_the_beginning(town):
    with scope(WORKER):
        asked(town, now=NOW - 3 * HOUR)
    saule = client_of(town, "saule")
    for key in ("x", "2026-11-23T07:00:00~x", "2026-11-23T07:00:00~00000000-0000-0000-0000-000000000000"):
        assert len(saule.get(f"/centre/morning/rows/?figure=visits&after={key}").context["rows"]) == 1
