"""Reads a programme file; whatever is wrong with it is one sentence that names the file and the place."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from medet.base.refused import Refused
from medet.base.yamls import SafeLoader
from medet.monitoring.schema.checks import faults
from medet.monitoring.schema.faults import Fault, of_pydantic
from medet.monitoring.schema.shape import Programme


class _Twice(yaml.YAMLError):
    """A key that stands twice: YAML would let the last one win, and a rule would be gone without a word."""

    def __init__(self, key: Hashable, line: int) -> None:
        super().__init__()
        self.key, self.line = key, line


class _Loader(SafeLoader):
    """YAML without a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """As the parent does it."""
        seen = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise _Twice(key, key_node.start_mark.line + 1)
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_programme(path: Path) -> Programme:
    """The checked content of a file."""
    found = _content(path)
    if isinstance(found, Programme):
        check(found, name=path.name)
        return found
    raise Refused("programme.invalid", file=path.name, problem=found)


def check(programme: Programme, *, name: str) -> None:
    """Refuses what the shape cannot see; the first fault is enough."""
    for fault in faults(programme):
        raise Refused("programme.invalid", file=name, problem=fault)


def _content(path: Path) -> Programme | Fault:
    raw: Any = None
    try:
        raw = _Loader(path.read_text(encoding="utf-8")).get_single_data()
        return Programme.model_validate(raw)
    except ValidationError as error:
        return of_pydantic(error.errors()[0], raw)
    except _Twice as error:
        return Fault("key_twice", values={"value": error.key, "line": error.line})
    except yaml.MarkedYAMLError as error:
        return Fault("not_yaml", values={"line": error.problem_mark.line + 1 if error.problem_mark else 1})
    except (OSError, yaml.YAMLError, UnicodeDecodeError, TypeError):
        return Fault("unreadable")
