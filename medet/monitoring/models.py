"""Programmes, who is enrolled, what is due, what was answered, what was seen."""

from django.db import models
from django.db.models import Q

from medet.base.models import Uid
from medet.monitoring.schema import Programme as ProgrammeFile
from medet.monitoring.states import BY_ROBOT, AlertState, Band, DueKind, DueState, EnrolmentState
from medet.people.models import Person
from medet.places.models import Organisation
from medet.records.models import Case
from medet.records.states import Source
from medet.staff.models import User

# Contents by their hash: a stored version never changes, so each is checked once a process.
READ: dict[str, ProgrammeFile] = {}


class Programme(models.Model):
    """One version of a programme file, kept for ever: answers point at the version they were given under.

    Going back to an older content is a new version too: the newest one is in force.
    """

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="programme_version"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @property
    def file(self) -> ProgrammeFile:
        """The typed content."""
        if self.sha256 not in READ:
            READ[self.sha256] = ProgrammeFile.model_validate(self.content)
        return READ[self.sha256]


class Enrolment(Uid):
    """A programme that watches over a case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    programme_code = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=EnrolmentState.choices, default=EnrolmentState.ACTIVE)
    started_on = models.DateField()
    planned_end_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "programme_code"],
                condition=Q(state=EnrolmentState.ACTIVE),
                name="enrolment_once_a_case",
            ),
            models.CheckConstraint(condition=Q(state__in=EnrolmentState.values), name="enrolment_state_known"),
        ]
        indexes = [
            models.Index(fields=["person"], condition=Q(state=EnrolmentState.ACTIVE), name="enrolment_watches_over")
        ]

    def __str__(self) -> str:
        return str(self.uid)


class DueContact(Uid):
    """A contact that is owed on a day; its campaign holds a robot's (the daily one, or one a supervisor asked for)
    until the window ends, then a task. A doctor's is never a campaign's: on its day it becomes a doctors' task."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="due_contacts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=DueKind.choices)
    on = models.DateField()
    window_start = models.DateTimeField()
    window_end = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DueState.choices, default=DueState.PLANNED)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "on"], condition=Q(kind=DueKind.ROBOT), name="due_robot_once_a_day"
            ),
            # A doctor who has spoken with a patient may plan to do so again on the same day.
            models.UniqueConstraint(
                fields=["enrolment", "on"],
                condition=Q(kind=DueKind.DOCTOR, state__in=("planned", "doctors")),
                name="due_doctor_once_a_day",
            ),
            # One campaign at a time rings somebody beyond the daily contact.
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(kind=DueKind.EXTRA, state=DueState.PLANNED),
                name="due_extra_one_planned",
            ),
            models.CheckConstraint(condition=Q(state__in=DueState.values), name="due_state_known"),
            models.CheckConstraint(
                condition=~Q(state=DueState.HANDED, kind=DueKind.DOCTOR)
                & ~Q(state=DueState.DOCTORS, kind__in=BY_ROBOT),
                name="due_held_by_its_own",
            ),
        ]
        indexes = [
            models.Index(fields=["window_end"], condition=Q(state="planned"), name="due_window_ends"),
            models.Index(
                fields=["on"], condition=Q(kind="doctor", state__in=("planned", "doctors")), name="due_of_doctors"
            ),
            # A day's contacts for the planner, and for the morning those of them that were not made by then.
            models.Index(fields=["on", "organisation", "closed_at"], condition=Q(kind__in=BY_ROBOT), name="due_of_day"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Answers(Uid):
    """What was answered in one contact, under one version of the programme."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="answers")
    due_contact = models.ForeignKey(DueContact, models.PROTECT, null=True, blank=True, related_name="answers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=Source.choices)
    contact_uid = models.UUIDField(null=True, help_text="The Contact they came in; one Answers a contact")
    values = models.JSONField(default=dict)
    band = models.CharField(max_length=8, choices=Band.choices, default=Band.GREEN)
    is_complete = models.BooleanField(default=False)
    given_at = models.DateTimeField()
    by_user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact_uid"], name="answers_one_a_contact"),
        ]
        indexes = [models.Index(fields=["enrolment", "-given_at"], name="answers_latest")]

    def __str__(self) -> str:
        return str(self.uid)


class Alert(Uid):
    """What was seen; who must act is its Task."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="alerts")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    answers = models.ForeignKey(Answers, models.PROTECT, null=True, related_name="alerts")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    rule = models.CharField(max_length=40)
    band = models.CharField(max_length=8, choices=Band.choices)
    because = models.JSONField(default=dict, help_text="The facts that fired the rule")
    state = models.CharField(max_length=10, choices=AlertState.choices, default=AlertState.OPEN)
    seen_count = models.PositiveIntegerField(default=1, help_text="In how many contacts it was seen")
    last_answers = models.ForeignKey(
        Answers, models.PROTECT, null=True, related_name="+", help_text="The last Answers it was seen in again"
    )
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "rule"], condition=Q(state="open"), name="alert_one_open_a_rule"
            ),
            models.CheckConstraint(condition=Q(state__in=AlertState.values), name="alert_state_known"),
        ]

    def __str__(self) -> str:
        return str(self.uid)
