"""Whether care was shared fairly: envy, concentration, and whether anybody takes the easy cases."""

from __future__ import annotations

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from optimizer.allocation.fairness import Fairness
from optimizer.allocation.packages import Package, Queue, packages_of
from optimizer.domain.allocation import AllocationLog, AllocationPolicy, Counts, Step
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.place import Place
from optimizer.domain.scenario import Scenario
from optimizer.travel import straight_metres
from optimizer.units import MS_PER_MINUTE

MOST_PERCENT = 80
"Of a queue's care; more at one organisation needs a written reason."
LEAST_CLIENTS = 5
"Queues with fewer clients are not told."
SHUFFLES = 2_000
FLAG_BELOW = 0.01
"A case mix that comes out by lot less often is told."
_SHORT = 30 * MS_PER_MINUTE
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Concentrated:
    """A queue of which one organisation has nearly all care."""

    queue: Queue
    organisation: str
    percent: int
    clients: int


class Ease(StrEnum):
    """What makes a client easier to care for."""

    TIER = "tier"
    "A lower need tier."
    TRAVEL = "travel"
    "A home nearer to the middle of the queue's clients."
    SHORT_VISITS = "short_visits"
    "Fewer visits below 30 minutes."


@dataclass(frozen=True, slots=True)
class Skimmed:
    """An organisation whose new clients are easier than the lot would have made them.

    Attributes
    ----------
    organisation, ease
        Whose clients, and in what they are easier.
    own, others
        Mean of its clients, and of all clients of its queues.
    p
        How often the lot gives clients as easy or easier.
    """

    organisation: str
    ease: Ease
    own: float
    others: float
    p: float


def share_gap(measured: Fairness, counts: Counts) -> float | None:
    """Return the largest distance of a received from a due share, in per cent of all care.

    Per organisation it is 100 (R / Σ R - due / Σ due); None if nothing was received.
    """
    pairs = list(_due_and_received(measured, counts).values())
    due, received = (sum(column) for column in zip(*pairs, strict=True)) if pairs else (0, 0)
    if not due or not received:
        return None
    return max(abs(_WHOLE * (r / received - d / due)) for d, r in pairs)


def _due_and_received(measured: Fairness, counts: Counts) -> dict[str, tuple[int, int]]:
    found = {}
    for body in measured.bodies:
        more = 0 if counts is Counts.ROTATED else body.kept + body.chosen
        if body.due:
            found[body.organisation] = body.due, body.rotated + more
    return found


def envious(log: AllocationLog, measured: Fairness) -> tuple[tuple[str, str], ...]:
    """Return who envies whom, also if the other's largest package is set aside.

    i envies j if (R_j - largest of j) / due_j > R_i / due_i: envy up to one package.

    References
    ----------
    Lipton R, Markakis E, Mossel E, Saberi A (2004). On approximately fair allocations of
    indivisible goods. EC '04, 125-131.
    """
    largest: Counter[str] = Counter()
    for line in log.lines:
        if line.organisation is not None and _is_counted(line.step, log.counts):
            largest[line.organisation] = max(largest[line.organisation], line.care)
    found = _due_and_received(measured, log.counts)
    return tuple(
        (one, other)
        for one, (due, received) in found.items()
        for other, (due_of, received_by) in found.items()
        if one != other and (received_by - largest[other]) * due > received * due_of
    )


def _is_counted(step: Step | None, counts: Counts) -> bool:
    return step is Step.ROTATION or (counts is Counts.ALL and step is not None)


def concentrated(log: AllocationLog) -> tuple[Concentrated, ...]:
    """Return queues of five clients or more of which one organisation has over 80 % of the care.

    References
    ----------
    Kushima City: reduction for concentration of home-help at one corporation (more than 80 %).
    """
    care: dict[Queue, Counter[str]] = defaultdict(Counter)
    clients: dict[Queue, set[str]] = defaultdict(set)
    for line in log.lines:
        if line.organisation is not None and line.lot is not None:
            queue = line.lot, line.town
            care[queue][line.organisation] += line.care
            clients[queue].add(line.client)
    return tuple(
        Concentrated(queue, body, _WHOLE * most // sum(of.values()), len(clients[queue]))
        for queue, of in sorted(care.items(), key=lambda item: (item[0][0], item[0][1] or ""))
        for body, most in [min(of.items(), key=lambda item: (-item[1], item[0]))]
        if len(clients[queue]) >= LEAST_CLIENTS and most * _WHOLE > MOST_PERCENT * sum(of.values())
    )


def skimmed(
    scenario: Scenario, policy: AllocationPolicy, log: AllocationLog
) -> tuple[Skimmed, ...]:
    """Return organisations whose new clients are easier than chance within their queues explains.

    New clients of each queue are dealt among its organisations anew, each as many as it has, by
    shuffles that follow from the draw; so the same files give the same figures.

    Parameters
    ----------
    scenario, policy, log
        What was allocated, by what, and what came of it.

    References
    ----------
    Good P (2005). Permutation, Parametric and Bootstrap Tests of Hypotheses. Springer.
    """
    index = ScenarioIndex.of(scenario)
    of = {
        (package.client.id, package.queue): package
        for package in packages_of(index, policy.lots)
        if package.lot is not None
    }
    dealt: dict[Queue, list[tuple[str, Package]]] = defaultdict(list)
    for line in log.lines:
        package = of.get((line.client, (line.lot or "", line.town)))
        is_new = line.organisation is not None and line.organisation != line.previous
        if is_new and package is not None and line.organisation is not None:
            dealt[line.lot or "", line.town].append((line.organisation, package))
    # A queue with one organisation cannot have been dealt otherwise.
    queues = {q: rows for q, rows in dealt.items() if len({body for body, _ in rows}) > 1}
    seed = hashlib.sha256(f"{log.draw}|{log.period}|case mix".encode()).digest()
    found: list[Skimmed] = []
    for ease in Ease:
        # Anybody shall be able to shuffle the same way: it follows from the public draw.
        shuffles = random.Random(seed + ease.encode())  # noqa: S311
        found += _tested(ease, queues, shuffles)
    return tuple(found)


def _tested(
    ease: Ease, queues: Mapping[Queue, Sequence[tuple[str, Package]]], draw: random.Random
) -> Iterator[Skimmed]:
    """Yield organisations whose sum over their clients is reached by few shuffles."""
    keys = sorted(queues, key=lambda queue: (queue[0], queue[1] or ""))
    bodies: list[list[str]] = []
    values: list[list[float]] = []
    for key in keys:
        rows = sorted(queues[key], key=lambda row: row[1].client.id)
        middle = _middle([package for _, package in rows])
        bodies.append([body for body, _ in rows])
        values.append([_value(ease, package, middle) for _, package in rows])
    real = _sums(bodies, values)
    as_low: Counter[str] = Counter()
    for _ in range(SHUFFLES):
        for one in values:
            draw.shuffle(one)
        for body, total in _sums(bodies, values).items():
            as_low[body] += total <= real[body]
    counts = Counter(body for own in bodies for body in own)
    for body in sorted(real):
        p = (as_low[body] + 1) / (SHUFFLES + 1)
        if p < FLAG_BELOW:
            near = [v for own, of in zip(bodies, values, strict=True) if body in own for v in of]
            yield Skimmed(body, ease, real[body] / counts[body], fmean(near), p)


def _sums(bodies: Sequence[Sequence[str]], values: Sequence[Sequence[float]]) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for own, of in zip(bodies, values, strict=True):
        for body, value in zip(own, of, strict=True):
            sums[body] += value
    return sums


def _middle(packages: Sequence[Package]) -> Place:
    homes = [package.client.home for package in packages]
    return Place(lat=fmean(one.lat for one in homes), lon=fmean(one.lon for one in homes))


def _value(ease: Ease, package: Package, middle: Place) -> float:
    """Return whole metres, tiers or per cent, so that sums do not depend on their order."""
    if ease is Ease.TIER:
        return float(package.client.need_tier or 0)
    if ease is Ease.TRAVEL:
        return float(round(straight_metres(package.client.home, middle)))
    short = sum(max(c.minutes for c in visit.carers) < _SHORT for visit in package.visits)
    return float(round(_WHOLE * short / len(package.visits)))
