"""A work item of a study: some replications of all arms, drawn and solved one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from optimizer.domain.assumption import Assumptions
from optimizer.domain.edit import Edit
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.domain.study import Study
from optimizer.formats.plan import format_plan
from optimizer.parallel.work_item import Link
from optimizer.progress import Progress
from optimizer.shortfall.chance import Chance
from optimizer.shortfall.cohort import in_years
from optimizer.shortfall.edits import apply, without_money
from optimizer.shortfall.futures import Future, draw
from optimizer.shortfall.one_future import (
    LONG_STEPS,
    Solved,
    adopted,
    causes_of,
    matrices_for,
    proven_unserved,
    solve_future,
)
from optimizer.shortfall.rows import (
    Details,
    Effort,
    Row,
    by_priority,
    canonical,
    minutes_of,
)
from optimizer.shortfall.shocks import arms_of, imagined
from optimizer.shortfall.uncertainty import Values, drawn_values, ranges_of, with_values
from optimizer.travel.matrix import TravelMatrices
from optimizer.warm_up import make_ready

TRIED = 4
"Plans of other arms that an arm tries, beside that of the scenario as it is."
SEEDS = 2**31
"Seeds of the search; a replication's is its number within them, the same in every arm."


@dataclass(frozen=True, slots=True)
class Variant:
    """An arm, ready to be drawn.

    Attributes
    ----------
    name
        Of the arm.
    scenario
        What its edits are made to, with visits and without health records.
    edits
        Those that are made in each replication, for they may draw lots.
    assumptions
        Chances of its days.
    assumed
        Of a variant in which an assumption is at one end of its range, which one and where.
    """

    name: str
    scenario: Scenario = field(repr=False)
    edits: tuple[Edit, ...]
    assumptions: Assumptions
    assumed: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Replications to be solved, and all that is needed for it.

    Attributes
    ----------
    variants
        All arms, the one without edits first.
    replications
        Which ones.
    matrices
        Travel between all places of the base scenario.
    usual
        The usual roster, from which every search begins.
    seed
        Of the study.
    years
        First and last year of a study of years, both included; None for a single horizon.
    steps, long_steps
        Of the search of each future, and of those tried longer.
    long_every
        Every so many-th replication is tried longer as well; 0 for none.
    worst_of
        Names of arms to be tried longer in these replications because they are among the worst;
        only rows of that effort are made then. Empty otherwise.
    drawn
        The study, where each future draws assumptions of its own; None where none does.
    is_varied
        Whether these are variants of one arm with assumptions at the ends of their ranges: only
        the last year is solved, shortly.
    """

    variants: tuple[Variant, ...]
    replications: tuple[int, ...]
    matrices: TravelMatrices = field(repr=False)
    usual: Plan = field(repr=False)
    seed: int
    years: tuple[int, int] | None
    steps: int
    long_steps: int
    long_every: int
    worst_of: tuple[str, ...] = ()
    drawn: Study | None = None
    is_varied: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What a block comes to: rows in canonical JSON, and plans of the worst by file name."""

    rows: tuple[bytes, ...]
    plans: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usual:
    """The question of what the usual roster is."""

    scenario: Scenario = field(repr=False)
    matrices: TravelMatrices = field(repr=False)
    steps: int = LONG_STEPS


def usual_roster(asked: Usual, link: Link) -> bytes:  # noqa: ARG001 (as all work has it)
    """Return the roster of the base scenario as it is, as a document."""
    make_ready(proof=False)
    published = asked.scenario.published
    scenario = asked.scenario.model_copy(update={"published": None})
    solved = solve_future(scenario, asked.matrices, published, seed=1, steps=asked.steps)
    return format_plan(solved.plan).encode()


def do_block(block: Block, link: Link) -> Done:
    """Solve the replications of a block; what is done is kept after each of them."""
    make_ready(proof=False)
    rows: list[bytes] = []
    plans: dict[str, bytes] = {}
    names = [one.name for one in block.variants]
    for replication in block.replications:
        if link.stopped.is_set():
            break
        for row, solved in _replication(block, replication):
            rows.append(canonical(row.as_json()).encode())
            if row.effort is Effort.WORST:
                arm = names.index(row.arm)
                plans[worst_file(replication, arm, row.year)] = format_plan(solved.plan).encode()
        if not block.worst_of:
            link.keep(b"\n".join(rows))
        link.report(Progress("futures", iterations=len(rows)))
    return Done(tuple(rows), plans)


def worst_file(replication: int, arm: int, year: int | None) -> str:
    """Return the file, in a study's folder, of a roster of one of the worst futures.

    Parameters
    ----------
    replication, year
        Which future.
    arm
        Number of its arm, the scenario as it is being 0.
    """
    when = "" if year is None else f"-{year}"
    return f"plans/worst-{replication:06d}-arm{arm}{when}.json"


def _replication(block: Block, replication: int) -> Iterator[tuple[Row, Solved]]:
    """Yield the rows of one replication with their plans, all arms of one day together."""
    is_long = block.long_every > 0 and replication % block.long_every == 0
    variants = as_drawn(block, replication)
    days = [drawn_days(block, variant, replication) for variant in variants]
    for together in zip(*days, strict=True):
        year = together[0][0]
        if block.is_varied and block.years is not None and year != block.years[1]:
            continue
        futures = [future for _, future in together]
        scenarios = [future.scenario for future in futures]
        found = _exchanged(_solved(block, scenarios, replication, block.steps))
        if not block.worst_of:
            effort = Effort.VARIED if block.is_varied else Effort.SHORT
            for variant, future, solved in zip(variants, futures, found, strict=True):
                yield _row(variant, future, solved, replication, year, effort), solved
        if is_long or block.worst_of:
            longer = _solved(block, scenarios, replication, block.long_steps)
            longer = [
                one if one.value <= known.value else replace(known, steps=one.steps)
                for one, known in zip(longer, found, strict=True)
            ]
            effort = Effort.WORST if block.worst_of else Effort.LONG
            for variant, future, solved in zip(variants, futures, _exchanged(longer), strict=True):
                if not block.worst_of or variant.name in block.worst_of:
                    row = _row(variant, future, solved, replication, year, effort)
                    yield replace(row, least=proven_unserved(solved)), solved


def as_drawn(block: Block, replication: int) -> tuple[Variant, ...]:
    """Return the variants of a block with the assumptions of one future, where they are drawn."""
    if block.drawn is None:
        return block.variants
    values = drawn_values(block.drawn, ranges_of(block.drawn), replication)
    study = with_values(block.drawn, values)
    arms = {arm.name: arm for arm in arms_of(study)}
    made = []
    for variant in block.variants:
        of_arm = imagined(study, arms[variant.name])
        made.append(
            replace(
                variant,
                edits=without_money(of_arm.edits),
                assumptions=of_arm.assumptions,
                assumed=values,
            )
        )
    return tuple(made)


def drawn_days(
    block: Block, variant: Variant, replication: int
) -> Iterator[tuple[int | None, Future]]:
    """Yield the drawn days of one arm of a block: one, or one a year."""
    edited = apply(variant.scenario, variant.edits, block.seed, replication).scenario
    given = variant.assumptions
    if block.years is None:
        yield None, draw(edited, given, seed=block.seed, replication=replication)
        return
    chance = Chance(given, block.seed, replication)
    # The cohort moves people on; the day itself has no further months in which they might go.
    of_the_day = given.model_copy(update={"months": 0})
    for epoch, (year, scenario) in zip(
        count(), in_years(edited, chance, *block.years), strict=False
    ):
        yield (
            year,
            draw(scenario, of_the_day, seed=block.seed, replication=replication, epoch=epoch),
        )


def _solved(
    block: Block, scenarios: Sequence[Scenario], replication: int, steps: int
) -> list[Solved]:
    return [
        solve_future(
            scenario,
            matrices_for(scenario, block.matrices, block.variants[0].scenario.travel),
            block.usual,
            seed=replication % SEEDS,
            steps=steps,
        )
        for scenario in scenarios
    ]


def _exchanged(found: Sequence[Solved]) -> list[Solved]:
    """Return plans where each arm has taken over what another one found, if it is better there.

    Where one arm only permits more, what was found without is a plan with it; and with more
    caregivers nothing gets worse. Whoever begins with luck shares it, so arms differ by their
    edits.
    """
    best = []
    for own in found:
        mine = own
        better = [one for one in found[1:] if one.value[:-1] < own.value[:-1]]
        # Of many arms those just above are likeliest to fit; that without edits is always asked.
        better.sort(key=lambda one: one.value, reverse=True)
        for other in (found[0], *better[:TRIED]):
            if other.value[:-1] < mine.value[:-1]:
                mine = adopted(mine, other.plan)
        best.append(mine)
    return best


def _row(
    variant: Variant,
    future: Future,
    solved: Solved,
    replication: int,
    year: int | None,
    effort: Effort,
) -> Row:
    scenario = future.scenario
    details = Details(scenario, causes_of(solved))
    return Row(
        arm=variant.name,
        replication=replication,
        year=year,
        effort=effort,
        carers=sum(bool(one.shifts) for one in scenario.caregivers),
        absent=len(future.absent),
        new_clients=future.new_clients,
        gone_clients=future.gone_clients,
        visits=by_priority(scenario.visits),
        unserved=by_priority(details.left()),
        minutes=sum(map(minutes_of, scenario.visits)),
        unmet=sum(map(minutes_of, details.left())),
        shortened=solved.shortened,
        cells=details.cells(),
        asked=details.asked(),
        missed=details.missed(),
        cost=solved.verdict.cost,
        steps=solved.steps,
        surplus=future.surplus,
        assumed=variant.assumed,
    )
