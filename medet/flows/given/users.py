"""A list of users: one row a user, several rows of one name for several roles.

The same list again writes nothing: whoever is called so at that organisation has an account already, and gets at most
a further role.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from medet.base.actor import Actor
from medet.base.names import latin, tidy
from medet.base.refused import Refused
from medet.flows.given.accounts import Accounts, Who, alike, doubt, in_doubt, who_of
from medet.flows.given.reading import Checked, Given, languages, names_of, plain, read_given, words_of
from medet.flows.installing import called, check_roles, create_staff, grant
from medet.flows.invitations import invite_user
from medet.places.models import Organisation
from medet.staff.models import User
from medet.staff.states import Role

NEEDED = ("family_name", "given_name", "role", "organisation")


def read_users(data: bytes) -> list[Given]:
    """The rows of the file."""
    return read_given(data, kind="users", needed=NEEDED)


def check_users(rows: Sequence[Given]) -> list[Checked]:
    """What each row would do, and why some cannot be taken; nothing is written."""
    houses, accounts = _houses(), Accounts()
    checked = [_check(row, houses) for row in rows]
    good = [one for one in checked if not one.faults]
    for one in good:
        accounts.find(one)
    named = {one.values["account"].username: who_of(one) for one in good if one.values.get("account")}
    for one in good:
        if not one.faults and not one.values["account"]:
            _name(one, accounts.usernames, named)
    return checked


def _houses() -> dict[str, list[Organisation]]:
    found: dict[str, list[Organisation]] = {}
    for house in Organisation.objects.filter(valid_to__isnull=True):
        for name in called(house):
            found.setdefault(plain(name), []).append(house)
    return found


def _check(row: Given, houses: dict[str, list[Organisation]]) -> Checked:
    one, cells = Checked(row), row.cells
    role = _role(cells["role"])
    found = houses.get(plain(cells["organisation"]), [])
    speaks, pages = languages(cells.get("speaks", "")), languages(cells.get("language", ""))
    wrong = {
        _("A family name and a given name are needed."): not (cells["family_name"] and cells["given_name"]),
        _("There is no role “%(text)s”.") % {"text": cells["role"]}: role is None,
        _("There is no organisation “%(text)s”.") % {"text": cells["organisation"]}: not found,
        _("Several organisations are called “%(text)s”.") % {"text": cells["organisation"]}: len(found) > 1,
        _("A language is not known: “%(text)s”.") % {"text": cells.get("speaks") or cells.get("language", "")}: speaks
        is None
        or pages is None,
    }
    one.faults = [words for words, is_so in wrong.items() if is_so]
    if one.faults or role is None or speaks is None or pages is None:
        return one
    try:
        check_roles([Role(role)], found[0])
    except Refused as refused:
        one.faults.append(refused.sentence())
    one.values = {
        "names": (tidy(cells["family_name"]), tidy(cells["given_name"])),
        "patronymic": tidy(cells.get("patronymic", "")),
        "username": cells.get("username", "").casefold(),
        "role": Role(role),
        "at": found[0],
        "language": [*pages, *speaks, "ru"][0],
        "speaks": speaks,
        "account": None,
    }
    return one


def _role(text: str) -> str | None:
    """By its name or by what people call it."""
    other = {plain(word): code for code, words in names_of("roles").items() for word in words}
    return (other | words_of(Role)).get(plain(text))


def _name(one: Checked, taken: set[str], named: dict[str, Who]) -> None:
    """The name of the list, or one made of family and given name; the same person again is one more role."""
    who, username = who_of(one), one.values["username"]
    again = next((name for name, other in named.items() if alike(other, who) and username in ("", name)), None)
    if again is None and username in taken | set(named):
        one.faults.append(_("There is a user %(username)s already.") % {"username": username})
        return
    if again and not username and in_doubt(named[again], who):
        one.faults.append(doubt(again))
        return
    if again:
        one.note = _("one more role for %(username)s") % {"username": again}
    one.values["username"] = again or username or _free(one.values["names"], taken | set(named))
    named[one.values["username"]] = who


def free_name(names: tuple[str, str]) -> str:
    """A user name that nobody has."""
    return _free(names, set(User.objects.values_list("username", flat=True)))


def _free(names: tuple[str, str], taken: set[str]) -> str:
    base = f"{latin(names[1])[:1]}.{latin(names[0])}"[:50] if latin(names[0]) else "user"
    return next(name for name in (base, *(f"{base}{n}" for n in range(2, 9_999))) if name not in taken)


@transaction.atomic
def take_users(*, rows: Sequence[Given], by: Actor, now: datetime) -> list[tuple[User, str]]:
    """Writes the good rows, all or none; each new user with the secret of their link."""
    checked = check_users(rows)
    if all(one.faults for one in checked):
        raise Refused("given.no_good_row")
    new = []
    for values in (one.values for one in checked if one.writes):
        user = values["account"] or User.objects.filter(username=values["username"]).first()
        if user:
            grant(user=user, role=values["role"], at=values["at"], by=by, now=now)
        else:
            names = ("username", "names", "patronymic", "language", "speaks", "at")
            given = {name: values[name] for name in names}
            user = create_staff(**given, roles=[values["role"]], password=None, by=by, now=now)
            new.append(user)
    return [(user, invite_user(user=user, by=by, now=now)) for user in new]
