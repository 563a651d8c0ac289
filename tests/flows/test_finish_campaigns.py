"""Two who move a campaign at the same moment never cross."""

import threading

from django.db import connections, transaction

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.contacts.calls.models import CallOrder
from medet.contacts.campaigns.actions import move_campaign
from medet.contacts.models import Campaign
from medet.contacts.states import CampaignState
from medet.flows.finish_campaigns import finish_campaigns
from tests import make
from tests.flows.test_campaigns import NOON, done_today, start


def finished(found):
    """A turn of the worker's loop with a connection of its own."""
    with scope(WORKER):
        found.append(finish_campaigns(by=WORKER, now=NOON))
    connections.close_all()


def test_one_that_is_being_stopped_is_left_to_the_next_turn(live_database):
    with scope(WORKER):
        town = make.city()
        done_today(town)
        campaign = start(town)
        CallOrder.objects.filter(campaign=campaign).update(state="done")
    saule, found = town.actor("saule"), []
    with scope(saule), transaction.atomic():
        move_campaign(campaign_id=campaign.pk, to=CampaignState.STOPPED, by=saule, now=NOON)
        other = threading.Thread(target=finished, args=(found,))
        other.start()
        other.join(10)
        assert found == [False], "it neither waits nor fails"
    finished(found)
    with scope(WORKER):
        assert Campaign.objects.get(pk=campaign.pk).state == CampaignState.STOPPED
