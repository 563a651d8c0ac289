"""The clinic's desk."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from medet.web.asked import Asked


@require_safe
def desk(request: Asked) -> HttpResponse:
    """The empty list."""
    return render(request, "clinic/desk.html", {"visits": (), "tabs": ()})
