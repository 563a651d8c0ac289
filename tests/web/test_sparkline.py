"""A line of values as points."""

from hypothesis import given
from hypothesis import strategies as st

from medet.web.parts.shapes import VitalTile
from medet.web.parts.sparkline import HEIGHT, WIDTH, points
from medet.web.parts.templatetags.parts import spark

values = st.lists(st.floats(-1000, 1000), min_size=2, max_size=30)


@given(values)
def test_every_point_is_inside_the_picture(course: list[float]) -> None:
    for point in points(course).split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT


def test_the_lowest_value_is_at_the_bottom() -> None:
    assert points([96, 91]) == "3.0,3.0 97.0,23.0"


def test_a_flat_line_runs_through_the_middle() -> None:
    assert points([90, 90, 90]) == "3.0,13.0 50.0,13.0 97.0,13.0"


def test_one_value_has_no_line() -> None:
    assert points([90]) == ""
    assert spark(VitalTile("SpO₂", "91", values=(91.0,))) == ""


def test_the_picture_is_said_in_words_and_its_words_are_escaped() -> None:
    assert 'role="img" aria-label="&lt;b&gt;"' in spark(VitalTile("SpO₂", "91", values=(91.0, 92.0), course="<b>"))
