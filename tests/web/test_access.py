"""Every address × every role, compared with the one table; nothing is open by oversight."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from medet.base.actor import WORKER
from medet.base.models import AuditEntry
from medet.base.scope import scope
from medet.staff.actions import create_user, give_role
from medet.staff.states import Role
from medet.web.access import ADDRESSES, PUBLIC, Anyone
from tests import make

PLACES = {"uuid": str(uuid4()), "int": "1", "str": "x", "string": "csv", "slug": "x"}


def routes(resolver=None, names=()):
    """Every address of the product: its name with its namespaces, and the pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, (*names, entry.namespace) if entry.namespace else names)
        elif isinstance(entry, URLPattern):
            yield ":".join((*names, entry.name or "?")), entry


ROUTES = dict(routes())


def address(name):
    """The address with something in every gap: rights are decided before any row is looked for."""
    converters = ROUTES[name].pattern.converters
    gaps = {key: PLACES[re.sub(r"Converter$", "", type(kind).__name__).lower()] for key, kind in converters.items()}
    return reverse(name, kwargs=gaps)


def test_the_table_is_the_resolver():
    assert set(ROUTES) == set(ADDRESSES)


@pytest.fixture
def people(town):
    """A signed-in user of each role, at one organisation."""
    with scope(WORKER):
        return {role: signed_in(role, town) for role in Role}


def signed_in(role, town):
    user = create_user(
        username=f"role-{role}",
        password=None,
        family_name=role,
        given_name="T",
        language="en",
        by=WORKER,
        now=make.NOON,
    )
    give_role(user=user, role=role, organisation=town.centre, by=WORKER, now=make.NOON)
    client = Client()
    client.force_login(user)
    return client


def test_every_address_for_every_role(people):
    wrong = [
        (name, role, got) for name in ADDRESSES for role, got in tried(name, people) if not expected(name, role, got)
    ]
    assert wrong == []


def tried(name, people):
    yield None, Client(HTTP_ACCEPT_LANGUAGE="en").get(address(name))
    for role, client in people.items():
        # The sign-out is a POST only, so a GET leaves the session alone.
        yield role, client.get(address(name))


def expected(name, role, got):
    right = ADDRESSES[name]
    if right is PUBLIC:
        return got.status_code in (200, 302, 405) and "next=" not in got.headers.get("Location", "")
    if role is None:
        return got.status_code == 302 and got.headers["Location"].startswith(reverse("web:sign_in") + "?next=")
    if isinstance(right, Anyone) or role in right:
        # Nothing lies at the made-up uid: not found, or the wrong method, but never "not for your role".
        return got.status_code in (200, 302, 404, 405)
    return got.status_code == 403


def test_an_address_outside_the_table_opens_to_nobody(people, monkeypatch):
    monkeypatch.delitem(ADDRESSES, "doctor:desk")
    assert people[Role.DOCTOR].get("/doctor/").status_code == 403


def test_who_knocks_at_a_strangers_door_is_noted(people):
    people[Role.CLINIC_RECEIVER].get("/doctor/")
    entry = AuditEntry.objects.get(action="refused")
    assert entry.detail == {"code": "role", "address": "doctor:desk"}


def test_htmx_parts_without_a_session(pages):
    """A part that asked for itself leaves the page alone; a click leads to the sign-in and back to the page."""
    client = Client(headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/doctor/?all=1"})
    assert client.get("/doctor/", headers={"HX-Trigger": "queue"}).status_code == 401
    assert client.get("/doctor/").headers["HX-Redirect"] == "/sign-in/?next=%2Fdoctor%2F%3Fall%3D1"
    assert Client().post("/doctor/").headers["Location"] == "/sign-in/?next=%2F"


@pytest.mark.parametrize(("path", "status"), [("/no-such-page/", 404), ("/doctor/", 403)])
def test_error_pages_have_their_frame(people, path, status):
    answer = people[Role.SUPPLIER].get(path)
    assert answer.status_code == status
    assert 'id="main"' in answer.content.decode()


def test_a_fault_of_ours_is_a_page_too(people, monkeypatch):
    def fault(*_):
        raise RuntimeError("planted")

    monkeypatch.setattr("medet.web.doctor.views.queue", fault)
    client = people[Role.DOCTOR]
    client.raise_request_exception = False
    answer = client.get("/doctor/")
    assert answer.status_code == 500
    assert 'id="main"' in answer.content.decode()
    assert "planted" not in answer.content.decode()
