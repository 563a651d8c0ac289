"""Words of the reports."""

from django.utils.translation import gettext_lazy as _

from medet.base import refused

refused.register(
    {
        "report.unknown": _("There is no such figure."),
        "report.period": _("The first day must not be after the last, and at most %(years)s years lie between them."),
    }
)
