"""What a purchaser publishes each quarter, and the spot checks that it keeps to itself."""

from __future__ import annotations

from optimizer.purchase.publication.spot_checks import Drawn, draw_checks
from optimizer.purchase.publication.tables import (
    BodyRow,
    PeopleTable,
    Published,
    RuleRow,
    publish,
)

__all__ = [
    "BodyRow",
    "Drawn",
    "PeopleTable",
    "Published",
    "RuleRow",
    "draw_checks",
    "publish",
]
