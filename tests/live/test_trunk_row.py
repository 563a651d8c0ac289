"""The phone process follows what is set on the pages: it waits for a trunk, takes another one, and other recordings.

The same process rings the telephone on duty of a clinic, so that its start is paid once.
"""

import time
import wave
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client

from medet.base.actor import WORKER, Actor, Held
from medet.base.clock import now
from medet.base.models import Pulse
from medet.base.scope import scope
from medet.contacts.line.actions import TrunkData, put_prompt, put_trunk
from medet.contacts.models import StaffCall
from medet.contacts.staff_calls.actions import ask_test_call
from medet.flows.request_visit import VisitWish, request_visit
from medet.flows.ring_duty import ring_duty
from medet.places.models import Organisation
from medet.staff.states import Role
from tests import make
from tests.live import prompts
from tests.live import running as live
from tests.live.trunk import Trunk
from tests.web.conftest import PLAIN_FILES

MINE, DUTY, RINGS_ON = "+77011234567", "+77272000017", "+77272000005"


LINES = {MINE: {"behaviour": "colleague"}, DUTY: {"behaviour": "colleague"}, RINGS_ON: {"behaviour": "no_answer"}}


@pytest.fixture
def town(medet):
    with scope(WORKER):
        return make.city(now=now() - timedelta(hours=1))


@pytest.fixture
def saule(town):
    held = frozenset({Held(Role.ADMINISTRATOR, town.centre.pk)})
    return Actor(user_id=town.users["saule"].pk, held=held)


def set_trunk(port, by, **more):
    data = {"user": "medet", "password": "x", "register": False, "caller_id": "", "allowed_prefixes": ["+7"]}
    data |= {"max_channels": 4, "attempts_per_s": 5.0} | more
    with scope(WORKER):
        put_trunk(data=TrunkData(address=f"127.0.0.1:{port}", **data), by=by, now=now())


def ring(by):
    with scope(WORKER):
        return ask_test_call(number=MINE, language="ru", allowed_prefixes=["+7"], by=by, now=now()).pk


def ended(pk):
    with scope(WORKER):
        return StaffCall.objects.filter(pk=pk, state="ended").first()


def phone_of(port):
    """The trunk that the process says it uses, once it answers."""
    with scope(WORKER):
        pulse = Pulse.objects.filter(name="phone", facts__address=f"127.0.0.1:{port}", facts__trunk="ok").first()
    return pulse


def a_recording():
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(prompts._sound("test_call", 2.0))
    return out.getvalue()


def a_request(town, clinic=None):
    """It was sent three minutes ago, by the house's clock."""
    with scope(WORKER):
        sent = now() - timedelta(minutes=3)
        enrolment = make.observed(town, make.person(town, now=sent), now=sent)
        wish = VisitWish(reason="worsening", urgency="today", clinic=clinic)
        return request_visit(case=enrolment.case, wish=wish, by=town.actor("aigerim", now=sent), now=sent)


def worker_turns(**where):
    """One turn of the worker's loop; the calls there are then."""
    with scope(WORKER):
        ring_duty(by=WORKER, now=now())
        return list(StaffCall.objects.filter(kind="duty", **where))


def looks(town, name):
    """Somebody of a clinic has the list before their eyes."""
    client = Client()
    client.force_login(town.users[name])
    assert client.get("/clinic/").status_code == 200


def told_to_the_telephone_on_duty(medet, town, phones):
    """A request that nobody looks at rings the clinic over SIP until somebody says "heard"; a seen one rings nobody."""
    with scope(WORKER):
        Organisation.objects.filter(pk=town.clinic.pk).update(duty_phone=DUTY, duty_language="ru")
    visit, began = a_request(town), time.monotonic()
    assert len(worker_turns()) == 1
    call = live.wait_until(lambda: worker_turns(state="ended"), seconds=60, what=lambda: medet.log("phone"))[0]
    assert (call.outcome, call.key, call.language) == ("answered", "1", "ru")
    print(f"told to the telephone on duty {time.monotonic() - began:.1f} s after the worker's turn")
    with scope(WORKER):
        visit.refresh_from_db()
        assert (visit.state, visit.duty_heard_at is not None, visit.shown_at) == ("sent", True, None)
    seen = a_request(town)
    looks(town, "dana")
    with scope(WORKER):
        seen.refresh_from_db()
    assert seen.shown_at is not None
    assert len(worker_turns()) == 1, "neither about the one that was heard of nor about the one that was seen"
    assert len(phones.rings(DUTY)) == 1
    taken_back_when_somebody_looks(medet, town, phones)


def taken_back_when_somebody_looks(medet, town, phones):
    """The page is opened while the telephone rings."""
    with scope(WORKER):
        Organisation.objects.filter(pk=town.other_clinic.pk).update(duty_phone=RINGS_ON)
    a_request(town, clinic=town.other_clinic)
    worker_turns()
    live.wait_until(lambda: phones.rings(RINGS_ON), seconds=60, what=lambda: medet.log("phone"))
    looks(town, "boris")
    where = {"organisation": town.other_clinic, "state": "ended"}
    call = live.wait_until(lambda: worker_turns(**where), seconds=20, what=lambda: medet.log("phone"))[0]
    assert call.outcome == "cancelled"
    assert [row["number"] for row in phones.entries() if row["event"] == "cancelled"] == [RINGS_ON]


@pytest.mark.timeout(200)
def test_a_trunk_is_waited_for_changed_and_heard(medet, town, saule, tmp_path, settings):
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True  # the pages need no collected files here
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": PLAIN_FILES}}
    medet.env |= {"MEDET_PROMPTS": str(prompts.make(tmp_path / "prompts")), "MEDET_TRUNK_PING_S": "0.5"}
    medet.env |= {"MEDET_SIP_HOST": "127.0.0.1", "MEDET_SIP_INTERFACE": "127.0.0.1"}
    medet.env |= {"MEDET_SIP_PORT": str(live.free_sip_port()), "MEDET_RTP_FIRST": "31000", "MEDET_RTP_LAST": "31059"}
    options = ("--ring", "0.2", "--prompts", str(tmp_path / "prompts"), "--pause", str(prompts.PAUSE_S))
    phones = live.phones(medet, LINES, options=options)
    child = medet.manage("phone", "phone")
    live.wait_until(lambda: "waiting for one" in medet.log("phone"), seconds=60, what=lambda: medet.log("phone"))
    with Trunk(phones.port, "refuse") as refusing:
        set_trunk(refusing.port, saule)
        live.wait_until(lambda: phone_of(refusing.port), seconds=60, what=lambda: medet.log("phone"))
        pk = ring(saule)
        call = live.wait_until(lambda: ended(pk), seconds=60, what=lambda: medet.log("phone"))
        assert (call.outcome, call.sip_code, call.key) == ("network_failed", 503, "")
    set_trunk(phones.port, saule)
    live.wait_until(lambda: phone_of(phones.port), seconds=90, what=lambda: medet.log("phone"))
    assert child.poll() is None, "the same process number: nobody had to start it"
    pk = ring(saule)
    call = live.wait_until(lambda: ended(pk), seconds=60, what=lambda: medet.log("phone"))
    assert (call.outcome, call.key) == ("answered", "1")
    assert len(phones.rings(MINE)) == 1
    told_to_the_telephone_on_duty(medet, town, phones)
    with scope(WORKER):
        put_prompt(key="test_call", language="ru", words="-", data=a_recording(), by=saule, now=now())
    live.wait_until(lambda: "read again" in medet.log("phone"), seconds=30, what=lambda: medet.log("phone"))
