"""Reads the YAML files we ship: lists, limits, programmes."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from yaml import SafeLoader
else:
    # libyaml reads ten times as fast, and every process of ours reads these files when it starts; PyYAML's wheels
    # bring it, a PyYAML built without it reads the same with its own parser.
    SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

__all__ = ["SafeLoader", "read"]


def read(path: Path) -> Any:
    """The content of a file in UTF-8; raises yaml.YAMLError when it is none."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=SafeLoader)  # noqa: S506 - it is a safe loader
