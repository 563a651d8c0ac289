"""Each check is shown a planted fault, so that it cannot pass by seeing nothing."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

from django.db import models
from django.test.utils import isolate_apps

from tests.architecture import checks
from tests.architecture.reading import ROOT


def faults(check, path, code):
    return list(check(Path(path), ast.parse(code)))


def test_a_write_outside_actions():
    found = faults(checks.writes_outside_actions, "medet/web/doctor/views.py", "Case.objects.filter(pk=1).update(x=2)")
    assert found == ["medet/web/doctor/views.py:1 Case.objects.filter(pk=1).update()"]
    assert faults(checks.writes_outside_actions, "medet/records/rules.py", "case.save()")
    assert faults(checks.writes_outside_actions, "medet/records/actions.py", "case.save()") == []
    assert faults(checks.writes_outside_actions, "medet/web/x.py", "words.update(a=1)") == []
    assert faults(checks.writes_outside_actions, "medet/flows/take_many.py", "bulk.insert(Case, rows)")
    assert faults(checks.writes_outside_actions, "medet/records/many.py", "bulk.insert(Case, rows)") == []


def test_a_filter_on_person_outside_people():
    for code in ("X.objects.filter(person_id=3)", "X.objects.get(case__person=p)", "Q(person__in=people)"):
        assert faults(checks.filters_on_person, "medet/web/card/queries.py", code), code
    assert faults(checks.filters_on_person, "medet/web/card/queries.py", "X.objects.filter(person__root_id=3)") == []
    assert faults(checks.filters_on_person, "medet/people/queries.py", "X.objects.filter(person_id=3)") == []


def test_a_face_that_goes_round_a_flow():
    flow = (Path("medet/flows/end.py"), ast.parse("from medet.records.actions import move_case, Diagnosis"))
    wrapped = checks.wrapped_actions([flow])
    view = ast.parse("from medet.records.actions import move_case")
    assert list(checks.goes_round_a_flow(Path("medet/web/doctor/views.py"), view, wrapped))
    assert list(checks.goes_round_a_flow(Path("medet/flows/other.py"), view, wrapped)) == []
    many = (Path("medet/flows/take_many.py"), ast.parse("from medet.records.many import open_at_home"))
    view = ast.parse("from medet.records.many import open_at_home")
    assert list(checks.goes_round_a_flow(Path("medet/web/doctor/views.py"), view, checks.wrapped_actions([many])))


@isolate_apps("medet.places", "medet.handovers")
def test_an_upward_foreign_key():
    from medet.handovers.models import HomeVisit

    class Planted(models.Model):
        visit = models.ForeignKey(HomeVisit, models.CASCADE, related_name="+")

        class Meta:
            app_label = "places"

        def __str__(self):
            return "planted"

    Planted.__module__ = "medet.places.models"
    assert list(checks.upward_keys([Planted])) == ["Planted.visit -> HomeVisit"]


def test_an_upward_import_breaks_the_contract(tmp_path):
    """import-linter over a copy of the house with one arrow that points up."""
    shutil.copytree(ROOT / "medet", tmp_path / "medet", ignore=shutil.ignore_patterns("static", "*.wav", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / "medet" / "places" / "planted.py"
    planted.write_text("from medet.handovers import states\n")
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "Every arrow points down BROKEN" in run.stdout
    assert "medet.places.planted -> medet.handovers.states" in run.stdout
