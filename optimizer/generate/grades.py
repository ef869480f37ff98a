"""Qualifications written as grades."""

from __future__ import annotations

from optimizer.domain.caregiver import Qualification
from optimizer.needs.catalogue import requirement


def qualification(grade: str) -> Qualification:
    """Return the qualification that a grade such as ``C/2`` or ``N`` names."""
    need = requirement(grade)
    return Qualification(code=need.code, level=need.level)
