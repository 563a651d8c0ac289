"""How the installation is: processes, loops, queues, the database, the disk. Read only; nothing of a patient."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from medet.base.models import Pulse, Seal
from medet.base.pulse import SILENT_AFTER
from medet.contacts.models import CallOrder, StaffCall
from medet.contacts.staff_calls.states import StaffCallState
from medet.contacts.states import CampaignState, OrderState
from medet.records.intake.models import IntakeList
from medet.records.intake.states import ListState
from medet.tasks.models import Task
from medet.tasks.states import TaskState

# A loop is late when it missed its turn by as much; the heavy ones share a thread and wait for each other.
LATE_AFTER = timedelta(minutes=3)
SEALED_WITHIN = timedelta(minutes=3)
DISK_LEFT = 0.1


@dataclass(frozen=True)
class Process:
    """One process by its pulse; `at` None: it was never heard of."""

    name: str
    at: datetime | None
    began_at: datetime | None
    alive: bool
    facts: dict[str, Any]


@dataclass(frozen=True)
class Turn:
    """One loop of the worker."""

    name: str
    at: datetime
    late: bool
    fault: str


@dataclass(frozen=True)
class Waiting:
    """One queue: how many rows are due, and since when the oldest."""

    name: str
    count: int
    since: datetime | None


@dataclass(frozen=True)
class Database:
    """PostgreSQL."""

    version: str
    size: int
    connections: int
    most_connections: int
    started_at: datetime


@dataclass(frozen=True)
class Disk:
    """Where the data folder lies."""

    free: int
    total: int

    @property
    def scarce(self) -> bool:
        """Little is left: PostgreSQL stops on a full disk."""
        return self.free < self.total * DISK_LEFT


def processes(*, now: datetime) -> list[Process]:
    """The worker and the telephone; the pages and the database answer for themselves."""
    known = {row.name: row for row in Pulse.objects.all()}
    found = []
    for name in ("worker", "phone"):
        row = known.get(name)
        if row is None:
            found.append(Process(name, None, None, False, {}))
            continue
        found.append(Process(name, row.at, row.began_at, row.at > now - SILENT_AFTER, dict(row.facts)))
    return found


def turns(*, now: datetime) -> list[Turn]:
    """Every loop of the worker with its last run."""
    row = Pulse.objects.filter(name="worker").first()
    told: dict[str, dict[str, Any]] = row.facts.get("loops", {}) if row else {}
    found = []
    for name, fact in told.items():
        at = datetime.fromisoformat(fact["at"])
        late = at < now - timedelta(seconds=fact["every_s"]) - LATE_AFTER
        found.append(Turn(name, at, late, fact["fault"]))
    return found


def queues(*, now: datetime) -> list[Waiting]:
    """What waits longer than it should, by queue."""
    orders = CallOrder.objects.filter(
        state=OrderState.WAITING, campaign__state=CampaignState.RUNNING, next_attempt_at__lt=now, window_end__gt=now
    )
    tasks = Task.objects.filter(state=TaskState.OPEN, due_at__lt=now)
    lists = IntakeList.objects.filter(state=ListState.TAKING)
    colleagues = StaffCall.objects.filter(state=StaffCallState.ASKED)
    return [
        Waiting("calls", *_oldest(orders, "next_attempt_at")),
        Waiting("tasks", *_oldest(tasks, "due_at")),
        Waiting("lists", *_oldest(lists, "moved_at")),
        Waiting("staff_calls", *_oldest(colleagues, "asked_at")),
        _unsealed(now),
    ]


def _oldest(rows: Any, column: str) -> tuple[int, datetime | None]:
    return rows.count(), rows.order_by(column).values_list(column, flat=True).first()


def _unsealed(now: datetime) -> Waiting:
    """The chain of seals is to be no older than its rows plus a minute."""
    last = Seal.objects.filter(chain="audit").order_by("-number").first()
    reached = (last.last_xid, last.last_id) if last else (0, 0)
    with connection.cursor() as cursor:
        cursor.execute("select count(*), min(at) from audit_entry where (xid, id) > (%s, %s)", reached)
        count, since = cursor.fetchone()
    return Waiting("seals", count if since and since < now - SEALED_WITHIN else 0, since)


def database() -> Database:
    """Asked of the server itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('server_version'), pg_database_size(current_database()),"
            " (select count(*) from pg_stat_activity where datname = current_database()),"
            " current_setting('max_connections')::int, pg_postmaster_start_time()"
        )
        return Database(*cursor.fetchone())


def disk() -> Disk:
    """The file system of the data folder."""
    used = shutil.disk_usage(settings.DATA_DIR if settings.DATA_DIR.exists() else settings.BASE_DIR)
    return Disk(used.free, used.total)
