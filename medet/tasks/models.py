"""Task: the only thing with an owner and a deadline."""

from django.db import models
from django.db.models import Q

from medet.base.models import Uid
from medet.people.models import Person
from medet.places.models import Organisation
from medet.staff.models import User
from medet.tasks.states import TaskKind, TaskState, Weight


class Task(Uid):
    """Somebody must act on one object until `due_at`; late tasks climb the ladder."""

    kind = models.CharField(max_length=20, choices=TaskKind.choices)
    about_type = models.CharField(max_length=20, help_text="case, alert, due_contact, home_visit, ...")
    about_uid = models.UUIDField(help_text="The object that owes a move")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    case_id = models.BigIntegerField(null=True, help_text="The case, for the end of a case")
    # No index of its own: the open ones and the closed ones of an organisation have one each.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, help_text="Who owes"
    )
    role = models.CharField(max_length=20, help_text="The role on the first rung")
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, help_text="Since when the owner has it")
    handed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    handed_note = models.TextField(blank=True, help_text="What who handed it over says about it")
    weight = models.PositiveSmallIntegerField(choices=Weight.choices, default=Weight.PLAIN)
    reason = models.CharField(max_length=60, help_text="Code of the reason; words come from the desk")
    reason_values = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    rung = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Of the rung it stands on; lateness is derived from it")
    late_since = models.DateTimeField(null=True, help_text="Its first due time that passed, when another came")
    late_until = models.DateTimeField(null=True, help_text="When it was laid to rest after it had been late")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about_uid"], condition=Q(state=TaskState.OPEN), name="task_one_open_an_object"
            ),
            models.CheckConstraint(condition=Q(state__in=TaskState.values), name="task_state_known"),
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN, closed_at__isnull=True)
                | (~Q(state=TaskState.OPEN) & Q(closed_at__isnull=False)),
                name="task_closed_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "weight", "due_at", "id"],
                condition=Q(state=TaskState.OPEN),
                name="task_worklist",
            ),
            models.Index(fields=["due_at"], condition=Q(state=TaskState.OPEN), name="task_overdue"),
            models.Index(fields=["owner"], condition=Q(state=TaskState.OPEN, owner__isnull=False), name="task_held"),
            # What was open at a moment and is closed since: of years of closed ones only the newest are read.
            models.Index(
                fields=["organisation", "closed_at"], condition=Q(closed_at__isnull=False), name="task_closed_since"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)
