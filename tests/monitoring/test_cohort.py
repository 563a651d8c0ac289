"""The covid-home rules on the development part of the labelled set; the held-back part is scored by hand, once."""

from medet.monitoring.actions import FOLDER
from medet.monitoring.schema import read_programme
from tests.monitoring.cohort_score import score


def test_no_danger_sign_is_missed_and_bands_agree():
    matrix, wrong = score(read_programme(FOLDER / "covid-home.yaml"), "covid_home.yaml")
    reds = sum(count for (label, _), count in matrix.items() if label == "red")
    assert matrix["red", "red"] == reds, wrong
    assert sum(matrix.values()) - len(wrong) >= 0.95 * sum(matrix.values()), wrong
