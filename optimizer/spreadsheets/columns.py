"""The tables that an office keeps, their columns, and what these may be called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from optimizer.i18n import Lang
from optimizer.spreadsheets.words import document, fold, fold_bare

UNREAD = "unread"
"Kind of a column that is known and not read."

MORE, MORE_HEADING = "more", "_more"
"A hidden column of our own workbook: what a record holds beyond its cells."


@dataclass(frozen=True, slots=True)
class Field:
    """A column that can be read.

    Attributes
    ----------
    name
        What the program calls it.
    kind
        How its cells are read.
    headings
        What our own workbook calls it, by language.
    width
        Of its column in our own workbook, in characters.
    is_hidden
        Whether our own workbook does without it.
    """

    name: str
    kind: str
    headings: Mapping[Lang, str]
    width: int = 10
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table that can be read.

    Attributes
    ----------
    name
        What the program calls it.
    titles
        What our own workbook calls its sheet, by language.
    called
        Folded names of sheets and files that hold it.
    owns
        Fields that mark a table as this one, where several have a heading.
    needs
        Fields that it cannot do without.
    fields
        Its columns, in the order of our own workbook.
    by_heading
        Name of the field by folded heading.
    """

    name: str
    titles: Mapping[Lang, str]
    called: frozenset[str]
    owns: frozenset[str]
    needs: tuple[str, ...]
    fields: Mapping[str, Field]
    by_heading: Mapping[str, str]

    def field_of(self, heading: str) -> Field | None:
        """Return the column that a heading names, as it stands or without its brackets."""
        for folded in (fold(heading), fold_bare(heading)):
            if folded in self.by_heading:
                return self.fields[self.by_heading[folded]]
        return None


@cache
def tables() -> Mapping[str, Table]:
    """Return all tables of an office's own lists by name."""
    return MappingProxyType(
        {name: _table(name, told) for name, told in document("columns").items()}
    )


@cache
def deliveries_table() -> Table:
    """Return the table of what took place."""
    return _table("deliveries", document("evidence_columns")["deliveries"])


def _table(name: str, entry: Mapping[str, Any]) -> Table:
    fields = {}
    headings: dict[str, str] = {}
    bare: dict[str, list[str]] = {}
    for field, told in entry["fields"].items():
        titles: Mapping[Lang, str] = {"zh": told["zh"], "en": told["en"]}
        fields[field] = Field(
            field, told["kind"], titles, told.get("width", 10), told.get("hidden", False)
        )
        for heading in (field, told["zh"], told["en"], *told["like"]):
            headings.setdefault(fold(heading), field)
            if fold_bare(heading):
                bare.setdefault(fold_bare(heading), []).append(field)
    fields[MORE] = Field(MORE, "more", {"zh": MORE_HEADING, "en": MORE_HEADING}, is_hidden=True)
    headings[fold(MORE_HEADING)] = MORE
    # "Cap (h)" and "Cap (yuan)" are the same without what stands in brackets.
    for heading, named in bare.items():
        if len(set(named)) == 1:
            headings.setdefault(heading, named[0])
    return Table(
        name=name,
        titles={"zh": entry["zh"], "en": entry["en"]},
        called=frozenset(map(fold, (name, entry["zh"], entry["en"], *entry["names"]))),
        owns=frozenset(entry["owns"]),
        needs=tuple(entry.get("needs", ())),
        fields=fields,
        by_heading=headings,
    )
