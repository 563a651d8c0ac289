"""A clinic's shared telephone: who may share it, whose PIN opens it, and when it opens no more."""

from datetime import timedelta
from uuid import uuid4

import pytest

from medet.base import policy
from medet.base.actor import WORKER, Held
from medet.base.models import AuditEntry, JournalEntry
from medet.base.refused import Refused
from medet.base.scope import scope
from medet.staff.actions import deactivate_user, end_role, give_role, let_in_again, set_password
from medet.staff.models import DevicePin, SharedDevice
from medet.staff.shared.actions import revoke_device, set_pin, share_device, try_pin
from medet.staff.shared.queries import device_of, lacks_pin, let_through, openers, standing_at
from medet.staff.shared.rules import DIGITS, KEPT, TRIES, Kept, is_trivial
from medet.staff.states import Role
from tests import make

NOW = make.NOON
PIN = "473829"


@pytest.fixture
def device(town):
    """Dana's clinic shares a telephone, and she has a PIN on it."""
    return shared(town)[0]


def shared(town, name="dana"):
    by = town.actor(name)
    made, token = share_device(organisation=town.clinic, name="Duty phone", by=by, now=NOW)
    set_pin(device=made, user=town.users[name], pin=PIN, by=by, now=NOW)
    return made, token


def tried(town, device, pin=PIN, name="dana", now=NOW):
    return try_pin(device=device, user_uid=town.users[name].uid, pin=pin, now=now)


@pytest.mark.parametrize(
    "pin", ["000000", "777777", "123456", "654321", "890123", "121212", "123123", "112233", "123321", "147258"]
)
def test_what_a_finder_tries_first_is_trivial(pin):
    assert is_trivial(pin)


@pytest.mark.parametrize("pin", [PIN, "128456", "907142", "135799", "020517"])
def test_another_one_is_not(pin):
    assert not is_trivial(pin)


def test_most_pins_may_be_chosen():
    """The rules are about what is tried first and take little away from a guesser's work."""
    assert sum(is_trivial(f"{number:0{DIGITS}}") for number in range(10**DIGITS)) < 5_000


def test_the_pin_opens_and_nothing_but_hashes_is_kept(town):
    device, token = shared(town)
    opened = tried(town, device)
    assert (opened.user, opened.wrong_before) == (town.users["dana"], 0)
    row = DevicePin.objects.get()
    assert PIN not in row.pin
    assert token.encode() not in bytes(SharedDevice.objects.get().token_sha256)
    assert device_of(token, now=NOW) == device
    assert device_of("another", now=NOW) is None
    kinds = JournalEntry.objects.filter(kind__startswith="device").values_list("kind", "by_user_id", "organisation_id")
    dana = town.users["dana"].pk
    assert set(kinds) == {("device.shared", dana, town.clinic.pk), ("device.pin_set", dana, town.clinic.pk)}


@pytest.mark.parametrize("pin", ["12345", "1234567", "47382a", "٤٧٣٨٢٩", "111111"])
def test_a_bad_pin_is_refused(town, device, pin):
    with pytest.raises(Refused, match=r"pin\."):
        set_pin(device=device, user=town.users["dana"], pin=pin, by=town.actor("dana"), now=NOW)


@pytest.mark.parametrize("name", ["aigerim", "serik", "saule", "boris"])
def test_only_who_receives_here_shares_or_has_a_pin(town, device, name):
    with pytest.raises(Refused, match="not_yours"):
        share_device(organisation=town.clinic, name="x", by=town.actor(name), now=NOW)
    with pytest.raises(Refused, match="not_yours"):
        set_pin(device=device, user=town.users[name], pin=PIN, by=town.actor(name), now=NOW)


def test_nobody_sets_the_pin_of_somebody_else(town, device):
    with scope(WORKER):
        make.with_roles(town, "zarina", (Role.HEAD_OF_CLINIC, town.clinic))
    with pytest.raises(Refused, match="not_yours"):
        set_pin(device=device, user=town.users["dana"], pin="907142", by=town.actor("zarina"), now=NOW)


def test_five_wrong_ones_lock_it_until_it_is_set_anew(town, device):
    for _ in range(TRIES):
        assert tried(town, device, "907142") is None
    assert tried(town, device) is None
    assert AuditEntry.objects.filter(action="device.pin_locked").count() == 1
    assert openers(device, now=NOW) == [town.users["dana"]], "a finder does not learn that it is locked"
    set_pin(device=device, user=town.users["dana"], pin="907142", by=town.actor("dana"), now=NOW)
    assert tried(town, device, "907142")


def test_a_right_one_forgets_the_wrong_ones_and_tells_of_them(town, device):
    for _ in range(TRIES - 1):
        tried(town, device, "907142")
    assert tried(town, device).wrong_before == TRIES - 1
    assert tried(town, device).wrong_before == 0


def test_one_persons_tries_lock_nobody_else(town, device):
    with scope(WORKER):
        make.with_roles(town, "zarina", (Role.CLINIC_RECEIVER, town.clinic))
    set_pin(device=device, user=town.users["zarina"], pin="907142", by=town.actor("zarina"), now=NOW)
    for _ in range(TRIES):
        tried(town, device, "907142")
    assert tried(town, device, "907142", "zarina")


def test_somebody_without_a_pin_is_refused_alike(town, device):
    assert tried(town, device, name="boris") is None
    assert try_pin(device=device, user_uid=uuid4(), pin=PIN, now=NOW) is None


def ended_role(town):
    end_role(user=town.users["dana"], role=Role.CLINIC_RECEIVER, organisation=town.clinic, by=WORKER, now=NOW)


def ended_account(town):
    deactivate_user(user=town.users["dana"], by=WORKER, now=NOW)


def new_password(town):
    set_password(user=town.users["dana"], password="another-one-entirely", by=WORKER, now=NOW)


@pytest.mark.parametrize("change", [ended_role, ended_account, new_password])
def test_what_ends_a_pin(town, device, change):
    change(town)
    assert tried(town, device) is None
    assert openers(device, now=NOW) == []
    # A right PIN of somebody without rights is no try against them.
    assert DevicePin.objects.get().tries == 0


def test_who_is_let_in_again_has_the_pin_again(town, device):
    deactivate_user(user=town.users["dana"], by=WORKER, now=NOW)
    let_in_again(user=town.users["dana"], by=WORKER, now=NOW)
    assert tried(town, device)


def test_a_revoked_telephone_opens_no_more(town):
    device, token = shared(town)
    with scope(WORKER):
        make.with_roles(town, "zarina", (Role.HEAD_OF_CLINIC, town.clinic))
    assert revoke_device(device=device, by=town.actor("zarina"), now=NOW) is True
    assert revoke_device(device=device, by=town.actor("zarina"), now=NOW) is False
    assert device_of(token, now=NOW) is None
    assert standing_at(town.clinic.pk, now=NOW) == []
    with pytest.raises(Refused, match=r"device\.over"):
        set_pin(device=device, user=town.users["dana"], pin=PIN, by=town.actor("dana"), now=NOW)
    assert JournalEntry.objects.get(kind="device.revoked").by_user_id == town.users["zarina"].pk


@pytest.mark.parametrize("name", ["dana", "boris", "serik", "head"])
def test_who_may_not_revoke_it(town, device, name):
    with scope(WORKER):
        make.with_roles(town, "head", (Role.HEAD_OF_CLINIC, town.other_clinic))
    with pytest.raises(Refused, match="not_to_revoke"):
        revoke_device(device=device, by=town.actor(name), now=NOW)


def test_an_administrator_may(town, device):
    with scope(WORKER):
        give_role(user=town.users["saule"], role=Role.ADMINISTRATOR, organisation=town.centre, by=WORKER, now=NOW)
    assert revoke_device(device=device, by=town.actor("saule"), now=NOW)


def test_one_in_a_drawer_is_forgotten_and_one_in_use_is_not(town):
    device, token = shared(town)
    later = NOW + KEPT - timedelta(days=1)
    assert device_of(token, now=later) == device
    assert tried(town, device, now=later)
    assert device_of(token, now=NOW + KEPT) == device, "it was opened meanwhile"
    assert device_of(token, now=later + KEPT) is None


def test_what_a_pin_session_lets_through(town, device):
    """A doctor of the centre who receives at two clinics is the receiver of this one."""
    roles = ((Role.DOCTOR, town.centre), (Role.CLINIC_RECEIVER, town.clinic), (Role.HEAD_OF_CLINIC, town.other_clinic))
    with scope(WORKER):
        zarina = make.with_roles(town, "zarina", *roles)
    by_pin, by_password = Kept(device.pk, True, NOW), Kept(device.pk, False, NOW)
    assert let_through(zarina, by_pin, now=NOW).held == {Held(Role.CLINIC_RECEIVER, town.clinic.pk)}
    assert let_through(zarina, by_password, now=NOW) == zarina
    assert let_through(town.actor("boris"), by_pin, now=NOW) is None


@pytest.mark.parametrize("by_pin", [True, False])
def test_a_session_nobody_touches_is_over(town, device, by_pin):
    minutes = policy.whole("device.lock_minutes", now=NOW)
    kept, dana = Kept(device.pk, by_pin, NOW), town.actor("dana")
    last = NOW + timedelta(minutes=minutes, seconds=-1)
    assert let_through(dana, kept, now=last)
    assert let_through(dana, kept, now=NOW + timedelta(minutes=minutes)) is None
    assert let_through(dana, kept.touched(last), now=NOW + timedelta(minutes=minutes))


def test_a_session_of_a_revoked_telephone_is_over(town, device):
    with scope(WORKER):
        make.with_roles(town, "zarina", (Role.HEAD_OF_CLINIC, town.clinic))
    revoke_device(device=device, by=town.actor("zarina"), now=NOW)
    assert let_through(town.actor("dana"), Kept(device.pk, False, NOW), now=NOW) is None


def test_what_a_session_keeps_comes_back_as_it_was():
    kept = Kept(7, True, NOW)
    assert Kept.of(kept.value()) == kept
    assert Kept.of(None) is None
    assert kept.touched(NOW + timedelta(seconds=3)) is kept, "not every click writes the session"


def test_who_is_asked_to_set_a_pin(town, device):
    kept = Kept(device.pk, False, NOW)
    with scope(WORKER):
        make.with_roles(town, "zarina", (Role.CLINIC_RECEIVER, town.clinic))
    asked = {name: lacks_pin(town.users[name].pk, kept, now=NOW) for name in ("dana", "zarina", "boris", "serik")}
    assert asked == {"dana": False, "zarina": True, "boris": False, "serik": False}
