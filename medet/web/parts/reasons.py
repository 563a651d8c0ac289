"""Why somebody must act, in the reader's words. A rule's words stand in its programme file; all others stand here."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from medet.base import wording
from medet.handovers.states import VisitResult
from medet.monitoring.queries import files_by_key
from medet.monitoring.schema import Programme as ProgrammeFile
from medet.tasks.models import Task
from medet.tasks.rules import tries_of
from medet.tasks.states import TaskKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RULE = "rule"
WORDS: "dict[str, StrOrPromise]" = {
    "new_case": _("New case: start the observation"),
    "list_rows": _("Rows of a list wait for a decision"),
    "no_phone": _("No telephone that may be rung"),
    "no_birth_date": _("No birth date, so the robot cannot ask who speaks"),
    "no_robot_consent": _("Does not want robot calls: ring by hand"),
    "not_reached": _("Not reached by the robot today"),
    "too_late_today": _("Too late for today’s robot call: ring by hand"),
    "not_finished": _("Answered the robot, but did not finish the questions"),
    "not_understood": _("Twice the robot got no clear answer"),
    "invalid_number": _("The number does not exist"),
    "wrong_number": _("Wrong number"),
    "not_the_patient": _("Somebody else answered the telephone"),
    "rejected": _("The call was rejected"),
    "not_allowed": _("This number may not be rung from our line"),
    "redirected": _("The call was forwarded to another number"),
    "not_written": _("The robot's call was not written down: ask again"),
    "same_year": _("Two people of one year of birth on this telephone, so the robot cannot tell who speaks"),
    "ended_elsewhere": _("Another centre says that the person died: ask what happened"),
    "told_elsewhere": _("Rang another centre: what was told there stands in the card, ring back"),
    "visit_elsewhere": _("Rang another centre, which asks for a home visit: ring back and send it"),
    "no_prompt": _("A recording of the robot is missing"),
    "new_phone": _("The telephone is known now: ring it by hand"),
    "doctor_planned": _("Doctor's contact: the doctor planned it for today"),
    "doctor_gap": _("Doctor's contact: no doctor has spoken with the patient lately"),
    "observation_over": _("The planned days are over: end the observation or go on"),
    "robot_silent": _("Calls are due and the telephone process is silent"),
    "trunk_refused": _("The telephone trunk refuses us"),
    "trunk_silent": _("The telephone trunk does not answer"),
    "robot_stands": _("Every robot call is stopped: let the robot ring again, or ring by hand"),
    "robot_waits": _("Robot calls of the day wait to be started"),
    "robot_not_started_yet": _("Nobody has started the day’s robot calls: start them in the robot’s menu"),
    "robot_not_started": _("The day’s robot calls were not started: ring by hand"),
    "robot_stopped": _("The robot was stopped: ring it by hand"),
    "visit_instead": _("Nobody answered: the clinic was asked to go there"),
    "confirm_admission": _("Ambulance or hospital: make sure the person was taken"),
    "not_taken": _("Was not taken to hospital: decide anew"),
    "in_hospital": _("In hospital: ask how it goes on"),
    "swap_asked": _("A colleague asks you to take a duty"),
    "visit_sent": _("Home visit: the clinic has not accepted it yet"),
    "visit_received": _("Home visit: nobody is assigned yet"),
    "visit_assigned": _("Home visit: the doctor has not set out yet"),
    "visit_under_way": _("Home visit: the doctor is on the way"),
    "visit_done": _("The clinic visited"),
    "visit_not_found": _("Home visit: not found at the address"),
    "visit_refused": _("The clinic refused the home visit"),
}


def programmes_of(tasks: Iterable[Task]) -> dict[int, ProgrammeFile]:
    """The programme files that the reasons of these tasks point at."""
    keys = {task.reason_values["programme"] for task in tasks if task.reason == RULE}
    return files_by_key(keys) if keys else {}


def reason_of(task: Task, programmes: Mapping[int, ProgrammeFile]) -> str:
    """One line for the worklist; a code nobody has words for falls back to the kind of the task."""
    if task.reason == RULE:
        return _rule_words(task, programmes)
    words = str(WORDS.get(task.reason, TaskKind(task.kind).label))
    result = str(task.reason_values.get("result", ""))
    words = f"{words}: {VisitResult(result).label}" if result in VisitResult.values else words
    tries = tries_of(task)
    return f"{words} · {_tries_words(tries)}" if tries else words


def _tries_words(tries: int) -> str:
    return ngettext("rung by hand %(n)d time", "rung by hand %(n)d times", tries) % {"n": tries}


def _rule_words(task: Task, programmes: Mapping[int, ProgrammeFile]) -> str:
    file = programmes.get(task.reason_values["programme"])
    rule = file.rule(task.reason_values["rule"]) if file else None
    return rule.reason.in_language(wording.language()) if rule else str(TaskKind(task.kind).label)
