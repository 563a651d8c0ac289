"""Writers of conversations that people hold themselves."""

from datetime import datetime

from django.db import transaction

from medet.base import journal
from medet.base.actor import Actor
from medet.contacts.models.contact import Contact
from medet.contacts.states import Channel, ContactOutcome, InboundReason
from medet.monitoring.models import DueContact
from medet.people.models import Person
from medet.places.models import Organisation
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


@transaction.atomic
def note_inbound(
    *,
    organisation: Organisation,
    person: Person | None,
    case: Case | None,
    reason: InboundReason,
    language: str,
    by: Actor,
    now: datetime,
) -> Contact:
    """Somebody rang the centre; who it was may stay unknown."""
    contact = Contact.objects.create(
        person=person,
        case=case,
        organisation=organisation,
        channel=Channel.INBOUND,
        reason=reason,
        language=language,
        by_user_id=by.user_id,
        started_at=now,
        ended_at=now,
        outcome=ContactOutcome.WRITTEN,
    )
    journal.append(
        kind="call.inbound",
        by=by,
        now=now,
        person_id=person.pk if person else None,
        case_id=case.pk if case else None,
        object_uid=contact.uid,
        organisation_id=organisation.pk,
        code=reason,
    )
    return contact
