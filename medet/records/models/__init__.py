"""The tables of the room: what is known of people's illnesses, and the lists it came from."""

from medet.records.intake.models import IntakeList, IntakeRow
from medet.records.models.clinical import Allergy, Case, CloseContact, Conclusion, Reading, Treatment

__all__ = ["Allergy", "Case", "CloseContact", "Conclusion", "IntakeList", "IntakeRow", "Reading", "Treatment"]
