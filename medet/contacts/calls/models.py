"""CallOrder: somebody is to be rung. CallAttempt: one INVITE, claimed before it is sent."""

from django.db import models
from django.db.models import Q

from medet.base.models import Uid
from medet.contacts.campaigns.models import Campaign
from medet.contacts.models.contact import Contact
from medet.contacts.states import LIVE, AttemptOutcome, AttemptState, Direction, OrderState
from medet.monitoring.models import DueContact, Enrolment
from medet.people.models import Person, Phone
from medet.places.models import Organisation


class CallOrder(Uid):
    """A person to be rung within a window, retried by outcome."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="orders")
    due_contact = models.OneToOneField(DueContact, models.PROTECT, related_name="order")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", help_text="Locked by the claim")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.WAITING)
    next_attempt_at = models.DateTimeField()
    window_end = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OrderState.values), name="order_state_known"),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "next_attempt_at", "id"], condition=Q(state="waiting"), name="order_claim"
            ),
            models.Index(fields=["campaign", "id"], name="order_by_campaign"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class CallAttempt(Uid):
    """One attempt to ring one number. Its row exists before the INVITE, so a crash never dials twice."""

    order = models.ForeignKey(CallOrder, models.PROTECT, related_name="attempts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    phone = models.ForeignKey(Phone, models.PROTECT, related_name="+")
    number = models.CharField(max_length=16, help_text="E.164 as it was dialled")
    contact = models.OneToOneField(Contact, models.PROTECT, null=True, blank=True, related_name="attempt")
    idempotency_key = models.CharField(max_length=80, unique=True, help_text="order:attempt number")
    carried_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="carried",
        help_text="The call that rang for another person of the line; this one sent no INVITE of its own",
    )
    attempt_no = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=AttemptState.choices, default=AttemptState.CLAIMED)
    worker = models.CharField(max_length=60, help_text="Which process claimed it")
    lease_until = models.DateTimeField(help_text="Past it without news the process is taken for lost")
    claimed_at = models.DateTimeField()
    invited_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    hang_up = models.BooleanField(default=False, help_text="Asked to end, e.g. the case ended while it rang")
    outcome = models.CharField(max_length=16, choices=AttemptOutcome.choices, blank=True)
    sip_code = models.PositiveSmallIntegerField(null=True, blank=True)
    sip_reason = models.CharField(max_length=80, blank=True)
    ended_by = models.CharField(max_length=8, blank=True, help_text="us, peer or network")
    digits = models.CharField(max_length=40, blank=True, help_text="Keys of the answers; not the year of birth")
    prompts = models.JSONField(default=dict, blank=True, help_text="Prompt key -> version that was spoken")
    caller_id = models.CharField(max_length=20, blank=True)
    trunk = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(state__in=LIVE), name="attempt_one_live_a_person"),
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(state__in=LIVE, carried_by__isnull=True),
                name="attempt_one_live_a_line",
            ),
            models.CheckConstraint(
                condition=Q(carried_by__isnull=True) | Q(invited_at__isnull=True), name="attempt_carried_never_rings"
            ),
            models.CheckConstraint(condition=Q(state__in=AttemptState.values), name="attempt_state_known"),
            models.CheckConstraint(
                condition=Q(state=AttemptState.ENDED, ended_at__isnull=False) & ~Q(outcome="")
                | ~Q(state=AttemptState.ENDED) & Q(ended_at__isnull=True, outcome=""),
                name="attempt_ended_has_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["number", "-claimed_at"], name="attempt_by_line"),
            models.Index(fields=["person", "-claimed_at"], name="attempt_by_person"),
            models.Index(fields=["lease_until"], condition=Q(state__in=LIVE), name="attempt_lease"),
            models.Index(fields=["organisation", "invited_at"], name="attempt_by_day"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class CallLine(models.Model):
    """Every telephone call, whoever rang: a view over attempts that were dialled and calls that people held."""

    uid = models.UUIDField(primary_key=True, help_text="Of the attempt or the conversation")
    direction = models.CharField(max_length=8, choices=Direction.choices)
    by_robot = models.BooleanField()
    at = models.DateTimeField(help_text="INVITE sent, or the conversation began")
    person = models.ForeignKey(Person, models.DO_NOTHING, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.DO_NOTHING, related_name="+")
    outcome = models.CharField(max_length=20)
    reason = models.CharField(max_length=12)

    class Meta:
        managed = False
        db_table = "contacts_callline"

    def __str__(self) -> str:
        return str(self.uid)
