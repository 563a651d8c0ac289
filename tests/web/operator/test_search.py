"""Searching at the desk: what is shown of people found, how often one may search, and the pages of the list."""

from medet.base.actor import WORKER
from medet.base.clock import local_day
from medet.base.models import AuditEntry
from medet.base.policy import change
from medet.base.scope import scope
from medet.people.queries import iin_of, phones_of
from medet.web.card.search import PAGE
from tests import make
from tests.web.operator.pages import page_of, text

NOW = make.NOON


def test_a_person_found_is_told_apart_and_not_shown(town, aigerim, enrolment):
    """Initials, year, masked numbers and the district, until the card is opened."""
    person = enrolment.person
    shown = text(aigerim.post("/operator/", {"q": "Серікбаева Әсел"}, follow=True))
    assert "Серікбаева Ә." in shown
    assert "born in 1959" in shown
    assert iin_of(person)[-4:] in shown
    assert "Auezov" in shown
    assert iin_of(person) not in shown
    assert phones_of(person)[0].number not in shown
    assert not AuditEntry.objects.filter(action="read").exists()
    aigerim.get(page_of(enrolment))
    assert AuditEntry.objects.filter(action="read").count() == 1


def test_numbers_cannot_be_tried_out(town, aigerim):
    """Refused in one sentence, and whoever guards the data sees it."""
    with scope(WORKER):
        today = local_day(NOW)
        change(code="search.unknown_numbers_per_hour", value=2, valid_from=today, by=WORKER, now=NOW)
    for number in (1, 2):
        assert aigerim.post("/operator/", {"q": f"701555000{number}"}).status_code == 302
    answer = aigerim.post("/operator/", {"q": "7015550003"})
    assert answer.status_code == 422
    assert "as often as is allowed" in text(answer)
    assert AuditEntry.objects.filter(action="refused", detail__code="search.too_many").count() == 1
    assert AuditEntry.objects.filter(action="search").count() == 2


def test_results_are_read_page_by_page(town, aigerim):
    with scope(WORKER):
        everybody = {str(make.person(town).uid) for _ in range(PAGE + 3)}
    first = aigerim.post("/operator/", {"q": "Серікбаева"}, follow=True).context["queue"]
    second = aigerim.get(first.more_url).context["queue"]
    assert (len(first.rows), len(second.rows), second.more_url) == (PAGE, 3, "")
    assert {row.uid for row in [*first.rows, *second.rows]} == everybody
    opened = aigerim.get(second.rows[0].url).context["queue"]
    assert [row.uid for row in opened.rows] == [row.uid for row in second.rows], "the list stays where it was"
