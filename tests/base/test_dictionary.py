"""Generated pages: the data dictionary and the comparison with what lies in docs/."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import translation

from medet.base import dictionary, generated

pytestmark = pytest.mark.django_db


def test_it_names_every_table_and_column_of_the_rooms():
    page = dictionary.text()
    for app in apps.get_app_configs():
        for model in app.get_models(include_auto_created=True) if app.name.startswith("medet.") else ():
            assert f"\n## {model._meta.db_table}\n" in page
    assert "| sha256 | bytea | no | hash of the canonical JSON of the facts |" in page
    with translation.override("kk"):
        assert dictionary.text() == page


@pytest.mark.parametrize("command", ["states", "data_dictionary"])
def test_check_fails_until_written(tmp_path, monkeypatch, settings, command):
    settings.BASE_DIR = tmp_path
    monkeypatch.setattr(generated, "DOCS", tmp_path / "docs")
    left_over = tmp_path / "docs" / "states" / "gone.md"
    left_over.parent.mkdir(parents=True)
    if command == "states":
        left_over.write_text("old")
    with pytest.raises(CommandError, match=f"not up to date: docs/.*run manage.py {command}"):
        call_command(command, "--check")
    call_command(command)
    left_over.unlink(missing_ok=True)
    call_command(command, "--check")
