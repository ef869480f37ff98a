"""Ties between visits that cannot hold: wrong partners, reversed limits, loops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from optimizer.domain.visit import Coupling, CouplingKind, Visit
from optimizer.errors import Fault
from optimizer.formats.checks.view import View
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import say
from optimizer.units import format_minutes


def check_couplings(view: View) -> Iterator[Fault]:
    """Each coupling ties two visits of one client in a way that can be kept."""
    visits = view.visits()
    in_together: set[str] = set()
    seen: set[tuple[CouplingKind, frozenset[str]]] = set()
    for place, coupling in view.rows("couplings", view.scenario.couplings):
        yield from _limits(place, coupling)
        if coupling.first == coupling.second:
            message = say("fault.coupling-itself", first=coupling.first)
            yield finding(f"{place}.second", FaultCode.COUPLING_ITSELF, message)
            continue
        pair = frozenset((coupling.first, coupling.second))
        # Two visits that each follow the other are a loop, and are told as one.
        directed = coupling.kind is CouplingKind.AFTER
        if (coupling.kind, pair) in seen and not directed:
            message = say(
                "fault.coupling-repeated",
                first=coupling.first,
                second=coupling.second,
                kind=coupling.kind.value,
            )
            yield finding(place, FaultCode.COUPLING_REPEATED, message)
        elif coupling.kind is CouplingKind.TOGETHER:
            yield from _together(place, coupling, visits, in_together)
            in_together |= pair
        seen.add((coupling.kind, pair))
        first, second = visits.get(coupling.first), visits.get(coupling.second)
        if first is not None and second is not None:
            yield from _partners(place, coupling, first, second)


def _limits(place: str, coupling: Coupling) -> Iterator[Fault]:
    if coupling.max_gap is not None and coupling.max_gap < coupling.min_gap:
        message = say(
            "fault.gap-reversed",
            max_gap=format_minutes(coupling.max_gap),
            min_gap=format_minutes(coupling.min_gap),
        )
        yield finding(f"{place}.max_gap", FaultCode.GAP_REVERSED, message)
    if coupling.max_days is not None and coupling.max_days < coupling.min_days:
        message = say("fault.days-reversed", max_days=coupling.max_days, min_days=coupling.min_days)
        yield finding(f"{place}.max_days", FaultCode.DAYS_REVERSED, message)


def _together(
    place: str, coupling: Coupling, visits: Mapping[str, Visit], in_together: set[str]
) -> Iterator[Fault]:
    for side, name in (("first", coupling.first), ("second", coupling.second)):
        visit = visits.get(name)
        if visit is not None and len(visit.carers) > 1:
            message = say("fault.together-two-carers", name=name)
            yield finding(f"{place}.{side}", FaultCode.TOGETHER_TWO_CARERS, message)
        if name in in_together:
            message = say("fault.together-twice", name=name)
            yield finding(f"{place}.{side}", FaultCode.TOGETHER_TWICE, message)


def _partners(place: str, coupling: Coupling, first: Visit, second: Visit) -> Iterator[Fault]:
    if first.client != second.client:
        message = say("fault.coupling-clients", first=first.client, second=second.client)
        yield finding(place, FaultCode.COUPLING_CLIENTS, message)
    is_apart = coupling.kind is CouplingKind.APART
    if not is_apart and first.dates and second.dates and not set(first.dates) & set(second.dates):
        message = say("fault.no-common-date", first=first.id, second=second.id)
        yield finding(place, FaultCode.NO_COMMON_DATE, message)


def check_loops(view: View) -> Iterator[Fault]:
    """No visit has to follow itself, by way of others; visits together count as one."""
    ties: list[tuple[str, Coupling]] = [
        (place, tie)
        for place, tie in view.rows("couplings", view.scenario.couplings)
        if tie.first != tie.second
    ]
    # Those that follow from records stand nowhere, and make no loop by themselves.
    ties += [("", tie) for tie in view.derived.couplings]
    partner = {tie.second: tie.first for _, tie in ties if tie.kind is CouplingKind.TOGETHER}
    steps: dict[tuple[str, str], str] = {}
    for place, tie in ties:
        if tie.kind is CouplingKind.AFTER:
            step = partner.get(tie.first, tie.first), partner.get(tie.second, tie.second)
            steps.setdefault(step, place)
    if _has_loop(steps):
        yield from _loops(steps)


def _has_loop(steps: Iterable[tuple[str, str]]) -> bool:
    order: TopologicalSorter[str] = TopologicalSorter()
    for first, second in steps:
        order.add(second, first)
    try:
        order.prepare()
    except CycleError:
        return True
    return False


def _loops(steps: Mapping[tuple[str, str], str]) -> Iterator[Fault]:
    """Yield one loop of each knot of visits; `steps` tells where each one is written."""
    # Slow to import, and hardly any document has a loop.
    import networkx as nx  # noqa: PLC0415

    graph: nx.DiGraph[str] = nx.DiGraph(steps.keys())
    for knot in nx.strongly_connected_components(graph):
        visits = sorted(knot)
        if len(visits) == 1 and not graph.has_edge(visits[0], visits[0]):
            continue
        loop = [(edge[0], edge[1]) for edge in nx.find_cycle(graph, visits)]
        names = " -> ".join([*(first for first, _ in loop), loop[0][0]])
        message = say("fault.dependency-loop", names=names)
        written = [steps[edge] for edge in loop if steps[edge]]
        yield finding(written[-1] if written else "", FaultCode.DEPENDENCY_LOOP, message)
