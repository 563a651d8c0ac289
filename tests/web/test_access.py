"""Every address × every role, compared with the one table; nothing is open by oversight."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from medet.base.actor import WORKER, Actor
from medet.base.models import AuditEntry
from medet.base.scope import scope
from medet.staff.actions import create_user, deactivate_user, end_role, give_role
from medet.staff.states import Role
from medet.web.access import ADDRESSES, PUBLIC, Anyone
from tests import make

PLACES = {"path": "a/b", "uuid": str(uuid4()), "int": "1", "str": "x", "string": "csv", "slug": "x"}


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
    # The showcase's pages are large and ask nobody who they are.
    who = list(people.items())[:2] if name.startswith("showcase:") else people.items()
    for role, client in who:
        # The sign-out is a POST only, so a GET leaves the session alone.
        yield role, client.get(address(name))


def expected(name, role, got):
    right = ADDRESSES[name]
    if right is PUBLIC:
        return got.status_code in (200, 302, 404, 405) and "next=" not in got.headers.get("Location", "")
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


@pytest.fixture
def split(town):
    """For each role somebody who holds it at the centre, and every other role at the clinic."""
    with scope(WORKER):
        return {role: holding(town, role) for role in Role}


def holding(town, role):
    others = [(other, town.clinic) for other in Role if other != role]
    make.with_roles(town, f"split-{role}", (role, town.centre), *others)
    client = Client()
    client.force_login(town.users[f"split-{role}"])
    return client


class Told(Exception):
    """What the gate told the database before the view: the page itself need not be made."""


def seen_through(client, name):
    """The organisations whose rows the page would be made from."""

    def listening(execute, sql, params, many, context):
        if "medet.orgs" in sql and params:
            raise Told(params[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listening), pytest.raises(Told) as told:
        client.get(address(name))
    return {int(number) for number in str(told.value).split(",")}


def wrongly_seen(town, split):
    """Every address × every split user: places where no role opens the address, and places left out."""
    for name, right in ADDRESSES.items():
        for role, client in split.items() if isinstance(right, frozenset) else ():
            due = {town.centre.pk} if role in right else set()
            due |= {town.clinic.pk} if right - {role} else set()
            got = seen_through(client, name)
            if got != due:
                yield name, role, got


def test_at_an_address_only_places_where_a_role_opens_it(town, split):
    assert list(wrongly_seen(town, split)) == []


def test_an_address_that_shows_more_is_caught(town, monkeypatch):
    with scope(WORKER):
        supplier = {Role.SUPPLIER: holding(town, Role.SUPPLIER)}
    monkeypatch.setattr(Actor, "narrowed", lambda self, roles: self)
    found = {name for name, _role, _got in wrongly_seen(town, supplier)}
    assert found == {name for name, right in ADDRESSES.items() if isinstance(right, frozenset)}


def test_the_ways_to_ones_other_desks_stay(town):
    with scope(WORKER):
        make.with_roles(town, "zarina", (Role.DOCTOR, town.centre), (Role.CLINIC_RECEIVER, town.clinic))
    client = Client()
    client.force_login(town.users["zarina"])
    for desk in ("/doctor/", "/clinic/"):
        assert [tab.url for tab in client.get(desk).context["places"]] == ["/doctor/", "/clinic/"]


def test_a_role_that_ended_opens_nothing_at_the_next_request(town):
    client = Client()
    client.force_login(town.users["serik"])
    assert client.get("/doctor/").status_code == 200
    with scope(WORKER):
        end_role(user=town.users["serik"], role=Role.DOCTOR, organisation=town.centre, by=WORKER, now=make.NOON)
    assert client.get("/doctor/").status_code == 403


def test_who_was_deactivated_is_signed_out_at_the_next_request(town):
    client = Client()
    client.force_login(town.users["serik"])
    with scope(WORKER):
        deactivate_user(user=town.users["serik"], by=WORKER, now=make.NOON)
    assert client.get("/doctor/").headers["Location"].startswith(reverse("web:sign_in"))
