"""Where the browser hears of changes: the push process, on our own origin or on a neighbouring port."""

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.request import split_domain_port

PATH = "/push/desk"


def push_origin(request: HttpRequest) -> str:
    """`http://host:port` of the push process; empty when a proxy puts it behind our own origin."""
    if not settings.PUSH_PORT:
        return ""
    try:
        host = split_domain_port(request.get_host())[0]
    except DisallowedHost:
        return ""
    return f"{request.scheme}://{host}:{settings.PUSH_PORT}"


def live_url(request: HttpRequest) -> str:
    """The address of the event stream for this request's page."""
    return push_origin(request) + PATH
