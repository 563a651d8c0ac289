"""Lives: who may move what where, and the drawings made from the declaration."""

import pytest
from django.db.models import TextChoices
from django.utils import translation

from medet.base.actor import ROBOT
from medet.base.refused import Refused
from medet.base.states import NEW, Life, check_move, may_move, moves, page, possible, problems


class Kettle(TextChoices):
    COLD = "cold", "Cold"
    HOT = "hot", "Hot"
    BROKEN = "broken", "Broken"


LIFE = Life(
    "kettle",
    Kettle,
    moves=(
        *moves(NEW, Kettle.COLD, "cook"),
        *moves(Kettle.COLD, Kettle.HOT, "cook", "robot"),
        *moves([Kettle.COLD, Kettle.HOT], Kettle.BROKEN, "guest"),
    ),
    owes={"cold": "cook", "hot": None, "broken": None},
)
COOK = frozenset({"cook"})


def test_it_lets_the_role_and_the_robot_move():
    check_move(LIFE, "cold", "hot", COOK)
    check_move(LIFE, "cold", "hot", ROBOT.roles_at(1))
    check_move(LIFE, NEW, "cold", COOK)
    assert possible(LIFE, "cold", COOK) == ["hot"]


def test_it_refuses_a_move_that_does_not_exist():
    with pytest.raises(Refused) as refused:
        check_move(LIFE, "hot", "cold", COOK)
    assert refused.value.code == "move.not_allowed"
    with translation.override("en"):
        assert refused.value.sentence() == "“Hot” cannot become “Cold”."


def test_it_refuses_a_move_of_another_role():
    with pytest.raises(Refused, match=r"move\.not_yours"):
        check_move(LIFE, "cold", "broken", COOK)
    assert not may_move(LIFE, "cold", "broken", COOK)
    assert may_move(LIFE, "cold", "hot", COOK)


def test_a_whole_declaration_has_no_problems():
    assert problems(LIFE) == []
    assert LIFE.ends == {"broken"}


def test_each_hole_in_a_declaration_is_named():
    holes = Life(
        "holes",
        Kettle,
        moves=(*moves(NEW, "cold"), *moves("cold", "boiling", "cook")),
        owes={"cold": "cook", "hot": "cook", "warm": None},
    )
    assert problems(holes) == [
        "boiling: not a state",
        "broken: does not say who owes the next move",
        "warm: owed, but not a state",
        "broken: nothing leads here",
        "hot: nothing leads here",
        "hot: an end owes nobody a move",
        "new to cold: nobody may",
    ]


def test_the_drawing_is_the_same_in_every_language():
    with translation.override("kk"):
        kazakh = page(LIFE)
    with translation.override("en"):
        assert page(LIFE) == kazakh
    assert "    [*] --> cold: cook\n    cold --> hot: cook, robot\n" in kazakh
    assert "    broken --> [*]\n" in kazakh
    assert "| `cold` | Cold | cook |" in kazakh
