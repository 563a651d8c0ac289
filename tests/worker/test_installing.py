"""An installation without the demo: its organisations, users and passwords by command."""

import io

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from medet.base.models import AuditEntry, JournalEntry
from medet.places.models import Organisation
from medet.places.queries import clinic_by_address
from medet.staff.models import RoleAt, User
from medet.worker.reference import load_regions

GOOD = "tired-horse-battery"
NAMES = ["--kk=№ 17 емхана", "--ru=ГП № 17", "--en=Clinic 17"]
PLACE = ["--region=750000000", "--district=751310000"]
WHO = ["aigerim", "--role=operator", "--role=supervisor", "--family-name=Айтқалиева", "--given-name=Айгерім"]


@pytest.fixture
def regions(db):
    load_regions()


def run(*words):
    said = io.StringIO()
    call_command(*words, stdout=said)
    return said.getvalue().strip()


def clinic(*more):
    return run("create_organisation", "--kind=polyclinic", "--level=primary", *NAMES, *PLACE, *more)


def user(monkeypatch, password, *more, at="ГП № 17"):
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    return run("create_user", *WHO, f"--organisation={at}", "--password-stdin", *more)


def test_an_organisation_answers_for_its_streets(regions):
    made = Organisation.objects.get(uid=clinic("--street=Абай", "--street="))
    assert (made.name_kk, made.kind, made.level) == ("№ 17 емхана", "polyclinic", "primary")
    assert clinic_by_address(district=made.district, street="улица Абай") == (made, "street")
    assert clinic_by_address(district=made.district, street="Сейфуллин") == (made, "district")
    assert JournalEntry.objects.get(kind="organisation.registered").by_label == "worker"


def test_a_district_that_is_not_shipped_is_named(regions):
    words = ["create_organisation", "--kind=polyclinic", *NAMES, "--region=110000000", "--district=111010000"]
    with pytest.raises(CommandError, match="111010000"):
        run(*words)
    made = Organisation.objects.get(uid=run(*words, "--district-name", "Көкшетау", "Кокшетау", "Kokshetau"))
    assert (made.district.name_en, made.region.kato) == ("Kokshetau", "110000000")


@pytest.mark.parametrize(
    "words",
    [
        ["--kind=polyclinic", "--region=999999999", "--district=751310000"],
        ["--kind=polyclinic", "--region=110000000", "--district=751310000"],
        ["--kind=telemedicine_centre", *PLACE, "--street=Абай"],
    ],
)
def test_a_wrong_organisation_is_one_sentence(regions, words):
    with pytest.raises(CommandError):
        run("create_organisation", *NAMES, *words)
    assert not Organisation.objects.exists()


def test_a_user_signs_in_with_the_roles(regions, monkeypatch):
    where = clinic()
    made = User.objects.get(uid=user(monkeypatch, GOOD, "--language=kk", at=where))
    assert authenticate(None, username="aigerim", password=GOOD) == made
    held = RoleAt.objects.filter(user=made, organisation__uid=where)
    assert sorted(held.values_list("role", flat=True)) == ["operator", "supervisor"]
    with pytest.raises(CommandError, match="aigerim"):
        user(monkeypatch, GOOD)


@pytest.mark.parametrize("password", ["", "tired-hor", "basketball1", "qwertyuiop", "aigerim123"])
def test_a_poor_password_is_not_taken(regions, monkeypatch, password):
    clinic()
    with pytest.raises(CommandError):
        user(monkeypatch, password)
    assert not User.objects.exists()


def test_only_the_demo_takes_a_short_one(regions, monkeypatch, settings):
    clinic()
    settings.DEMO = True
    assert user(monkeypatch, "medet")


def test_an_organisation_must_be_one(regions, monkeypatch):
    clinic()
    clinic()
    for name in ("ГП № 17", "nowhere"):
        with pytest.raises(CommandError, match=name):
            user(monkeypatch, GOOD, at=name)


def test_without_a_terminal_it_asks_for_nothing(regions, monkeypatch):
    clinic()
    monkeypatch.setattr("sys.stdin", io.StringIO(GOOD))
    with pytest.raises(CommandError, match="--password-stdin"):
        run("create_user", *WHO, "--organisation=ГП № 17")


def test_the_password_is_asked_for_twice(regions, monkeypatch):
    clinic()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    answers = iter([GOOD, "other", GOOD, GOOD])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))
    words = ["create_user", *WHO, "--organisation=ГП № 17"]
    with pytest.raises(CommandError, match="differ"):
        run(*words)
    assert User.objects.filter(uid=run(*words)).exists()


def test_a_role_or_the_whole_account_ends(regions, monkeypatch):
    where = clinic()
    made = User.objects.get(uid=user(monkeypatch, GOOD, at=where))
    one = ["end_access", "aigerim", "--role=operator", f"--organisation={where}"]
    assert (run(*one), run(*one)) == ("ended", "nothing was held")
    assert RoleAt.objects.get(user=made, valid_to__isnull=True).role == "supervisor"
    assert (run("end_access", "aigerim"), run("end_access", "aigerim")) == ("ended", "nothing was held")
    assert authenticate(None, username="aigerim", password=GOOD) is None
    assert AuditEntry.objects.filter(action="user.ended", object_uid=made.uid).count() == 2


@pytest.mark.parametrize("words", [["nobody"], ["aigerim", "--role=operator"], ["aigerim", "--organisation=ГП № 17"]])
def test_what_is_to_end_must_be_clear(regions, monkeypatch, words):
    user(monkeypatch, GOOD, at=clinic())
    with pytest.raises(CommandError):
        run("end_access", *words)
    assert RoleAt.objects.filter(valid_to__isnull=True).count() == 2
