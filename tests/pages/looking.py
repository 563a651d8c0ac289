"""How one scene is looked at: opened with an empty cache, then in every scheme and width, with everything it says."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import resolve
from django.urls.exceptions import Resolver404
from playwright.sync_api import Browser, BrowserContext, Page, Response

from medet.base.clock import now
from medet.staff.models import User
from medet.staff.shared.rules import KEY, Kept
from medet.web.shared import COOKIE
from tests.pages.scenes import Scene
from tests.pages.ward import Ward
from tests.web.barriers import RULES
from tests.web.browser import Faults

LANGUAGES = ("kk", "ru", "en")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDE, PHONE, NARROW = 1366, 390, 320
HEIGHTS = {WIDE: 768, PHONE: 844, NARROW: 640}
STAFF_TARGET, TOUCH_TARGET = 24, 44
MEASURES = (Path(__file__).parent / "looks.js").read_text("utf-8")
# What stands in Latin letters in every language: names of illness, measure, product, key, and of English itself.
LATIN = (
    "Medet",
    "English",
    "COVID",
    "SARS",
    "CoV",
    "SpO",
    "Ctrl",
    "WAV",
    "CSV",
    "XLSX",
    "PostgreSQL",
    "Enter",
    "SIP",
    "PCR",
    "ICD",
    "PDF",
    "Becker",  # made-up staff with a name in Latin letters
    "Anna",
)
# Light and dark differ in colours and in nothing else: the other rules are asked once for both.
COLOURS = ["color-contrast", "link-in-text-block"]
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Look:
    """What came out of one scene in one language."""

    looks: int = 0
    kilobytes: int = 0
    faults: list[str] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Site:
    """Where the pages are and who and what is in them."""

    address: str
    ward: Ward


def looked(site: Site, browser: Browser, scene: Scene, language: str, pictures: Path | None = None) -> Look:
    """Opens the scene once, then turns it every way."""
    look = Look()
    with opened(site, browser, scene, language, look) as page:
        widths = (WIDE, PHONE, NARROW) if scene.narrow else (WIDE, PHONE)
        for width in widths:
            page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                look.looks += 1
                look.faults += [
                    f"{language} {width} {scheme}: {fault}" for fault in faults_of(page, scene, width, scheme)
                ]
                if pictures:
                    words = re.sub(r"\W+", "-", f"{scene.name} {language} {width} {scheme}")
                    page.screenshot(path=pictures / f"{words}.png", animations="disabled")
    return look


@contextmanager
def opened(site: Site, browser: Browser, scene: Scene, language: str, look: Look) -> Iterator[Page]:
    """The page after its act; what it said meanwhile, and how the server answered, is in the look."""
    context = browser.new_context(viewport={"width": WIDE, "height": HEIGHTS[WIDE]}, locale=language)
    _enter(context, site, scene, language)
    page, said, answers = context.new_page(), Faults(), list[Response]()
    files: list[str] = []
    page.on("download", lambda file: files.append(file.url))
    said.listen(page)
    page.on("response", lambda answer: answers.append(answer))
    page.goto(site.address + scene.url(site.ward))
    size = page.evaluate("performance.getEntries().reduce((sum, entry) => sum + (entry.transferSize ?? 0), 0)")
    look.kilobytes = int(size) // 1024
    try:
        if scene.act:
            scene.act(page)
            page.wait_for_load_state()
        yield page
    finally:
        documents = [answer for answer in answers if answer.request.resource_type in ("document", "xhr", "fetch")]
        asked = [*(answer.url for answer in answers), *files]
        look.reached = {name for url in asked for name in _route(url)}
        look.faults += [f"{language}: says {words}" for words in said if not _is_expected(words, scene)]
        look.faults += _wrong_status(scene, language, documents)
        context.close()


def _enter(context: BrowserContext, site: Site, scene: Scene, language: str) -> None:
    """The language is chosen and the person signed in, by a session of their own."""
    cookies = {"django_language": language}
    device, token = site.ward.phone
    if scene.phone:
        cookies[COOKIE] = token
    if scene.who:
        kept = Kept(device.pk, scene.phone == "pin", now()) if scene.phone else None
        cookies["sessionid"] = _session(site.ward.users[scene.who], kept)
    context.add_cookies([{"name": name, "value": value, "url": site.address} for name, value in cookies.items()])


def _session(user: User, kept: Kept | None) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    if kept:
        session[KEY] = kept.value()
    session.create()
    return str(session.session_key)


def _route(url: str) -> list[str]:
    path = "/" + url.split("/", 3)[3].partition("?")[0]
    try:
        return [resolve(path).view_name]
    except Resolver404:
        return []


def _is_expected(words: str, scene: Scene) -> bool:
    """The browser writes a line about each answer that is not 2xx; the scene says which one is meant."""
    return scene.status >= 400 and f"status of {scene.status}" in words


def _wrong_status(scene: Scene, language: str, answers: list[Response]) -> list[str]:
    codes = [answer.status for answer in answers if answer.status not in (204, 302)]
    if scene.status in codes and max(codes) == scene.status:
        return []
    return [f"{language}: answered {codes}, not {scene.status}"]


def faults_of(page: Page, scene: Scene, width: int, scheme: str) -> list[str]:
    """Everything wrong with the page as it stands."""
    target = TOUCH_TARGET if scene.touch and width < WIDE else STAFF_TARGET
    measured: list[str] = page.evaluate(f"({MEASURES})({{target: {target}, latin: {list(LATIN)}}})")
    return [*barriers(page, COLOURS if scheme == "dark" else None), *measured]


def barriers(page: Page, rules: list[str] | None = None) -> list[str]:
    """axe; its script comes through the browser's own door, so the page's policy stays in force."""
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    # No file is fetched again for it, and what passed is not written down: half of its time.
    options = {"runOnly": only, "resultTypes": ["violations"], "preload": False, "iframes": False}
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [f"axe {fault['id']}: {node['target']}" for fault in found for node in fault["nodes"]]
