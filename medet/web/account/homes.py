"""The desk each role starts at; who holds several roles starts at the first of them here."""

from medet.base.actor import Actor
from medet.staff.states import Role

HOMES: dict[str, str] = {
    Role.DOCTOR: "doctor:desk",
    Role.OPERATOR: "operator:desk",
    Role.SUPERVISOR: "operator:desk",
    Role.CLINIC_RECEIVER: "clinic:desk",
    Role.HEAD_OF_CLINIC: "clinic:desk",
    Role.ADMINISTRATOR: "admin:desk",
}


def home_of(actor: Actor) -> str | None:
    """The name of the route, or None for a role that has no desk yet."""
    return next((route for role, route in HOMES.items() if role in actor.roles), None)
