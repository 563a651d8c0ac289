"""Who of the register is whom of the roster."""

from collections.abc import Iterable
from functools import cache

from medet.base import secret
from medet.demo.city.roster import Made
from medet.people.models import Person


def found(people: Iterable[Made]) -> dict[int, Made]:
    """The key of each one's record, by the IIN; who has none is left out."""
    by_hash = {_hash(made.iin): made for made in people if made.iin}
    rows = Person.objects.filter(iin_hash__isnull=False).values_list("pk", "iin_hash")
    known = ((pk, by_hash.get(bytes(hashed or b""))) for pk, hashed in rows)
    return {pk: made for pk, made in known if made}


@cache
def _hash(iin: str) -> bytes:
    return secret.keyed_hash(iin)
