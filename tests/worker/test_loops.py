"""The worker's own small steps."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from medet.web.admin.state import LOOPS
from medet.worker.loops import clocks, heavy, lists


def test_sessions_that_are_over_are_cleared_once_an_hour(db):
    loop = next(loop for loop in heavy() if loop.name == "sessions")
    for key, age in (("over", timedelta(seconds=-1)), ("alive", timedelta(hours=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + age)
    loop.turn()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["alive"]
    assert loop.every_s == 3600


def test_the_page_of_the_installation_has_a_word_for_every_loop():
    assert {loop.name for loop in (*clocks(), *heavy(), *lists())} == set(LOOPS)
