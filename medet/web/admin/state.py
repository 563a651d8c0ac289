"""The desk's first page: is everything alive, what waits too long, is there room."""

import socket
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from medet.base import wording
from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.flows import condition
from medet.flows.condition import Disk, Process, Turn, Waiting
from medet.web.admin.ways import show
from medet.web.asked import Asked
from medet.web.parts.shapes import Fact, Pill

GIB, MIB = 1024**3, 1024**2
NAMES = {"worker": gettext_lazy("Clocks and plans"), "phone": gettext_lazy("Telephone")}
QUEUES = {
    "calls": gettext_lazy("Calls that are due"),
    "tasks": gettext_lazy("Tasks past their deadline"),
    "lists": gettext_lazy("Lists being taken in"),
    "staff_calls": gettext_lazy("Calls to colleagues asked for"),
    "seals": gettext_lazy("Rows of the audit without a seal"),
}
LOOPS = {
    "pulse": gettext_lazy("Pulse"),
    "lost calls": gettext_lazy("Lost calls"),
    "stopped calls": gettext_lazy("Stopped calls"),
    "finished campaigns": gettext_lazy("Finished campaigns"),
    "windows": gettext_lazy("Windows that end"),
    "calls not started": gettext_lazy("Calls that nobody started"),
    "ladder": gettext_lazy("Ladder of late tasks"),
    "robot": gettext_lazy("Watch over the robot"),
    "duty phones": gettext_lazy("Telephones on duty of clinics"),
    "gone home": gettext_lazy("Tasks of who went home"),
    "plan": gettext_lazy("Planner of the day"),
    "doctors": gettext_lazy("Doctors’ contacts"),
    "observations over": gettext_lazy("Observations that end"),
    "lists": gettext_lazy("Lists"),
    "more lists": gettext_lazy("More lists"),
    "forgotten lists": gettext_lazy("Forgotten previews"),
    "seals": gettext_lazy("Seals"),
    "partitions": gettext_lazy("Tables of the coming months"),
    "sessions": gettext_lazy("Old sessions"),
}


@require_safe
def desk(request: Asked) -> HttpResponse:
    """Counts and times only, of all organisations: no patient is in them."""
    with scope(WORKER):
        queues = condition.queues(now=request.now)
    running, loops = condition.processes(now=request.now), condition.turns(now=request.now)
    database, disk = condition.database(), condition.disk()
    context = {
        "processes": [*(_process(one, request) for one in running), _push()],
        "queues": [_queue(one, request) for one in queues],
        "loops": [_loop(one, request) for one in loops],
        "database": [
            Fact("PostgreSQL", database.version.partition(" ")[0]),
            Fact(_("Size"), _("%(n)s MB") % {"n": wording.number(database.size // MIB)}),
            Fact(_("Connections"), f"{database.connections} / {database.most_connections}"),
            Fact(_("Running since"), wording.moment(database.started_at)),
        ],
        "disk": _disk(disk),
    }
    return show(request, "state", "admin:desk", context)


def _process(one: Process, request: Asked) -> dict[str, Any]:
    if one.alive and one.began_at:
        pill = Pill("green", "circle-check", _("running since %(at)s") % {"at": wording.moment(one.began_at)})
    elif one.at:
        pill = Pill("red", "alert-circle", _("silent since %(at)s") % {"at": wording.moment(one.at)})
    else:
        pill = Pill("grey", "circle", _("not heard of yet"))
    live = one.facts.get("live")
    return {
        "name": NAMES[one.name],
        "code": one.name,
        "pill": pill,
        "note": _("%(n)d calls at this moment") % {"n": live} if live is not None and one.alive else "",
    }


def _push() -> dict[str, Any]:
    """Pages hear of changes by it; asked by knocking. Behind a proxy its port is not ours to know."""
    alive = bool(settings.PUSH_PORT) and _answers(int(settings.PUSH_PORT))
    if alive:
        pill = Pill("green", "circle-check", _("running"))
    elif settings.PUSH_PORT:
        pill = Pill("red", "alert-circle", _("silent"))
    else:
        pill = Pill("grey", "circle", _("behind the proxy"))
    return {"name": _("News for open pages"), "code": "push", "pill": pill, "note": ""}


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _queue(one: Waiting, request: Asked) -> dict[str, Any]:
    late = one.count > 0 and one.since is not None
    return {
        "name": QUEUES[one.name],
        "count": wording.number(one.count),
        "pill": Pill("amber", "clock-exclamation", _("the oldest: %(ago)s") % {"ago": _ago(one.since, request)})
        if late
        else Pill("green", "circle-check", _("nothing waits")),
    }


def _loop(one: Turn, request: Asked) -> dict[str, Any]:
    if one.fault:
        pill = Pill("red", "alert-circle", _("failed: %(fault)s") % {"fault": one.fault})
    elif one.late:
        pill = Pill("red", "clock-exclamation", _("late"))
    else:
        pill = Pill("green", "circle-check", _("runs"))
    return {"name": LOOPS.get(one.name, one.name), "pill": pill, "ago": _ago(one.at, request)}


def _ago(at: Any, request: Asked) -> str:
    return wording.relative(min(at, request.now), now=request.now)


def _disk(disk: Disk) -> dict[str, Any]:
    free, total = (wording.number(size / GIB, 1) for size in (disk.free, disk.total))
    words = _("%(free)s of %(total)s GB are free") % {"free": free, "total": total}
    return {"pill": Pill("red", "alert-triangle", words) if disk.scarce else Pill("green", "circle-check", words)}
