"""The made-up city with one of everything to look at, made by the actions of the product.

The demo's city (sixty people, three days lived through), and on top of it what today brings: a danger sign, calls
nobody answered, colleagues at work, and one clinic with a home visit in every state.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from medet.base.actor import ROBOT, WORKER, Actor
from medet.base.clock import local_day
from medet.base.scope import scope
from medet.contacts.line.actions import TrunkData, put_trunk
from medet.demo.city.places import receiver_of
from medet.demo.city.seed import one_transaction, seed
from medet.flows.conclude import Decision, Next, conclude
from medet.flows.give_list import give_list
from medet.flows.hand_contact import hand_contact
from medet.flows.not_reached import not_reached
from medet.flows.request_visit import VisitWish, request_visit
from medet.flows.take_list import start_list, take_lists
from medet.flows.visit_moves import advance_visit, finish_visit
from medet.handovers.actions import VisitFindings, note_ring
from medet.handovers.models import HomeVisit
from medet.handovers.states import Urgency, VisitReason, VisitResult, VisitState
from medet.monitoring.models import DueContact, Enrolment
from medet.monitoring.queries import alerts_of
from medet.monitoring.states import DueKind, EnrolmentState
from medet.people.models import Person
from medet.people.queries import address_of, iin_of
from medet.places.models import Organisation
from medet.places.queries import clinic_by_address
from medet.places.states import Kind
from medet.records.actions import Findings
from medet.records.intake.models import IntakeRow
from medet.records.intake.states import RowState
from medet.records.models import Case, Conclusion
from medet.records.states import CaseState, Severity
from medet.staff.actions import create_user, give_role, invite
from medet.staff.models import SharedDevice, User
from medet.staff.queries import actor_of
from medet.staff.shared.actions import set_pin, share_device, try_pin
from medet.staff.shared.rules import TRIES
from medet.staff.states import Role
from medet.tasks.actions import take_task
from medet.tasks.models import Task
from medet.tasks.states import TaskState
from medet.worker.reference import load_reference
from tests.records.intake.faulty import RU, good
from tests.records.intake.sheets import csv_bytes
from tests.web.round import told

V = VisitState
# How a request comes into each state a clinic or an operator can meet it in; `again` goes where nobody was found.
WAYS = {
    V.SENT: (),
    V.RECEIVED: (V.RECEIVED,),
    V.ASSIGNED: (V.RECEIVED, V.ASSIGNED),
    V.UNDER_WAY: (V.RECEIVED, V.ASSIGNED, V.UNDER_WAY),
    V.DONE: (V.RECEIVED, V.ASSIGNED, V.UNDER_WAY, V.DONE),
    V.NOT_FOUND: (V.RECEIVED, V.ASSIGNED, V.NOT_FOUND),
    V.REFUSED: (V.REFUSED,),
    V.CLOSED: (V.RECEIVED, V.ASSIGNED, V.UNDER_WAY, V.DONE, V.CLOSED),
    "again": (V.RECEIVED, V.ASSIGNED, V.NOT_FOUND, V.ASSIGNED),
}
URGENCIES = (Urgency.TWO_HOURS, Urgency.TODAY, Urgency.DAY)
TRUNK = TrunkData(
    address="sip.example.kz:5060",
    user="medet",
    password="tests",
    register=True,
    caller_id="+77272000000",
    allowed_prefixes=["+7"],
    max_channels=30,
    attempts_per_s=5,
)
DOCTOR = "Сейітова Гүлнар Мұратқызы"


@dataclass
class Ward:
    """Who works there by the name of the scene, and what can be opened."""

    users: dict[str, User] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    visits: dict[str, HomeVisit] = field(default_factory=dict)
    conclusions: dict[str, Conclusion] = field(default_factory=dict)
    lists: dict[str, tuple[UUID, int]] = field(default_factory=dict)  # a list, and a row of it to decide on
    secret: str = ""  # of somebody's invitation
    phone: tuple[SharedDevice, str] = field(init=False)  # of the receiver's clinic, with its cookie


def build(*, now: datetime) -> Ward:
    """The whole of it; the caller holds the worker's scope."""
    load_reference(now=now)
    assert seed(now=now - timedelta(hours=1))
    with one_transaction():
        return _today(now=now)


def _today(*, now: datetime) -> Ward:
    free = iter(_calm())
    ward = Ward(users={user.username: user for user in User.objects.all()})
    _illness(ward, free, now=now)
    _calls(ward, free, now=now)
    _visits(ward, free, now=now)
    _idle(ward, now=now)
    _list(ward, now=now)
    _phone(ward, now=now)
    put_trunk(data=TRUNK, by=actor_of(ward.users["admin"], now=now), now=now)
    ward.secret = invite(user=ward.users["operator4"], valid_for=timedelta(days=7), by=WORKER, now=now)
    ward.people["new"] = Case.objects.filter(state=CaseState.OPENED).latest("pk").person
    ward.people["ended"] = Case.objects.filter(state=CaseState.RECOVERED).latest("pk").person
    return ward


def _list(ward: Ward, *, now: datetime) -> None:
    """A list with a good row, one to mend, and one that only a person can decide; and one with a doubtful name."""
    by = actor_of(ward.users["operator"], now=now)
    known = iin_of(ward.people["danger"]) or ""
    centre = Organisation.objects.get(kind=Kind.TELEMEDICINE_CENTRE)
    rows = {
        "taken": [good(1), good(2, iin="5,9E+11"), good(3, iin=known, family="Ахметова")],
        "alike": [good(4), good(5, iin="")],  # of the same name and birth date as two who are followed
    }
    for name, said in rows.items():
        given = give_list(data=csv_bytes([RU, *said]), organisation=centre, by=by, now=now)
        start_list(given=given, programme_code="covid-home", by=by, now=now)
        while take_lists(by=WORKER, now=now):
            pass
        row = IntakeRow.objects.get(given=given, state=RowState.CHECK)
        ward.lists[name] = (given.uid, row.number)


def _calm() -> list[Enrolment]:
    """Under observation, with nothing that anybody owes."""
    busy = Task.objects.filter(state=TaskState.OPEN, case_id__isnull=False).values("case_id")
    rows = Enrolment.objects.filter(state=EnrolmentState.ACTIVE).exclude(case__in=busy)
    return list(rows.select_related("case__person").order_by("pk"))


def _illness(ward: Ward, free: Iterator[Enrolment], *, now: datetime) -> None:
    doctor, colleague = (actor_of(ward.users[name], now=now) for name in ("doctor", "doctor2"))
    for name, given, ago in (
        ("danger", {"state": "worse", "breath": "rest", "fever": "38to39"}, 34),
        ("worse", {"state": "worse", "breath": "exertion"}, 12),
        ("held", {"state": "worse"}, 25),
        ("no medicines", {"state": "same", "medicines": "none"}, 20),
        ("not at home", {"state": "better", "at_home": "no"}, 8),
    ):
        enrolment = ward_of(ward, name, next(free))
        told(enrolment, given, now=now - timedelta(minutes=ago))
    for task in Task.objects.filter(state=TaskState.OPEN, person=ward.people["held"]):
        take_task(task=task, by=colleague, now=now)
    case = ward_of(ward, "concluded", next(free)).case
    told(case.enrolments.get(), {"state": "worse"}, now=now - timedelta(minutes=40))
    _conclude(case, by=doctor, now=now - timedelta(minutes=15))
    ward.conclusions["concluded"] = Conclusion.objects.filter(case=case).latest("pk")


def ward_of(ward: Ward, name: str, enrolment: Enrolment) -> Enrolment:
    """Somebody gets a name that scenes can use."""
    ward.people[name] = enrolment.case.person
    return enrolment


def _conclude(case: Case, *, by: Actor, now: datetime) -> None:
    findings = Findings(
        severity=Severity.MODERATE,
        icd10="U07.1",
        outcome="more_often",
        advice=("stay_home", "drink", "temperature", "call_103"),
        treatment="Парацетамол 500 мг при температуре выше 38,5 °C",
        next_contact_on=local_day(now) + timedelta(days=1),
    )
    seen = frozenset(alert.uid for alert in alerts_of(case))
    conclude(case=case, decision=Decision(findings=findings, then=Next.GO_ON, seen=seen), by=by, now=now)


def _calls(ward: Ward, free: Iterator[Enrolment], *, now: datetime) -> None:
    """What the robot gave to the operators; one of them is in a colleague's hands."""
    colleague = actor_of(ward.users["operator2"], now=now)
    for name, reason, ago in (
        ("not reached", "not_reached", 70),
        ("tried", "not_reached", 200),
        ("no phone", "no_phone", 30),
        ("stranger", "not_the_patient", 20),
        ("taken", "not_understood", 10),
    ):
        enrolment = ward_of(ward, name, next(free))
        due = DueContact.objects.filter(enrolment=enrolment).latest("on")
        hand_contact(due=due, reason=reason, by=WORKER, now=now - timedelta(minutes=ago))
    for ago in (190, 125, 62):
        person = ward.people["tried"]
        not_reached(
            case=Case.objects.filter(person=person).latest("pk"), by=colleague, now=now - timedelta(minutes=ago)
        )
    for task in Task.objects.filter(state=TaskState.OPEN, person=ward.people["taken"]):
        take_task(task=task, by=colleague, now=now)


def _visits(ward: Ward, free: Iterator[Enrolment], *, now: datetime) -> None:
    """One clinic with a request in every state."""
    operator = actor_of(ward.users["operator"], now=now)
    clinic, free = _neighbours(list(free))
    _miss(next(free), now=now)
    names = dict(zip(_polyclinics(), sorted(name for name in ward.users if name.startswith("clinic")), strict=True))
    ward.users["receiver"] = ward.users[names[clinic]]
    ward.users["head"] = ward.users[names[clinic].replace("clinic", "head")]
    for place, state in enumerate(WAYS):
        enrolment = ward_of(ward, f"visit {state}", next(free))
        began = now - timedelta(minutes=105 - 10 * place)
        told(enrolment, {"state": "worse", "fever": "38to39"}, now=began - timedelta(minutes=5))
        wish = VisitWish(
            reason=VisitReason.WORSENING,
            urgency=URGENCIES[place % 3],
            note="Живёт одна, домофон не работает: звоните, спустится соседка.",
            clinic=clinic,
        )
        visit = request_visit(case=enrolment.case, wish=wish, by=operator, now=began)
        if state == V.RECEIVED:
            _told_on_duty(visit, now=began)
        ward.visits[state] = _led(visit, WAYS[state], ward, now=began)
    # One of the clinics gave no telephone on duty.
    Organisation.objects.filter(pk=_polyclinics()[2].pk).update(duty_phone="")


def _told_on_duty(visit: HomeVisit, *, now: datetime) -> None:
    """Nobody saw it at first, so the robot rang, and rang again."""
    for minutes, code in ((2, "no_answer"), (5, "heard")):
        at = now + timedelta(minutes=minutes)
        note_ring(visit_ids=[visit.pk], code=code, heard=code == "heard", by=ROBOT, now=at)


def _neighbours(free: Sequence[Enrolment]) -> tuple[Organisation, Iterator[Enrolment]]:
    """The clinic with most of them, for it shows its own people too; and all of them, these first."""
    clinics = [_clinic_of(enrolment.case.person) for enrolment in free]
    ((most, _),) = Counter(clinics).most_common(1)
    ordered = sorted(zip(clinics, free, strict=True), key=lambda pair: pair[0] != most)
    return most, (enrolment for _, enrolment in ordered)


def _miss(enrolment: Enrolment, *, now: datetime) -> None:
    """The robot has not reached them."""
    due = DueContact.objects.filter(enrolment=enrolment, kind=DueKind.ROBOT).latest("on")
    hand_contact(due=due, reason="not_reached", by=WORKER, now=now)


def _phone(ward: Ward, *, now: datetime) -> None:
    """The clinic's shared telephone: receiver and head have a PIN, a colleague has none, one's is locked."""
    receiver = actor_of(ward.users["receiver"], now=now)
    clinic = Organisation.objects.get(pk=receiver.organisation_ids[0])
    for name, family, given in (("colleague", "Әбдірахманова", "Гүлжанар"), ("forgot", "Константинопольский", "Артём")):
        names = {"family_name": family, "given_name": given, "language": "kk"}
        user = create_user(username=name, password="tests", by=WORKER, now=now - timedelta(days=1), **names)
        give_role(user=user, role=Role.CLINIC_RECEIVER, organisation=clinic, by=WORKER, now=now - timedelta(days=1))
        ward.users[name] = user
    ward.phone = share_device(organisation=clinic, name="Кезекші телефон", by=receiver, now=now)
    for name in ("receiver", "head", "forgot"):
        user = ward.users[name]
        set_pin(device=ward.phone[0], user=user, pin="473829", by=actor_of(user, now=now), now=now)
    for _ in range(TRIES):
        try_pin(device=ward.phone[0], user_uid=ward.users["forgot"].uid, pin="907142", now=now)


def _clinic_of(person: Person) -> Organisation:
    address = address_of(person)
    assert address
    found = clinic_by_address(district=address.district, street=address.street)
    assert found
    return found.clinic


def _polyclinics() -> list[Organisation]:
    return list(Organisation.objects.filter(kind=Kind.POLYCLINIC).order_by("pk"))


def _led(visit: HomeVisit, way: Sequence[VisitState], ward: Ward, *, now: datetime) -> HomeVisit:
    receiver, operator = (actor_of(ward.users[name], now=now) for name in ("receiver", "operator"))
    changes = {
        V.ASSIGNED: {"assigned_to": DOCTOR},
        V.REFUSED: {"refusal": "Адрес обслуживает другая поликлиника"},
        V.NOT_FOUND: {"result_note": "Дверь не открыли, соседи не видели два дня"},
    }
    for step, to in enumerate(way, start=1):
        at = now + timedelta(minutes=7 * step)
        if to == V.DONE:
            found = VisitFindings(result=VisitResult.STAYS_HOME, icd10="U07.1", note="SpO₂ 95 %", pcr_taken=True)
            with scope(receiver):
                finish_visit(visit=visit, findings=found, by=receiver, now=at)
            continue
        by = operator if to == V.CLOSED else receiver
        with scope(by):
            advance_visit(visit=visit, to=to, by=by, now=at, **changes.get(to, {}))
    return HomeVisit.objects.get(pk=visit.pk)


def _idle(ward: Ward, *, now: datetime) -> None:
    """Who has nothing to do, and who has no desk."""
    elsewhere = Organisation.objects.filter(kind=Kind.HEALTH_DEPARTMENT).first()
    assert elsewhere
    for name, role in (("idle operator", Role.OPERATOR), ("idle doctor", Role.DOCTOR)):
        user = create_user(
            username=role + "9",
            password=None,
            family_name="Жүнісова",
            given_name="Мадина",
            language="kk",
            by=WORKER,
            now=now - timedelta(days=1),
        )
        give_role(user=user, role=role, organisation=elsewhere, by=WORKER, now=now - timedelta(days=1))
        ward.users[name] = user
    asked = set(HomeVisit.objects.values_list("clinic", flat=True))
    quiet = next(place for place, clinic in enumerate(_polyclinics()) if clinic.pk not in asked)
    ward.users["idle receiver"] = ward.users[receiver_of(f"x_{101 + quiet}")]
