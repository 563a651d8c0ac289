"""Writers of conversations that people hold themselves."""

from datetime import datetime

from django.db import transaction

from medet.base.actor import Actor
from medet.contacts.models.contact import Contact
from medet.contacts.states import Channel, ContactOutcome
from medet.monitoring.models import DueContact
from medet.records.models import Case


@transaction.atomic
def note_contact(
    *,
    case: Case,
    channel: Channel,
    outcome: ContactOutcome,
    language: str,
    due_contact: DueContact | None,
    by: Actor,
    now: datetime,
) -> Contact:
    """A conversation that is over when it is written down."""
    return Contact.objects.create(
        person_id=case.person_id,
        case=case,
        organisation_id=case.organisation_id,
        due_contact=due_contact,
        channel=channel,
        language=language,
        by_user_id=by.user_id,
        started_at=now,
        ended_at=now,
        outcome=outcome,
    )
