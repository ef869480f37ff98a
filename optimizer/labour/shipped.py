"""The rules that come with the package."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from optimizer.domain.labour import LabourRules


@cache
def default_labour_rules() -> LabourRules:
    """Return the rules that hold where a scenario names none: China's."""
    text = files("optimizer.labour").joinpath("china.toml").read_text(encoding="utf-8")
    return LabourRules.model_validate(tomllib.loads(text))
