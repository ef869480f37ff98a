"""Tables for people."""

from __future__ import annotations

import pytest

from benchmarks.markdown import cell, markdown, percent
from benchmarks.suite import Figure, Table


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (None, "-"),  # nothing known
        (True, "yes"),  # not 1
        (12345, "12,345"),  # whole
        (1.005e3, "1,005.00"),  # decimal
        ("hamlet", "hamlet"),  # text
    ],
)
def test_each_kind_of_figure_has_its_text(figure: Figure, text: str) -> None:
    """Numbers are grouped, truth is yes or no, nothing is a dash."""
    assert cell(figure) == text


def test_percentages_carry_their_sign() -> None:
    """A gap shows at a glance on which side it lies."""
    assert [percent(x) for x in (1.0, -1.0, None)] == ["+1.00 %", "-1.00 %", "-"]


def test_a_table_is_aligned() -> None:
    """The first column is flush left, the others flush right; notes follow."""
    table = Table("Days", ("day", "cost"), (("s", "1"), ("hamlet", "1,000")), ("One run.",))
    assert markdown(table).splitlines() == [
        "### Days",
        "",
        "| day    |  cost |",
        "| ------ | ----: |",
        "| s      |     1 |",
        "| hamlet | 1,000 |",
        "",
        "One run.",
    ]
