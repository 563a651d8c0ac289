"""A campaign holds its call orders until their windows end."""

from django.db import models
from django.db.models import Q

from medet.base.models import Uid
from medet.contacts.states import CampaignState
from medet.places.models import Organisation


class Campaign(Uid):
    """A run of robot calls of one organisation."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=CampaignState.choices, default=CampaignState.RUNNING)
    on = models.DateField(help_text="The local day it is for")
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True, blank=True, help_text="Paused, resumed or stopped")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name", "on"], name="campaign_once_a_day"),
            models.CheckConstraint(condition=Q(state__in=CampaignState.values), name="campaign_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.on}"
