"""People are found however they are spelled: the set was written before the search and is never edited to fit it."""

from tests.people.spelled import missed, populate, spellings


def test_the_set_is_a_hundred_in_four_ways():
    whole = spellings("development") + spellings("held_back")
    assert len(whole) == len({row.typed for row in whole}) == 100
    assert {row.kind for row in whole} == {"kk", "ru", "latin", "keyboard"}


def test_who_is_meant_is_in_the_first_five(town):
    people = populate(town.centre)
    lost = [row for part in ("development", "held_back") for row in missed(part, people, by=town.actor("aigerim"))]
    assert len(lost) <= 1, lost
