"""Headers of every answer."""

import pytest
from django.test import Client
from pytest_django import Settings

PLAIN = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}} | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}


@pytest.fixture
def visitor(settings: Settings) -> Client:
    """Somebody who has not signed in."""
    settings.STORAGES = PLAIN
    settings.WHITENOISE_AUTOREFRESH = True
    settings.SHOWCASE = True
    return Client(HTTP_HOST="localhost")


@pytest.mark.parametrize("path", ["/parts/", "/nowhere/"])
def test_a_page_may_load_nothing_but_our_own(visitor: Client, path: str) -> None:
    policy = visitor.get(path).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "//" not in policy
    assert "*" not in policy


def test_the_push_process_is_the_only_neighbour(visitor: Client, settings: Settings) -> None:
    settings.PUSH_PORT = "9001"
    policy = visitor.get("/parts/").headers["Content-Security-Policy"]
    assert "connect-src 'self' http://localhost:9001;" in policy


def test_nothing_is_kept_by_caches(visitor: Client) -> None:
    headers = visitor.get("/parts/operator/").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_foreign_host_gets_a_plain_refusal(visitor: Client, settings: Settings) -> None:
    settings.PUSH_PORT = "9001"
    assert visitor.get("/parts/", HTTP_HOST="evil.example").status_code == 400


def test_the_showcase_is_not_there_in_real_life(visitor: Client, settings: Settings) -> None:
    settings.SHOWCASE = False
    assert visitor.get("/parts/operator/").status_code == 404
