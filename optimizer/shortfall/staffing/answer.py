"""The answer to a staffing question: what was found, beside what is proven."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from optimizer.certificate import HiresProof
from optimizer.domain.caregiver import Caregiver
from optimizer.domain.reason import UnservedReason
from optimizer.domain.scenario import Scenario
from optimizer.explanation.first_reason import with_first_reasons
from optimizer.progress import Observer, silent
from optimizer.shortfall.staffing.closing import closed
from optimizer.shortfall.staffing.drawn_days import OnFutures
from optimizer.shortfall.staffing.effort import Effort
from optimizer.shortfall.staffing.fewest import cheapened, dropped, exchanged, from_proposals
from optimizer.shortfall.staffing.growing import grown
from optimizer.shortfall.staffing.kinds import Kind, kinds_of
from optimizer.shortfall.staffing.ledger import Ledger
from optimizer.shortfall.staffing.ranking import Valued, best_tried
from optimizer.shortfall.staffing.scarce_visits import scarce_visits
from optimizer.shortfall.staffing.scarcest import Scarcest, scarcest
from optimizer.shortfall.staffing.teams import Teams, Tried
from optimizer.stop import StoppingCriterion
from optimizer.travel import TravelMatrices, travel_matrices

OF_MONEY = frozenset({UnservedReason.ENTITLEMENT, UnservedReason.CONTRACT})
"First reasons by which it is money that a visit lacks, not people."
FRESH_SEED = 1_000
"Seeds of the searches that confirm an answer begin here: none of them has helped to find it."
ALL_UP_TO = 8
"Largest answer of which every smaller number of hires is looked at for a proof."
PARTS = (0.5, 0.75, 0.9)
"Of a larger answer, none and these parts of it are."
IsOver = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Point:
    """What so many hires leave out.

    Attributes
    ----------
    hires
        How many are hired.
    found
        Visits left out by the best plan found with at most so many of the listed kinds.
    proven
        No so many of the listed kinds leave fewer: 0 where nothing is proven.
    """

    hires: int
    found: int
    proven: int


@dataclass(frozen=True, slots=True)
class Hiring:
    """So many caregivers of one kind."""

    kind: Kind
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """What hires would do for a day.

    Attributes
    ----------
    scenario, base
        The day without hires, and the best plan found of it.
    visits
        Number of its visits.
    goal
        Visits that may be left out; None where money is the limit.
    budget
        Money for hires in fen; None where a share of the visits is the goal.
    kinds
        Who might be hired: everything is said of these kinds only.
    curve
        Per number of hires, from 0.
    hirings, team, scenario_with_hires
        The answer: whom to hire, the plan with them, and the day that it is a plan of.
    is_reached
        Whether the answer reaches the goal.
    no_people
        Visits that nobody of the listed kinds makes, however many are hired, as far as found.
    no_money
        Those of them that nobody pays for: no hire makes up for it.
    confirmed
        Visits left out by each of some searches with other seeds, with the team of the answer.
    values
        Kinds by what one more is worth, those tried first.
    proof
        The certificates about hires.
    scarcest
        The grade of which fewer are proven to be too few, or None.
    futures
        What the answer leaves out on drawn days; None where nobody has asked.
    """

    scenario: Scenario = field(repr=False)
    visits: int
    goal: int | None
    budget: int | None
    kinds: tuple[Kind, ...] = field(repr=False)
    curve: tuple[Point, ...]
    hirings: tuple[Hiring, ...]
    team: Tried
    is_reached: bool
    no_people: tuple[str, ...]
    no_money: tuple[str, ...]
    confirmed: tuple[int, ...]
    values: tuple[Valued, ...]
    proof: HiresProof = field(repr=False)
    base: Tried
    scarcest: Scarcest | None = None
    futures: OnFutures | None = None
    scenario_with_hires: Scenario = field(repr=False)

    @property
    def hires(self) -> int:
        """Number of hires of the answer."""
        return len(self.team.team)

    @property
    def fen(self) -> int | None:
        """Wages of the answer; None where one of them is not known."""
        wages = [one.kind.fen for one in self.hirings for _ in range(one.count)]
        return None if None in wages else sum(wage or 0 for wage in wages)

    @property
    def too_few(self) -> int | None:
        """The largest number of hires that is proven not to reach the goal; None if there is none.

        What hires are proven to leave out has to be more than the goal.
        """
        return None if self.goal is None else self.proof.most_hires(self.goal)


def staffing(
    scenario: Scenario,
    *,
    cover: float | None = None,
    budget: int | None = None,
    like: Sequence[Caregiver] = (),
    fen_per_hour: int | None = None,
    matrices: TravelMatrices | None = None,
    effort: Effort | None = None,
    seed: int = 1,
    prove: bool = True,
    observer: Observer = silent,
    stop: StoppingCriterion | None = None,
    is_over: IsOver = lambda: False,
) -> Staffing:
    """Find the fewest hires by which a share of the visits is made, or the best use of money.

    What is found is not proven to be best; what is proven holds for the listed kinds only. All work
    is counted in steps: it comes out the same on every machine, unless it is stopped.

    Parameters
    ----------
    scenario
        A scenario without faults, its visits derived.
    cover
        Share of the visits to be made, in percent, above 0 and at most 100; or None.
    budget
        Money for the wages of all hires over the horizon, in fen; or None. One of both is given.
    like
        Further caregivers whose grades and patterns exist.
    fen_per_hour
        What is paid for an hour of a shift; that of the like caregiver if not given.
    matrices
        Travel matrices; made from the scenario if not given.
    effort
        How hard to try; suited to the number of visits if not given.
    seed
        Random seed of the searches.
    prove
        Whether to look for certificates.
    observer, stop
        As for a search.
    is_over
        Asked between two searches; once it says so, the best so far is the answer.
    """
    roads = travel_matrices(scenario) if matrices is None else matrices
    work = Effort.of(len(scenario.visits)) if effort is None else effort
    kinds = kinds_of(scenario, roads, like=like, fen_per_hour=fen_per_hour)
    teams = Teams(scenario, roads, kinds, seed=seed, observer=observer, stop=stop)
    ledger = Ledger(teams)
    base = ledger.tried((), work.base)
    if not kinds or base.unserved == 0:
        return _answer(ledger, base, base, goal=_goal(scenario, cover), budget=budget)
    never = _never(teams, base, work)
    goal = max(_goal(scenario, cover) or 0, len(never.unserved))
    if base.unserved > goal:
        if budget is None:
            _find_fewest(ledger, kinds, base, goal, work, is_over)
        else:
            grown(ledger, kinds, base, goal, work, fen=budget, is_over=is_over)
            grown(ledger, _affordable(kinds, budget), base, goal, work, is_over=is_over)
    proof = None
    if prove and not is_over():
        proof = _proof(ledger, base, _found(ledger, goal, budget, work), work, is_over)
        if budget is None:
            proof = closed(ledger, proof, base, goal, work, is_over)
    found = _chosen(ledger, kinds, goal, budget, work, is_over)
    order = ledger.ranked(base, work.ranking_rounds)
    values = best_tried(teams, order, base, work.drop, 0 if is_over() else work.valued)
    return _answer(
        ledger,
        base,
        found,
        goal=None if cover is None else _goal(scenario, cover),
        budget=budget,
        never=never,
        confirmed=_confirmed(teams, found, work),
        values=values,
        proof=proof,
        scarcest=scarcest(teams, found.team, goal, work.scarcest_seconds)
        if prove and cover is not None and not is_over()
        else None,
    )


@dataclass(frozen=True, slots=True)
class _Never:
    """Visits that are left out however many are hired, and those of them that lack money."""

    unserved: tuple[str, ...] = ()
    no_money: tuple[str, ...] = ()


def _goal(scenario: Scenario, cover: float | None) -> int | None:
    """Return how many visits may be left out."""
    if cover is None:
        return None
    visits = len(scenario.visits)
    return visits - -(-round(visits * cover * 1000) // 100_000)


def _never(teams: Teams, base: Tried, work: Effort) -> _Never:
    """Return what is left out where two of every kind are hired."""
    everybody = tuple(number for number in teams.kinds for _ in range(2))
    found = teams.tried(everybody, work.confirm, start=base.plan)
    day = teams.with_team(everybody)
    plan = with_first_reasons(day, found.plan, teams.matrices)
    return _Never(
        tuple(one.visit for one in plan.unserved),
        tuple(one.visit for one in plan.unserved if one.reason in OF_MONEY),
    )


def _find_fewest(
    ledger: Ledger,
    kinds: Sequence[Kind],
    base: Tried,
    goal: int,
    work: Effort,
    is_over: IsOver,
) -> None:
    grown(ledger, kinds, base, goal, work, is_over=is_over)
    from_proposals(ledger, kinds, goal, work, is_over)
    found = ledger.fewest(goal)
    while found is not None and len(found.team) > 1 and not is_over():
        dropped(ledger, found, goal, work, is_over)
        best = ledger.fewest(goal) or found
        others = [one.kind for one in ledger.ranked(base, work.ranking_rounds)]
        exchanged(ledger, others[: work.exchanged_for], len(best.team) - 1, goal, work, is_over)
        found, before = ledger.fewest(goal) or found, best
        if len(found.team) >= len(before.team):
            break


def _affordable(kinds: Sequence[Kind], budget: int) -> list[Kind]:
    return [kind for kind in kinds if kind.fen is not None and kind.fen <= budget]


def _chosen(
    ledger: Ledger,
    kinds: Sequence[Kind],
    goal: int,
    budget: int | None,
    work: Effort,
    is_over: IsOver,
) -> Tried:
    found = _found(ledger, goal, budget, work)
    if budget is not None or found.unserved > goal:
        return found
    return cheapened(ledger, kinds, found, goal, work, is_over)


def _found(ledger: Ledger, goal: int, budget: int | None, work: Effort) -> Tried:
    """Return the best team known so far."""
    if budget is not None:
        return ledger.within(budget)
    return ledger.fewest(goal) or ledger.best(work.most_hires)


def _proof(ledger: Ledger, base: Tried, found: Tried, work: Effort, is_over: IsOver) -> HiresProof:
    # Like the bound, it is loaded only where it is asked for.
    from optimizer.certificate.hires_search import prove_hires  # noqa: PLC0415

    teams = ledger.teams

    def proven(visits: frozenset[str] | None) -> HiresProof:
        return prove_hires(
            teams.scenario,
            [kind.record() for kind in teams.kinds.values()],
            _numbers(len(found.team)),
            plan=base.plan,
            found=ledger.found(),
            matrices=teams.matrices,
            rounds=work.proof_rounds,
            visits=visits,
            is_over=is_over,
        )

    whole = proven(None)
    # On a large day the rounds do not suffice for all visits, but for those that few can make.
    return whole if whole.parts or is_over() else proven(scarce_visits(teams.scenario))


def _numbers(hires: int) -> list[int]:
    """Return of which numbers of hires a proof is looked for: all that are fewer, or some."""
    if hires <= ALL_UP_TO:
        return list(range(max(1, hires)))
    return sorted({0, *(int(hires * part) for part in PARTS)})


def _confirmed(teams: Teams, found: Tried, work: Effort) -> tuple[int, ...]:
    """Return what searches with fresh seeds leave out, which begin from nothing."""
    data = teams.compiled(teams.people(found.team))
    left = []
    for number in range(work.seeds):
        plan = teams.searched(data, work.final, None, FRESH_SEED + number)
        left.append(len(plan.unserved))
    return tuple(left)


def _answer(
    ledger: Ledger,
    base: Tried,
    found: Tried,
    *,
    goal: int | None,
    budget: int | None,
    never: _Never | None = None,
    confirmed: tuple[int, ...] = (),
    values: tuple[Valued, ...] = (),
    proof: HiresProof | None = None,
    scarcest: Scarcest | None = None,
) -> Staffing:
    teams, gone = ledger.teams, never or _Never()
    scenario = teams.scenario
    kinds = tuple(teams.kinds.values())
    certificates = proof or HiresProof(
        scenario=scenario.id, kinds=tuple(kind.record() for kind in kinds)
    )
    counts: Mapping[int, int] = {number: found.team.count(number) for number in found.team}
    return Staffing(
        scenario=scenario,
        visits=len(scenario.visits),
        goal=goal,
        budget=budget,
        kinds=kinds,
        curve=tuple(
            Point(hires, left, certificates.least_unserved(hires))
            for hires, left in ledger.found().items()
            if hires <= len(found.team)
        ),
        hirings=tuple(Hiring(ledger.kind(one), count) for one, count in sorted(counts.items())),
        team=found,
        is_reached=goal is None or found.unserved <= goal,
        no_people=gone.unserved,
        no_money=gone.no_money,
        confirmed=confirmed,
        values=values,
        proof=certificates,
        scarcest=scarcest,
        base=base,
        scenario_with_hires=teams.with_team(found.team),
    )
