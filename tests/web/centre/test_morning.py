"""The morning's page through Django's client: what stands on it, and where each figure leads."""

from datetime import timedelta

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.reports.morning import STANDINGS
from tests import make
from tests.reports.test_morning import asked
from tests.web.ladder import client_of

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
