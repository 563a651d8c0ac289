"""Deadlines and bands in words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from medet.web.parts.words import band_pill, due_view

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)  # 11:00 in Almaty


@pytest.mark.parametrize(
    ("minutes", "words", "tone"),
    [
        (8, "in 8 min", "amber"),
        (0, "in 0 min", "amber"),
        (-1, "overdue 1 min", "red"),
        (-119, "overdue 119 min", "red"),
        (-120, "overdue 2 h", "red"),
        (-3 * 24 * 60, "overdue 3 d", "red"),
        (45, "by 11:45", "grey"),
        (24 * 60, "by 23.11 11:00", "grey"),
    ],
)
def test_a_deadline_in_words(minutes: int, words: str, tone: str) -> None:
    with override("en"):
        due = due_view(NOW + timedelta(minutes=minutes), now=NOW)
    assert (due.words, due.tone) == (words, tone)


@pytest.mark.parametrize(("language", "words"), [("kk", "35 мин кешікті"), ("ru", "просрочено 35 мин")])
def test_a_deadline_in_the_languages_of_the_country(language: str, words: str) -> None:
    with override(language):
        assert due_view(NOW - timedelta(minutes=35), now=NOW).words == words


def test_an_unknown_band_is_said_to_be_unknown() -> None:
    with override("en"):
        assert band_pill("purple").word == "Not assessed"
