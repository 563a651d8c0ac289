"""Opens every figure of the centre's morning over HTTP and counts its rows, from page to page to the last."""

import re
from collections.abc import Iterator
from html import unescape

from django.conf import settings
from django.test import Client, override_settings

PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
MORNING = "/centre/morning/"
NUMBER = re.compile(
    r'<a href="(/centre/morning/rows/[^"]+)">(?:<b>(?P<head>[^<]+)</b>|[^<]*</a><b>(?P<clinic>[^<]+)</b>)'
)
ROW, NEXT = '<tr><th scope="row">', re.compile(r'href="([^"]+)">Next page')


def files_where_they_lie() -> override_settings:
    """Pages without files gathered for a server: a judge only reads them."""
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": PLAIN_FILES}}
    return override_settings(STORAGES=storages, WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True)


def opened(client: Client) -> Iterator[tuple[str, int, int]]:
    """Address, what the page says, and how many rows stand behind it; the client reads English."""
    page = client.get(MORNING).content.decode()
    for found in NUMBER.finditer(page):
        address = unescape(found[1])
        yield address, int(re.sub(r"\D", "", found["head"] or found["clinic"])), rows_behind(client, address)


def rows_behind(client: Client, address: str) -> int:
    """The rows of a list on all its pages."""
    count = 0
    while address:
        page = client.get(address).content.decode()
        count += page.count(ROW)
        more = NEXT.search(page)
        address = unescape(more[1]) if more else ""
    return count
