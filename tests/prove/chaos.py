"""kill -9 in the middle of calls: nobody is lost, nobody is rung twice within the gap, nothing told is forgotten.

One round: twenty people are rung at once; at a moment drawn from the round's seed a process is killed and started
again, then a second one. The judge is the phones' own diary on disk. Time passes by the processes' clock at their
next start, not by waiting.

`python -m tests.prove.chaos [seeds...]`: half a minute to a minute and a half a seed; finished ones are not run again.
"""

import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import pairwise

if __name__ == "__main__":
    from tests.prove import ready  # noqa: F401

from medet.base import policy
from medet.base.actor import WORKER
from medet.base.clock import now
from medet.base.scope import scope
from medet.contacts.models import CallAttempt, CallOrder, Contact
from medet.monitoring.models import Answers, DueContact, Enrolment
from medet.supervisor.product import has_module
from medet.tasks.models import Task
from tests.live import running as live
from tests.prove import figures
from tests.prove.house import House, own_cluster, own_house

PEOPLE = 20
SHARED = 5  # of their lines have a second person behind them
ALL = PEOPLE + SHARED
LEASE = timedelta(seconds=50)  # a little more than the robot's
CALLS_TAKE_S = 12.0  # from the first INVITE to the last goodbye, unharmed
SEEDS = range(16)
TARGETS = ("phone", "postgres", "worker", "web")
BEHAVIOURS = ("fine", "fine", "danger", "worse", "hangs_up_in_the_middle", "not_at_home")


@dataclass
class Round:
    """What happened in one round."""

    seed: int
    kills: list[str] = field(default_factory=list)
    rings: int = 0
    unknown: int = 0
    answers: int = 0
    faults: list[str] = field(default_factory=list)


def targets() -> list[str]:
    """What this tree has to kill."""
    return [name for name in TARGETS if name != "web" or has_module("medet.wsgi")]


def victims(seed: int) -> list[str]:
    """Two processes, so that the seeds go through all pairs."""
    names = targets()
    return [names[seed % len(names)], names[seed // len(names) % len(names)]]


def run(house: House, seed: int, picked: Sequence[str], *, people: int = PEOPLE, repeats: int = 2) -> Round:
    """One round in a fresh house: kills the picked processes, and rings again `repeats` times after the gap."""
    chance, made = random.Random(seed), Round(seed)
    _begin(house, chance, people)
    for target in picked:
        time.sleep(chance.uniform(0.0, CALLS_TAKE_S / 2))  # the random moment itself: nothing to wait for
        house.kill(target)
        made.kills.append(target)
        if target != "postgres":
            _start(house, target)
    _until_quiet(house)
    _leases_run_out(house)
    made.faults += list(_lost(house))
    _all_again(house, repeats)
    made.faults += [*_lost(house), *_pestered(house), *_forgotten(house)]
    attempts = house.read(CallAttempt)
    made.rings, made.answers = len(attempts), sum(len(row.values) for row in house.read(Answers))
    made.unknown = sum(row.outcome == "unknown" for row in attempts)
    return made


def _begin(house: House, chance: random.Random, people: int) -> None:
    house.observe(people, shared=SHARED * people // PEOPLE)
    house.telephones({number: chance.choice(BEHAVIOURS) for number in house.people})
    house.worker()
    if "web" in targets():
        _start(house, "web")
    house.robot()
    live.wait_until(lambda: _events(house, "invite"), seconds=60, what=lambda: _state(house))


def _start(house: House, name: str) -> None:
    if name == "phone":
        house.robot()
    elif name == "worker":
        house.worker()
    else:
        port = house.running.env.setdefault("MEDET_WEB_PORT", str(live.free_port()))
        words = ("-m", "granian", "--host", "127.0.0.1", "--interface", "wsgi", "--no-ws", "--port")
        house.running.start("web", *words, port, "medet.wsgi:application")


def _until_quiet(house: House) -> None:
    """The calls of the living process have ended and everything due has been rung once."""

    def quiet() -> bool:
        mine = str(house.running.children["phone"].pid)
        live_here = [
            row
            for row in house.read(CallAttempt, state__in=("claimed", "dialling", "answered"))
            if row.worker.endswith(f":{mine}")
        ]
        rung = {row.number for row in house.read(CallAttempt)}
        return not live_here and rung == set(house.people)

    live.wait_until(quiet, seconds=90, what=lambda: _state(house))


def _leases_run_out(house: House) -> None:
    """Later by more than a lease: the worker closes what a dead process left."""
    house.running.kill("phone")
    house.running.kill("worker")
    house.pass_time(LEASE)
    house.worker()
    live.wait_until(lambda: not _open_attempts(house), seconds=60, what="lost attempts are closed")


def _all_again(house: House, repeats: int) -> None:
    """Later by more than the gap, as often as a day allows, until nobody waits to be rung."""
    for _ in range(repeats):
        if not _waiting(house):
            return
        house.running.kill("worker")
        house.pass_time(timedelta(minutes=_gap_minutes() + 1))
        house.worker()
        house.robot()
        live.wait_until(
            lambda: not _due_now(house) and not _open_attempts(house), seconds=90, what=lambda: _state(house)
        )
        house.running.kill("phone")


def _state(house: House) -> str:
    """What to look at when a wait was in vain."""
    orders = [
        (
            str(row.state),
            str(row.next_attempt_at),
            [(str(a.outcome), str(a.state)) for a in house.read(CallAttempt, order=row)],
        )
        for row in house.read(CallOrder, state="waiting")
    ]
    logs = "\n".join(house.running.log(name)[-1500:] for name in ("phone", "worker", "phones"))
    return f"calls end; at {now()} waiting {orders}\n{logs}"


def _open_attempts(house: House) -> list[CallAttempt]:
    return house.read(CallAttempt, state__in=("claimed", "dialling", "answered"))


def _waiting(house: House) -> list[CallOrder]:
    return house.read(CallOrder, state="waiting")


def _due_now(house: House) -> list[CallOrder]:
    return house.read(CallOrder, state="waiting", next_attempt_at__lte=now(), window_end__gt=now())


def _gap_minutes() -> int:
    with scope(WORKER):
        return policy.whole("call.min_gap_minutes", now=now())


def _events(house: House, event: str) -> list[dict[str, object]]:
    assert house.phones is not None
    return [entry for entry in house.phones.entries() if entry["event"] == event]


# -- the judges -----------------------------------------------------------------------------


def _lost(house: House) -> Iterator[str]:
    """Promise 1: `check_loops`, and for each person a finished contact, a waiting order or a task."""
    for orphan in house.orphans():
        yield f"check_loops: {orphan.kind} {orphan.state}: {orphan.why}"
    waiting = {row.due_contact_id for row in _waiting(house)}
    tasks = {row.about_uid for row in house.read(Task, state="open")}
    for enrolment in house.everybody():
        for due in house.read(DueContact, enrolment_id=enrolment.pk):
            if not (due.state in ("done", "cancelled") or due.pk in waiting or due.uid in tasks):
                yield f"lost: contact of {due.on} is {due.state}"


def _pestered(house: House) -> Iterator[str]:
    """Promise 2, judged by the phones: no number rings twice within the gap, and no ring is without its attempt."""
    gap_s = _gap_minutes() * 60
    rings = defaultdict(list)
    for entry in _events(house, "invite"):
        rings[str(entry["number"])].append(house.house_time(float(str(entry["at"]))))
    for number, times in rings.items():
        times.sort()
        for before, after in pairwise(times):
            if after - before < gap_s:
                yield f"{number} rang twice within {after - before:.0f} s"
        known = len(house.read(CallAttempt, number=number))
        if len(times) > known:
            yield f"{number} rang {len(times)} times with {known} attempts"


def _forgotten(house: House) -> Iterator[str]:
    """Each key of a call whose end is known stands in the answers that came in that call, of the person who keyed in
    their year before it."""
    kept_in = {row.contact_uid: set(row.values) for row in house.read(Answers)}
    talks = {row.pk: row.uid for row in house.read(Contact)}
    for number, call in _calls(house):
        for year, told in _told(call).items():
            who = house.born_in(number, year)
            attempt = _attempt_of(house, who, call)
            kept = kept_in.get(talks.get(attempt.contact_id), set())
            if attempt.outcome == "unknown" or _heard_whole(told, attempt, kept):
                continue
            for question in {name for name, _ in told} - kept:
                yield (
                    f"{number}: {question} was told by who was born in {year} and is not kept: the phone pressed "
                    f"{told}; the robot heard {attempt.digits}, kept {sorted(kept)}"
                )


def _told(call: list[dict[str, object]]) -> dict[str, list[tuple[str, str]]]:
    """Year of birth -> the questions and keys that follow it, as the phone understood them."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    year = ""
    for entry in [entry for entry in call if entry["event"] == "key"]:
        _, asked, question = str(entry["prompt"]).rpartition("/")
        key = str(entry["key"])
        if not asked:
            year = (year + key)[-4:] if key.isdigit() else ""
        elif year:  # the robot asks nothing before it knows to whom it speaks: a busy machine's phone misheard
            found[year].append((question, key))
    return found


def _heard_whole(told: list[tuple[str, str]], attempt: CallAttempt, kept: set[str]) -> bool:
    """Every key pressed was heard, and as many questions have an answer: the robot knows what it asked, and a phone
    on a busy machine may take one recording for another."""
    return "".join(key for _, key in told) == attempt.digits and len(told) <= len(kept)


def _calls(house: House) -> Iterator[tuple[str, list[dict[str, object]]]]:
    assert house.phones is not None
    calls: dict[str, list[dict[str, object]]] = defaultdict(list)
    for entry in house.phones.entries():
        calls[str(entry["call"])].append(entry)
    for call in calls.values():
        yield str(call[0]["number"]), call


def _attempt_of(house: House, who: Enrolment, call: list[dict[str, object]]) -> CallAttempt:
    """The person's attempt whose claim is nearest to the ring."""
    rang = house.house_time(float(str(call[0]["at"])))
    rows: list[CallAttempt] = house.read(CallAttempt, order__enrolment=who)
    return min(rows, key=lambda row: abs(row.claimed_at.timestamp() - rang))


# -- the command ----------------------------------------------------------------------------


def main(seeds: list[int]) -> int:
    """Runs the seeds that are not done yet and writes the figures; 1 when anything was lost, pestered or forgotten."""
    pieces = figures.Pieces("chaos")
    with own_cluster() as postgres:
        for seed in [seed for seed in seeds if str(seed) not in pieces.done]:
            with own_house(postgres) as house:
                pieces.keep(seed, asdict(run(house, seed, victims(seed))))
            print(pieces.done[str(seed)], flush=True)
    rounds = sorted((Round(**row) for row in pieces.done.values()), key=lambda one: one.seed)
    figures.keep("chaos", title=f"kill -9 in the middle of {PEOPLE} calls", body=table(rounds) + NOTE)
    return int(any(one.faults for one in rounds))


def table(rounds: Sequence[Round]) -> str:
    """A line a round."""
    head = ("seed", "killed", "people", "attempts", "of them unknown", "answers kept", "faults")
    rows = [
        (
            one.seed,
            ", ".join(one.kills),
            PEOPLE + PEOPLE // 4,
            one.rings,
            one.unknown,
            one.answers,
            "; ".join(one.faults) or "none",
        )
        for one in rounds
    ]
    return figures.table(head, rows)


NOTE = """

Judged by the phones' own diary (forced to disk): no number rings twice within the gap, every ring has its attempt,
every key of a call with a known end is kept, under who keyed in their year (a quarter of the lines is shared by
two people); `check_loops` names nothing; each person has a finished contact, a waiting
order or a task, both after the leases ran out and at the end.
"""


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]] or list(SEEDS)))
