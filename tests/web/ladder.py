"""The ladder every address climbs: it works, the wrong method is refused, a colleague may, an outsider may not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse

from tests import make

OK = frozenset({200, 302, 303})
# A colleague comes second: to be told that it is done already is to be let in.
LET_IN = OK | {422}
CLOSED = frozenset({403, 404})
Town = make.City


@dataclass(frozen=True)
class Rung:
    """One address: who may, who stands beside them, who is a stranger; `at` makes the row and names it."""

    route: str
    who: str
    colleague: str
    outsider: str
    method: str = "get"
    wrong_method: str = "delete"
    at: Callable[[Town], Mapping[str, Any]] = field(default=lambda town: {})
    data: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.route}"


def climb(rung: Rung, town: Town) -> None:
    """Fails with the step that gave way; the outsider goes first, while nothing has been moved yet."""
    address = reverse(rung.route, kwargs=dict(rung.at(town)))
    assert _ask(rung, address, None, town) == 302, "nobody is asked to sign in"
    assert _ask(rung, address, rung.outsider, town) in CLOSED, "an outsider gets in"
    assert _ask(rung, address, rung.who, town, method=rung.wrong_method) == 405, "the wrong method is taken"
    assert _ask(rung, address, rung.who, town) in OK, "it does not work"
    assert _ask(rung, address, rung.colleague, town) in LET_IN, "a colleague is kept out"


def client_of(town: Town, name: str | None, **options: Any) -> Client:
    """Somebody of the cast, signed in; None is nobody."""
    client = Client(**options)
    if name:
        client.force_login(town.users[name])
    return client


def _ask(rung: Rung, address: str, name: str | None, town: Town, *, method: str = "") -> int:
    ask = getattr(client_of(town, name), method or rung.method)
    return int(ask(address, dict(rung.data)).status_code)
