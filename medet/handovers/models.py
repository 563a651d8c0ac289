"""Agreements between organisations, each with one owner and a clock."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from medet.base.models import Uid
from medet.handovers.states import AT_CLINIC, OPEN, ClinicChoice, Urgency, VisitReason, VisitResult, VisitState
from medet.people.models import Address, Person
from medet.places.models import Organisation
from medet.records.models import Case
from medet.staff.models import User


class HomeVisit(Uid):
    """Актив: the centre asks a primary-care clinic to see somebody at home. It carries what the clinic must know,
    as it was when it was sent; the clinic does not read the centre's record."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="home_visits")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", help_text="Who asks")
    clinic = models.ForeignKey(Organisation, models.PROTECT, related_name="+", help_text="Who is asked")
    clinic_choice = models.CharField(max_length=10, choices=ClinicChoice.choices)
    clinic_why = models.JSONField(default=dict, blank=True, help_text="The other clinic that was possible, the rule")
    reason = models.CharField(max_length=16, choices=VisitReason.choices)
    reason_text = models.CharField(max_length=300, blank=True, help_text="In words, from the alert")
    urgency = models.CharField(max_length=10, choices=Urgency.choices)
    complaints = models.JSONField(default=dict, blank=True, help_text="Question key -> answer, as last told")
    measures = models.JSONField(default=dict, blank=True, help_text="Measure key -> value, as last measured")
    programme_code = models.CharField(max_length=40, blank=True, help_text="Has the words of what was told")
    icd10 = models.CharField(max_length=8)
    note = models.CharField(max_length=600, blank=True)
    address = models.CharField(max_length=300)
    district = models.CharField(max_length=9, help_text="КАТО")
    door = models.JSONField(default=dict, blank=True, help_text="flat, entrance, floor, intercom, note")
    phone = models.CharField(max_length=16, blank=True, help_text="E.164")
    state = models.CharField(max_length=10, choices=VisitState.choices, default=VisitState.DRAFT)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    shown_at = models.DateTimeField(null=True, blank=True, help_text="First shown to somebody of the clinic")
    duty_heard_at = models.DateTimeField(
        null=True, blank=True, help_text="The telephone on duty was rung about it and a key said: heard"
    )
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    visit_due_at = models.DateTimeField(help_text="The visit is to be made by then")
    assigned_to = models.CharField(max_length=120, blank=True, help_text="The doctor who goes")
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="Visited, not found, refused, redirected; empty while it is owed"
    )
    result = models.CharField(max_length=12, choices=VisitResult.choices, blank=True)
    result_icd10 = models.CharField(max_length=8, blank=True)
    result_note = models.CharField(max_length=600, blank=True)
    pcr_taken = models.BooleanField(null=True, blank=True)
    refusal = models.CharField(max_length=300, blank=True)
    redirected_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    risk_groups = ArrayField(models.CharField(max_length=30), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state__in=OPEN), name="visit_one_open_a_case"),
            models.CheckConstraint(condition=Q(state__in=VisitState.values), name="visit_state_known"),
            models.CheckConstraint(
                condition=~Q(state=VisitState.DONE) | (~Q(result="") & Q(ended_at__isnull=False)),
                name="visit_done_has_result",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=AT_CLINIC) | Q(ended_at__isnull=True), name="visit_at_clinic_not_ended"
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "state", "visit_due_at"], name="visit_at_clinic"),
            models.Index(
                fields=["sent_at"],
                condition=Q(state="sent", shown_at__isnull=True, duty_heard_at__isnull=True),
                name="visit_unseen",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Observed(Uid):
    """A view, and the one of a clinic: whom of its people a centre observes at home now. Only an organisation of the
    scope sees its own rows, a process none; decision 0008 says why it sees past the policies of its tables."""

    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="+", help_text="The human being (root)")
    address = models.ForeignKey(Address, models.DO_NOTHING, null=True, related_name="+", help_text="The actual one")
    clinic = models.ForeignKey(Organisation, models.DO_NOTHING, related_name="+", help_text="Whose person it is")
    organisation = models.ForeignKey(Organisation, models.DO_NOTHING, related_name="+", help_text="Who observes")
    programme_code = models.CharField(max_length=40)
    started_on = models.DateField()
    planned_end_on = models.DateField()
    is_handed = models.BooleanField(help_text="An operator is to reach them, since today or longer")
    with_doctors = models.BooleanField(help_text="The doctors owe a contact")
    waits_on = models.DateField(null=True, help_text="The day of the robot's next contact")
    spoken_at = models.DateTimeField(null=True, help_text="When a contact was last made")
    visit_uid = models.UUIDField(null=True, help_text="The home visit that is open at this clinic")

    class Meta:
        managed = False
        db_table = "handovers_observed"

    def __str__(self) -> str:
        return str(self.uid)
