"""Every address that is not for everybody climbs the ladder; a new address without a rung fails here."""

from functools import partial

import pytest

from medet.base.actor import WORKER
from medet.base.scope import scope
from medet.flows.give_list import give_list
from medet.flows.request_visit import VisitWish, request_visit
from medet.flows.take_list import start_list, take_lists
from medet.people.queries import iin_of
from medet.places.states import Kind
from medet.records.intake.models import IntakeRow
from medet.records.intake.states import RowState
from medet.staff.actions import give_role
from medet.staff.states import Role
from medet.web.access import ADDRESSES
from tests import make
from tests.records.intake.faulty import RU, good
from tests.records.intake.sheets import csv_bytes
from tests.web.ladder import Rung, climb
from tests.web.round import WORSE, ill


def patient(town):
    """Somebody of our centre; Marat is a doctor of it too, and Boris works at another centre."""
    case = ill(town, WORSE)
    with scope(WORKER):
        other = make.organisation("Other centre", Kind.TELEMEDICINE_CENTRE, town.centre.region)
        for name, role, place in (
            ("boris", Role.DOCTOR, other),
            ("boris", Role.OPERATOR, other),
            ("marat", Role.DOCTOR, town.centre),
        ):
            give_role(user=town.users[name], role=role, organisation=place, by=WORKER, now=make.NOON)
    return {"uid": case.person.uid}


def visit(town):
    """A request to Dana's clinic, where Saule helps out; Boris works at Clinic 5."""
    case = ill(town, WORSE)
    with scope(WORKER):
        give_role(
            user=town.users["saule"], role=Role.CLINIC_RECEIVER, organisation=town.clinic, by=WORKER, now=make.NOON
        )
    serik = town.actor("serik")
    with scope(serik):
        wish = VisitWish(reason="worsening", urgency="today")
        return {"uid": request_visit(case=case, wish=wish, by=serik, now=make.NOON).uid}


def robot(town):
    """Today's campaign rings."""
    ill(town)
    return {}


def second_leader(town):
    """Marat leads the centre too."""
    give(town, "marat", Role.SUPERVISOR)
    return {}


def two_keepers(town):
    """Marat and Boris administer the installation."""
    give(town, "marat", Role.ADMINISTRATOR)
    give(town, "boris", Role.ADMINISTRATOR)
    return {}


def heads(town):
    """Dana and Saule lead the clinic, Boris another one."""
    with scope(WORKER):
        for name in ("dana", "saule"):
            give_role(
                user=town.users[name], role=Role.HEAD_OF_CLINIC, organisation=town.clinic, by=WORKER, now=make.NOON
            )
    return {}


SHOWN = ("desk", "organisations", "users", "prompts", "limits")
PROMPT = {"language": "ru", "key": "greeting"}


def give(town, name, role):
    with scope(WORKER):
        give_role(user=town.users[name], role=role, organisation=town.centre, by=WORKER, now=make.NOON)


def given(town):
    """A list of our centre with a row that only a person can decide; Marat is an operator already."""
    aigerim = town.actor("aigerim")
    with scope(WORKER):
        who = make.person(town)
        rows = [RU, good(1, iin=iin_of(who), family="Ахметова"), good(2, iin="5,9E+11")]
        made = give_list(data=csv_bytes(rows), organisation=town.centre, by=aigerim, now=make.NOON)
        start_list(given=made, programme_code="covid-home", by=aigerim, now=make.NOON)
        while take_lists(by=WORKER, now=make.NOON):
            pass
        return {"uid": made.uid}


def given_row(town):
    """Its row to decide on."""
    uid = given(town)["uid"]
    with scope(WORKER):
        return {"uid": uid, "number": IntakeRow.objects.get(state=RowState.CHECK).number}


doctors = partial(Rung, who="serik", colleague="marat", outsider="boris", at=patient)
operators = partial(Rung, who="aigerim", colleague="marat", outsider="boris", at=patient)
clinic = partial(Rung, who="dana", colleague="saule", outsider="boris", at=visit)
leaders = partial(Rung, who="saule", colleague="marat", outsider="aigerim", at=second_leader, wrong_method="post")
keepers = partial(Rung, who="marat", colleague="boris", outsider="aigerim", wrong_method="put")
lists = partial(Rung, who="aigerim", colleague="marat", outsider="dana", wrong_method="put")
RUNGS = [
    Rung("doctor:desk", who="serik", colleague="saule", outsider="dana"),
    doctors("doctor:person"),
    doctors("doctor:person", method="post", data={"move": "take"}, wrong_method="put"),
    doctors("card:timeline", wrong_method="post"),
    doctors("card:number", wrong_method="post"),
    Rung("operator:desk", who="aigerim", colleague="marat", outsider="dana"),
    operators("operator:person"),
    Rung(
        "operator:robot",
        who="aigerim",
        colleague="saule",
        outsider="dana",
        at=robot,
        method="post",
        data={"move": "pause"},
        wrong_method="get",
    ),
    leaders("centre:reports"),
    leaders("centre:report_rows", data={"measure": "now"}),
    leaders("centre:report_file", at=lambda town: second_leader(town) | {"kind": "csv"}),
    leaders("centre:morning"),
    leaders("centre:morning_rows", data={"figure": "late_tasks"}),
    leaders("centre:robot", wrong_method="put"),
    leaders("centre:robot", method="post", data={"move": "stop_all"}, wrong_method="put"),
    leaders("centre:campaign", wrong_method="put"),
    leaders("centre:rota", wrong_method="put"),
    leaders("centre:rota", method="post", data={"move": "copy"}, wrong_method="put"),
    Rung("centre:shifts", who="aigerim", colleague="serik", outsider="dana"),
    Rung("centre:shift", who="aigerim", colleague="serik", outsider="dana"),
    Rung(
        "centre:shift",
        who="aigerim",
        colleague="serik",
        outsider="dana",
        method="post",
        data={"move": "start"},
        wrong_method="put",
    ),
    lists("intake:lists"),
    lists("intake:list", at=given),
    lists("intake:row", at=given_row),
    lists("intake:mend", at=given, wrong_method="post"),
    lists("operator:new"),
    lists("operator:alike", method="post", data={"family_name": "Ким"}, wrong_method="get"),
    *(
        keepers(f"admin:{name}", at=two_keepers, wrong_method="post" if name in SHOWN else "put")
        for name in ("desk", "organisations", "organisation_new", "users", "user_new", "trunk", "prompts", "limits")
    ),
    keepers("admin:given", at=lambda town: two_keepers(town) | {"kind": "users"}),
    keepers("admin:organisation", at=lambda town: two_keepers(town) | {"uid": town.clinic.uid}),
    keepers("admin:user", at=lambda town: two_keepers(town) | {"uid": town.users["serik"].uid}),
    keepers("admin:prompt", at=lambda town: two_keepers(town) | PROMPT),
    keepers("admin:prompt_wav", at=lambda town: two_keepers(town) | PROMPT, wrong_method="post"),
    keepers("admin:limit", at=lambda town: two_keepers(town) | {"group": "call", "name": "hours.start"}),
    keepers(
        "admin:user",
        at=lambda town: two_keepers(town) | {"uid": town.users["serik"].uid},
        method="post",
        data={"move": "invite"},
    ),
    Rung("clinic:desk", who="dana", colleague="boris", outsider="serik", wrong_method="post"),
    Rung("web:pin", who="dana", colleague="boris", outsider="serik"),
    Rung("web:devices", who="dana", colleague="saule", outsider="boris", at=heads),
    clinic("clinic:visit"),
    clinic("clinic:visit", method="post", data={"move": "accept"}, wrong_method="put"),
]


@pytest.mark.parametrize("rung", RUNGS, ids=str)
def test_ladder(rung, town):
    climb(rung, town)


def test_every_address_of_a_role_has_a_rung():
    assert {name for name, right in ADDRESSES.items() if isinstance(right, frozenset)} == {rung.route for rung in RUNGS}
