"""Every code a document can meet is explained in docs/errors.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from optimizer import errors
from optimizer.formats import FaultCode, WarningCode
from optimizer.travel import sanity

PAGE = (Path(__file__).parents[2] / "docs" / "errors.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([a-z0-9-]+)` \|(.*)\|$", PAGE, re.MULTILINE))
TRAVEL = sorted(set(re.findall(r'"(travel-[a-z]+)"', Path(sanity.__file__).read_text("utf-8"))))
ERRORS = [
    error.code
    for error in vars(errors).values()
    if isinstance(error, type)
    and issubclass(error, errors.HomecareError)
    and error is not errors.HomecareError
]


@pytest.mark.parametrize("code", [*FaultCode, *WarningCode, *TRAVEL, *ERRORS])
def test_every_code_is_explained(code: str) -> None:
    """Each code has a row with a meaning and a remedy; the root of all errors is never raised."""
    cells = [cell.strip() for cell in ROWS[code].split("|")]
    assert len(cells) >= 2
    assert all(cells)


def test_the_page_explains_nothing_else() -> None:
    """Codes that are gone are gone from the page."""
    assert set(ROWS) <= {*FaultCode, *WarningCode, *TRAVEL, *ERRORS}


def test_codes_are_kebab_case_and_unique() -> None:
    """No fault shares its code with a warning or an error."""
    codes = [*FaultCode, *WarningCode, *TRAVEL, *ERRORS]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) for code in codes)
