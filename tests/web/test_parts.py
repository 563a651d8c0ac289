"""Every page of the showcase in real Chromium: accessible, quiet, inside its window. The whole matrix is in `prove`."""

import pytest

from tests.web.barriers import DESKS, PAGES, barriers
from tests.web.browser import opened
from tests.web.conftest import NewContext

LOOKS = [("kk", 1366, False), ("ru", 390, True), ("en", 1366, True), ("kk", 390, False)]


@pytest.mark.parametrize(("place", "look"), list(enumerate(LOOKS)))
def test_a_page_has_no_barrier_and_says_nothing_to_the_console(
    site: str, new_context: NewContext, place: int, look: tuple[str, int, bool]
) -> None:
    """Every other page, each in one of the looks; one tab of the browser for those of a look."""
    language, width, dark = look
    # axe is put into the page by the test, so the page's own policy is looked at in the tests below.
    context = new_context(language, width, dark=dark, bypass_csp=True)
    first, *others = PAGES[::2][place :: len(LOOKS)]
    with opened(context, f"{site}/parts/{first}") as page:
        for path in (first, *others):
            if path != first:
                page.goto(f"{site}/parts/{path}")
            assert barriers(page) == [], path
            assert page.locator("html").get_attribute("lang") == language


def test_a_page_stays_inside_its_window(site: str, new_context: NewContext) -> None:
    with opened(new_context("kk"), f"{site}/parts/") as page:
        for path in PAGES:
            page.set_viewport_size({"width": 1366, "height": 768})
            page.goto(f"{site}/parts/{path}")
            assert path not in DESKS or page.evaluate("document.documentElement.scrollHeight") <= 768, path
            for width in (320, 390):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_at_twice_the_size_the_panels_stand_below_each_other(site: str, new_context: NewContext) -> None:
    with opened(new_context("ru", 683, 384), f"{site}/parts/operator/") as page:
        queue, side = page.locator("#queue").bounding_box(), page.locator("#side").bounding_box()
        assert queue
        assert side
        assert side["y"] > queue["y"] + queue["height"]
        page.get_by_role("link", name="Форма", exact=True).click()
        assert page.locator("#side").evaluate("part => part.getBoundingClientRect().top") < 384


@pytest.mark.parametrize(("path", "least"), [("operator/", 36), ("clinic/?visit=0", 48)])
def test_controls_are_big_enough_for_their_desk(site: str, new_context: NewContext, path: str, least: int) -> None:
    with opened(new_context("ru", 390 if least > 40 else 1366), f"{site}/parts/{path}") as page:
        heights = page.evaluate(
            "[...document.querySelectorAll('.btn:not(.tight), select, summary, .panel input:not([type=radio],"
            "[type=checkbox],[type=hidden])')].filter(e => e.checkVisibility()).map(e => e.offsetHeight)"
        )
        assert heights
        assert min(heights) >= least


def test_a_faulty_form_says_so_with_and_without_scripts(site: str, new_context: NewContext) -> None:
    for scripts in (True, False):
        page = new_context("ru", java_script_enabled=scripts).new_page()
        page.goto(f"{site}/parts/doctor/")
        page.get_by_label("Другой код").first.check(force=True)
        page.get_by_role("button", name="Записать").first.click()
        summary = page.get_by_role("alert").filter(has_text="Проверьте")
        summary.wait_for()
        assert "Исход" in summary.inner_text()
        assert "J12.8" in summary.inner_text()


def test_a_person_opens_without_leaving_the_desk(site: str, new_context: NewContext) -> None:
    with opened(new_context("ru"), f"{site}/parts/operator/") as page:
        page.evaluate("window.stayed = true")
        page.get_by_role("link", name="Иванов Пётр").click()
        page.wait_for_url("**/?person=3")
        assert page.evaluate("window.stayed") is True
        assert page.locator("[data-worklist] a[aria-current]").inner_text().startswith("Иванов")


def test_the_language_switch_works_without_scripts(site: str, new_context: NewContext) -> None:
    page = new_context("ru", java_script_enabled=False).new_page()
    page.goto(f"{site}/parts/operator/?form=answers")
    page.get_by_role("button", name="Қазақша").click()
    assert page.locator("html").get_attribute("lang") == "kk"
    assert page.url.endswith("?form=answers")


def test_kazakh_is_set_in_one_font(site: str, new_context: NewContext) -> None:
    with opened(new_context("kk"), f"{site}/parts/operator/") as page:
        assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Inter', 'әғқңөұүһі ҚҰ №'))")
        assert page.evaluate("[...document.fonts].filter(font => font.status === 'loaded').length") == 3
