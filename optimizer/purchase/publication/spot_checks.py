"""Which visits are checked: half of them by a public draw, half by what speaks against them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.allocation.draw import drawn_order
from optimizer.domain.delivery import Effect, Occurrence
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.policy import Priority
from optimizer.domain.scenario import Scenario
from optimizer.domain.supervision import CheckBy, CheckWay, SpotCheckTerms
from optimizer.purchase.evidence import Doubted
from optimizer.purchase.settlement import Line
from optimizer.verification import Charge

_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Drawn:
    """One visit that is to be checked.

    Attributes
    ----------
    organisation
        Whose caregiver makes it.
    stop
        The stop of the roster.
    way, by
        How it is checked, and why it was chosen.
    place, of
        Its place in the draw among how many stops of the organisation.
    doubts
        How many doubts were raised about it.
    """

    organisation: str
    stop: Charge
    way: CheckWay
    by: CheckBy
    place: int
    of: int
    doubts: int


def draw_checks(
    scenario: Scenario,
    lines: Sequence[Line],
    doubted: Sequence[Doubted],
    terms: SpotCheckTerms,
    *,
    draw: str,
    period: str,
) -> tuple[Drawn, ...]:
    """Return the visits to be checked, by organisation, way and reason.

    Calls afterwards are about visits that took place; unannounced visits about those that are on
    the roster and of which nothing is told yet. Of each organisation a percentage is checked, and
    never less than the least number, as far as there are so many. Half of it, rounded up, is
    drawn: the first in the order of ``SHA-256(draw|way|organisation|period|visit/carer)``. The
    other half is the rest by doubts that hold, by doubts, by critical care, then by the draw; only
    the drawn half may be turned into rates.

    Parameters
    ----------
    scenario
        What was planned.
    lines, doubted
        Its settlement.
    terms
        How many.
    draw, period
        The public draw that was named beforehand, and the period.
    """
    index = ScenarioIndex.of(scenario)
    weight: Counter[tuple[str, int]] = Counter()
    count: Counter[tuple[str, int]] = Counter()
    for one in doubted:
        if one.visit is not None:
            weight[one.visit, one.carer] += one.effect is Effect.HOLD
            count[one.visit, one.carer] += 1
    found: list[Drawn] = []
    for way, percent in (
        (CheckWay.PHONE, terms.phone_percent),
        (CheckWay.VISIT, terms.visit_percent),
    ):
        stops: dict[str, dict[str, Charge]] = defaultdict(dict)
        for line in lines:
            is_wanted = line.occurrence is (Occurrence.DONE if way is CheckWay.PHONE else None)
            if is_wanted and line.planned.organisation is not None:
                key = f"{line.planned.visit}/{line.planned.carer}"
                stops[line.planned.organisation][key] = line.planned
        for body, own in stops.items():
            order = drawn_order(draw, (str(way), body), period, own)
            wanted = min(len(own), max(terms.least, -(-percent * len(own) // _WHOLE)))
            by_lot = -(-wanted // 2)

            def risk(name: str, own: dict[str, Charge] = own) -> tuple[int, int, int]:
                stop = own[name]
                key = stop.visit, stop.carer
                is_critical = index.visit[stop.visit].priority is Priority.CRITICAL
                return -weight[key], -count[key], -int(is_critical)

            rest = sorted(order[by_lot:], key=risk)[: wanted - by_lot]
            places = {name: place for place, name in enumerate(order, 1)}
            for by, names in ((CheckBy.LOT, order[:by_lot]), (CheckBy.RISK, rest)):
                found += [
                    Drawn(
                        body, own[name], way, by, places[name], len(order),
                        count[own[name].visit, own[name].carer],
                    )
                    for name in names
                ]  # fmt: skip
    bodies = {body.id: n for n, body in enumerate(scenario.organisations)}
    return tuple(sorted(found, key=lambda one: bodies.get(one.organisation, len(bodies))))
