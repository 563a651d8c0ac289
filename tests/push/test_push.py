"""The event stream over a real uvicorn and PostgreSQL's NOTIFY: who hears what, and who no longer does."""

import json
import urllib.error
import urllib.request
from contextlib import closing
from datetime import timedelta

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from medet.base import journal
from medet.base.actor import WORKER, Held
from medet.base.clock import now
from medet.base.ids import uuid7
from medet.base.scope import scope
from medet.push.who import actor_of_session
from medet.staff.actions import deactivate_user, end_role, give_role
from medet.staff.models import RoleAt
from medet.staff.shared.actions import revoke_device, share_device
from medet.staff.shared.rules import KEY, Kept
from medet.staff.states import Role
from tests import make
from tests.live import running as live


@pytest.fixture
def town(live_database):
    with scope(WORKER):
        return make.city(now=now())


@pytest.fixture
def port(live_database, tmp_path, town):
    with live.medet(live_database, tmp_path) as running:
        number = live.free_port()
        env = {"MEDET_CLOCK_OFFSET": "0"}  # this process's clock
        running.start("push", "-m", "uvicorn", "--port", str(number), "medet.push.app:app", env=env)
        live.wait_until(lambda: _healthy(number), seconds=40, what=f"push is up\n{running.log('push')}")
        yield number


def _healthy(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/push/health", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def session_of(user):
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return store


def opened(port, session=None, origin=None):
    headers = {"Origin": origin} if origin else {}
    if session:
        headers["Cookie"] = f"sessionid={session.session_key}"
    request = urllib.request.Request(f"http://127.0.0.1:{port}/push/desk", headers=headers)
    return urllib.request.urlopen(request, timeout=30)


def refused_with(port, session, origin=None):
    """The status an unwanted guest gets."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        opened(port, session, origin)
    with closing(refused.value) as answer:
        return answer.code


def next_message(stream):
    """The next message of a stream; its socket's time-out bounds the wait."""
    for line in stream:
        if line.startswith(b"data: "):
            return json.loads(line[6:])
    raise AssertionError("the stream ended")


def say(town, kind, organisation):
    uid = uuid7()
    with scope(WORKER):
        journal.append(kind=kind, by=WORKER, now=now(), object_uid=uid, organisation_id=organisation.pk)
    return str(uid)


def test_a_desk_hears_of_its_own_organisation_only(port, town):
    with (
        closing(opened(port, session_of(town.users["aigerim"]))) as centre,
        closing(opened(port, session_of(town.users["dana"]))) as clinic,
    ):
        # From this word on the stream listens: what came before is asked for once.
        assert next_message(centre)["kind"] == next_message(clinic)["kind"] == "change"
        # Notifications come in the order of their commits, so what came first was all there was before it.
        first = say(town, "alert.raised", town.centre)
        second = say(town, "home_visit.moved", town.clinic)
        third = say(town, "task.opened", town.centre)
        assert next_message(centre) == {"kind": "alert.raised", "uid": first}
        assert next_message(centre) == {"kind": "task.opened", "uid": third}
        assert next_message(clinic) == {"kind": "home_visit.moved", "uid": second}


@pytest.mark.parametrize("who", ["nobody", "without roles", "made up"])
def test_nobody_else_gets_a_stream(port, town, who):
    session = None
    if who == "without roles":
        RoleAt.objects.filter(user=town.users["marat"]).update(valid_to=now())
        session = session_of(town.users["marat"])
    if who == "made up":
        session = SessionStore("x" * 32)
    assert refused_with(port, session) == 401


@pytest.mark.parametrize("how", ["the role ended", "the user was deactivated"])
def test_who_lost_the_right_is_asked_again_and_cut_off(town, how):
    """What an open stream asks for every 40 seconds."""
    user, key = town.users["marat"], session_of(town.users["marat"]).session_key
    assert actor_of_session(key) == town.actor("marat", now=now())
    with scope(WORKER):
        if how == "the role ended":
            end_role(user=user, role=Role.OPERATOR, organisation=town.centre, by=WORKER, now=now())
        else:
            deactivate_user(user=user, by=WORKER, now=now())
    assert actor_of_session(key) is None


def kept_on_a_telephone(town, user, *, by_pin, touched_at):
    """A session of the clinic's shared telephone."""
    dana = town.actor("dana", now=now())
    device, _token = share_device(organisation=town.clinic, name="Duty phone", by=dana, now=now())
    session = session_of(user)
    session[KEY] = Kept(device.pk, by_pin, touched_at).value()
    session.save()
    return session.session_key, device


def test_a_shared_telephone_hears_too(port, town):
    key, _device = kept_on_a_telephone(town, town.users["dana"], by_pin=True, touched_at=now())
    with closing(opened(port, SessionStore(key))) as stream:
        assert next_message(stream)["kind"] == "change"


def test_the_stream_of_a_shared_telephone_ends_when_it_locks(town):
    """Also when no page asks any more, so that nobody has ended the session yet."""
    key, device = kept_on_a_telephone(town, town.users["dana"], by_pin=True, touched_at=now())
    assert actor_of_session(key) == town.actor("dana", now=now())
    with scope(WORKER):
        give_role(user=town.users["dana"], role=Role.HEAD_OF_CLINIC, organisation=town.clinic, by=WORKER, now=now())
    revoke_device(device=device, by=town.actor("dana", now=now()), now=now())
    assert actor_of_session(key) is None
    idle, _device = kept_on_a_telephone(town, town.users["dana"], by_pin=False, touched_at=now() - timedelta(minutes=6))
    assert actor_of_session(idle) is None


def test_a_pin_hears_what_its_pages_show(town):
    with scope(WORKER):
        roles = [(Role.CLINIC_RECEIVER, town.clinic), (Role.DOCTOR, town.centre)]
        make.with_roles(town, "zarina", *roles, now=now())
    key, _device = kept_on_a_telephone(town, town.users["zarina"], by_pin=True, touched_at=now())
    assert actor_of_session(key).held == {Held(Role.CLINIC_RECEIVER, town.clinic.pk)}


def test_another_site_gets_nothing(port, town):
    assert refused_with(port, session_of(town.users["aigerim"]), origin="http://evil.example") == 403
    with closing(opened(port, session_of(town.users["aigerim"]), origin="http://127.0.0.1:8000")) as stream:
        assert stream.headers["Access-Control-Allow-Origin"] == "http://127.0.0.1:8000"
