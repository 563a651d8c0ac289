"""The operator's desk."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from medet.web.asked import Asked
from medet.web.parts.shapes import Queue


@require_safe
def desk(request: Asked) -> HttpResponse:
    """The empty list."""
    return render(request, "operator/desk.html", {"queue": Queue(_("Under observation today"), ())})
