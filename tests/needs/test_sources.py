"""Where rules and scales are from: a public text, or the word that it is a judgement."""

from __future__ import annotations

import re

import pytest

from optimizer.needs.rules import Contraindication, Impossible, NeedRule
from optimizer.needs.scales import Scale, load_scales
from tests.needs.tables import BARRED, IMPOSSIBLE, NEIGHBOURS, RULES
from tests.needs.test_scales import BANDS, GRADES
from tests.needs.worlds import BOOK

WORDS = {"judgement", "public text"}
STANDARD = re.compile(r"(GB/T|MZ/T) \d+-\d{4}")
EVERY: tuple[NeedRule | Contraindication | Impossible, ...] = (
    *BOOK.rules.rules,
    *BOOK.rules.contraindications,
    *BOOK.rules.impossible,
)
SCALES = load_scales()
TABLES = ("bands", "grades")


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_every_rule_names_its_source(rule: NeedRule | Contraindication | Impossible) -> None:
    """Each rule is from a standard or a public text, or says that it is a judgement."""
    assert rule.sources
    assert all(one in WORDS or STANDARD.fullmatch(one) for one in rule.sources)


def test_every_rule_has_a_row() -> None:
    """Each rule stands in the table of those that hold and in that of those it spares."""
    tried = {row[0] for row in RULES} & set(NEIGHBOURS) | set(BARRED) | set(IMPOSSIBLE)
    assert {rule.id for rule in EVERY} == tried


def tables_of(scale: Scale) -> set[str]:
    """Return the names of the tables that a scale has."""
    named = {f"{name}.{version}" for name in TABLES for version in getattr(scale, name)}
    single = {name for name in ("items", "equivalents", "normal_from") if getattr(scale, name)}
    return named | single | ({"raises"} if scale.raises else set())


@pytest.mark.parametrize("scheme", list(SCALES))
def test_every_table_of_a_scale_names_its_source(scheme: str) -> None:
    """Bands, grades, items, raises and what they are compared with each say where they are from."""
    scale = SCALES[scheme]  # type: ignore[index]
    assert set(scale.sources) == tables_of(scale)
    assert all(
        "judgement" in one or re.search(r"\d{4}|public text", one) for one in scale.sources.values()
    )


def test_every_row_of_a_scale_is_tried() -> None:
    """Each band and each grade of each version stands in a table of tests."""
    bands = {(scheme, version): len(lowest) for scheme, version, lowest in BANDS}
    grades = {(scheme, version): set(known) for scheme, version, known in GRADES}
    for scheme, scale in SCALES.items():
        for version, rows in scale.bands.items():
            assert bands[scheme, version] == len(rows)
        for version, known in scale.grades.items():
            assert grades[scheme, version] == set(known)
