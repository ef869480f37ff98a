"""The best published costs of the public benchmark."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

TABLE = Path(__file__).with_name("best_known.csv")


@dataclass(frozen=True, slots=True)
class Published:
    """A published figure, with what its last printed digit leaves open.

    Attributes
    ----------
    cost
        In the benchmark's units.
    rounding
        Half a unit of the last printed digit.
    """

    cost: float
    rounding: float

    def gap(self, cost: float) -> float:
        """Return by how many percent `cost` lies above the published one."""
        return 100 * (cost / self.cost - 1)

    def judge(self, cost: float) -> Literal["better", "equal", "worse"]:
        """Say how `cost` stands to the published one, rounding considered."""
        if abs(cost - self.cost) <= self.rounding:
            return "equal"
        return "better" if cost < self.cost else "worse"


def best_known(path: Path = TABLE) -> dict[str, Published]:
    """Return the best published cost of every instance.

    Two sources are in the table. The second prints one decimal only; it counts where it
    is lower by more than its rounding.
    """
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return {row["instance"]: _best(row["best_known_cost"], row["brkga_best"]) for row in rows}


def _best(first: str, second: str) -> Published:
    one, other = _published(first), _published(second)
    return other if other.cost + other.rounding < one.cost else one


def _published(text: str) -> Published:
    exponent = Decimal(text).as_tuple().exponent
    return Published(float(text), 0.5 * 10.0 ** int(exponent) + 1e-9)
