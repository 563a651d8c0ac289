"""A file is given: it is read and kept as a preview; the same file again is the same list."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from medet.base import policy
from medet.base.actor import Actor
from medet.base.refused import Refused
from medet.places.models import Organisation
from medet.records.intake.actions import keep_list
from medet.records.intake.models import IntakeList
from medet.records.intake.sheet import Limits, Unreadable, read_lines
from medet.records.intake.states import ListState

MEGABYTE = 1_000_000


@transaction.atomic
def give_list(*, data: bytes, organisation: Organisation, by: Actor, now: datetime) -> IntakeList:
    """A new preview, or the list this file already is, wherever that stands."""
    megabytes = policy.whole("intake.max_megabytes", now=now)
    if len(data) > megabytes * MEGABYTE:
        raise Refused("list.too_big", megabytes=megabytes)
    digest = sha256(data).hexdigest()
    same = IntakeList.objects.filter(organisation=organisation, sha256=digest).exclude(state=ListState.DISCARDED)
    known = same.first()
    if known:
        return known
    try:
        lines = read_lines(data, Limits(rows=policy.whole("intake.max_rows", now=now)))
    except Unreadable as fault:
        raise Refused(fault.code) from fault
    return keep_list(lines=lines, sha256=digest, organisation=organisation, by=by, now=now)
