"""A given list and its rows. What the file said is kept enciphered; nothing of it stands in clear."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from medet.base.models import Uid
from medet.people.models import Person
from medet.places.models import Organisation
from medet.records.intake.states import ListState, Outcome, RowState
from medet.staff.models import User


class IntakeList(Uid):
    """One given file. Its name is not kept: it may name a patient."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, help_text="Of the bytes: the same file again is the same list")
    by_user = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    day = models.DateField(help_text="When samples were taken for which the list has no day")
    header_cipher = models.BinaryField(
        help_text="Names of the columns, enciphered: a list without a header has data there"
    )
    headed = models.BooleanField(help_text="Whether a row with known names of columns was found")
    mapping = models.JSONField(default=dict, help_text="Column -> field")
    programme_code = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=ListState.choices, default=ListState.PREVIEW)
    started_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(help_text="When the last row was written: a list that stands still is found")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "sha256"],
                condition=~models.Q(state=ListState.DISCARDED),
                name="intake_list_once",
            ),
            models.CheckConstraint(condition=models.Q(state__in=ListState.values), name="intake_list_state_known"),
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="intake_list_newest")]

    def __str__(self) -> str:
        return str(self.uid)


class IntakeRow(models.Model):
    """One row: what was said (enciphered), what it means, and what became of it."""

    given = models.ForeignKey(IntakeList, models.CASCADE, related_name="rows")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(help_text="As the sender sees it beside the row")
    cells_cipher = models.BinaryField(help_text="The cells, enciphered")
    state = models.CharField(max_length=10, choices=RowState.choices, default=RowState.WAITING)
    outcome = models.CharField(
        max_length=10, choices=Outcome.choices, help_text="Foreseen while it waits, then what came of it"
    )
    reasons = ArrayField(models.CharField(max_length=40), default=list, blank=True, help_text="Why not, by code")
    notes = ArrayField(models.CharField(max_length=40), default=list, blank=True, help_text="What stops nothing")
    content_hash = models.BinaryField(null=True, help_text="Keyed hash of all that is said")
    sample_hash = models.BinaryField(null=True, help_text="Keyed hash of person and test")
    household_hash = models.BinaryField(null=True, help_text="Keyed hash of the list's household")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    case = models.ForeignKey("records.Case", models.PROTECT, null=True, blank=True, related_name="+")
    opened_case = models.BooleanField(default=False, help_text="This row opened the case")
    before = models.JSONField(
        default=dict, blank=True, help_text="Classification and ICD-10 before it confirmed the case"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["given", "number"], name="intake_row_once"),
            models.CheckConstraint(condition=models.Q(state__in=RowState.values), name="intake_row_state_known"),
        ]
        indexes = [
            models.Index(fields=["given", "state", "number"], name="intake_row_by_state"),
            models.Index(fields=["content_hash"], name="intake_row_content"),
            models.Index(fields=["sample_hash"], name="intake_row_sample"),
            models.Index(fields=["case"], condition=models.Q(case__isnull=False), name="intake_row_case"),
        ]

    def __str__(self) -> str:
        return f"{self.given_id}/{self.number}"
