"""The strip over every page of a demo: made-up people, its clock, its calling hours, and who can sign in."""

from pathlib import Path
from typing import Any

from django.test import Client

from medet.demo.city.seed import write_files


def test_the_demo_says_what_it_is(pages: None, client: Client, settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    write_files(tmp_path)
    page = client.get("/sign-in/", headers={"accept-language": "en"}).content.decode()
    assert "Demo: every person here is made up. Demo clock <b data-clock>12:0" in page
    assert "Calling hours <b>09:00–20:00</b>" in page
    assert ">operator</b>" in page


def test_the_real_thing_says_nothing_of_it(pages: None, client: Client) -> None:
    page = client.get("/sign-in/", headers={"accept-language": "en"}).content.decode()
    assert "Demo" not in page
    assert "operator" not in page
