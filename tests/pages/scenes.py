"""What is looked at: every address as every role that may open it, in each state a person can meet there.

A new address, or a new role at an old one, needs its scene here: `tests/pages/test_pages.py` names what is missing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from unittest import mock

from django.urls import reverse
from playwright.sync_api import Page

from medet.handovers.states import VisitState
from medet.staff.states import Role
from medet.web.access import ADDRESSES, Anyone
from medet.web.doctor.worklist import queue
from tests.pages.ward import Ward

Act = Callable[[Page], None]
# Who stands for a role; None is nobody signed in.
WHO = {
    Role.OPERATOR: "operator",
    Role.DOCTOR: "doctor",
    Role.SUPERVISOR: "supervisor",
    Role.CLINIC_RECEIVER: "receiver",
    Role.HEAD_OF_CLINIC: "head",
    Role.ADMINISTRATOR: "admin",
}


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One page as somebody meets it."""

    name: str
    address: str
    who: str | None = None
    person: str = ""
    visit: str = ""
    given: str = ""  # a list
    phone: str = ""  # on the clinic's shared telephone: "shared", or "pin" when a PIN opened it
    query: str = ""
    args: Callable[[Ward], tuple[object, ...]] | None = None
    path: str = ""  # instead of the address: for pages that do not exist
    act: Act | None = None
    reaches: tuple[str, ...] = ()  # addresses that only take a form
    status: int = 200

    @property
    def touch(self) -> bool:
        """Held in a hand: bigger targets, and the narrowest telephone."""
        own = ("receiver", "head", "idle receiver", "colleague")
        return (
            self.address.startswith("clinic:") or self.who in own or (self.address == "web:locked" and bool(self.phone))
        )

    @property
    def narrow(self) -> bool:
        """Also looked at 320 px wide."""
        return self.touch or self.address in ("web:sign_in", "web:locked", "showcase:clinic", "showcase:sign_in")

    def url(self, ward: Ward) -> str:
        """Where it is."""
        if self.path:
            return self.path
        if self.args:
            return reverse(self.address, args=self.args(ward)) + self.query
        amended = {key: str(row.uid) for key, row in ward.conclusions.items()}
        if self.given:
            given, number = ward.lists[self.given]
            return reverse(self.address, args=[given, number] if self.address == "intake:row" else [given])
        uid = ward.people[self.person].uid if self.person else ward.visits[self.visit].uid if self.visit else None
        return reverse(self.address, args=[uid] if uid else []) + self.query.format_map(amended)


def covered() -> set[tuple[str, str | None]]:
    """Which address is opened by whom."""
    return {(address, scene.who) for scene in SCENES for address in (scene.address, *scene.reaches)}


def wanted(addresses: Mapping[str, Any] = ADDRESSES) -> set[tuple[str, str | None]]:
    """Every address for every role that may open it; a role without a stand-in is wanted too, and so named."""
    pairs: set[tuple[str, str | None]] = set()
    for name, right in addresses.items():
        if right is Anyone.PUBLIC:
            pairs.add((name, None))
        elif right is Anyone.SIGNED_IN:
            pairs.add((name, "operator"))
        else:
            pairs |= {(name, WHO.get(role, str(role))) for role in right}
    return pairs


# -- acts: what is done on the page before it is looked at ------------------------------------------------------------


def pressed(selector: str, *, waits: str = "") -> Act:
    """A button or a summary; then until something of what comes stands there."""

    def act(page: Page) -> None:
        page.locator(selector).first.click()
        page.locator(waits or selector).first.wait_for()

    return act


def emptied(move: str) -> Act:
    """The form is sent with nothing in it: it comes back with its faults."""

    def act(page: Page) -> None:
        inside = f"form:has([name=move][value={move}]):not(header form)"  # not the head's: a shift starts too
        page.evaluate(
            """inside => {
              const form = document.querySelector(inside);
              for (let up = form.closest("details"); up; up = up.parentElement.closest("details")) up.open = true;
              for (const field of form.querySelectorAll("select, textarea, input:not([type=hidden])"))
                if (field.matches("select")) field.append(new Option("", "", true, true));
                else if (field.matches("[type=radio], [type=checkbox]")) field.checked = false;
                else field.value = "";
              // In the same breath: a list that refreshes itself meanwhile would fold the form again.
              form.requestSubmit(form.querySelector("[type=submit]"));
            }""",
            inside,
        )
        page.locator(".summary").first.wait_for()

    return act


def refused(value: str) -> Act:
    """A page that has grown old: a button of a form asks for what is not possible any more."""

    def act(page: Page) -> None:
        button = page.locator("#work form[hx-post] button[name=move]").first
        button.evaluate("(button, value) => { button.value = value; }", value)
        button.click()
        page.locator("#flash .red").first.wait_for()

    return act


def posted_plainly(move: str) -> Act:
    """The same without scripts: a page of its own says why."""

    def act(page: Page) -> None:
        with page.expect_navigation():
            page.evaluate(
                """move => {
                  const form = document.createElement("form");
                  const token = document.querySelector("[name=csrfmiddlewaretoken]");
                  form.method = "post";
                  form.append(token.cloneNode());
                  const field = form.appendChild(document.createElement("input"));
                  field.name = "move"; field.value = move;
                  document.body.append(form);
                  form.submit();
                }""",
                move,
            )

    return act


def without_token(page: Page) -> None:
    """A form whose token is not ours."""
    page.evaluate("document.querySelector('.langs [name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    with page.expect_navigation():
        page.locator(".langs button").first.click()


def wrong_password(page: Page) -> None:
    """The name and the password do not fit."""
    page.locator("[name=username]").fill("operator")
    page.locator("[name=password]").fill("not this one")
    page.locator("main [type=submit]").click()
    page.locator(".summary").wait_for()


def chosen_language(page: Page) -> None:
    """The button of the language that is on already: the page comes back in it."""
    page.locator(".langs [aria-pressed=true]").click()
    page.wait_for_load_state()


def searched(words: str) -> Act:
    """Somebody is looked for."""

    def act(page: Page) -> None:
        page.locator("[name=q]").fill(words)
        page.locator("[name=q]").press("Enter")
        page.wait_for_url(re.compile(r"find="))

    return act


def robot_menu(page: Page) -> None:
    """The robot's menu, opened."""
    page.locator("details:has(form[action*=robot]) summary").first.click()


def robot_switched(page: Page) -> None:
    """The robot's menu after it was paused, or let go on."""
    page.locator(".stats summary, details:has(form[action*=robot]) summary").first.click()
    page.locator("form[action*=robot] [name=move]:is([value=pause], [value=resume])").first.click()
    page.locator("#flash .box").wait_for()
    page.locator("details:has(form[action*=robot]) summary").first.click()


def all_stopped(page: Page) -> None:
    """The key; it stays pressed for the scenes after this one, so this one stands last."""
    page.keyboard.press("F10")
    page.locator("#stop .box.red").wait_for()


def robot_stopped(page: Page) -> None:
    """The operator's own key, pressed already or now, and what the menu says of it."""
    page.keyboard.press("F10")
    page.locator("#robot .pill.red").first.wait_for(state="attached")
    robot_menu(page)


def keys_shown(page: Page) -> None:
    """The sheet of all keys."""
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()


def broken(page: Page) -> None:
    """A fault of ours, planted for this one page, and not for what the page before asks for by itself."""

    def planted(request: Any, place: Any) -> Any:
        if request.htmx:
            return queue(request, place)
        raise RuntimeError("planted")

    with mock.patch("medet.web.doctor.views.queue", planted):
        page.reload()


# -- the scenes -------------------------------------------------------------------------------------------------------


def _account() -> list[Scene]:
    nobody: dict[str, Any] = {"address": "web:sign_in"}
    return [
        Scene(name="sign-in", **nobody),
        Scene(name="sign-in, refused", **nobody, act=wrong_password, status=422),
        Scene(name="sign-in, nothing typed", **nobody, act=pressed("main [type=submit]", waits=".summary"), status=422),
        Scene(name="sign-in, language chosen", **nobody, act=chosen_language, reaches=("web:language",)),
        Scene(name="sign-in, page too old", **nobody, act=without_token, status=403),
        Scene(
            name="signed out",
            address="web:home",
            who="operator",
            act=_signed_out,
            reaches=("web:sign_out",),
        ),
        Scene(name="no desk", address="web:home", who="security"),
        Scene(name="setup, over", address="web:setup", args=lambda ward: ("no-secret",)),
        Scene(name="welcome", address="web:welcome", args=_invited),
        Scene(name="welcome, nothing typed", address="web:welcome", args=_invited, act=_nothing_typed, status=422),
        Scene(name="welcome, over", address="web:welcome", args=lambda ward: ("no-secret",), status=404),
        Scene(name="no authority", address="web:authority", status=404),
        Scene(name="menu open", address="web:home", who="operator", act=_menu),
        Scene(name="closed to the role", address="operator:desk", who="admin", status=403),
        Scene(name="not there", address="web:home", who="operator", path="/no-such-page/", status=404),
        Scene(name="a fault of ours", address="doctor:desk", who="doctor", act=broken, status=500),
    ]


def _invited(ward: Ward) -> tuple[object, ...]:
    return (ward.secret,)


def _nothing_typed(page: Page) -> None:
    page.locator("[data-submit]").first.click()
    page.locator(".summary").wait_for()


def _menu(page: Page) -> None:
    page.locator(".end > .menu summary").last.click()


def _signed_out(page: Page) -> None:
    _menu(page)
    page.locator("form[action*=sign-out] button").click()
    page.wait_for_url(re.compile("sign-in"))


def _operator() -> list[Scene]:
    desk = [
        Scene(name="operator, nothing to do", address="operator:desk", who="idle operator"),
        Scene(name="operator, list", address="operator:desk", who="operator"),
        Scene(name="operator, list of mine", address="operator:desk", who="operator", query="?tab=mine"),
        Scene(name="operator, list of not reached", address="operator:desk", who="operator", query="?tab=not_reached"),
        Scene(name="operator, list of the supervisor", address="operator:desk", who="supervisor"),
        Scene(name="operator, found", address="operator:desk", who="operator", act=searched("а")),
        Scene(name="operator, nobody found", address="operator:desk", who="operator", act=searched("ъъъ")),
        Scene(name="operator, keys", address="operator:desk", who="operator", act=keys_shown),
        Scene(name="robot", address="operator:desk", who="operator", act=robot_menu),
        Scene(name="robot, switched", address="operator:desk", who="operator", act=robot_switched, reaches=(_ROBOT,)),
        Scene(
            name="robot, supervisor", address="operator:desk", who="supervisor", act=robot_switched, reaches=(_ROBOT,)
        ),
    ]
    forms = [
        Scene(name=f"operator, {form} of {person}", query=f"?form={form}", person=person, **_OPERATOR)
        for form, person in (
            *(("answers", "danger"), ("visit", "danger"), ("phones", "danger"), ("case", "danger")),
            *(("visit", "visit sent"), ("visit", "visit done"), ("visit", "visit not_found"), ("phones", "no phone")),
        )
    ]
    faulty = [
        Scene(
            name=f"operator, {move} empty",
            query=f"?form={form}",
            person=person,
            act=emptied(move),
            status=422,
            **_OPERATOR,
        )
        for move, form, person in (
            ("answers", "answers", "danger"),
            ("visit", "visit", "danger"),
            ("phone", "phones", "danger"),
            ("address", "phones", "danger"),
            ("end", "case", "danger"),
            ("start", "case", "new"),
        )
    ]
    people = ("danger", "not reached", "tried", "no phone", "stranger", "no medicines", "not at home", "held", "taken")
    return [
        *desk,
        *(
            Scene(name=f"operator, {name}", person=name, **_OPERATOR)
            for name in (*people, "new", "ended", "visit refused")
        ),
        *forms,
        *faulty,
        Scene(
            name="operator, refused move",
            person="not reached",
            query="?form=phones",
            act=refused("start"),
            status=422,
            **_OPERATOR,
        ),
        Scene(name="operator, refused page", person="danger", act=posted_plainly("start"), status=422, **_OPERATOR),
        Scene(
            name="operator, person of the supervisor",
            person="tried",
            query="?form=case",
            **_OPERATOR | {"who": "supervisor"},
        ),
    ]


_ROBOT = "operator:robot"
_OPERATOR: dict[str, Any] = {"address": "operator:person", "who": "operator"}
_DOCTOR: dict[str, Any] = {"address": "doctor:person", "who": "doctor"}


def _doctor() -> list[Scene]:
    return [
        Scene(name="doctor, nothing to do", address="doctor:desk", who="idle doctor"),
        Scene(name="doctor, list", address="doctor:desk", who="doctor"),
        Scene(name="doctor, list of mine", address="doctor:desk", who="doctor", query="?tab=mine"),
        Scene(name="doctor, list of the supervisor", address="doctor:desk", who="supervisor"),
        Scene(name="doctor, found", address="doctor:desk", who="doctor", act=searched("а")),
        *(Scene(name=f"doctor, {name}", person=name, **_DOCTOR) for name in ("danger", "held", "concluded", "ended")),
        Scene(name="doctor, person of the supervisor", person="danger", **_DOCTOR | {"who": "supervisor"}),
        Scene(name="doctor, conclusion empty", person="danger", act=_empty_conclusion, status=422, **_DOCTOR),
        Scene(name="doctor, other diagnosis", person="danger", act=_other_diagnosis, status=422, **_DOCTOR),
        Scene(name="doctor, new conclusion", person="concluded", query="?new=1", **_DOCTOR),
        Scene(name="doctor, amended conclusion", person="concluded", query="?amend={concluded}", **_DOCTOR),
        Scene(name="doctor, not observed", person="new", **_DOCTOR),
        *(
            Scene(name=f"{page}, {who}", address=f"card:{page}", person="danger", who=who)
            for page in ("timeline", "number")
            for who in ("operator", "doctor", "supervisor")
        ),
    ]


def _empty_conclusion(page: Page) -> None:
    page.evaluate("for (const one of document.querySelectorAll('#side [type=radio]')) one.checked = false")
    page.locator("#side [data-submit]").first.click()
    page.locator(".summary").wait_for()


def _other_diagnosis(page: Page) -> None:
    page.locator("[name=diagnosis][value=other]").check(force=True)
    page.locator("[name=other_diagnosis]").fill("пневмония")
    page.locator("#side [data-submit]").first.click()
    page.locator(".summary").wait_for()


def _clinic() -> list[Scene]:
    opened: dict[str, Any] = {"address": "clinic:visit", "who": "receiver"}
    desk: dict[str, Any] = {"address": "clinic:desk", "who": "receiver"}
    faulty = (("assign", "received"), ("done", "under_way"), ("refuse", "sent"))
    return [
        Scene(name="clinic, nothing to do", address="clinic:desk", who="idle receiver"),
        Scene(name="clinic, list", address="clinic:desk", who="receiver"),
        Scene(name="clinic, list, another page", address="clinic:desk", who="receiver", query="?after=x"),
        Scene(name="clinic, ended", address="clinic:desk", who="receiver", query="?tab=ended"),
        Scene(name="clinic, under observation", query=_OBSERVED, **desk),
        Scene(name="clinic, under observation, unfolded", query=_OBSERVED, act=_person_unfolded, **desk),
        Scene(
            name="clinic, under observation, a quiet clinic",
            query=_OBSERVED,
            address="clinic:desk",
            who="idle receiver",
        ),
        Scene(name="clinic, under observation, of the head", query=_OBSERVED, address="clinic:desk", who="head"),
        Scene(name="clinic, list of the head", address="clinic:desk", who="head"),
        Scene(name="clinic, visit of the head", address="clinic:visit", who="head", visit="received"),
        *(Scene(name=f"clinic, {state}", visit=state, **opened) for state in CLINIC_STATES),
        Scene(name="clinic, gone to once more", visit="again", **opened),
        *(
            Scene(name=f"clinic, {move} empty", visit=state, act=emptied(move), status=422, **opened)
            for move, state in faulty
        ),
        Scene(name="clinic, every fold", visit="assigned", act=_unfolded, **opened),
        Scene(name="clinic, another doctor", visit="received", act=_another, **opened),
        Scene(name="clinic, refused move", visit="closed", act=posted_plainly("accept"), status=422, **opened),
        Scene(name="clinic, a stranger's visit", visit="sent", status=404, **opened | {"who": "idle receiver"}),
    ]


def _phone() -> list[Scene]:
    locked: dict[str, Any] = {"address": "web:locked", "phone": "shared"}
    pin: dict[str, Any] = {"address": "web:pin"}
    return [
        Scene(name="phone, locked", **locked),
        Scene(name="phone, wrong PIN", act=wrong_pin, status=422, **locked),
        Scene(name="phone, nothing typed", act=_nothing_typed, status=422, **locked),
        Scene(name="phone, elsewhere", address="web:locked"),
        Scene(name="phone, sign-in", address="web:sign_in", phone="shared"),
        Scene(name="phone, opened by PIN", address="clinic:desk", who="receiver", phone="pin"),
        Scene(name="phone, request", address="clinic:visit", who="receiver", visit="sent", phone="pin"),
        Scene(name="phone, menu", address="clinic:desk", who="receiver", phone="pin", act=_menu),
        Scene(name="phone, menu elsewhere", who="head", act=_menu, **pin),
        Scene(name="phone, closed to a PIN", address="web:pin", who="receiver", phone="pin", status=403),
        Scene(name="phone, no PIN yet", address="clinic:desk", who="colleague", phone="shared"),
        Scene(name="phone, shared by the receiver", who="receiver", **pin),
        Scene(name="phone, first PIN, nothing typed", who="receiver", act=_nothing_typed, status=422, **pin),
        Scene(name="phone, PIN of the head", who="head", phone="shared", **pin),
        Scene(name="phone, of another clinic", who="idle receiver", phone="shared", status=403, **pin),
        Scene(name="phone, list of the head", address="web:devices", who="head"),
        Scene(
            name="phone, locked by a key",
            address="web:home",
            who="operator",
            phone="shared",
            act=_locked_by_key,
            reaches=("web:lock", "web:here"),
        ),
    ]


def wrong_pin(page: Page) -> None:
    """Somebody's name and a PIN that is not theirs."""
    page.locator(".choices label").first.click()
    page.keyboard.type("260719")
    page.locator("main [data-submit]").click()
    page.locator(".summary").wait_for()


def _locked_by_key(page: Page) -> None:
    """It says that it is about to lock, a touch puts it off, the key locks it."""
    page.evaluate("Date.now = (real => () => real() + 280_000)(Date.now)")
    page.locator("#toasts p").wait_for()
    with page.expect_response("**/here/"):
        page.locator("main").first.click()
    page.keyboard.press("F4")
    page.wait_for_url(re.compile("locked"))


CLINIC_STATES = tuple(state.value for state in VisitState if state not in (VisitState.DRAFT, VisitState.REDIRECTED))


_OBSERVED = "?tab=observed"


def _person_unfolded(page: Page) -> None:
    """And a list that asks for itself leaves it open."""
    page.locator("li:has(.beneath) summary").first.click()
    with page.expect_response(lambda answer: answer.request.headers.get("hx-target") == "queue"):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('medet:change'))")
    page.locator("#queue:not(.htmx-request) li:has(.beneath) details[open]").first.wait_for()


def _unfolded(page: Page) -> None:
    page.evaluate("for (const fold of document.querySelectorAll('details.fold')) fold.open = true")


def _another(page: Page) -> None:
    page.locator("[name=assignform-worker][value=other]").check()


def _centre() -> list[Scene]:
    reports: dict[str, Any] = {"address": "centre:reports", "who": "supervisor"}
    return [
        Scene(name="reports", **reports),
        Scene(name="reports, no such days", query="?first=2026-12-31&last=2026-01-01", status=422, **reports),
        Scene(
            name="reports, rows of a figure",
            act=pressed("a[href*='/rows/']", waits="main"),
            reaches=("centre:report_rows",),
            **reports,
        ),
        Scene(name="reports, a file", act=_downloaded, reaches=("centre:report_file",), **reports),
    ]


def _morning() -> list[Scene]:
    morning: dict[str, Any] = {"address": "centre:morning", "who": "supervisor"}
    return [
        Scene(name="morning", **morning),
        Scene(name="morning, rows", query="?figure=visits", address="centre:morning_rows", who="supervisor"),
        Scene(
            name="morning, rows, another page",
            query="?figure=visits&after=x",
            address="centre:morning_rows",
            who="supervisor",
        ),
    ]


def _robot() -> list[Scene]:
    robot: dict[str, Any] = {"address": "centre:robot", "who": "supervisor"}
    new: dict[str, Any] = {"address": "centre:campaign", "who": "supervisor"}
    return [
        Scene(name="robot calls", **robot),
        Scene(name="robot calls, a part", query="?show=handed", **robot),
        Scene(name="campaign", **new),
        Scene(name="campaign, preview", query="?look=1&programme=covid-home", **new),
        Scene(name="campaign, no name", query="?look=1", act=emptied("start"), status=422, **new),
        Scene(name="campaign, nonsense", query="?look=1&programme=жоқ", status=422, **new),
        Scene(name="robot calls, stopped", act=all_stopped, **robot),
        Scene(
            name="robot, every call stopped",
            address="operator:desk",
            who="operator",
            act=robot_stopped,
            reaches=(_ROBOT,),
        ),
    ]


def _rota() -> list[Scene]:
    scenes = [Scene(name="rota", address="centre:rota", who="supervisor")]
    for who in ("operator", "doctor", "supervisor"):
        scenes.append(Scene(name=f"{who}, my shifts", address="centre:shifts", who=who))
        scenes.append(Scene(name=f"{who}, end of a shift", address="centre:shift", who=who))
    return scenes


def _lists() -> list[Scene]:
    scenes = []
    for who in ("operator", "supervisor"):
        made: dict[str, Any] = {"who": who, "given": "taken"}
        mend: dict[str, Any] = {"act": _downloaded, "reaches": ("intake:mend",)}
        meant: dict[str, Any] = {"act": _meant, "reaches": ("operator:alike",)}
        scenes += [
            Scene(name=f"{who}, lists", address="intake:lists", who=who),
            Scene(name=f"{who}, a list", address="intake:list", **made),
            Scene(name=f"{who}, rows to mend", address="intake:list", **made, **mend),
            Scene(name=f"{who}, a row to decide", address="intake:row", **made),
            Scene(name=f"{who}, a row of a doubtful name", address="intake:row", who=who, given="alike"),
            Scene(name=f"{who}, new case", address="operator:new", who=who),
            Scene(name=f"{who}, who may be meant", address="operator:new", who=who, **meant),
        ]
    return scenes


def _meant(page: Page) -> None:
    page.locator("[name=family_name]").press_sequentially("Серікбаева")
    with page.expect_response("**/alike/"):
        page.locator("[name=family_name]").press("Tab")


def _downloaded(page: Page) -> None:
    with page.expect_download():
        page.locator("a[href*='file.'], a[href$='mend/']").first.click()


def _admin() -> list[Scene]:
    admin: dict[str, Any] = {"who": "admin"}
    limit: dict[str, Any] = {"address": "admin:limit", "args": lambda ward: ("call", "hours.start")}
    user: dict[str, Any] = {"address": "admin:user", "args": lambda ward: (ward.users["doctor"].uid,), **admin}
    prompt: dict[str, Any] = {"address": "admin:prompt", "args": lambda ward: ("kk", "greeting"), **admin}
    return [
        *(
            Scene(name=f"admin, {name}", address=f"admin:{name}", **admin)
            for name in ("desk", "organisations", "organisation_new", "users", "user_new", "trunk", "prompts", "limits")
        ),
        Scene(
            name="admin, organisation new, empty",
            address="admin:organisation_new",
            act=_nothing_typed,
            status=422,
            **admin,
        ),
        Scene(name="admin, trunk, empty", address="admin:trunk", act=emptied("ring"), status=422, **admin),
        Scene(name="admin, a clinic", address="admin:organisation", args=_clinic_uid, **admin),
        Scene(name="admin, a user", **user),
        Scene(name="admin, a link", act=pressed("[value=invite]", waits="#link"), **user),
        Scene(name="admin, users from a list", address="admin:given", args=lambda ward: ("users",), **admin),
        Scene(
            name="admin, organisations from a list",
            address="admin:given",
            args=lambda ward: ("organisations",),
            **admin,
        ),
        Scene(
            name="admin, users looked at",
            address="admin:given",
            args=lambda ward: ("users",),
            act=_users_given,
            **admin,
        ),
        Scene(name="admin, a recording", **prompt, reaches=("admin:prompt_wav",)),
        Scene(name="admin, a limit", **limit, **admin),
        Scene(
            name="admin, a limit, second look", **limit, act=pressed("[value=look]", waits="[value=confirm]"), **admin
        ),
        Scene(
            name="admin, a limit nothing asks for",
            address="admin:limit",
            args=lambda ward: ("quarantine", "days"),
            **admin,
        ),
        Scene(name="supervisor, limits", address="admin:limits", who="supervisor"),
        Scene(name="supervisor, a limit", **limit, who="supervisor"),
    ]


def _clinic_uid(ward: Ward) -> tuple[object, ...]:
    return (next(iter(ward.visits.values())).clinic.uid,)


def _users_given(page: Page) -> None:
    rows = "Фамилия;Имя;Роль;Организация\nАхметов;Болат;Оператор;нет такой\nКим;Анна;Космонавт;-\n"
    page.locator("[name=file]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.locator("[data-submit]").first.click()
    page.locator(".fault").first.wait_for()


def _showcase() -> list[Scene]:
    shown = [Scene(name=f"parts, {page}", address=f"showcase:{page}") for page in ("index", "sign_in", "refused")]
    desks = [
        Scene(name=f"parts, {desk} {query}".strip(), address=f"showcase:{desk}", query=query)
        for desk, queries in {
            "operator": ("", "?form=answers"),
            "doctor": ("", "?recorded=1"),
            "clinic": ("", "?visit=0"),
        }.items()
        for query in queries
    ]
    return shown + desks


SCENES: tuple[Scene, ...] = (
    *_account(),
    *_operator(),
    *_doctor(),
    *_clinic(),
    *_phone(),
    *_centre(),
    *_morning(),
    *_robot(),
    *_rota(),
    *_lists(),
    *_admin(),
    *_showcase(),
)
