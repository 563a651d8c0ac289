"""The platform's own records: what happened, who looked, what is proven, what is sealed, which limits hold.

No foreign keys here: these rows outlive what they tell about, and this room knows nobody above it.
The application role may only SELECT and INSERT on the first four tables (migrations/0001_first.py).
"""

from typing import Self, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from medet.base.ids import uuid7

LISTED = "list"  # the action of a row of the audit that holds the people of a list
NOT_IN_LAW = _("not confirmed by law")
UID_HELP = "UUIDv7; the only id shown outside the installation"


class Uid(models.Model):
    """Mixin: whatever has a page, a message, a FHIR id or evidence. For partitioned tables see `PlainUid`."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False, help_text=UID_HELP)

    class Meta:
        abstract = True


class PlainUid(models.Model):
    """Mixin for monthly partitioned tables, where a unique index would have to hold the time as well."""

    uid = models.UUIDField(default=uuid7, db_index=True, editable=False, help_text=UID_HELP)

    class Meta:
        abstract = True


Row = TypeVar("Row", bound="Appended", covariant=True)


class AppendedQuerySet(models.QuerySet[Row]):
    """Reads append-only rows in an order in which nothing can appear behind the reader."""

    def settled(self) -> Self:
        """Rows whose transaction, and every older one, has ended."""
        horizon = RawSQL("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", [], models.BigIntegerField())
        return self.filter(xid__lt=horizon).order_by("xid", "id")

    def after(self, cursor: tuple[int, int]) -> Self:
        """Rows behind the cursor; written as a range and an exception, because that uses the index on (xid, id)."""
        xid, number = cursor
        return self.filter(xid__gte=xid).exclude(xid=xid, id__lte=number)


class Appended(models.Model):
    """Mixin of the append-only tables: by whom, when, and in which transaction."""

    id = models.BigAutoField(primary_key=True, help_text="running number")
    xid = models.BigIntegerField(
        db_default=Cast(
            Cast(models.Func(function="pg_current_xact_id"), models.TextField()),
            models.BigIntegerField(),
        ),
        editable=False,
        help_text="number of the transaction that wrote the row",
    )
    at = models.DateTimeField(help_text="when it happened, by the clock of the program")
    by_user_id = models.BigIntegerField(null=True, help_text="the user who did it; empty for own processes")
    by_label = models.CharField(max_length=20, blank=True, help_text="robot or worker; empty for users")

    class Meta:
        abstract = True

    @property
    def cursor(self) -> tuple[int, int]:
        """The row's place in the commit-safe order."""
        return self.xid, self.id


class Pulse(models.Model):
    """When a process last said that it lives. Told by the process itself; the worker and the pages read it."""

    name = models.CharField(max_length=40, unique=True, help_text="worker, phone, ...")
    at = models.DateTimeField()
    began_at = models.DateTimeField(help_text="Since when without a pause")
    facts = models.JSONField(default=dict, help_text="Figures of the process itself, nothing of a patient")

    class Meta:
        db_table = "base_pulse"

    def __str__(self) -> str:
        return self.name


class JournalEntry(Appended):
    """One thing that happened; the history of every state. Partitioned by month."""

    kind = models.CharField(max_length=80, help_text="what happened, as room.verb")
    code = models.CharField(max_length=80, blank=True, help_text="which sentence tells it")
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder, help_text="values for the sentence")
    person_id = models.BigIntegerField(null=True, help_text="the person it was recorded under")
    case_id = models.BigIntegerField(null=True, help_text="the case it belongs to")
    organisation_id = models.BigIntegerField(null=True, help_text="the organisation it belongs to")
    object_uid = models.UUIDField(help_text="what it happened to")

    objects = models.Manager.from_queryset(AppendedQuerySet)()

    class Meta:
        db_table = "journal_entry"
        indexes = (
            models.Index(fields=["xid", "id"], name="journal_settled"),
            models.Index(fields=["person_id", "at"], name="journal_person"),
            models.Index(fields=["object_uid", "at"], name="journal_object"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.object_uid}"


class AuditEntry(Appended):
    """One read, search, export, playback or change, and who did it. Partitioned by month."""

    action = models.CharField(max_length=80, help_text="what was done, as room.verb")
    person_id = models.BigIntegerField(null=True, help_text="whose record")
    object_uid = models.UUIDField(null=True, help_text="which object")
    organisation_id = models.BigIntegerField(null=True, help_text="on behalf of which organisation")
    detail = models.JSONField(default=dict, encoder=DjangoJSONEncoder, help_text="address, reason, number of rows")

    objects = models.Manager.from_queryset(AppendedQuerySet)()

    class Meta:
        db_table = "audit_entry"
        indexes = (
            models.Index(fields=["xid", "id"], name="audit_settled"),
            models.Index(fields=["person_id", "at"], name="audit_person"),
            models.Index(fields=["by_user_id", "at"], name="audit_user"),
            GinIndex(
                OpClass(models.F("detail__people"), name="jsonb_path_ops"),
                condition=models.Q(action=LISTED),
                name="audit_listed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.object_uid}"


class Evidence(Uid, Appended):
    """Facts kept when they happened, with their hash."""

    kind = models.CharField(max_length=80, help_text="what the facts prove, as room.noun")
    object_uid = models.UUIDField(db_index=True, help_text="what they are about")
    facts = models.JSONField(encoder=DjangoJSONEncoder, help_text="the facts themselves")
    sha256 = models.BinaryField(max_length=32, help_text="hash of the canonical JSON of the facts")

    objects = models.Manager.from_queryset(AppendedQuerySet)()

    class Meta:
        db_table = "evidence"
        indexes = (models.Index(fields=["xid", "id"], name="evidence_settled"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class Seal(models.Model):
    """One link of the hash chain over audit or evidence rows; covers all rows after the link before it."""

    chain = models.CharField(max_length=20, help_text="audit or evidence")
    number = models.BigIntegerField(help_text="place in the chain, from 1")
    at = models.DateTimeField(help_text="when it was sealed")
    last_xid = models.BigIntegerField(help_text="transaction of the last row covered")
    last_id = models.BigIntegerField(help_text="id of the last row covered")
    rows = models.BinaryField(help_text="for each row 8 bytes of its id and 8 bytes of its hash, to name a changed row")
    sha256 = models.BinaryField(max_length=32, help_text="hash over the link before and all covered rows")
    mac = models.BinaryField(max_length=32, help_text="the same under the installation's key: a chain cannot be remade")

    class Meta:
        db_table = "seal"
        constraints = (models.UniqueConstraint(fields=["chain", "number"], name="seal_number"),)

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"


class PolicyParameter(models.Model):
    """A limit of law or protocol with its validity, its source and who confirmed it."""

    code = models.CharField(max_length=60, help_text="name of the limit")
    value = models.JSONField(help_text="the value")
    unit = models.CharField(max_length=20, blank=True, help_text="days, minutes, local time ...")
    valid_from = models.DateField(help_text="first local day it is in force")
    valid_to = models.DateField(null=True, blank=True, help_text="first local day it is no longer in force")
    legal_ref = models.TextField(blank=True, help_text="act and item; empty: not confirmed by law")
    jurisdiction = models.CharField(max_length=20, default="KZ", help_text="where it holds")
    set_by = models.BigIntegerField(null=True, help_text="user who set it; empty: shipped with the program")
    confirmed_by = models.BigIntegerField(null=True, help_text="user who confirmed it for production")
    confirmed_at = models.DateTimeField(null=True, help_text="when it was confirmed")

    class Meta:
        db_table = "policy_parameter"
        constraints = (
            ExclusionConstraint(
                name="policy_one_value_a_day",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    ("jurisdiction", RangeOperators.EQUAL),
                    (models.Func("valid_from", "valid_to", function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="policy_confirmed_by_and_at",
                condition=models.Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} = {self.value}"

    @property
    def source(self) -> str:
        """Act and item, or the words that there is none."""
        return self.legal_ref or str(NOT_IN_LAW)
