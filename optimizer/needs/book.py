"""Catalogue and rules of a district, together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from optimizer.needs.catalogue import Catalogue, default_catalogue
from optimizer.needs.rules import RuleBook, default_rules


@dataclass(frozen=True, slots=True)
class Book:
    """What a district offers and by which rules.

    Attributes
    ----------
    catalogue
        Its services.
    rules
        Its rules; every service they name is one of the catalogue.
    """

    catalogue: Catalogue
    rules: RuleBook


@cache
def default_book() -> Book:
    """Return catalogue and rules that come with the package."""
    return Book(default_catalogue(), default_rules())
