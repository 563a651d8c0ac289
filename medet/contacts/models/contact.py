"""Contact: one conversation with one person, whatever carried it."""

from django.db import models
from django.db.models import Q

from medet.base.models import Uid
from medet.contacts.states import Channel, ContactOutcome, InboundReason
from medet.monitoring.models import DueContact
from medet.people.models import Person
from medet.places.models import Organisation
from medet.records.models import Case
from medet.staff.models import User


class Contact(Uid):
    """One conversation: began, ended, how it came out."""

    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", help_text="Callers may be unknown")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    due_contact = models.ForeignKey(DueContact, models.PROTECT, null=True, blank=True, related_name="contacts")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    reason = models.CharField(max_length=12, choices=InboundReason.choices, blank=True, help_text="Of an inbound call")
    language = models.CharField(max_length=2)
    by_user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=ContactOutcome.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="contact_ended_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.INBOUND) & ~Q(reason="")
                | ~Q(channel=Channel.INBOUND) & Q(reason="", person__isnull=False),
                name="contact_inbound_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-started_at"], name="contact_by_case"),
            models.Index(fields=["organisation", "started_at"], name="contact_by_day"),
        ]

    def __str__(self) -> str:
        return str(self.uid)
