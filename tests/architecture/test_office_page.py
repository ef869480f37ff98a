"""The Chinese page of the purchaser's office, from which an officer works alone."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

import pytest

from optimizer.domain.delivery import Deliveries
from optimizer.domain.office import Office
from optimizer.domain.record import Record
from optimizer.domain.supervision import Supervision

PAGE = Path(__file__).parents[2] / "docs" / "office.zh-CN.md"


def _types(annotation: Any) -> Iterator[type]:
    if inspect.isclass(annotation):
        yield annotation
    for inner in get_args(annotation):
        yield from _types(inner)


def names(record: type[Record]) -> set[str]:
    """Return all fields of a record and of those within it, and the codes they may have."""
    found = set(record.model_fields)
    for field in record.model_fields.values():
        for one in _types(field.annotation):
            if issubclass(one, Record):
                found |= names(one)
            elif issubclass(one, StrEnum):
                found |= {str(code) for code in one}
    return found


@pytest.mark.parametrize("record", [Office, Deliveries, Supervision])
def test_every_field_and_code_is_on_the_chinese_page(record: type[Record]) -> None:
    """Nobody has to read a schema to write a file of the office."""
    told = set(re.findall(r"`([a-z_0-9]+)`", PAGE.read_text(encoding="utf-8")))
    assert names(record) - told == set()
