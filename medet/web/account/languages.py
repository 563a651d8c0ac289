"""The language of this browser."""

from django.conf import settings
from django.http import HttpResponse

COOKIE = settings.LANGUAGE_COOKIE_NAME


def speak(response: HttpResponse, language: str) -> None:
    """Kept for a year, also before anybody signs in."""
    response.set_cookie(
        COOKIE, language, max_age=365 * 24 * 3600, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
