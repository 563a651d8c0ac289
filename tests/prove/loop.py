"""A danger key over real SIP to the open desks: promise 3, judged from outside.

The clock starts when the phone writes into its diary that the key's first RFC 4733 packet leaves, and stops when the
row stands in the DOM of the doctor's and of the operator's desk in real Chromium. In between lie the robot, the
database, the push process and the pages, each a process of its own. Rows that both desks have seen are settled, as
people at work would do.

`python -m tests.prove.loop [calls]`
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import psycopg
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

if __name__ == "__main__":
    from tests.prove import ready  # noqa: F401

from playwright.sync_api import Browser, BrowserContext, Page

from medet.base.clock import now
from medet.base.scope import scope
from medet.contacts.models import CallAttempt
from medet.flows.settle_alert import settle_alert
from medet.monitoring.models import Alert
from medet.monitoring.states import AlertState
from tests import make
from tests.live import running as live
from tests.prove import figures
from tests.prove.house import House, own_cluster, own_house
from tests.web.browser import chromium

CALLS, AT_ONCE = 100, 20
LIMIT_S = 2.0
PROMPT = "covid-home/breath"
DESKS = {"doctor": "serik", "operator": "aigerim"}
# Notes when a row first stood in the list; the page's clock is the machine's.
WATCH = """
window.rowsSeen = {};
const note = () => {
  const at = Date.now();
  for (const row of document.querySelectorAll("#queue [id^='row-']")) window.rowsSeen[row.id.slice(4)] ??= at;
};
new MutationObserver(note).observe(document, {childList: true, subtree: true});
"""


@dataclass
class Seen:
    """When each stop was reached, in seconds of the wall clock, by person."""

    key: dict[str, float] = field(default_factory=dict)
    stops: dict[str, dict[str, float]] = field(default_factory=dict)

    def delays(self, stop: str) -> list[float]:
        """From the key to this stop; a person who never got there counts as for ever."""
        reached = self.stops[stop]
        return [reached.get(person, float("inf")) - at for person, at in self.key.items()]


class Notices:
    """What the database told its listeners, and when: the row was committed before."""

    def __init__(self, url: str) -> None:
        """`url`: of the application's role."""
        self.url, self.raised, self.over = url, dict[str, float](), threading.Event()
        self.thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> "Notices":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def _listen(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("listen medet")
            while not self.over.is_set():
                for notice in connection.notifies(timeout=0.2):
                    ids = json.loads(notice.payload)
                    if ids["kind"] == "alert.raised":
                        self.raised.setdefault(ids["uid"], time.time())


def run(house: House, browser: Browser, *, calls: int = CALLS, at_once: int = AT_ONCE) -> Seen:
    """Rings so many people who all press the danger key, with both desks open."""
    house.observe(calls)
    house.telephones(dict.fromkeys(house.people, "danger"))
    with desks(house, browser) as pages, Notices(house.running.env["DATABASE_URL"]) as notices:
        house.worker()
        house.robot(channels=at_once)
        return _watch(house, pages, notices, calls)


@contextmanager
def desks(house: House, browser: Browser) -> Iterator[dict[str, Page]]:
    """The product's own web and push processes, and a page a desk that is live."""
    address = serve(house)
    contexts, pages = [], {}
    for desk, name in DESKS.items():
        contexts.append(browser.new_context(locale="ru"))
        sign_in(contexts[-1], address, house.town, name)
        pages[desk] = page = contexts[-1].new_page()
        page.add_init_script(WATCH)
        page.goto(f"{address}/{desk}/")
        page.wait_for_selector("#live-state.live-on", timeout=30_000)
    yield pages
    for context in contexts:
        context.close()


def sign_in(context: BrowserContext, address: str, town: make.City, name: str) -> None:
    """A session without the sign-in page, which has its own tests."""
    user, session = town.users[name], SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    context.add_cookies([{"name": "sessionid", "value": str(session.session_key), "url": address}])


def serve(house: House) -> str:
    """The web and push processes of the product; their address."""
    running, web, push = house.running, live.free_port(), live.free_port()
    running.env |= {"MEDET_PUSH_PORT": str(push), "MEDET_WEB_PORT": str(web)}
    assert running.manage("collectstatic", "collectstatic", "--noinput", "--verbosity", "0").wait(60) == 0
    granian = ("-m", "granian", "--host", "127.0.0.1", "--interface", "wsgi", "--no-ws", "--blocking-threads", "4")
    running.start("web", *granian, "--port", str(web), "medet.wsgi:application")
    running.start("push", "-m", "uvicorn", "--port", str(push), "--no-access-log", "medet.push.app:app")
    for port in (web, push):
        live.wait_until(partial(live.answers, port), seconds=60, what=lambda: running.log("web") + running.log("push"))
    return f"http://127.0.0.1:{web}"


def _watch(house: House, pages: dict[str, Page], notices: Notices, calls: int) -> Seen:
    seen = Seen(stops={"committed": {}, **{desk: {} for desk in pages}})
    person_of = {number: str(enrolment.person.uid) for number, enrolment in house.people.items()}

    def all_stand() -> bool:
        for desk, page in pages.items():
            seen.stops[desk] = {uid: at / 1000 for uid, at in page.evaluate("window.rowsSeen").items()}
        settle(house, shown=set.intersection(*(set(seen.stops[desk]) for desk in pages)))
        return all(len(seen.stops[desk]) >= calls for desk in pages)

    try:
        live.wait_until(all_stand, seconds=60 + calls * 2, what="all danger keys stand on both desks")
    except AssertionError as late:  # the figures say who is missing
        print(late, house.running.log("phone")[-2000:], house.running.log("web")[-2000:])
        shown = set.intersection(*(set(seen.stops[desk]) for desk in pages))
        print(*(_missing(house, number) for number, uid in person_of.items() if uid not in shown), sep="\n")
    alerts = {str(row.uid): str(row.person.uid) for row in house.read(Alert)}
    seen.stops["committed"] = {alerts[uid]: at for uid, at in notices.raised.items() if uid in alerts}
    assert house.phones is not None
    for entry in house.phones.entries():
        if entry["event"] == "key" and entry["prompt"] == PROMPT:
            seen.key.setdefault(person_of[entry["number"]], entry["at"])
    return seen


def _missing(house: House, number: str) -> str:
    """What both sides know of somebody whose key never came."""
    assert house.phones is not None
    told = [
        (entry["event"], entry.get("prompt"), entry.get("by"))
        for entry in house.phones.entries()
        if entry.get("number") == number
    ]
    rows = house.read(CallAttempt, number=number)
    calls = [(row.outcome, row.sip_code, row.digits, list(row.prompts)) for row in rows]
    return f"{number}: phone {told}; robot {calls}"


def settle(house: House, *, shown: set[str]) -> None:
    """A doctor acts on what stands on both desks."""
    doctor = house.town.actor("serik", now=now())
    with scope(doctor):
        for alert in Alert.objects.filter(state=AlertState.OPEN, person__uid__in=shown):
            settle_alert(alert=alert, to=AlertState.ACTED, by=doctor, now=now())


def row(name: str, delays: Sequence[float]) -> tuple[str, ...]:
    """A line of the table, in seconds."""
    picked: list[Callable[[Sequence[float]], float]] = [
        lambda values: figures.quantile(values, 0.5),
        lambda values: figures.quantile(values, 0.99),
        max,
    ]
    return (name, str(len(delays)), *(f"{pick(delays):.2f}" for pick in picked))


def main(calls: int) -> int:
    """Runs the calls and writes the figures; 1 when a desk is slower than the promise, or a key never came."""
    with chromium() as browser, own_cluster() as postgres, own_house(postgres) as house:
        seen = run(house, browser, calls=calls)
    rows: list[Any] = [row(NAMES[stop], seen.delays(stop)) for stop in NAMES]
    body = figures.table(("from the key to", "keys", "p50 s", "p99 s", "max s"), rows)
    figures.keep("loop", title=f"{calls} danger keys, {AT_ONCE} calls at once, to both open desks", body=body + NOTE)
    late = any(figures.quantile(seen.delays(desk), 0.99) > LIMIT_S for desk in DESKS)
    return int(late or len(seen.key) < calls)


NAMES = {"committed": "row committed (notification received)", "doctor": "doctor's desk", "operator": "operator's desk"}
NOTE = """

From the first RFC 4733 packet leaving the phone (its own diary) to the row in the DOM of the open desk in Chromium;
robot, PostgreSQL, web, push, worker, 20 phones and the browser share this machine. Promise: p99 at most 2 s.
"""


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else CALLS))
