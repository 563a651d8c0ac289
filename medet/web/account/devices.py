"""The shared telephones of a clinic, for its head."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medet.staff.shared.actions import revoke_device
from medet.staff.shared.queries import standing_at
from medet.web.asked import Asked
from medet.web.parts.devices import rows


@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: Asked) -> HttpResponse:
    """Who opens which, and the end of one by one press."""
    found = [device for place in request.actor.organisation_ids for device in standing_at(place, now=request.now)]
    if request.method == "POST":
        wanted = [device for device in found if str(device.uid) == request.POST.get("device")]
        if not wanted:
            raise Http404
        revoke_device(device=wanted[0], by=request.actor, now=request.now)
        messages.success(request, _("The sharing is ended: nobody opens this phone by a PIN any more."))
        return redirect("web:devices")
    return render(request, "account/devices.html", {"devices": rows(found, now=request.now)})
