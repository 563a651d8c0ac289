"""Clinical facts under the person they were recorded for."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from medet.base.models import Uid
from medet.people.models import Person
from medet.places.models import Organisation
from medet.records.states import OPEN, CaseState, Classification, Regimen, Severity, Source
from medet.staff.models import User


class Case(Uid):
    """One illness of one person, from suspicion to its end."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="cases")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", help_text="Who observes")
    classification = models.CharField(max_length=10, choices=Classification.choices)
    icd10 = models.CharField(max_length=8, help_text="U07.1 virus identified, U07.2 not identified")
    severity = models.CharField(max_length=12, choices=Severity.choices)
    risk_groups = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    regimen = models.CharField(max_length=16, choices=Regimen.choices)
    state = models.CharField(max_length=16, choices=CaseState.choices, default=CaseState.OPENED)
    onset_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(state__in=OPEN), name="case_one_open_a_person"
            ),
            models.CheckConstraint(condition=models.Q(state__in=CaseState.values), name="case_state_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN, ended_at__isnull=True)
                | (~models.Q(state__in=OPEN) & models.Q(ended_at__isnull=False)),
                name="case_ended_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state"], name="case_by_state"),
            # The claim asks of everybody whether they are recorded as dead: few rows, whatever the planner believes.
            models.Index(fields=["person"], condition=models.Q(state=CaseState.DIED), name="case_died"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class CloseContact(Uid):
    """Somebody who was near a patient: told by the patient, and perhaps registered as a person afterwards."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="close_contacts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=240, help_text="As it was told")
    number = models.CharField(max_length=16, blank=True, help_text="E.164")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", help_text="Who it is")
    by_user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.uid)


class Reading(models.Model):
    """One measured or told value; months are partitions of their own."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    at = models.DateTimeField(help_text="When it was measured or told")
    code = models.CharField(max_length=30, help_text="spo2, temperature, state, breath, ...")
    number = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    choice = models.CharField(max_length=30, blank=True, help_text="The coded answer")
    unit = models.CharField(max_length=12, blank=True, help_text="UCUM")
    source = models.CharField(max_length=10, choices=Source.choices)
    answers_uid = models.UUIDField(null=True, help_text="The Answers it came with")
    by_user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "code", "-at"], name="reading_by_case")]

    def __str__(self) -> str:
        return f"{self.code}={self.number if self.number is not None else self.choice}"


class Conclusion(Uid):
    """What the centre's doctor concluded; amended by a newer version only."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="conclusions")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField(default=1)
    amends = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="amended_by")
    severity = models.CharField(max_length=12, choices=Severity.choices)
    icd10 = models.CharField(max_length=8)
    outcome = models.CharField(max_length=30, help_text="From records/data/outcomes.yaml")
    advice = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    treatment = models.TextField(blank=True)
    note = models.TextField(blank=True)
    next_contact_on = models.DateField(null=True, blank=True)
    by_user = models.ForeignKey(User, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.uid)


class Treatment(models.Model):
    """A medicine or measure prescribed within a case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="treatments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    conclusion = models.ForeignKey(
        Conclusion, models.PROTECT, null=True, blank=True, related_name="treatments", help_text="Which prescribed it"
    )
    text = models.TextField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    by_user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.pk)


class Allergy(models.Model):
    """What a person must not be given."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="allergies")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    substance = models.CharField(max_length=120)
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
