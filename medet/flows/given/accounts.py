"""Who of a list of users has an account already: by their names and organisation, or by their user name."""

from django.utils.translation import gettext as _

from medet.flows.given.reading import Checked, plain
from medet.staff.models import RoleAt, User

# Family name, given name and patronymic, as they are compared.
Who = tuple[str, str, str]


def who(names: tuple[str, str], patronymic: str) -> Who:
    """As people are told apart in a list."""
    return (plain(names[0]), plain(names[1]), plain(patronymic))


def alike(one: Who, other: Who) -> bool:
    """The same names; two patronymics that differ are two people, and one that is missing says nothing."""
    return one[:2] == other[:2] and (one[2] == other[2] or not (one[2] and other[2]))


def in_doubt(one: Who, other: Who) -> bool:
    """Alike, and only one of the two has a patronymic: it may be a namesake, whose role it would be."""
    return alike(one, other) and one[2] != other[2]


def doubt(username: str) -> str:
    """What a row is asked when only its user name can say who is meant."""
    words = _("%(username)s is called so there too, and only one of the two has a patronymic: give the user name.")
    return words % {"username": username}


def who_of(one: Checked) -> Who:
    """Whom a row names."""
    return who(one.values["names"], one.values["patronymic"])


class Accounts:
    """All accounts and where they have or had a role, read once for a list."""

    def __init__(self) -> None:
        self.usernames = set(User.objects.values_list("username", flat=True))
        self._at: dict[tuple[int, str, str], dict[str, User]] = {}
        self._held: set[tuple[int, int, str]] = set()
        for row in RoleAt.objects.select_related("user"):
            family, given, _patronymic = self._who(row.user)
            self._at.setdefault((row.organisation_id, family, given), {})[row.user.username] = row.user
            if row.valid_to is None:
                self._held.add((row.user_id, row.organisation_id, row.role))

    def find(self, one: Checked) -> None:
        """The account of a row, and what is left to write of it."""
        users = self._called(one)
        if len(users) > 1:
            one.faults.append(_("Several users are called so there: give the user name."))
        elif users and not one.values["username"] and in_doubt(self._who(users[0]), who_of(one)):
            one.faults.append(doubt(users[0].username))
        elif users and not users[0].is_active:
            words = _("The access of %(username)s was ended: open it again on the user’s page.")
            one.faults.append(words % {"username": users[0].username})
        elif users:
            role = (users[0].pk, one.values["at"].pk, str(one.values["role"]))
            one.values["account"], one.known = users[0], role in self._held
            words = _("has an account already: %(username)s") if one.known else _("one more role for %(username)s")
            one.note = words % {"username": users[0].username}

    def _called(self, one: Checked) -> list[User]:
        wanted = who_of(one)
        if username := one.values["username"]:
            named = User.objects.filter(username=username) if username in self.usernames else ()
            return [user for user in named if alike(self._who(user), wanted)]
        there = self._at.get((one.values["at"].pk, *wanted[:2]), {}).values()
        return [user for user in there if alike(self._who(user), wanted)]

    @staticmethod
    def _who(user: User) -> Who:
        return who((user.family_name, user.given_name), user.patronymic)
