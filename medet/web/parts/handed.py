"""What a colleague said when a task was handed over; and where tasks are that concern no patient."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from medet.staff.states import Role
from medet.tasks.models import Task
from medet.tasks.states import TaskKind
from medet.web.parts.shapes import AlertBox


def handed_words(tasks: Iterable[Task]) -> tuple[str, ...]:
    """`handed over by Сапаров Серік: ring again at six`; the same words of several tasks once."""
    said = [
        _("handed over by %(name)s: %(note)s") % {"name": task.handed_by, "note": task.handed_note}
        for task in tasks
        if task.handed_by_id
    ]
    return tuple(dict.fromkeys(said))


def handed_boxes(tasks: Iterable[Task]) -> list[AlertBox]:
    """The same above everything else of the card."""
    return [AlertBox("brand", "message", words[:1].upper() + words[1:]) for words in handed_words(tasks)]


def page_of(task: Task) -> str:
    """Where a task is settled that is about no patient; empty when a desk has no page for it."""
    if task.about_type == "intake_list":
        return reverse("intake:list", args=[task.about_uid])
    # Who is no supervisor starts the robot from the menu of the own desk.
    if task.kind == TaskKind.ROBOT_STOPPED and task.role == Role.SUPERVISOR:
        return reverse("centre:robot")
    return reverse("centre:shifts") if task.kind == TaskKind.SWAP else ""
