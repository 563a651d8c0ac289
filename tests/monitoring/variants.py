"""The shipped programme with a change: as a file, and as a stored version that no check has seen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from medet.base import yamls
from medet.monitoring.actions import FOLDER
from medet.monitoring.models import Programme
from medet.monitoring.schema import Programme as ProgrammeFile
from tests import make

Change = Callable[[dict[str, Any]], object]
CODE = "covid-home"
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # a hundred tests write the file


def variant(folder: Path, change: Change) -> Path:
    """A file."""
    content = yamls.read(FOLDER / f"{CODE}.yaml")
    change(content)
    path = folder / f"{CODE}.yaml"
    path.write_text(yaml.dump(content, Dumper=DUMPER, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def unchecked(change: Change, *, code: str = CODE) -> Programme:
    """The next version of a programme, written past the actions: files of older releases were checked less."""
    content = yamls.read(FOLDER / f"{CODE}.yaml") | {"code": code}
    change(content)
    stored = ProgrammeFile.model_validate(content).model_dump(mode="json")
    version = Programme.objects.filter(code=code).count() + 1
    return Programme.objects.create(
        code=code, version=version, sha256=f"{code}-{version}-{change!r}"[:64], content=stored, loaded_at=make.NOON
    )
