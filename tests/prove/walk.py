"""The newcomer's walk: after `make serve` everything is done in the browser, up to the first call in the report.

Setup by the link of the console, an organisation, users from a list, the trunk with "ring me now", a PCR list, the
robot's round over real SIP, the report. Run whole: `python -m tests.prove.walk` (Russian and Kazakh).
"""

import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    from tests.prove import ready  # noqa: F401

from playwright.sync_api import Browser, Page, expect

from medet.demo.phones.ports import free_range, free_sip_port
from tests.live import prompts
from tests.live.running import Running, free_port, offset_to_noon, phones, wait_until
from tests.prove.backup import own_environment
from tests.prove.figures import keep, table
from tests.records.intake.faulty import RU, good
from tests.records.intake.sheets import csv_bytes
from tests.web.browser import Faults, chromium

PASSWORD = "sunny-steppe-42"
MINE, MINE_SHOWN = "+77011234567", "8 701 123 45 67"
PATIENT = "+77010000001"
SOON, WHILE = 30_000, 120_000
STAFF = """Фамилия;Имя;Логин;Роль;Организация;Языки
Айтқалиева;Айгерім;aigerim;Оператор;Орталық;казахский, русский
Тұрсынова;Сәуле;saule;Супервайзер;Орталық;русский
Лишний;Иван;ivan;Космонавт;Орталық;русский
"""


@dataclass
class Served:
    """`make serve` on a fresh folder, and the telephone company it will be told of."""

    link: str
    trunk: str
    running: Running

    @property
    def address(self) -> str:
        """Where the pages are."""
        return self.link.partition("/setup/")[0]


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """What an engineer starts; only ports, the loopback, short recordings and the clock differ from a real one.

    A programme rings by day only, so the clock of the walk begins at noon, as a demo's does.
    """
    running = Running(own_environment(folder / "data") | {"PYTHONUNBUFFERED": "1"}, folder)
    first = free_range(60)
    running.env |= {
        "MEDET_WEB_PORT": str(free_port()),
        "MEDET_PUSH_PORT": str(free_port()),
        "MEDET_SIP_HOST": "127.0.0.1",
        "MEDET_SIP_INTERFACE": "127.0.0.1",
        "MEDET_SIP_PORT": str(free_sip_port()),
        "MEDET_RTP_FIRST": str(first),
        "MEDET_RTP_LAST": str(first + 59),
        "MEDET_PHONE_DRAIN_S": "1",
        "MEDET_DEMO": "1",
        "MEDET_HTTPS": "1",
        "MEDET_CLOCK_OFFSET": str(offset_to_noon()),
        "MEDET_PROMPTS": str(prompts.make(folder / "prompts")),
        "DJANGO_SETTINGS_MODULE": "medet.settings",
    }
    lines = {number: {"behaviour": "fine", "birth_years": [1959]} for number in (MINE, PATIENT)}
    options = ("--ring", "0.3", "--prompts", str(folder / "prompts"), "--pause", str(prompts.PAUSE_S))
    try:
        company = phones(running, lines, options=options)
        running.start("serve", "-m", "medet.supervisor", "serve")
        link = wait_until(lambda: console(running), seconds=150, what=lambda: running.log("serve"))
        yield Served(link, f"127.0.0.1:{company.port}", running)
    finally:
        running.stop()


def console(running: Running) -> str:
    """The one-time link that the console shows."""
    found = re.search(r"https://\S+/setup/\S+/", running.log("serve"))
    return found[0] if found else ""


@contextmanager
def person(browser: Browser, language: str) -> Iterator[Page]:
    """A browser of somebody's own; our authority is trusted elsewhere (tests/supervisor/test_serve.py)."""
    context = browser.new_context(locale=language, ignore_https_errors=True, viewport={"width": 1366, "height": 768})
    page, faults = context.new_page(), Faults()
    faults.listen(page)
    page.set_default_timeout(SOON)
    yield page
    context.close()
    assert faults == [], faults


def walk(browser: Browser, here: Served, language: str, *, look: Path | None = None) -> dict[str, float]:
    """The whole way; how many seconds each step took."""
    took: dict[str, float] = {}
    begun = time.monotonic()

    def step(name: str, page: Page) -> None:
        nonlocal begun
        took[name] = time.monotonic() - begun
        begun = time.monotonic()
        if look:
            page.screenshot(path=look / f"{len(took)}-{name.replace(' ', '-')}-{language}.png", full_page=True)

    with person(browser, language) as admin:
        set_up(admin, here, language)
        step("setup", admin)
        organisation(admin, here)
        step("organisation", admin)
        links = users(admin, here)
        step("users from a list", admin)
        trunk(admin, here)
        step("trunk", admin)
        ring_me(admin, language)
        step("ring me now", admin)
    with person(browser, language) as operator:
        come_in(operator, links["aigerim"])
        patients(operator, here)
        step("PCR list", operator)
        round_of_the_robot(operator, here)
        step("round", operator)
    with person(browser, language) as leader:
        come_in(leader, links["saule"])
        leader.goto(f"{here.address}/centre/reports/")
        expect(leader.locator(".heads a[href*=outbound]").first).to_have_text(re.compile(r"^\s*1\b"))
        step("report", leader)
    return took


def set_up(page: Page, here: Served, language: str) -> None:
    """The link of the console, once."""
    page.goto(here.link)
    for name, value in {
        "name_kk": "Орталық",
        "name_ru": "Центр",
        "family_name": "Жақсыбек",
        "given_name": "Данияр",
        "username": "admin",
        "password": PASSWORD,
        "again": PASSWORD,
    }.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=district]", "751310000")
    page.select_option("main [name=language]", language)
    page.locator("main [data-submit]").click()
    page.wait_for_url("**/manage/")
    assert page.locator("html").get_attribute("lang") == language


def organisation(page: Page, here: Served) -> None:
    """A clinic that answers for its district."""
    page.goto(f"{here.address}/manage/organisations/new/")
    page.fill("[name=name_kk]", "№ 17 емхана")
    page.fill("[name=name_ru]", "ГП № 17")
    page.select_option("[name=kind]", "polyclinic")
    page.select_option("main [name=district]", "751310000")
    page.locator("main [data-submit]").click()
    page.locator("button[value=street]").click()
    expect(page.locator(".pairs form")).to_have_count(1)


def users(page: Page, here: Served) -> dict[str, str]:
    """From a file; the row that is wrong stays behind, and each of the others gets a link."""
    page.goto(f"{here.address}/manage/given/users/")
    file = {"name": "staff.csv", "mimeType": "text/csv", "buffer": STAFF.encode()}
    page.locator("[name=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator("main [data-submit]").click()
    expect(page.locator(".fault")).to_have_count(1)
    page.locator("button[value=take]").click()
    expect(page.locator("#links tbody tr")).to_have_count(2)
    rows = page.locator("#links tbody tr").all()
    return {row.locator("td").nth(1).inner_text(): row.locator("code").inner_text() for row in rows}


def trunk(page: Page, here: Served) -> None:
    """Typed in, and taken by the telephone process without anybody's hand."""
    page.goto(f"{here.address}/manage/telephone/")
    page.fill("[name=address]", here.trunk)
    page.fill("[name=user]", "medet")
    page.fill("[name=password]", "given by the company")
    page.locator("button[value=put]").click()
    expect(page.locator("#trunk-state .green")).to_be_visible(timeout=WHILE)


def ring_me(page: Page, language: str) -> None:
    """A real telephone rings, hears the prompt, presses one; the page says so by itself."""
    page.fill("[name=number]", MINE_SHOWN)
    page.locator(f"main [name=language][value={language}]").check(force=True)
    page.locator("button[value=ring]").click()
    expect(page.locator("#call .green")).to_be_visible(timeout=WHILE)


def come_in(page: Page, link: str) -> None:
    """A link of invitation becomes a password of one's own."""
    page.goto(link)
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.locator("main [type=submit]").click()
    page.wait_for_url("**/operator/")


def patients(page: Page, here: Served) -> None:
    """The day's PCR list."""
    page.goto(f"{here.address}/lists/")
    rows = csv_bytes([RU, good(1, taken=time.strftime("%d.%m.%Y", time.gmtime()))])
    page.locator("[name=file]").set_input_files({"name": "pcr.csv", "mimeType": "text/csv", "buffer": rows})
    page.locator("main [data-submit]").click()
    page.locator("main button[value=start]").click()
    expect(page.locator("main[hx-get]")).to_have_count(0, timeout=WHILE)


def round_of_the_robot(page: Page, here: Served) -> None:
    """The patient's own telephone says that it was rung and talked."""
    wait_until(lambda: talked(here), seconds=120, what=lambda: here.running.log("serve")[-3000:])
    page.goto(f"{here.address}/operator/")


def talked(here: Served) -> bool:
    """From the diary of the telephones."""
    lines = (here.running.folder / "diary.jsonl").read_text("utf-8").splitlines()
    mine = [entry for line in lines if (entry := json.loads(line)).get("number") == PATIENT]
    return any(entry["event"] == "ended" and entry["talk_s"] > 1 for entry in mine)


def main() -> int:
    """Both languages, each from a fresh folder; screenshots go to a folder named in WALK_LOOK."""
    rows = []
    look = Path(os.environ["WALK_LOOK"]) if os.environ.get("WALK_LOOK") else None
    for language in ("ru", "kk"):
        folder = Path(tempfile.mkdtemp(prefix="medet-walk-")).resolve()
        folder.chmod(0o755)
        try:
            begun = time.monotonic()
            with chromium() as browser, served(folder) as here:
                ready = time.monotonic() - begun
                took = walk(browser, here, language, look=look)
            rows.append((language, f"{ready:.0f}", *(f"{seconds:.0f}" for seconds in took.values())))
        finally:
            shutil.rmtree(folder)
    keep("walk", title="The newcomer's walk, seconds", body=table(("language", "make serve", *took), rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
