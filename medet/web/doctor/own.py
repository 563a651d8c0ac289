"""Patients at home about whom a doctor concluded last and who are in none of the doctor's tasks: they stay in Mine."""

from uuid import UUID

from django.db.models import Q, QuerySet

from medet.base.actor import Actor
from medet.records.models import Conclusion
from medet.records.queries import concluded_by
from medet.tasks.models import Task
from medet.tasks.states import TaskKind

_KEY = "own."


def mine(actor: Actor) -> Q:
    """Tasks taken by the reader; and a contact that is due is first offered to the doctor who knows the patient."""
    known = concluded_by(actor.user_id).values("case_id")
    return Q(owner_id=actor.user_id) | Q(owner__isnull=True, kind=TaskKind.DOCTOR_CONTACT, case_id__in=known)


def own_patients(actor: Actor, tasks: QuerySet[Task]) -> QuerySet[Conclusion]:
    """The last conclusion about each; `tasks`: the reader's, whose patients stand in the list already."""
    listed = tasks.filter(person__isnull=False).values("person__root_id")
    return concluded_by(actor.user_id).exclude(person__root_id__in=listed)


def key_of(row: Conclusion) -> str:
    """The place of a patient in this part of the list."""
    return f"{_KEY}{row.uid}"


def is_key(key: str) -> bool:
    """Whether a place lies in this part of the list, behind all tasks."""
    return key.startswith(_KEY)


def after_key(rows: QuerySet[Conclusion], key: str) -> QuerySet[Conclusion]:
    """Who stands behind a place; the next contact first, who has none last. Nonsense is the beginning."""
    try:
        last = Conclusion.objects.filter(uid=UUID(key.removeprefix(_KEY))).first()
    except ValueError:
        return rows
    if last is None:
        return rows
    day = last.next_contact_on
    if day is None:
        return rows.filter(next_contact_on__isnull=True, pk__gt=last.pk)
    later = Q(next_contact_on__gt=day) | Q(next_contact_on__isnull=True) | Q(next_contact_on=day, pk__gt=last.pk)
    return rows.filter(later)
