"""The page on studies names every edit, shock and assumption as the records have them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from optimizer.domain.assumption import Assumptions
from optimizer.domain.edit import Caregivers, Clients, Edit
from optimizer.domain.record import Record
from optimizer.domain.shock import SHOCKS
from optimizer.domain.study import Study
from optimizer.formats import parse_study
from optimizer.report.shock_list import kind_of, parameters_of

PAGE = (Path(__file__).parents[2] / "docs" / "shortfall.md").read_text(encoding="utf-8")


def _part(heading: str) -> str:
    """Return the text under a heading of the second order."""
    parts = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[heading]


def _named(text: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", text))


def _kinds() -> list[type[Record]]:
    union: Any = get_args(Edit)[0]
    return list(get_args(union))


@pytest.mark.parametrize("edit", _kinds(), ids=kind_of)
def test_every_edit_has_its_row(edit: type[Record]) -> None:
    """With all its fields."""
    (row,) = [
        line for line in _part("Edits").splitlines() if line.startswith(f"| `{kind_of(edit)}`")
    ]
    fields = row.split("|")[2]
    assert _named(fields) == set(edit.model_fields) - {"kind"}


@pytest.mark.parametrize("which", [Caregivers, Clients])
def test_every_filter_is_named(which: type[Record]) -> None:
    """Below the table of edits."""
    assert set(which.model_fields) <= _named(_part("Edits"))


@pytest.mark.parametrize("shock", SHOCKS, ids=kind_of)
def test_every_shock_has_its_parameters(shock: type[Record]) -> None:
    """With meaning, usual value, range, unit and basis; and no other parameter."""
    kind = kind_of(shock)
    section = _part("Shocks").partition(f"#### `{kind}`")[2].partition("####")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows == [_row(one) for one in parameters_of("en", shock, f"shock.{kind}")]
    assert len(rows) == len(shock.model_fields) - 1


def test_every_assumption_has_its_row() -> None:
    """As the records say."""
    rows = [line for line in _part("Assumptions").splitlines() if line.startswith("| `")]
    assert rows == [_row(one) for one in parameters_of("en", Assumptions, "assumption")]
    assert len(rows) == len(Assumptions.model_fields)


def _row(one: Any) -> str:
    cells = (
        f"`{one.name}`", one.meaning, one.default, one.known or "–", one.span or "–", one.unit,
        one.basis,
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def test_every_field_of_a_study_is_told() -> None:
    """But the two that every document has."""
    told = _named(_part("A study in a file"))
    assert set(Study.model_fields) - {"format", "version"} <= told


def test_the_example_can_be_read() -> None:
    """What the page shows is a study."""
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert parse_study(example).base == json.loads(example)["base"]
