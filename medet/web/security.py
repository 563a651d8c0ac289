"""Headers of every answer: a page loads nothing but our own files, and no patient's page stays in a cache."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from medet.web.parts.live import push_origin

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'{push}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"


def with_sound(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A page whose recordings can be heard."""
    response["Content-Security-Policy"] = f"{policy_of(request)}; media-src 'self'"
    return response


def policy_of(request: HttpRequest) -> str:
    """Our own origin and the push process's, nothing else."""
    origin = push_origin(request)
    return POLICY.format(push=f" {origin}" if origin else "")


class SecurityHeaders:
    """Middleware; a view that needs more (camera on the video page) sets the header itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", policy_of(request))
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # Static files never come here (WhiteNoise answers first), so everything that does may hold a patient's data.
        response.setdefault("Cache-Control", "no-store")
        return response
