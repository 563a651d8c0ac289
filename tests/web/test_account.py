"""Signing in: by name and password, slow to guess, with a new session, in the person's language."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from medet.base.models import AuditEntry
from medet.web.account import attempts

SIGN_IN = "/sign-in/"


def enter(client, name="serik", password=None, **more):
    return client.post(SIGN_IN, {"username": name, "password": password or f"tests-{name}", **more})


def test_each_role_lands_on_its_desk(town, client):
    assert enter(client).headers["Location"] == "/"
    assert client.get("/").headers["Location"] == reverse("doctor:desk")
    assert list(AuditEntry.objects.filter(action=attempts.IN).values_list("detail__user", flat=True)) == [
        town.users["serik"].pk
    ]


def test_goes_on_to_where_one_wanted_to_but_never_to_a_stranger(town):
    assert Client().get("/doctor/").headers["Location"] == "/sign-in/?next=%2Fdoctor%2F"
    assert enter(Client(), next="/doctor/").headers["Location"] == "/doctor/"
    assert enter(Client(), next="https://example.org/").headers["Location"] == "/"


@pytest.mark.parametrize(("name", "password"), [("serik", "wrong"), ("nobody-such", "tests-serik")])
def test_one_answer_to_every_mistake(town, client, name, password):
    answer = enter(client, name, password)
    assert answer.status_code == 422
    assert "неверны" in answer.content.decode()
    assert "sessionid" not in client.cookies
    failed = AuditEntry.objects.get(action=attempts.FAILED)
    assert name not in str(failed.detail)


def test_five_mistakes_close_the_name_for_a_while(town, client):
    for _ in range(attempts.OF_ONE_NAME):
        enter(client, "serik", "wrong")
    assert enter(client).status_code == 422
    assert enter(client, "SERIK ").status_code == 422
    assert enter(client, "aigerim").status_code == 302


def test_a_stranger_cannot_shut_somebody_out(town, client):
    for _ in range(attempts.OF_ONE_NAME + 1):
        client.post(SIGN_IN, {"username": "serik", "password": "wrong"}, REMOTE_ADDR="203.0.113.9")
    assert enter(client).status_code == 302


def test_behind_a_proxy_each_computer_is_counted_for_itself(town, client, settings):
    settings.BEHIND_PROXY = True
    for number in range(attempts.OF_ONE_NAME):
        told = f"198.51.100.{number}, 203.0.113.9"
        client.post(SIGN_IN, {"username": "serik", "password": "wrong"}, HTTP_X_FORWARDED_FOR=told)
    shut = client.post(SIGN_IN, {"username": "serik", "password": "tests-serik"}, HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert shut.status_code == 422, "what stands before the last hop is the stranger's own word"
    mine = client.post(SIGN_IN, {"username": "serik", "password": "tests-serik"}, HTTP_X_FORWARDED_FOR="203.0.113.10")
    assert mine.status_code == 302


def test_without_a_proxy_nobody_says_who_they_are(town, client):
    for number in range(attempts.OF_ONE_NAME):
        told = f"203.0.113.{number}"
        client.post(SIGN_IN, {"username": "serik", "password": "wrong"}, HTTP_X_FORWARDED_FOR=told)
    assert enter(client).status_code == 422


def test_many_computers_together_close_a_name(town, client):
    for number in range(attempts.OF_ONE_NAME_ANYWHERE):
        client.post(SIGN_IN, {"username": "serik", "password": "wrong"}, REMOTE_ADDR=f"203.0.113.{number}")
    assert enter(client).status_code == 422


def test_the_name_opens_again_later(town, client, settings):
    settings.CLOCK_OFFSET = -attempts.WINDOW.total_seconds() - 1
    for _ in range(attempts.OF_ONE_NAME):
        enter(client, "serik", "wrong")
    settings.CLOCK_OFFSET = 0
    assert enter(client).status_code == 302


def test_the_session_gets_a_new_key(town, client):
    client.cookies["sessionid"] = planted = "planted0planted0planted0planted0"
    enter(client)
    assert client.cookies["sessionid"].value != planted
    client.post("/sign-out/")
    assert not Session.objects.exists()
    assert AuditEntry.objects.filter(action=attempts.OUT, by_user_id=town.users["serik"].pk).exists()


def test_an_inactive_user_stays_outside(town, client):
    enter(client)
    town.users["serik"].is_active = False
    town.users["serik"].save()
    assert client.get("/").headers["Location"].startswith(SIGN_IN)
    assert enter(client).status_code == 422


def test_the_language_is_the_persons_own(town):
    first, second = Client(), Client()
    enter(first)
    first.post("/language/", {"language": "kk", "next": "/doctor/"})
    town.users["serik"].refresh_from_db()
    assert town.users["serik"].language == "kk"
    enter(second)
    assert second.cookies["django_language"].value == "kk"
    second.post("/sign-out/")
    assert second.cookies["django_language"].value == ""


def test_no_form_without_its_token(town):
    assert Client(enforce_csrf_checks=True).post(SIGN_IN, {"username": "serik"}).status_code == 403
