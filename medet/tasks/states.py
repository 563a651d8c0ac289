"""Words of a task: its state, its weight, and the ladder it climbs when it is late."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from medet.base import refused
from medet.base.states import NEW, Life, moves
from medet.staff.states import Role


class TaskState(TextChoices):
    """Where a task stands."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    HANDED_ON = "handed_on", _("Handed on")
    CANCELLED = "cancelled", _("Cancelled")


class Weight(IntegerChoices):
    """Risk order of the worklist: red before amber before the rest."""

    RED = 1, _("High risk")
    AMBER = 2, _("Medium risk")
    PLAIN = 3, _("Routine")


class TaskKind(TextChoices):
    """What somebody has to do."""

    START_OBSERVATION = "start_observation", _("Start the observation")
    ALERT = "alert", _("Worsening")
    CALL_BY_HAND = "call_by_hand", _("Ring by hand")
    FIX_PHONE = "fix_phone", _("Find the right phone")
    WRONG_PERSON = "wrong_person", _("Wrong person answered")
    DOCTOR_CONTACT = "doctor_contact", _("Doctor's contact")
    HOME_VISIT = "home_visit", _("Home visit")
    VISIT_RESULT = "visit_result", _("Read the visit's result")
    END_OBSERVATION = "end_observation", _("Decide on the end of the observation")
    ADMISSION = "admission", _("Make sure of the hospital")
    TRUNK = "trunk", _("Telephone trunk")
    ROBOT_STOPPED = "robot_stopped", _("Robot is stopped")
    SWAP = "swap", _("Swap of a duty")
    CHECK_LIST = "check_list", _("Decide on rows of a list")


class Takeover(TextChoices):
    """Why somebody takes over what a colleague holds."""

    ON_THE_LINE = "on_the_line", _("The patient is on the line now")
    CANNOT_WAIT = "cannot_wait", _("It cannot wait")
    BUSY = "busy", _("My colleague is busy")
    AWAY = "away", _("My colleague is not there")


_ANYBODY = (*Role, "robot", "worker")

TASK_LIFE = Life(
    name="task",
    states=TaskState,
    moves=(
        *moves(NEW, TaskState.OPEN, *_ANYBODY),
        *moves(TaskState.OPEN, (TaskState.DONE, TaskState.HANDED_ON, TaskState.CANCELLED), *_ANYBODY),
    ),
    # A task is itself the owing; nobody owes a task about a task.
    owes=dict.fromkeys(TaskState),
)

# Who answers next when a task is overdue; the last one keeps it.
LADDER: dict[str, tuple[str, ...]] = {
    Role.OPERATOR: (Role.OPERATOR, Role.SUPERVISOR),
    Role.DOCTOR: (Role.DOCTOR, Role.SUPERVISOR),
    Role.CLINIC_RECEIVER: (Role.CLINIC_RECEIVER, Role.HEAD_OF_CLINIC),
}

refused.register(
    {
        "task.closed": _("This task is already closed."),
        "task.not_yours": _("Somebody of another role answers for this."),
        "task.taken": _("%(name)s is already working on this."),
        "task.not_held": _("Only who holds a task hands it over."),
        "task.no_note": _("A task is handed over with a note: what was done, what comes next."),
        "task.left": _("You hold a task that is not handed over yet. Please look at the list again."),
        "task.not_there": _("%(name)s is not at work or does not answer for this."),
    }
)
