"""The roles a user can hold at an organisation."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from medet.base import refused


class Role(TextChoices):
    """What somebody does at an organisation; rights follow from it and from nothing else."""

    OPERATOR = "operator", _("Operator")
    DOCTOR = "doctor", _("Doctor of the centre")
    SUPERVISOR = "supervisor", _("Supervisor")
    CLINIC_RECEIVER = "clinic_receiver", _("Clinic receiver")
    HEAD_OF_CLINIC = "head_of_clinic", _("Head of clinic")
    HEALTH_DEPARTMENT = "health_department", _("Health department")
    STATION_WORKER = "station_worker", _("Station worker")
    SPECIALIST = "specialist", _("Specialist")
    SECOND_READER = "second_reader", _("Second reader")
    COORDINATOR = "coordinator", _("Coordinator")
    MEDICAL_EDITOR = "medical_editor", _("Medical editor")
    SECURITY_OFFICER = "security_officer", _("Security officer")
    SUPPLIER = "supplier", _("Supplier's engineer")
    ADMINISTRATOR = "administrator", _("Administrator")


refused.register(
    {"invitation.over": _("This link was used already or has run out. Whoever invited you can give you a new one.")}
)
