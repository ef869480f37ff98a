"""A district in two lots whose clients all come by rotation, and again under other names.

One of its organisations has a twin: the same staff, contracts and homes under another name. What
an allocation owes to names and to the order of files shows when both change: only the draw knows
names.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from benchmarks.named_days import SEED
from benchmarks.recount_allocation import disagreements
from benchmarks.suite import Figure
from optimizer.allocation import allocate, fairness
from optimizer.domain.allocation import AllocationLog, AllocationPolicy, Lot
from optimizer.domain.record import Record
from optimizer.domain.scenario import Scenario
from optimizer.generate import RECIPES, generate_scenario
from optimizer.needs import derive

T = TypeVar("T", bound=Record)
Queue = tuple[str | None, str | None]

TWIN = "ORG1", "ORG1-TWIN"


def district_in_lots(recipe: str) -> tuple[Scenario, AllocationPolicy]:
    """Return a district's day with a twin organisation, nobody yet its client, and two lots."""
    scenario = derive(generate_scenario(RECIPES[recipe], SEED)).scenario
    first, second = TWIN
    medical = {
        code
        for contract in scenario.contracts
        if contract.id.endswith("-medical")
        for code in contract.services
    }
    every = {code for contract in scenario.contracts for code in contract.services}
    lots = (
        Lot(id="medical", services=tuple(sorted(medical))),
        Lot(id="life", services=tuple(sorted(every - medical))),
    )
    organisations = {one.id: one for one in scenario.organisations}
    changes = {
        "organisations": (
            *scenario.organisations,
            organisations[first].model_copy(update={"id": second}),
        ),
        "contracts": (
            *scenario.contracts,
            *(
                one.model_copy(update={"id": f"{one.id}-twin", "organisation": second})
                for one in scenario.contracts
                if one.organisation == first
            ),
        ),
        "caregivers": (
            *scenario.caregivers,
            *(
                one.model_copy(update={"id": f"{one.id}-twin", "organisation": second})
                for one in scenario.caregivers
                if one.organisation == first
            ),
        ),
        "clients": tuple(
            one.model_copy(update={"organisation": None, "service_choices": ()})
            for one in scenario.clients
        ),
    }
    rules = AllocationPolicy(period="2026-03", draw="3D 2026-052: 3 8 5", lots=lots)
    return scenario.model_copy(update=changes), rules


def shuffled(scenario: Scenario, rules: AllocationPolicy) -> tuple[Scenario, AllocationPolicy]:
    """Return the same in another order of everything that has one in a file."""
    draw = random.Random(SEED)

    def anew(records: Iterable[T]) -> tuple[T, ...]:
        found = list(records)
        draw.shuffle(found)
        return tuple(found)

    names = ("organisations", "contracts", "caregivers", "clients", "visits")
    changes = {name: anew(getattr(scenario, name)) for name in names}
    return scenario.model_copy(update=changes), rules.model_copy(update={"lots": anew(rules.lots)})


def renamed_staff(scenario: Scenario) -> Scenario:
    """Return the same with other ids of caregivers, contracts and visits: no draw knows these."""
    return scenario.model_copy(
        update={
            "caregivers": _renamed(scenario.caregivers, "G"),
            "contracts": _renamed(scenario.contracts, "K"),
            "visits": _renamed(scenario.visits, "V"),
        }
    )


def _renamed(records: Iterable[T], letter: str) -> tuple[T, ...]:
    found = tuple(records)
    return tuple(
        one.model_copy(update={"id": f"{letter}{len(found) - number:05}"})
        for number, one in enumerate(found)
    )


def renamed_parties(scenario: Scenario) -> tuple[Scenario, dict[str, str]]:
    """Return the same with other ids of clients and organisations, and the old id of each new one.

    Another name is another place in the draw; who can take whom, and how evenly care is shared,
    must not change.
    """
    new: dict[str, str] = {}
    clients = [one.id for one in scenario.clients]
    for letter, ids in (("P", clients), ("B", [one.id for one in scenario.organisations])):
        new |= {one: f"{letter}{len(ids) - number:05}" for number, one in enumerate(ids)}

    def of(field: str) -> Callable[[T], T]:
        return lambda one: one.model_copy(update={field: new[getattr(one, field)]})

    changes = {
        "clients": tuple(map(of("id"), scenario.clients)),
        "organisations": tuple(map(of("id"), scenario.organisations)),
        "caregivers": tuple(map(of("organisation"), scenario.caregivers)),
        "contracts": tuple(map(of("organisation"), scenario.contracts)),
        "visits": tuple(map(of("client"), scenario.visits)),
    }
    return scenario.model_copy(update=changes), {value: key for key, value in new.items()}


def findings(log: AllocationLog, old: dict[str, str] | None = None) -> set[tuple[object, ...]]:
    """Return of each line the care and who could take it, or why not, by the old ids."""
    known = old or {}
    return {
        (
            known.get(line.client, line.client),
            line.lot,
            line.town,
            line.care,
            line.critical,
            line.unmet,
            frozenset(
                (known.get(one.organisation, one.organisation), one.finding) for one in line.tested
            ),
        )
        for line in log.lines
    }


def apart(log: AllocationLog, twin: tuple[str, str]) -> float:
    """Return by how much two organisations differ in one queue at most, in its largest packages."""
    received: defaultdict[Queue, dict[str, int]] = defaultdict(dict)
    largest: defaultdict[Queue, int] = defaultdict(int)
    for line in log.lines:
        queue = line.lot, line.town
        largest[queue] = max(largest[queue], line.care)
        if line.organisation in twin:
            own = received[queue]
            own[line.organisation] = own.get(line.organisation, 0) + line.care
    return max(
        (
            abs(own.get(twin[0], 0) - own.get(twin[1], 0)) / largest[queue]
            for queue, own in received.items()
        ),
        default=0.0,
    )


def measured(recipe: str) -> dict[str, Figure]:
    """Allocate a district in lots as it is, shuffled, and under other names; return the figures."""
    scenario, rules = district_in_lots(recipe)
    begun = time.process_time()
    log = allocate(scenario, rules)
    seconds = time.process_time() - begun
    again = allocate(*shuffled(scenario, rules))
    staff = allocate(renamed_staff(scenario), rules)
    other, old = renamed_parties(scenario)
    parties = allocate(other, rules)
    new = {value: key for key, value in old.items()}
    spreads = apart(log, TWIN), apart(parties, (new[TWIN[0]], new[TWIN[1]]))
    redone = [
        fault
        for one in (log, again, staff, parties)
        for fault in disagreements(one.model_dump(mode="json", exclude_none=True))
    ]
    evenness = [fairness(one) for one in (log, parties)]
    is_same = (
        log.lines == again.lines == staff.lines
        and log.accounts == again.accounts == staff.accounts
        and findings(log) == findings(parties, old)
    )
    return {
        "clients": len({line.client for line in log.lines}),
        "lines": len(log.lines),
        "queues": len({(line.lot, line.town) for line in log.lines}),
        "seconds": round(seconds, 3),
        "deficit": round(
            max(one.largest_deficit / max(1, one.largest_package) for one in evenness), 4
        ),
        "unmet": sum(line.organisation is None for line in log.lines),
        "to_move": evenness[0].to_move / 60_000,
        "gini": evenness[0].gini,
        "twins": round(max(spreads), 4),
        "is_same": is_same,
        "valid": is_same and max(spreads) <= 1 and not redone,
    }
