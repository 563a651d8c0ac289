"""A campaign holds its call orders until their windows end; a stop holds back every call of an organisation."""

from django.db import models
from django.db.models import Q

from medet.base.models import Uid
from medet.contacts.states import CampaignState, Preset, StopState
from medet.places.models import Organisation
from medet.staff.models import User


class Campaign(Uid):
    """A run of robot calls of one organisation: the day's own, or one a supervisor asked for."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=CampaignState.choices, default=CampaignState.RUNNING)
    on = models.DateField(help_text="The local day it is for")
    created_at = models.DateTimeField()
    started_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: the day's plan"
    )
    wanted = models.JSONField(default=dict, blank=True, help_text="Whom it was started for, as it was asked then")
    moved_at = models.DateTimeField(null=True, blank=True, help_text="Paused, resumed, stopped or finished")
    moved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # How hard it rings: the preset's numbers of the moment it was chosen. The law's own limits hold beside them.
    preset = models.CharField(max_length=10, choices=Preset.choices, default=Preset.NORMAL)
    lines_percent = models.PositiveSmallIntegerField(default=100, help_text="Of the trunk's channels at once")
    tries = models.PositiveSmallIntegerField(default=9, help_text="Calls to one person at most")
    gap_minutes = models.PositiveSmallIntegerField(default=0, help_text="Between two calls to one person at least")
    spread = models.BooleanField(default=True, help_text="Tries are spread over the parts of the day")
    hours_start = models.TimeField(null=True, blank=True, help_text="Local; empty: as the law allows")
    hours_end = models.TimeField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(default=2, help_text="1 is rung before 2")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name", "on"], name="campaign_once_a_day"),
            models.CheckConstraint(condition=Q(state__in=CampaignState.values), name="campaign_state_known"),
            models.CheckConstraint(
                condition=Q(lines_percent__range=(1, 100), tries__gte=1), name="campaign_settings_sane"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "on"], name="campaign_by_day")]

    def __str__(self) -> str:
        return f"{self.name} {self.on}"


class RobotStop(Uid):
    """Every robot call of an organisation was stopped by one key; the claim and the permit read it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=StopState.choices, default=StopState.STANDS)
    stopped_at = models.DateTimeField()
    stopped_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    why = models.CharField(max_length=300, blank=True, help_text="Why the robot may ring again")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(state=StopState.STANDS), name="robot_stop_one_stands"
            ),
            models.CheckConstraint(
                condition=Q(state=StopState.STANDS, lifted_at__isnull=True, why="")
                | Q(state=StopState.LIFTED, lifted_at__isnull=False) & ~Q(why=""),
                name="robot_stop_lifted_has_why",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class CampaignFilter(Uid):
    """Whom a campaign is started for, kept under a name to be used again."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    wanted = models.JSONField(default=dict)
    kept_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="campaign_filter_name"),
        ]

    def __str__(self) -> str:
        return self.name
