"""The made-up staff that the demo's sign-in page offers; the file is written when the city is built."""

import json

from django.conf import settings

from medet.staff.states import Role
from medet.web.parts.shapes import DemoLogin


def demo_logins() -> list[DemoLogin]:
    """Nobody outside a demo."""
    path = settings.DATA_DIR / "demo" / "logins.json"
    if not settings.DEMO or not path.exists():
        return []
    rows = json.loads(path.read_text("utf-8"))
    return [DemoLogin(row["username"], str(Role(row["role"]).label), row["password"]) for row in rows]
