"""What can be seen without a browser: vendored files, icons, templates without inline code, small files."""

import gzip
import re
from pathlib import Path

import pytest

import medet.web
from medet.web.parts.stopping import KEY
from medet.web.parts.templatetags.parts import ICONS, icon
from medet.web.vendor import lock

WEB = Path(medet.web.__file__).parent
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
STATIC = WEB / "parts" / "static" / "medet"
# Whatever our content policy would refuse, and htmx's ways to evaluate text.
FORBIDDEN = re.compile(
    r"""\sstyle=|\son\w+=|hx-on|hx-vals=['"]js:|hx-vars|javascript:|<style|<script(?![^>]*\ssrc=)|https?://"""
)


def test_vendored_files_are_what_the_lock_says() -> None:
    assert lock.digests() == lock.locked()


@pytest.mark.parametrize("name", ["inter", "tabler"])
def test_a_vendored_folder_carries_its_licence_and_version(name: str) -> None:
    assert (lock.HERE / name / "LICENSE").stat().st_size > 500
    assert re.search(rf"^# {name} \d+\.\d+\.\d+, \S+, npm ", lock.LOCK.read_text(), re.MULTILINE)


def test_few_icons_are_carried_of_the_thousands() -> None:
    assert 40 < len(list(ICONS.glob("*.svg"))) < 75


def test_every_icon_a_template_names_exists() -> None:
    named = {name for path in TEMPLATES for name in re.findall(r'\{% icon "([\w-]+)"', path.read_text())}
    assert len(named) > 20
    assert [name for name in sorted(named) if "<path" not in icon(name)] == []


def test_an_icon_is_hidden_from_those_who_hear_the_page() -> None:
    assert icon("phone").startswith('<svg class="i" viewBox="0 0 24 24" aria-hidden="true"')


def test_the_key_of_the_stop_is_named_once_and_means_nothing_else() -> None:
    """It is rare and grave: whoever has several desks must not meet it where another key is a habit."""
    sources = [*TEMPLATES, *STATIC.glob("*.js"), *WEB.rglob("*.py")]
    assert [path.name for path in sources if re.search(rf"""["']{KEY}["']""", path.read_text())] == ["stopping.py"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_code_and_no_foreign_address(path: Path) -> None:
    assert FORBIDDEN.findall(path.read_text()) == []
    assert "{#" in path.read_text() or path.name[0] in "45", "say at the top what fills it"


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_a_script_is_short_and_evaluates_nothing(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") < 150
    assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|Intl\.|toLocale", text)


def test_styles_are_light_enough_for_a_slow_line() -> None:
    """As they travel: compressed."""
    assert sum(len(gzip.compress(path.read_bytes())) for path in STATIC.glob("*.css")) < 8_000
