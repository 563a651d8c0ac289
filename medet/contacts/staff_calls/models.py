"""StaffCall: the robot rings a colleague and waits for a key."""

from django.db import models
from django.db.models import Q

from medet.base.models import Uid
from medet.contacts.staff_calls.states import StaffCallKind, StaffCallState
from medet.contacts.states import AttemptOutcome
from medet.people.states import Language
from medet.places.models import Organisation
from medet.staff.models import User

_DUTY_OPEN = Q(kind=StaffCallKind.DUTY) & ~Q(state=StaffCallState.ENDED)


class StaffCall(Uid):
    """One call to a colleague. Claimed before its INVITE, so a crash never rings twice."""

    kind = models.CharField(max_length=6, choices=StaffCallKind.choices)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", help_text="Whose colleague is rung: a clinic, or who tests"
    )
    number = models.CharField(max_length=20, help_text="E.164 as it is dialled")
    language = models.CharField(max_length=2, choices=Language.choices)
    state = models.CharField(max_length=10, choices=StaffCallState.choices, default=StaffCallState.ASKED)
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: the platform itself"
    )
    asked_at = models.DateTimeField()
    rung_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=AttemptOutcome.choices, blank=True)
    sip_code = models.PositiveSmallIntegerField(null=True, blank=True)
    sip_reason = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=1, blank=True, help_text="The key that was pressed")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation"], condition=_DUTY_OPEN, name="staff_call_one_duty_open"),
            models.CheckConstraint(condition=Q(state__in=StaffCallState.values), name="staff_call_state_known"),
            models.CheckConstraint(condition=Q(kind__in=StaffCallKind.values), name="staff_call_kind_known"),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=~Q(state="ended"), name="staff_call_open"),
            models.Index(fields=["asked_by", "asked_at"], name="staff_call_of_user"),
            models.Index(fields=["organisation", "-asked_at"], name="staff_call_of_place"),
        ]

    def __str__(self) -> str:
        return str(self.uid)
