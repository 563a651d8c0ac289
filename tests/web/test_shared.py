"""A shared telephone through its pages: a PIN opens the clinic's desk only, and nobody's touch locks it."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from medet.base.actor import WORKER
from medet.base.models import AuditEntry, JournalEntry
from medet.base.scope import scope
from medet.flows.request_visit import VisitWish, request_visit
from medet.handovers.models import HomeVisit
from medet.staff.actions import deactivate_user, end_role, give_role, set_password
from medet.staff.models import DevicePin, SharedDevice
from medet.staff.shared.rules import KEY, TRIES
from medet.staff.states import Role
from medet.web.access import ADDRESSES, BY_ITSELF, BY_PIN, CLINIC, PUBLIC
from medet.web.account import attempts
from medet.web.shared import COOKIE
from tests import make
from tests.web.test_access import address

NOW = make.NOON
PIN, OTHER = "473829", "907142"
LOCKED = "/locked/"
BEHIND = {
    "HX-Request": "true",
    "HX-Trigger": "queue",
    "HX-Target": "queue",
    "HX-Current-URL": "http://testserver/clinic/",
}
IDLE = timedelta(minutes=5)


@pytest.fixture
def phone(town):
    """The clinic's telephone: Dana has a PIN on it, and Zarina, who is a doctor of the centre besides."""
    with scope(WORKER):
        make.with_roles(town, "zarina", (Role.CLINIC_RECEIVER, town.clinic), (Role.DOCTOR, town.centre))
        set_password(user=town.users["zarina"], password="tests-zarina", by=WORKER, now=NOW)
    client = Client(headers={"Accept-Language": "en"})
    signed_in(client, "dana")
    given_pin(client, "dana", PIN)
    lock(client)
    signed_in(client, "zarina")
    given_pin(client, "zarina", OTHER)
    lock(client)
    return client


def signed_in(client, name):
    assert client.post("/sign-in/", {"username": name, "password": f"tests-{name}"}).status_code == 302


def given_pin(client, name, number, **changed):
    form = {"name": "Duty phone", "pin": number, "again": number, "password": f"tests-{name}"} | changed
    return client.post("/pin/", form)


def lock(client, **form):
    return client.post("/lock/", form)


def opened(client, town, name="dana", pin=PIN, **form):
    return client.post(LOCKED, {"who": str(town.users[name].uid), "pin": pin} | form)


def is_open(client):
    return client.get("/clinic/").status_code == 200


def text(answer):
    return answer.content.decode()


def asked(town, count=1):
    """Requests to Dana's clinic."""
    with scope(WORKER):
        by = town.actor("aigerim")
        wish = VisitWish(reason="worsening", urgency="today")
        made = [request_visit(case=make.observed(town).case, wish=wish, by=by, now=NOW) for _ in range(count)]
    return made[0]


def test_the_first_pin_makes_the_telephone_a_shared_one(town):
    client = Client()
    signed_in(client, "dana")
    answer = given_pin(client, "dana", PIN)
    assert answer.headers["Location"] == "/clinic/"
    cookie = answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 180 * 24 * 3600)
    device = SharedDevice.objects.get()
    assert (device.organisation, device.name, device.made_by) == (town.clinic, "Duty phone", town.users["dana"])
    assert cookie.value.encode() not in bytes(device.token_sha256)
    assert lock(client).headers["Location"] == LOCKED
    assert not Session.objects.exists()


def test_the_cookie_is_as_secure_as_the_sessions(town, settings):
    settings.SESSION_COOKIE_SECURE = True
    client = Client()
    signed_in(client, "dana")
    assert given_pin(client, "dana", PIN).cookies[COOKIE]["secure"] is True


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"again": OTHER}, "The two PINs differ."),
        ({"pin": "123456", "again": "123456"}, "choose another one"),
        ({"pin": "12345", "again": "12345"}, "A PIN has 6 digits."),
        ({"password": "tests-boris"}, "The password is wrong"),
    ],
)
def test_faults_of_a_new_pin_make_nothing(town, changed, sentence):
    client = Client(headers={"Accept-Language": "en"})
    signed_in(client, "dana")
    answer = given_pin(client, "dana", PIN, **changed)
    assert (answer.status_code, sentence in text(answer)) == (422, True)
    assert not SharedDevice.objects.exists()
    assert COOKIE not in client.cookies


def test_an_open_page_that_somebody_found_gets_no_pin(town):
    """Guesses of the password are counted like those at the door."""
    client = Client()
    signed_in(client, "dana")
    for _ in range(attempts.OF_ONE_NAME):
        given_pin(client, "dana", PIN, password="guessed")
    assert given_pin(client, "dana", PIN).status_code == 422
    assert AuditEntry.objects.filter(action=attempts.FAILED).count() == attempts.OF_ONE_NAME + 1


def test_who_is_there_and_no_patient(town, phone):
    asked(town, 2)
    page = text(phone.get(LOCKED))
    for words in ("Duty phone", "Clinic 17", "Dana Test", "Zarina Test", "2 new requests", 'inputmode="numeric"'):
        assert words in page
    assert "Серікбаева" not in page
    assert not AuditEntry.objects.filter(action__in=("list", "read")).exists()


def test_a_locked_telephone_tells_of_its_own_clinic_only(town, phone):
    with scope(WORKER):
        visit = asked(town)
        HomeVisit.objects.filter(pk=visit.pk).update(clinic=town.other_clinic)
    assert "No new requests" in text(phone.get(LOCKED))


def test_every_move_is_by_name(town, phone):
    visit = asked(town)
    assert opened(phone, town).headers["Location"] == "/"
    phone.post(reverse("clinic:visit", args=[visit.uid]), {"move": "accept"})
    lock(phone)
    opened(phone, town, "zarina", OTHER)
    form = {"move": "assign", "assignform-name": "Seiitova G."}
    phone.post(reverse("clinic:visit", args=[visit.uid]), form)
    with scope(WORKER):
        by = dict.fromkeys(
            JournalEntry.objects.filter(object_uid=visit.uid).order_by("pk").values_list("by_user_id", flat=True)
        )
        assert HomeVisit.objects.get().received_by == town.users["dana"]
    assert list(by) == [town.users[name].pk for name in ("aigerim", "dana", "zarina")]
    came = AuditEntry.objects.filter(action=attempts.IN, detail__has_key="device").values_list(
        "detail__user", flat=True
    )
    assert list(came) == [town.users["dana"].pk, town.users["zarina"].pk]


def test_the_session_gets_a_new_key_and_another_ones_is_gone(town, phone):
    phone.cookies["sessionid"] = planted = "planted0planted0planted0planted0"
    opened(phone, town)
    first = phone.cookies["sessionid"].value
    assert first != planted
    opened(phone, town, "zarina", OTHER)
    assert Session.objects.count() == 1
    assert phone.cookies["sessionid"].value != first


def test_a_pin_opens_the_clinics_desk_and_nothing_else(town, phone):
    """Zarina is a doctor of the centre too; whatever is not in the list is closed, also what is new."""
    opened(phone, town, "zarina", OTHER)
    got = {name: phone.get(address(name)).status_code for name in ADDRESSES}
    open_to_it = {name for name, status in got.items() if status in (200, 302, 404, 405)}
    assert open_to_it == BY_PIN | {name for name, right in ADDRESSES.items() if right is PUBLIC}
    assert {status for name, status in got.items() if name not in open_to_it} == {403}
    noted = AuditEntry.objects.filter(action="refused", detail__code="role")
    knocked = set(noted.values_list("detail__address", flat=True))
    assert knocked == set(ADDRESSES) - open_to_it


def test_every_address_of_the_clinics_desk_is_decided():
    """A new one says here whether a PIN is enough for it."""
    desk = {name for name, right in ADDRESSES.items() if right == CLINIC and name.startswith("clinic:")}
    assert desk <= BY_PIN
    assert {name.partition(":")[0] for name in BY_PIN} == {"web", "clinic"}


def test_a_doctor_is_no_doctor_here(town, phone):
    opened(phone, town, "zarina", OTHER)
    page = phone.get("/clinic/")
    assert page.context["places"] == []
    assert page.context["shell"].user.role == "Clinic receiver"
    assert page.context["shell"].work is None, "shifts are the centre's"
    assert phone.get("/doctor/").status_code == 403
    lock(phone)
    signed_in(phone, "zarina")
    assert phone.get("/doctor/").status_code == 200


def test_a_pin_session_sets_no_pin(town, phone):
    opened(phone, town)
    assert given_pin(phone, "dana", "260719").status_code == 403
    menu = phone.get("/clinic/").context["shell"].device
    assert (menu.pin_url, menu.list_url, menu.lock_s) == ("", "", 300)


@pytest.mark.parametrize("by_pin", [True, False])
def test_it_locks_when_nobody_touches_it(town, phone, by_pin):
    if by_pin:
        opened(phone, town)
    else:
        signed_in(phone, "dana")
    assert is_open(phone)
    with time_machine.travel(NOW + IDLE - timedelta(seconds=20), tick=False):
        assert is_open(phone)
    with time_machine.travel(NOW + 2 * IDLE - timedelta(seconds=30), tick=False):
        assert is_open(phone), "each page was a touch"
    with time_machine.travel(NOW + 3 * IDLE, tick=False):
        assert phone.get("/clinic/").headers["Location"] == "/locked/?next=%2Fclinic%2F"
        assert not Session.objects.exists(), "ended on the server, not only in the browser"
    assert AuditEntry.objects.filter(action=attempts.OUT, detail__why="idle").count() == 1


def test_a_list_that_asks_for_itself_is_nobodys_touch(town, phone):
    opened(phone, town)
    assert is_open(phone)
    for second in range(30, 300, 30):
        with time_machine.travel(NOW + timedelta(seconds=second), tick=False):
            assert phone.get("/clinic/", headers=BEHIND).status_code == 200
    with time_machine.travel(NOW + IDLE + timedelta(minutes=1), tick=False):
        answer = phone.get("/clinic/", headers=BEHIND)
    assert answer.headers["HX-Redirect"] == "/locked/?next=%2Fclinic%2F", "no patient stays on the screen"


def test_a_touch_told_by_the_page_counts(town, phone):
    opened(phone, town)
    with time_machine.travel(NOW + timedelta(minutes=4), tick=False):
        assert phone.post("/here/").status_code == 204
    with time_machine.travel(NOW + timedelta(minutes=8), tick=False):
        assert is_open(phone)


def test_elsewhere_a_session_does_not_lock(town):
    client = Client()
    signed_in(client, "dana")
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert is_open(client)
    assert KEY not in client.session


def test_a_password_on_a_shared_telephone_is_held_to_it_without_its_cookie(town, phone):
    """Taking the cookie away does not take the lock away."""
    signed_in(phone, "dana")
    assert is_open(phone)
    del phone.cookies[COOKIE]
    with time_machine.travel(NOW + 2 * IDLE, tick=False):
        assert phone.get("/clinic/").headers["Location"].startswith("/sign-in/")


def test_back_to_the_page_that_was_open(town, phone):
    visit = asked(town)
    page = reverse("clinic:visit", args=[visit.uid])
    opened(phone, town)
    door = lock(phone, next=page).headers["Location"]
    assert f'value="{page}"' in text(phone.get(door))
    assert opened(phone, town, "zarina", OTHER, next=page).headers["Location"] == page


@pytest.mark.parametrize("wanted", ["/doctor/", "/manage/", "/no-such-page/", "https://example.org/", "/devices/", ""])
def test_back_to_nothing_a_pin_does_not_open(town, phone, wanted):
    assert opened(phone, town, next=wanted).headers["Location"] == "/"


def test_back_to_no_request_of_another_clinic(town, phone):
    visit = asked(town)
    with scope(WORKER):
        HomeVisit.objects.filter(pk=visit.pk).update(clinic=town.other_clinic)
    page = reverse("clinic:visit", args=[visit.uid])
    assert opened(phone, town, next=page).headers["Location"] == "/"
    assert not AuditEntry.objects.filter(action="read").exists()


def test_a_form_sent_too_late_leads_back_to_its_page(town, phone):
    visit = asked(town)
    page = reverse("clinic:visit", args=[visit.uid])
    opened(phone, town)
    with time_machine.travel(NOW + 2 * IDLE, tick=False):
        late = phone.post(page, {"move": "accept"}, headers={"Referer": f"http://testserver{page}"})
    assert late.headers["Location"] == f"/locked/?next={page.replace('/', '%2F')}"
    with scope(WORKER):
        assert HomeVisit.objects.get().state == "sent"


def wrong_pin(phone, town):
    return opened(phone, town, pin="260719")


def locked_pin(phone, town):
    for _ in range(TRIES):
        opened(phone, town, pin="260719")
    return opened(phone, town)


def no_pin(phone, town):
    return opened(phone, town, "boris")


def ended(phone, town):
    with scope(WORKER):
        end_role(user=town.users["dana"], role=Role.CLINIC_RECEIVER, organisation=town.clinic, by=WORKER, now=NOW)
    return opened(phone, town)


def deactivated(phone, town):
    with scope(WORKER):
        deactivate_user(user=town.users["dana"], by=WORKER, now=NOW)
    return opened(phone, town)


def new_password(phone, town):
    with scope(WORKER):
        set_password(user=town.users["dana"], password="quite-another-one", by=WORKER, now=NOW)
    return opened(phone, town)


@pytest.mark.parametrize("why", [wrong_pin, locked_pin, no_pin, ended, deactivated, new_password])
def test_one_answer_to_every_mistake(town, phone, why):
    answer = why(phone, town)
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [
        "This PIN does not open. After 5 wrong ones only your password does."
    ]
    assert "sessionid" not in phone.cookies or not phone.cookies["sessionid"].value
    failed = AuditEntry.objects.filter(action=attempts.FAILED).latest("pk")
    assert failed.organisation_id == town.clinic.pk
    assert set(failed.detail) == {"name", "address"}
    assert PIN not in str(failed.detail)


def test_who_forgot_the_pin_sets_it_anew_and_need_not_wait(town, phone):
    locked_pin(phone, town)
    signed_in(phone, "dana")
    assert given_pin(phone, "dana", "260719").status_code == 302
    lock(phone)
    assert opened(phone, town, pin="260719").status_code == 302


def test_wrong_ones_are_told_to_their_owner(town, phone):
    wrong_pin(phone, town)
    opened(phone, town)
    assert "There was 1 wrong PIN in your name" in text(phone.get("/clinic/"))


def test_many_tries_from_one_address_are_slowed_down(town, phone):
    """Not only of one name: a finder has five for each."""
    for _ in range(attempts.OF_ONE_ADDRESS):
        opened(phone, town, "boris", "260719")
    assert opened(phone, town).status_code == 422
    assert DevicePin.objects.get(user=town.users["dana"]).tries == 0


def test_a_name_that_ended_is_not_shown(town, phone):
    with scope(WORKER):
        deactivate_user(user=town.users["dana"], by=WORKER, now=NOW)
    page = text(phone.get(LOCKED))
    assert "Dana" not in page
    assert "Zarina" in page


def test_revoked_while_it_is_open(town, phone):
    opened(phone, town)
    assert is_open(phone)
    with scope(WORKER):
        make.with_roles(town, "head", (Role.HEAD_OF_CLINIC, town.clinic))
    head = Client()
    head.force_login(town.users["head"])
    uid = str(SharedDevice.objects.get().uid)
    assert uid in text(head.get("/devices/"))
    assert head.post("/devices/", {"move": "revoke", "device": uid}).status_code == 302
    assert phone.get("/clinic/").headers["Location"] == "/sign-in/?next=%2Fclinic%2F"
    assert phone.get(LOCKED).headers["Location"] == "/sign-in/"
    assert opened(phone, town).headers["Location"] == "/sign-in/"
    part = phone.get(LOCKED, headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == "/sign-in/"


def test_a_head_sees_and_revokes_only_the_own_clinics(town, phone):
    with scope(WORKER):
        make.with_roles(town, "head", (Role.HEAD_OF_CLINIC, town.other_clinic))
    head = Client()
    head.force_login(town.users["head"])
    uid = str(SharedDevice.objects.get().uid)
    assert uid not in text(head.get("/devices/"))
    assert head.post("/devices/", {"move": "revoke", "device": uid}).status_code == 404


def test_an_administrator_sees_who_opens_it_and_revokes_it(town, phone):
    locked_pin(phone, town)
    with scope(WORKER):
        give_role(user=town.users["saule"], role=Role.ADMINISTRATOR, organisation=town.centre, by=WORKER, now=NOW)
    admin = Client(headers={"Accept-Language": "en"})
    admin.force_login(town.users["saule"])
    page = reverse("admin:organisation", args=[town.clinic.uid])
    shown = text(admin.get(page))
    assert re.search(r"Dana Test.*locked after wrong tries.*Zarina Test.*opens", shown, re.DOTALL)
    assert admin.post(page, {"move": "revoke", "device": str(SharedDevice.objects.get().uid)}).status_code == 302
    assert phone.get(LOCKED).headers["Location"] == "/sign-in/"
    assert admin.post(page, {"move": "revoke", "device": "nonsense"}).status_code == 404


def test_a_colleague_of_another_clinic_sets_no_pin_here(town, phone):
    signed_in(phone, "boris")
    assert phone.get("/pin/").status_code == 403
    assert given_pin(phone, "boris", "260719").status_code == 403
    assert not phone.get("/clinic/").context["shell"].device.lacks_pin


def test_a_colleague_without_a_pin_is_asked_to_set_one(town, phone):
    with scope(WORKER):
        make.with_roles(town, "new", (Role.CLINIC_RECEIVER, town.clinic))
        set_password(user=town.users["new"], password="tests-new", by=WORKER, now=NOW)
    signed_in(phone, "new")
    assert "Set your PIN" in text(phone.get("/clinic/"))
    given_pin(phone, "new", "260719")
    assert not phone.get("/clinic/").context["shell"].device.lacks_pin


def test_who_receives_at_two_clinics_says_for_which(town):
    with scope(WORKER):
        roles = [(Role.CLINIC_RECEIVER, town.clinic), (Role.CLINIC_RECEIVER, town.other_clinic)]
        make.with_roles(town, "both", *roles)
        set_password(user=town.users["both"], password="tests-both", by=WORKER, now=NOW)
    client = Client()
    signed_in(client, "both")
    assert given_pin(client, "both", PIN).status_code == 422
    assert given_pin(client, "both", PIN, clinic=str(town.other_clinic.uid)).status_code == 302
    assert SharedDevice.objects.get().organisation == town.other_clinic


def test_the_language_is_the_openers_own(town, phone):
    opened(phone, town)
    assert phone.cookies["django_language"].value == "en"
    lock(phone)
    assert phone.cookies["django_language"].value == ""


def test_nothing_of_a_desk_lies_in_the_browsers_memory(town, phone):
    opened(phone, town)
    assert phone.get("/clinic/").headers["Cache-Control"] == "no-store"
    assert phone.get("/locked/").headers["Location"] == "/"


@pytest.mark.parametrize("url", ["/locked/", "/lock/", "/here/"])
def test_no_form_without_its_token(town, phone, url):
    opened(phone, town)
    client = Client(enforce_csrf_checks=True)
    client.cookies = phone.cookies
    assert client.post(url).status_code == 403


def test_the_ways_out_lead_to_the_question_who_is_there(town, phone):
    opened(phone, town)
    assert phone.post("/sign-out/").headers["Location"] == LOCKED
    assert phone.get("/").headers["Location"] == "/locked/?next=%2F"
    assert "/locked/" in text(phone.get("/sign-in/"))


def test_whatever_asks_for_itself_is_known():
    """A part with a clock or an ear of its own would keep a telephone open for ever."""
    root = Path(__file__).parents[2] / "medet" / "web"
    found = set()
    for path in root.rglob("*.html"):
        for tag in re.findall(
            r"<[^<>]*hx-trigger=\"[^\"]*(?:every|medet:|load)[^\"]*\"[^>]*>", path.read_text("utf-8")
        ):
            found.add(re.search(r'\bid="([^"{]+)"', tag)[1])
    # The locked page has no session that could be kept open.
    assert found - {"waiting"} <= BY_ITSELF
    assert {"queue", "main", "trunk-state", "waiting"} <= found
