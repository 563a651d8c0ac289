"""Tables of the rota. Times are moments; the wall clock they were planned by is the centre's."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from medet.base.models import Uid
from medet.places.models import Organisation
from medet.staff.rota.states import SwapState
from medet.staff.states import Role

STANDS = Q(dropped_at__isnull=True)


class Duty(Uid):
    """Planned: somebody is on duty in a role from a moment to another; dropped ones stay as history."""

    user = models.ForeignKey("staff.User", models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    languages = ArrayField(models.CharField(max_length=2), help_text="Spoken with patients on this duty")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, help_text="Taken out of the rota")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="duty_one_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (
                        Func("starts_at", "ends_at", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=STANDS,
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="duty_forwards"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="duty_role_known"),
        ]
        indexes = [models.Index(fields=["organisation", "starts_at", "id"], condition=STANDS, name="duty_by_start")]

    def __str__(self) -> str:
        return f"{self.role} {self.starts_at:%Y-%m-%d %H:%M}"


class Need(models.Model):
    """How many of a role must be on duty on a weekday between two times of day, since a day."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    language = models.CharField(max_length=2, blank=True, help_text="Who speaks it; empty: any")
    weekday = models.PositiveSmallIntegerField(help_text="1 Monday to 7 Sunday, of the beginning")
    starts = models.TimeField(help_text="On the wall where the centre works")
    ends = models.TimeField(help_text="Not later than the beginning: on the next day")
    count = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="First day it is no longer asked for")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "role", "language", "weekday", "starts", "ends"],
                condition=Q(valid_to__isnull=True),
                name="need_one_in_force",
            ),
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="need_weekday_known"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="need_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.count} {self.role} on {self.weekday} from {self.starts}"


class Shift(Uid):
    """Worked: when somebody really began and ended."""

    user = models.ForeignKey("staff.User", models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    forgotten = models.BooleanField(default=False, help_text="Nobody ended it: the worker did")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at__isnull=True), name="shift_one_running"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="shift_forwards"
            ),
        ]
        indexes = [models.Index(fields=["user", "-ended_at"], name="shift_last")]

    def __str__(self) -> str:
        return f"{self.role} since {self.started_at:%Y-%m-%d %H:%M}"


class Swap(Uid):
    """A question to a colleague: take my duty, perhaps for one of yours."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="swaps")
    in_return = models.ForeignKey(Duty, models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey("staff.User", models.PROTECT, related_name="+")
    colleague = models.ForeignKey("staff.User", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=SwapState.choices, default=SwapState.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duty"], condition=Q(state=SwapState.ASKED), name="swap_one_open_a_duty"),
            models.CheckConstraint(condition=Q(state__in=SwapState.values), name="swap_state_known"),
        ]

    def __str__(self) -> str:
        return str(self.uid)
