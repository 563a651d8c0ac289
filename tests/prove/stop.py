"""The stop key under load: when the last INVITE left, seen by the telephones.

Several phone processes ring a SIPp that is the whole city; a supervisor's page stands open in Chromium, and F10 is
pressed. SIPp notes when each packet came; the clock of a round starts just before the key goes down. After each round
the robot is let ring again with a reason, and must ring: silence after the key is no proof while nobody would ring.

`python -m tests.prove.stop [rounds]`
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

if __name__ == "__main__":
    from tests.prove import ready  # noqa: F401

from playwright.sync_api import Page

from medet.base.clock import now
from medet.base.scope import scope
from medet.contacts.campaigns.actions import set_preset
from medet.contacts.models import CallAttempt, Campaign, RobotStop
from medet.contacts.states import LIVE, Preset, StopState
from medet.flows.stop_robot import let_ring
from tests.engines.telephony.harness import bound
from tests.live import running as live
from tests.needs import needs
from tests.ports import udp_ports
from tests.prove import figures
from tests.prove.house import House, own_cluster, own_house
from tests.prove.loop import serve, sign_in
from tests.web.browser import chromium

HERE = Path(__file__).parent
ROUNDS, PEOPLE, ROBOTS, A_ROBOT = 10, 1500, 5, 20.0
LIMIT_S = 2.0
BEFORE_S, QUIET_S = 4.0, 4.0
# Everybody is as new: the judge's own hand, as the owner, while the robot stands still.
NEW_AGAIN = """
delete from contacts_callattempt;
update contacts_callorder set state = 'waiting', next_attempt_at = next_attempt_at - interval '1 day';
update monitoring_duecontact set state = 'planned' where kind = 'robot' and state <> 'done';
delete from tasks_task where about_type = 'due_contact';
"""


# One person of the city so often again, with a line of their own, as rows: through the actions a thousand take minutes.
TIMES = """
with made as (
  select x.id as old, %(base)s + n as key, n from {table} x cross join generate_series(1, %(count)s) n
   where x.id = %(id)s
)
insert into {table}
select (jsonb_populate_record(null::{table}, to_jsonb(x) || jsonb_build_object('id', m.key, {changes}))).*
  from made m join {table} x on x.id = m.old
"""
BASE = 1_000_000
OWN = "'uid', gen_random_uuid()"
CLONED = (
    ("people_person", f"{OWN}, 'root_id', m.key, 'iin_hash', sha256(m.n::text::bytea)"),
    ("people_phone", f"{OWN}, 'person_id', m.key, 'number', '+7708' || lpad(m.n::text, 7, '0')"),
    ("records_case", f"{OWN}, 'person_id', m.key"),
    ("monitoring_enrolment", f"{OWN}, 'person_id', m.key, 'case_id', m.key"),
    ("monitoring_duecontact", f"{OWN}, 'person_id', m.key, 'enrolment_id', m.key"),
    ("contacts_callorder", f"{OWN}, 'person_id', m.key, 'enrolment_id', m.key, 'due_contact_id', m.key"),
)


class City:
    """SIPp as the whole telephone network; what it saw, with the wall clock's seconds."""

    def __init__(self, folder: Path) -> None:
        """`folder`: where its log lies."""
        (self.port,) = udp_ports(1)
        self._log = folder / "city.csv"
        command = [needs("sipp"), "-sf", str(HERE / "stop.xml"), "-i", "127.0.0.1", "-p", str(self.port), "-nostdin"]
        command += ["-trace_shortmsg", "-shortmessage_file", str(self._log), "-cp", str(udp_ports(1)[0])]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdout=quiet, stderr=quiet, cwd=folder)
        live.wait_until(lambda: bound(self.port), seconds=20, what="SIPp listens")

    def heard(self, method: str) -> list[float]:
        """When each request of this method first came; repeats of a call are left out."""
        first: dict[str, float] = {}
        for line in self._log.read_text(errors="replace").splitlines() if self._log.exists() else []:
            parts = line.split("\t")
            with suppress(IndexError, ValueError):
                if parts[3] == "R" and parts[6].startswith(f"{method} "):
                    first.setdefault(parts[4], float(parts[2]))
        return sorted(first.values())

    def close(self) -> None:
        """Ended, whatever it is doing."""
        self._process.kill()
        self._process.wait()


@contextmanager
def city(folder: Path) -> Iterator[City]:
    """Ends with the block."""
    made = City(folder)
    try:
        yield made
    finally:
        made.close()


@dataclass(frozen=True)
class Round:
    """One press of the key."""

    rate: float  # INVITEs a second in the seconds before
    after: int  # how many came after the key
    last_s: float  # when the last of them came, from the key on
    taken_back_s: float  # when the last ringing telephone was taken back
    again: int  # how many were rung once the robot might again


def press_and_watch(
    house: House,
    telephones: City,
    press: Callable[[], None],
    *,
    wanted: int,
    before_lift: Callable[[], None] = lambda: None,
) -> Round:
    """One round: the robot rings at full speed, the key goes down, and all is quiet; then it rings again."""
    seen = len(telephones.heard("INVITE"))
    live.wait_until(
        lambda: len(telephones.heard("INVITE")) >= seen + wanted,
        seconds=60,
        what=lambda: f"{wanted} calls\n{house.running.log('phone')[-2000:]}",
    )
    key = time.time()
    press()
    live.wait_until(lambda: time.time() > key + QUIET_S, seconds=QUIET_S + 1, what="the quiet is over")
    invites = telephones.heard("INVITE")
    after = [at - key for at in invites if at > key]
    back = [at - key for at in telephones.heard("CANCEL") if at > key]
    before = [at for at in invites if key - BEFORE_S < at <= key]
    before_lift()
    lift(house)
    live.wait_until(lambda: len(telephones.heard("INVITE")) > len(invites), seconds=20, what="the robot rings again")
    return Round(
        rate=len(before) / BEFORE_S,
        after=len(after),
        last_s=max(after, default=0.0),
        taken_back_s=max(back, default=0.0),
        again=len(telephones.heard("INVITE")) - len(invites),
    )


def lift(house: House) -> None:
    """The supervisor lets the robot ring again."""
    saule = house.town.actor("saule", now=now())
    with scope(saule):
        let_ring(stop=RobotStop.objects.get(state=StopState.STANDS), why="judged", by=saule, now=now())


def multiply(count: int) -> None:
    """The one person of the city, so often again."""
    with psycopg.connect(os.environ["MEDET_OWNER_URL"]) as owner:
        for table, changes in CLONED:
            row = owner.execute(f"select max(id) from {table}").fetchone()
            values = {"base": BASE, "count": count, "id": row[0] if row else None}
            owner.execute(TIMES.format(table=table, changes=changes), values)


def ready_to_ring(house: House, telephones: City, *, people: int, robots: int, rate: float) -> None:
    """So many people, and the robots that ring them."""
    house.observe(1)
    multiply(people - 1)
    saule = house.town.actor("saule", now=now())
    with scope(saule):
        set_preset(campaign_id=Campaign.objects.get().pk, preset=Preset.URGENT, by=saule, now=now())
    house.running.env["MEDET_TRUNK_PING_S"] = "0"  # SIPp's city knows calls only
    for lane in range(robots):
        live.robot(house.running, telephones.port, rate=rate, channels=300, lane=lane)


def main(rounds: int) -> int:
    """Presses the key so often and writes the figures; 1 when an INVITE left later than promised."""
    with (
        chromium() as browser,
        own_cluster() as postgres,
        own_house(postgres) as house,
        city(house.running.folder) as telephones,
    ):
        address, context = serve(house), browser.new_context(locale="ru")
        sign_in(context, address, house.town, "saule")
        page = context.new_page()
        ready_to_ring(house, telephones, people=PEOPLE, robots=ROBOTS, rate=A_ROBOT)
        page.goto(f"{address}/centre/robot/")
        page.wait_for_selector("#live-state.live-on", timeout=30_000)
        done = [_one(house, telephones, page) for _ in range(rounds)]
        context.close()
    rows = [
        (number, f"{one.rate:.0f}", one.after, f"{one.last_s:.2f}", f"{one.taken_back_s:.2f}", one.again)
        for number, one in enumerate(done, start=1)
    ]
    body = figures.table(HEAD, rows) + _summary(done) + NOTE
    figures.keep("stop", title=f"{rounds} presses of the stop key under load, {ROBOTS} phone processes", body=body)
    return int(max(one.last_s for one in done) > LIMIT_S)


def _one(house: House, telephones: City, page: Page) -> Round:
    def press() -> None:
        page.keyboard.press("F10")

    def new_again() -> None:
        what = "every call has its end"
        live.wait_until(lambda: not house.read(CallAttempt, state__in=LIVE), seconds=60, what=what)
        with psycopg.connect(os.environ["MEDET_OWNER_URL"]) as owner:
            owner.execute(NEW_AGAIN)

    wanted = round(BEFORE_S * ROBOTS * A_ROBOT)
    made = press_and_watch(house, telephones, press, wanted=wanted, before_lift=new_again)
    print(made, flush=True)
    return made


def _summary(done: Sequence[Round]) -> str:
    last = [one.last_s for one in done]
    return f"\n\nLast INVITE after the key: median {figures.quantile(last, 0.5):.2f} s, longest {max(last):.2f} s."


HEAD = (
    "press",
    "INVITEs a second before",
    "INVITEs after the key",
    "last of them, s",
    "last ring taken back, s",
    "again",
)
NOTE = """

From the moment before F10 goes down in Chromium on the supervisor's page (POST, flow, commit lie in between) to packets
as SIPp received them. Most telephones are busy at once, 4 in 100 ring until they are taken back. All processes, the
database, SIPp and the browser share this machine. Promise: no INVITE later than 2 s. `again`: calls as soon as the
reason was given, so the quiet was the key's. The trunks allow 100 INVITEs a second together; the second column says how
many the machine could carry beside its other work.
"""


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
