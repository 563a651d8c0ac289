"""A request as views get it: with its actor and its moment, put there by the gate (access.py)."""

from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from medet.base.actor import Actor

# Somebody who has not signed in; belongs nowhere and so sees nothing.
NOBODY = Actor(user_id=None, label="nobody")


class Asked(HttpRequest):
    """Only for types: Django makes plain requests, the gate adds the rest."""

    actor: Actor
    now: datetime
    htmx: HtmxDetails
