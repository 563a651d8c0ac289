"""How alike names are, and how well people fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medet.people.rules import EXACT, FUZZY, PREFIX, Names, distance, fit, grade, likeness, stem

WORDS = st.text("абвгдежзиклмнопрстухцчш", min_size=4, max_size=12)
AHMETOV = Names("ахметов", "болат", "серикули")


@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [("ахметов", EXACT, EXACT), ("ахм", PREFIX, 1.5), ("ахмитов", FUZZY, 2.5), ("хаметов", FUZZY, 3.0)],
)
def test_kinds_of_likeness(typed, low, high):
    found = likeness((typed,), "ахметов")
    assert found is not None
    assert low <= found <= high


@pytest.mark.parametrize(("typed", "name"), [("ахметов", "оспанов"), ("ки", "цои"), ("ким", "лим2"), ("болат", "")])
def test_other_names_are_other_names(typed, name):
    assert likeness((typed,), name) is None


@given(WORDS, WORDS)
def test_distance_is_no_less_than_nothing_and_nothing_for_the_same(one, other):
    assert distance(one, one) == 0
    assert distance(one, other) >= 0


@given(WORDS, st.integers(0, 11))
def test_one_letter_left_out_is_one_mistake(name, place):
    assert distance(name[: place % len(name)] + name[place % len(name) + 1 :], name) <= 1


@pytest.mark.parametrize(
    "words",
    ["ахметов", "болат ахметов", "ахметов болат серикович", "болат серикули", "серикули ахметов"],
)
def test_any_order_fits(words):
    assert fit([(word,) for word in words.split()], AHMETOV) is not None


def test_a_third_word_ranks_and_does_not_throw_out():
    right, wrong = [fit([("ахметов",), ("болат",), (word,)], AHMETOV) for word in ("серикули", "муратули")]
    assert right is not None
    assert wrong is not None
    assert right < wrong
    assert fit([("ахметов",), ("муратули",)], AHMETOV) is None


def test_the_worst_word_says_the_grade():
    assert grade(fit([("ахметов",), ("болат",)], AHMETOV)) == EXACT
    assert grade(fit([("ахметов",), ("бол",)], AHMETOV)) == PREFIX
    assert grade(fit([("ахмитов",), ("бол",)], AHMETOV)) >= FUZZY


def test_patronymics_of_two_languages_have_one_stem():
    assert stem("серикович") == stem("серикули") == "серик"
    assert stem("ули") == "ули"
