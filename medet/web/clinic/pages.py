"""The clinic's list and one opened request, as shapes for the screen."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medet.base import phones, policy, wording
from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.base.keyset import behind, key_of
from medet.base.states import may_move
from medet.handovers.models import HomeVisit
from medet.handovers.queries import at_clinic, earlier_attempts, lately_ended
from medet.handovers.rules import roles_in
from medet.handovers.states import AT_CLINIC, VISIT_LIFE, VisitReason, VisitResult, VisitState
from medet.people.states import Language, Sex
from medet.places.models import District
from medet.records.codes import label
from medet.web.parts import told, visits
from medet.web.parts.people import short_age, short_name
from medet.web.parts.shapes import Action, DueView, Fact, Tab, TimelineRow, VisitRow, VisitView
from medet.web.parts.words import due_view

OVER = (VisitState.REFUSED, VisitState.REDIRECTED, VisitState.CLOSED)
TODO, OBSERVED, ENDED = "", "observed", "ended"
PAGE = 100
ORDER = {TODO: "visit_due_at", ENDED: "ended_at"}  # the moment by which a tab is ordered
DOOR = {
    "flat": gettext_lazy("flat %(text)s"),
    "entrance": gettext_lazy("entrance %(text)s"),
    "floor": gettext_lazy("floor %(text)s"),
    "intercom": gettext_lazy("door phone %(text)s"),
}


def listed(actor: Actor, tab: str, after: str, *, now: datetime) -> tuple[list[HomeVisit], str]:
    """One page of a tab behind a key, and where the next one is: what is to do by the time it is due; or what was ended
    as long ago as a clinic may still open it, newest first."""
    rows = at_clinic(actor)
    if tab == ENDED:
        rows = lately_ended(actor, since=now - timedelta(days=policy.whole("visit.clinic_reads_days", now=now)))
    page = list(behind(rows, ORDER[tab], after, backwards=tab == ENDED)[: PAGE + 1])
    shown = page[:PAGE]
    return shown, list_url(tab, key_of(shown[-1], ORDER[tab])) if len(page) > PAGE else ""


def tabs(tab: str, todo: int, observed: int | None) -> list[Tab]:
    """To do, whom a centre observes, and what was ended lately."""
    return [
        Tab(_("To do"), list_url(TODO), todo, current=tab == TODO),
        Tab(_("Under observation"), list_url(OBSERVED), observed, current=tab == OBSERVED),
        Tab(_("Ended"), list_url(ENDED), current=tab == ENDED),
    ]


def list_url(tab: str, after: str = "") -> str:
    """The list with one of its tabs, from a page on."""
    return reverse("clinic:desk") + _query(tab, after)


def _query(tab: str, after: str) -> str:
    said = {name: value for name, value in (("tab", tab), ("after", after)) if value}
    return f"?{urlencode(said)}" if said else ""


def row(visit: HomeVisit, url: str, opened: UUID | None, *, now: datetime) -> VisitRow:
    """One line of the list."""
    return VisitRow(
        uid=str(visit.uid),
        url=url,
        name=short_name(visit.person),
        age=short_age(visit.person, now=now),
        state=visits.state_pill(visit.state),
        band=visits.urgency_pill(visit.urgency),
        reason=_reason(visit),
        address=", ".join(filter(None, (visit.address, _flat(visit)))),
        due=_due(visit, now=now),
        worker=visit.assigned_to,
        current=opened == visit.uid,
    )


def address(visit: HomeVisit, tab: str = TODO, after: str = "") -> str:
    """The page of a request, with the way back to its place in the list."""
    return reverse("clinic:visit", args=[visit.uid]) + _query(tab, after)


def short_number(uid: UUID) -> str:
    """What two people say to each other on the telephone; the end of the uid, which counts nothing."""
    return uid.hex[-8:].upper()


def page(visit: HomeVisit, by: Actor, *, now: datetime) -> VisitView:
    """The whole request."""
    person, programme = visit.person, visits.programme_of(visit)
    born = person.birth_date
    district = District.objects.filter(kato=visit.district).first()
    return VisitView(
        uid=str(visit.uid),
        url=address(visit),
        number=_("Request %(number)s") % {"number": short_number(visit.uid)},
        name=person.full_name,
        age=wording.age(born, on=local_day(now)) if born else "",
        sex=str(Sex(person.sex).label),
        state=visits.state_pill(visit.state),
        band=visits.urgency_pill(visit.urgency),
        reason=_reason(visit),
        address=", ".join(filter(None, (district.name if district else "", visit.address))),
        address_note=_door(visit),
        phone=phones.display(visit.phone) if visit.phone else "",
        phone_url=f"tel:{visit.phone}" if visit.phone else "",
        due=_due(visit, now=now),
        from_whom=_from(visit),
        why_this_clinic=visits.chosen_words(visit.clinic_choice, visit.clinic_why),
        facts=_facts(visit),
        told=told.facts({**visit.complaints, **visit.measures}, programme),
        history=_history(visit, now=now),
        steps=visits.steps(visit) if visit.state not in OVER else (),
        actions=_actions(visit, by),
        result=_result(visit),
    )


def _reason(visit: HomeVisit) -> str:
    words = str(VisitReason(visit.reason).label)
    return f"{words}: {visit.reason_text}" if visit.reason_text else words


def _due(visit: HomeVisit, *, now: datetime) -> DueView | None:
    return due_view(visit.visit_due_at, now=now) if visit.state in AT_CLINIC else None


def _flat(visit: HomeVisit) -> str:
    return str(DOOR["flat"]) % {"text": visit.door["flat"]} if visit.door.get("flat") else ""


def _door(visit: HomeVisit) -> str:
    parts = [str(words) % {"text": visit.door[name]} for name, words in DOOR.items() if visit.door.get(name)]
    return ", ".join(filter(None, (*parts, visit.door.get("note", ""))))


def _from(visit: HomeVisit) -> str:
    sent = wording.moment(visit.sent_at) if visit.sent_at else ""
    return ", ".join(filter(None, (visit.organisation.name, str(visit.asked_by or ""), sent)))


def _facts(visit: HomeVisit) -> list[Fact]:
    rows = [
        Fact(_("Diagnosis"), f"{visit.icd10} {label('icd10', visit.icd10)}" if visit.icd10 else "", wide=True),
        Fact(_("Risk groups"), ", ".join(label("risk_groups", code) for code in visit.risk_groups), wide=True),
        Fact(_("Language"), str(Language(visit.person.language).label)),
        Fact(_("Doctor"), visit.assigned_to),
        Fact(_("From the centre"), visit.note, wide=True),
        Fact(_("Note"), visit.result_note if visit.state in AT_CLINIC else "", wide=True),  # of the attempt before
    ]
    return [row for row in rows if row.value]


def _result(visit: HomeVisit) -> str:
    if visit.state in AT_CLINIC:
        return ""  # what the attempt before left behind is no result
    parts: Iterable[str] = (
        visits.redirected_words(visit.clinic_why),
        str(VisitResult(visit.result).label) if visit.result else "",
        f"{visit.result_icd10} {label('icd10', visit.result_icd10)}" if visit.result_icd10 else "",
        "" if visit.pcr_taken is None else (_("PCR swab taken") if visit.pcr_taken else _("no PCR swab")),
        visit.refusal,
        visit.result_note,
    )
    return ". ".join(part for part in parts if part)


def _history(visit: HomeVisit, *, now: datetime) -> list[TimelineRow]:
    receiver, nobody = str(visit.received_by or ""), VisitState.NOT_FOUND
    ended = visit.state if visit.state != VisitState.CLOSED else _end_of(visit)
    read = visit.closed_at if visit.state == VisitState.CLOSED else None
    rows = [
        (read, "flag", _("The centre has read the result"), ""),
        (visit.ended_at, visits.STATES.get(ended, ("", "flag"))[1], str(VisitState(ended).label), _where(visit)),
        *((at, visits.STATES[nobody][1], str(nobody.label), "") for at in earlier_attempts(visit)),
        (visit.received_at, "check", _("Accepted"), receiver),
        (visit.duty_heard_at, "phone", _("Told to the telephone on duty"), ""),
        (visit.shown_at, "eye", _("Seen on the clinic’s page"), ""),
        (visit.sent_at, "send", _("Sent by the centre"), str(visit.asked_by or "")),
    ]
    return [TimelineRow(at, wording.near(at, now=now), icon, text, detail) for at, icon, text, detail in rows if at]


def _where(visit: HomeVisit) -> str:
    """Who went, or the clinic it went on to."""
    return visits.clinic_named(visit.clinic_why, "to") if visit.state == VisitState.REDIRECTED else visit.assigned_to


def _end_of(visit: HomeVisit) -> str:
    """How a request that is closed by now had ended at the clinic."""
    if visit.result:
        return VisitState.DONE
    return VisitState.REFUSED if visit.refusal else VisitState.NOT_FOUND


def _actions(visit: HomeVisit, by: Actor) -> list[Action]:
    url = address(visit)
    offered = {
        VisitState.RECEIVED: Action("accept", _("Accept"), url, "check", "primary", "KeyA"),
        VisitState.UNDER_WAY: Action("under_way", _("On the way"), url, "walk", "primary", "KeyW"),
    }
    roles = roles_in(visit, by)
    return [action for state, action in offered.items() if may_move(VISIT_LIFE, visit.state, state, roles)]
