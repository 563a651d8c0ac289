"""What the environment makes of the settings, each time in a process of its own."""

import json
import os
import subprocess
import sys

NAMES = [
    "SECURE_PROXY_SSL_HEADER",
    "USE_X_FORWARDED_HOST",
    "CSRF_TRUSTED_ORIGINS",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_SECONDS",
    "PUSH_PORT",
]
SHOW = f"import json, medet.settings as s; print(json.dumps({{name: getattr(s, name) for name in {NAMES}}}))"


def settings_with(**env: str) -> dict[str, object]:
    """The product's settings under these variables and no other of ours."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MEDET_")}
    done = subprocess.run([sys.executable, "-c", SHOW], env=plain | env, capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_behind_a_proxy_everything_goes_by_tls_and_one_origin() -> None:
    found = settings_with(
        MEDET_PROXY="1", MEDET_PUSH_PORT="8001", MEDET_HTTPS="0", MEDET_ORIGINS="https://a.example https://b.example"
    )
    assert found == {
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
        "USE_X_FORWARDED_HOST": False,
        "CSRF_TRUSTED_ORIGINS": ["https://a.example", "https://b.example"],
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "PUSH_PORT": "",
    }


def test_without_one_nothing_of_a_request_is_believed() -> None:
    found = settings_with(MEDET_PUSH_PORT="8001")
    assert found["SECURE_PROXY_SSL_HEADER"] is None
    assert found["CSRF_TRUSTED_ORIGINS"] == []
    assert found["PUSH_PORT"] == "8001"
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000


def test_the_demo_speaks_plain_http_and_says_nothing_of_tls() -> None:
    found = settings_with(MEDET_DEMO="1")
    assert found["SESSION_COOKIE_SECURE"] is False
    assert found["SECURE_HSTS_SECONDS"] == 0
