"""A search by somebody: limited, because national numbers can be tried out one after the other, and in the audit.

The audit keeps a keyed hash of what was typed: whoever knows a number can find who searched for it, nobody can read it.
The same words again within the hour tell nothing new: they are neither counted nor written down once more.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from medet.base import audit, policy, refused, secret
from medet.base.actor import Actor
from medet.base.models import AuditEntry
from medet.base.refused import Refused
from medet.people.find import Found, find_people

SEARCH = "search"
WINDOW = timedelta(hours=1)
LIMITS = {"all": "search.per_hour", "unknown": "search.unknown_numbers_per_hour"}

refused.register(
    {
        "search.too_many": _(
            "You searched %(count)s times within an hour, which is as often as is allowed. Please go on a little later."
        )
    }
)


@transaction.atomic
def search_people(text: str, *, by: Actor, now: datetime, size: int) -> Found:
    """The first page of who was meant; refuses when the actor searched too often."""
    _one_at_a_time(by)
    lately = AuditEntry.objects.filter(action=SEARCH, by_user_id=by.user_id, at__gt=now - WINDOW)
    typed = secret.keyed_hash(" ".join(text.lower().split())).hex()
    if lately.filter(detail__typed=typed).exists():
        return find_people(text, by=by, now=now, size=size)
    _check(lately, now=now)
    found = find_people(text, by=by, now=now, size=size)
    audit.record(by=by, now=now, action=SEARCH, typed=typed, found=found.total, by_number=found.by_number)
    return found


def _one_at_a_time(by: Actor) -> None:
    """A hundred searches at once must not all see the count before any of them is in it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 1))", [by.user_setting])


def _check(lately: QuerySet[AuditEntry], *, now: datetime) -> None:
    counted = lately.aggregate(all=Count("pk"), unknown=Count("pk", filter=Q(detail__by_number=True, detail__found=0)))
    for which, limit in LIMITS.items():
        if counted[which] >= policy.whole(limit, now=now):
            raise Refused("search.too_many", count=counted[which])
