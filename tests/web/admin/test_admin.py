"""The administrator's desk through its pages: people come in by their links, a list is looked at, limits have names."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from medet.base import policy
from medet.base.actor import WORKER
from medet.base.models import AuditEntry
from medet.base.pulse import beat
from medet.base.scope import scope
from medet.contacts.line.models import OwnPrompt, Trunk
from medet.contacts.line.queries import trunk_values
from medet.contacts.models import StaffCall
from medet.places.models import Catchment, Organisation
from medet.staff.actions import give_role
from medet.staff.models import Invitation, RoleAt, User
from medet.staff.states import Role
from medet.web.admin.limit_words import NAMES, UNITS
from medet.worker.reference import load_reference
from tests import make
from tests.web.operator.pages import signed_in, text

USERS = """Список сотрудников;;;;
Фамилия;Имя;Роль;Организация;Языки
Ахметов;Болат;Оператор;Centre;казахский, русский
Ахметов;Болат;Супервайзер;Centre;
Ким;Анна;Дәрігер;Centre;ru
Ли;Пётр;Космонавт;Centre;ru
Цой;Вера;Врач;Centre 99;эльфийский
"""
CLINICS = """Название на русском;Вид;Район;Улицы
ГП № 17;Поликлиника;751310000;Абай; Сатпаева
Больница;Городская больница;Ауэзовский;Абай
Станция;Космодром;Нигде;
""".replace("Абай; Сатпаева", '"Абай; Сатпаева; *"')
HEAD = "Фамилия;Имя;Отчество;Логин;Роль;Организация\n"


@pytest.fixture
def admin(town):
    with scope(WORKER):
        load_reference(now=make.NOON)
        give_role(user=town.users["saule"], role=Role.ADMINISTRATOR, organisation=town.centre, by=WORKER, now=make.NOON)
    return signed_in(town, "saule")


def give(client, kind, words):
    return client.post(reverse("admin:given", args=[kind]), {"file": SimpleUploadedFile("a.csv", words.encode())})


def take(client, kind, words):
    packed = re.search(r'name="packed" value="([^"]+)"', give(client, kind, words).content.decode())[1]
    return client.post(reverse("admin:given", args=[kind]), {"move": "take", "packed": packed})


def test_a_list_of_users_says_what_is_wrong_and_writes_nothing_before_it_is_taken(admin):
    before = User.objects.count()
    shown = text(give(admin, "users", USERS))
    assert "There is no role “Космонавт”." in shown
    assert "There is no organisation “Centre 99”." in shown
    assert "A language is not known: “эльфийский”." in shown
    assert User.objects.count() == before
    links = take(admin, "users", USERS).content.decode()
    assert len(re.findall(r"/welcome/[\w-]{30,}/", links)) == 2
    bolat = User.objects.get(username="b.akhmetov")
    assert sorted(bolat.roles.values_list("role", flat=True)) == ["operator", "supervisor"]
    assert bolat.speaks == ["kk", "ru"]
    assert not bolat.has_usable_password()
    assert not User.objects.filter(family_name="Ли").exists()


def test_the_same_list_again_writes_nothing(admin):
    take(admin, "users", USERS)

    def everything():
        return [list(table.objects.order_by("pk").values()) for table in (User, RoleAt, Invitation)]

    before = everything()
    shown = text(give(admin, "users", USERS))
    assert "has an account already: b.akhmetov" in shown
    assert "to write: 0" in shown
    again = take(admin, "users", USERS)
    assert "Nobody of the list was new" in text(admin.get(again.headers["Location"]))
    assert everything() == before


def test_who_has_an_account_gets_at_most_a_further_role_and_a_namesake_one_of_their_own(admin, town):
    take(admin, "users", USERS)
    more = """Фамилия;Имя;Отчество;Логин;Роль;Организация
Ахметов;Болат;;;Врач;Centre
АХМЕТОВ;Болат;;b.akhmetov;Врач;Centre
Ким;Анна;Павловна;;Оператор;Centre
Ким;Анна;Сергеевна;;Оператор;Centre
Ахметов;Азат;;b.akhmetov;Врач;Centre
"""
    shown = text(give(admin, "users", more))
    assert "one more role for b.akhmetov" in shown
    assert "There is a user b.akhmetov already." in shown
    User.objects.filter(username="a.kim").update(patronymic="Павловна")
    links = take(admin, "users", more).content.decode()
    assert len(re.findall(r"/welcome/[\w-]{30,}/", links)) == 1
    assert sorted(User.objects.get(username="b.akhmetov").roles.values_list("role", flat=True)) == [
        "doctor",
        "operator",
        "supervisor",
    ]
    assert sorted(User.objects.filter(family_name="Ким").values_list("username", "patronymic")) == [
        ("a.kim", "Павловна"),
        ("a.kim2", "Сергеевна"),
    ]
    User.objects.filter(username="b.akhmetov").update(is_active=False)
    assert "The access of b.akhmetov was ended" in text(give(admin, "users", more))


def test_a_missing_patronymic_gives_nobody_a_role_of_a_namesake(admin, town):
    """Nor takes the link from whom the row was meant for: the user name says who it is."""
    take(admin, "users", f"{HEAD}Ахметова;Айгуль;Сериковна;;Оператор;Centre")
    asked = "is called so there too, and only one of the two has a patronymic: give the user name."
    row = "Ахметова;Айгуль;;%s;Врач;Centre\n"
    shown = text(give(admin, "users", HEAD + row % ""))
    assert f"a.akhmetova {asked}" in shown
    assert "to write: 0" in shown
    assert "one more role for a.akhmetova" in text(give(admin, "users", HEAD + row % "a.akhmetova"))
    links = take(admin, "users", HEAD + row % "doctor.akhmetova").content.decode()
    assert len(re.findall(r"/welcome/[\w-]{30,}/", links)) == 1
    assert list(User.objects.get(username="a.akhmetova").roles.values_list("role", flat=True)) == ["operator"]
    two = "Ли;Вера;Павловна;;Оператор;Centre\nЛи;Вера;;;Врач;Centre\nЛи;Вера;;v.li;Врач;Centre\n"
    shown = text(give(admin, "users", HEAD + two))
    assert shown.count(f"v.li {asked}") == 1
    assert "to write: 2" in shown


def test_rows_to_mend_come_back_as_a_file_with_their_reasons(admin):
    packed = re.search(r'name="packed" value="([^"]+)"', give(admin, "users", USERS).content.decode())[1]
    file = admin.post(reverse("admin:given", args=["users"]), {"move": "mend", "packed": packed})
    sheet = load_workbook(BytesIO(file.content)).active
    header, *rows = sheet.iter_rows(values_only=True)
    assert header == ("family name", "given name", "role", "organisation", "speaks", "What to mend")
    assert [row[0] for row in rows] == ["Ли", "Цой"]
    assert "There is no role “Космонавт”." in rows[0][-1]
    assert AuditEntry.objects.filter(action="export", detail__kind="users").exists()
    mended = file.content
    given = admin.post(reverse("admin:given", args=["users"]), {"file": SimpleUploadedFile("a.xlsx", mended)})
    assert "There is no role “Космонавт”." in text(given), "the file is read again as it came"


def test_a_changed_preview_is_not_taken(admin):
    answer = admin.post(reverse("admin:given", args=["users"]), {"move": "take", "packed": "forged"})
    assert answer.status_code == 302
    assert "The preview has run out" in text(admin.get(answer.headers["Location"]))


def test_a_list_of_organisations_brings_streets_and_is_told_apart_from_what_is_known(admin):
    shown = text(give(admin, "organisations", CLINICS))
    assert "Only a clinic of primary care answers for streets." in shown
    assert "There is no kind “Космодром”." in shown
    take(admin, "organisations", CLINICS)
    clinic = Organisation.objects.get(name_ru="ГП № 17")
    assert sorted(Catchment.objects.filter(clinic=clinic).values_list("street", flat=True)) == ["", "Абай", "Сатпаева"]
    take(admin, "organisations", CLINICS)
    assert Organisation.objects.filter(name_ru="ГП № 17").count() == 1


def test_an_invited_person_sets_the_password_once_and_is_in(admin, town):
    form = {
        "family_name": "Айтқалиева",
        "given_name": "Айгерім",
        "role": "operator",
        "organisation": str(town.centre.uid),
        "language": "kk",
    }
    link = re.search(r"/welcome/[\w-]+/", admin.post(reverse("admin:user_new"), form).content.decode())[0]
    stranger = Client()
    assert stranger.get(link).status_code == 200
    weak = stranger.post(link, {"password": "short", "again": "short"})
    assert weak.status_code == 422
    assert stranger.get(link).status_code == 200, "a refused password uses nothing up"
    good = {"password": "sunny-steppe-42", "again": "sunny-steppe-42"}
    assert stranger.post(link, good).headers["Location"] == "/"
    assert stranger.get("/").headers["Location"] == "/operator/"
    assert Client().get(link).status_code == 404
    assert Client().post(link, good).status_code == 404
    assert Invitation.objects.get().secret_sha256 not in link.encode()


def test_access_ends_and_the_last_administrator_stays(admin, town):
    page = reverse("admin:user", args=[town.users["serik"].uid])
    serik = signed_in(town, "serik")
    assert serik.get("/doctor/").status_code == 200
    admin.post(page, {"move": "end"})
    assert serik.get("/doctor/").status_code == 302
    mine = admin.post(reverse("admin:user", args=[town.users["saule"].uid]), {"move": "end"})
    assert "This is the last administrator" in text(mine)
    clinic = admin.post(page, {"move": "grant", "role": "administrator", "organisation": str(town.clinic.uid)})
    assert "An administrator belongs to a telemedicine centre" in text(clinic)


def test_the_trunks_password_goes_in_and_never_comes_out(admin, settings):
    settings.TELEPHONY = settings.TELEPHONY | {"trunk": settings.TELEPHONY["trunk"] | {"address": ""}}
    data = {
        "move": "put",
        "address": "sip.example.kz:5060",
        "user": "medet",
        "password": "hush-hush",
        "prefixes": "+7 +992",
        "max_channels": "3",
        "attempts_per_s": "2,5".replace(",", "."),
    }
    assert admin.post(reverse("admin:trunk"), data).status_code == 302
    assert b"hush-hush" not in admin.get(reverse("admin:trunk")).content
    assert b"hush-hush" not in bytes(Trunk.objects.get().password_cipher)
    assert not AuditEntry.objects.filter(detail__icontains="hush").exists()
    admin.post(reverse("admin:trunk"), data | {"password": "", "user": "other"})
    values = trunk_values()
    assert (values["password"], values["user"]) == ("hush-hush", "other")
    bad = admin.post(reverse("admin:trunk"), data | {"address": "sip://x y"})
    assert "The address is a name or a number of the network" in text(bad)


def test_ring_me_is_one_at_a_time_and_within_the_prefixes(admin, settings):
    settings.TELEPHONY = settings.TELEPHONY | {"trunk": settings.TELEPHONY["trunk"] | {"address": "127.0.0.1:5070"}}
    page, data = reverse("admin:trunk"), {"move": "ring", "number": "8 701 123 45 67", "language": "kk"}
    assert "does not begin with an allowed prefix" in text(admin.post(page, data | {"number": "+44 20 7946 0958"}))
    assert admin.post(page, data).status_code == 302
    with scope(WORKER):
        assert StaffCall.objects.get().number == "+77011234567"
    assert "every 1s" in text(admin.get(page))
    assert "A test call is under way" in text(admin.post(page, data))
    with scope(WORKER):
        assert StaffCall.objects.count() == 1


def test_a_recording_of_ones_own_is_checked_heard_and_taken_back(admin):
    page, sound = (reverse(f"admin:{name}", args=["kk", "covid-home/state"]) for name in ("prompt", "prompt_wav"))
    shipped = admin.get(sound).content
    assert shipped.startswith(b"RIFF")
    assert "media-src 'self'" in admin.get(page).headers["Content-Security-Policy"]
    bad = admin.post(page, {"move": "put", "file": SimpleUploadedFile("a.wav", b"ID3 not a wav")})
    assert "This is not a WAV file." in text(bad)
    assert not OwnPrompt.objects.exists()
    quiet = shipped[:44] + bytes(len(shipped) - 44)
    assert "too quiet" in text(admin.post(page, {"move": "put", "file": SimpleUploadedFile("a.wav", quiet)}))
    admin.post(
        page, {"move": "put", "file": SimpleUploadedFile("a.wav", admin.get(sound.replace("/kk/", "/ru/")).content)}
    )
    assert OwnPrompt.objects.get().level_dbfs == pytest.approx(-20, abs=1.5)
    assert admin.get(sound).content != shipped
    admin.post(page, {"move": "drop"})
    assert admin.get(sound).content == shipped


def test_a_limit_is_confirmed_by_name_and_never_by_who_set_it(admin, town):
    with scope(WORKER):
        give_role(user=town.users["marat"], role=Role.SUPERVISOR, organisation=town.centre, by=WORKER, now=make.NOON)
    page = reverse("admin:limit", args=["call", "hours.start"])
    assert "not confirmed" in text(admin.get(page))
    wrong = {"move": "change", "value": "half past eight", "valid_from": "23.11.2026"}
    assert "Give a value of the same kind as before." in text(admin.post(page, wrong))
    admin.post(page, wrong | {"value": "8:30"})
    assert policy.value("call.hours.start", now=make.NOON) == "08:30"
    assert "another person confirms it" in text(admin.get(page))
    assert admin.post(page, {"move": "confirm", "value": "08:30"}).status_code == 422
    marat = signed_in(town, "marat")
    assert marat.post(page, wrong | {"value": "9:30"}).status_code == 404
    assert "You answer for it by name" in text(marat.post(page, {"move": "look"}))
    assert marat.post(page, {"move": "confirm", "value": "09:00"}).status_code == 422, "another value was looked at"
    assert marat.post(page, {"move": "confirm", "value": "08:30"}).status_code == 302
    assert "confirmed: Marat Test" in text(marat.get(page))


def test_a_slip_is_refused_on_the_page_and_a_wrong_value_is_mended_the_same_day(admin, town):
    page = reverse("admin:limit", args=["call", "daily_attempts"])
    slip = {"move": "change", "value": "30", "valid_from": "24.11.2026"}
    assert "“30” is not a whole number from 1 to 10." in text(admin.post(page, slip))
    assert admin.post(page, slip | {"value": "9"}).status_code == 302
    assert "another one of the same day, or of an earlier one, takes its place" in text(admin.get(page))
    assert admin.post(page, slip | {"value": "2", "valid_from": "23.11.2026"}).status_code == 302
    assert admin.post(page, slip | {"value": "4", "valid_from": "23.11.2026"}).status_code == 302
    assert policy.value("call.daily_attempts", now=make.NOON) == 4
    slots = reverse("admin:limit", args=["call", "slots"])
    assert "“25:00” is not a time of day" in text(admin.post(slots, slip | {"value": '["25:00"]'}))


def test_a_limit_nothing_asks_for_offers_neither_change_nor_confirmation(admin):
    page = reverse("admin:limit", args=["quarantine", "days"])
    shown = admin.get(page)
    assert "not used by this release" in text(shown)
    assert b'value="change"' not in shown.content
    assert b'value="look"' not in shown.content
    refused = admin.post(page, {"move": "change", "value": "7", "valid_from": "24.11.2026"})
    assert "asks for this limit nowhere" in text(refused)
    assert refused.status_code == 422
    listed = text(admin.get(reverse("admin:limits")))
    assert listed.index("A doctor speaks at least every") < listed.index("Days of quarantine"), "they stand last"


def test_the_state_names_what_is_silent(admin):
    with scope(WORKER):
        loops = {"plan": {"at": make.NOON.isoformat(), "every_s": 30, "fault": "ValueError"}}
        beat(name="worker", now=make.NOON, loops=loops)
    shown = text(admin.get(reverse("admin:desk")))
    assert "failed: ValueError" in shown
    assert "not heard of yet" in shown
    assert "GB are free" in shown


def test_every_shipped_limit_and_unit_has_words():
    assert [code for code in policy.shipped() if code not in NAMES] == []
    assert [code for code, entry in policy.shipped().items() if entry["unit"] not in UNITS] == []
