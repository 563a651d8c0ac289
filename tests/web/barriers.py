"""What axe says about a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESKS = ["operator/", "operator/?form=answers", "doctor/", "doctor/?recorded=1", "clinic/?visit=0"]
PAGES = [*DESKS, "clinic/", "", "sign-in/", "refused/"]


def barriers(page: Page) -> list[str]:
    """The rule and the element of every fault; the page's context must let the test's script in (bypass_csp)."""
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [f"{fault['id']}: {node['target']}" for fault in found for node in fault["nodes"]]
