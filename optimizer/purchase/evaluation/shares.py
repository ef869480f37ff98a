"""What an evaluation does to the shares of the next period, within bounds, and never to prices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from optimizer.allocation.rotation import parts
from optimizer.domain.allocation import AllocationPolicy, Body, Halt, HaltKind
from optimizer.domain.scenario import Scenario
from optimizer.purchase.evaluation.scores import Evaluation, Result

WHOLE = 100
_TEN_THOUSANDTHS = 10_000


@dataclass(frozen=True, slots=True)
class Moved:
    """The share of one organisation, in per cent to four decimals.

    Attributes
    ----------
    organisation
        Its id.
    before, after
        In this period and in the next one.
    factor
        What its grade makes of it before all are brought to 100, in per cent.
    halt
        By what the rules keep new clients from it on the day after those evaluated, None if by
        nothing; its share counts again once that is over.
    has_licence
        Whether a licence that the rules name for it holds on that day, if they name any.
    """

    organisation: str
    before: Fraction
    after: Fraction
    factor: int
    halt: HaltKind | None = None
    has_licence: bool = True


def moved_shares(
    evaluation: Evaluation, policy: AllocationPolicy, scenario: Scenario
) -> tuple[Moved, ...]:
    """Return the shares of the next period.

    Each share is multiplied by what the grade says and all are brought to 100 per cent together.
    No share changes by more than the terms allow, unless the grade takes all of it. Where those
    who are left may not take all that was taken, the shares add up to less than 100; the rotation
    counts in proportion.

    Parameters
    ----------
    evaluation
        Results; an organisation without a grade keeps its part.
    policy
        The rules of this period, with the shares.
    scenario
        Organisations and contracts, for shares that the rules do not give.
    """
    before = shares_before(policy, scenario)
    results = {one.organisation: one for one in evaluation.results}
    factors = {body: factor_of(results.get(body), evaluation) for body in before}
    step = Fraction(evaluation.terms.most_step_percent, WHOLE)
    after = _bounded(before, factors, step)
    next_day = evaluation.last + dt.timedelta(days=1)
    halts, expired = _halts_on(policy, next_day), _expired_on(policy, next_day)
    return tuple(
        Moved(body, before[body], after[body], factors[body], halts.get(body), body not in expired)
        for body in before
    )


def _expired_on(policy: AllocationPolicy, day: dt.date) -> set[str]:
    """Return the organisations that the rules name licences for, none of which holds on a day."""
    return {
        body.organisation
        for body in policy.bodies
        if body.licences and not any(one.start <= day <= one.end for one in body.licences)
    }


def _halts_on(policy: AllocationPolicy, day: dt.date) -> dict[str, HaltKind]:
    """Return the organisations that the rules give no new clients on a day."""
    return {
        body.organisation: halt.kind
        for body in policy.bodies
        for halt in body.halts
        if halt.start <= day and (halt.end is None or day <= halt.end)
    }


def shares_before(policy: AllocationPolicy, scenario: Scenario) -> dict[str, Fraction]:
    """Return the share of each organisation: of the rules, else of its contracts, else equal."""
    told = {one.organisation: one.share for one in policy.bodies}
    fixed: dict[str, Fraction | None] = {}
    for body in scenario.organisations:
        promised = [one.min_share for one in scenario.contracts if one.organisation == body.id]
        share = told.get(body.id)
        if share is None:
            share = max(promised, default=0) or None
        fixed[body.id] = None if share is None else Fraction(str(share))
    left = max(Fraction(0), WHOLE - sum((one or Fraction(0) for one in fixed.values()), Fraction()))
    others = sum(one is None for one in fixed.values())
    return {body: left / others if one is None else one for body, one in fixed.items()}


def factor_of(result: Result | None, evaluation: Evaluation) -> int:
    """Return what a result makes of a share, in per cent; nothing is lowered while it waits."""
    if result is None or result.share_grade is None:
        return WHOLE
    grades = evaluation.terms.grades
    factor = next(one.share_percent for one in grades if one.grade is result.share_grade)
    return max(factor, WHOLE) if result.waits and not result.red_lines else factor


def _bounded(
    before: Mapping[str, Fraction], factors: Mapping[str, int], step: Fraction
) -> dict[str, Fraction]:
    """Return shares times factors, brought to their former sum with each within its bounds."""
    wanted = {body: share * factors[body] / WHOLE for body, share in before.items()}
    bounds = {body: _bounds(share, factors[body], step) for body, share in before.items()}
    whole = sum(before.values(), Fraction(0))
    scale = _scale(wanted, bounds, whole)
    exact = {body: _within(scale * wanted[body], bounds[body]) for body in before}
    total = sum(exact.values(), Fraction(0))
    bodies = list(before)
    # Rounded to four decimals so that the sum stays what it is; in the order of ids among equals.
    units = int(total * _TEN_THOUSANDTHS)
    ordered = sorted(bodies)
    rounded = dict.fromkeys(ordered, 0)
    if units:
        weights = [int(exact[body] * 10**12) for body in ordered]
        rounded = dict(zip(ordered, parts(units, weights), strict=True))
    return {body: Fraction(rounded[body], _TEN_THOUSANDTHS) for body in bodies}


def _bounds(share: Fraction, factor: int, step: Fraction) -> tuple[Fraction, Fraction]:
    """Return between what a share may lie: who did badly gains nothing, who did well keeps all."""
    if not factor:
        return Fraction(0), Fraction(0)
    low = share if factor > WHOLE else share * (1 - step)
    high = share if factor < WHOLE else share * (1 + step)
    return low, high


def _scale(
    wanted: Mapping[str, Fraction],
    bounds: Mapping[str, tuple[Fraction, Fraction]],
    whole: Fraction,
) -> Fraction:
    """Return the factor for all with which the shares within their bounds reach a sum.

    The sum grows with the factor, in straight lines between the factors at which somebody comes
    to a bound; where no factor reaches the sum, the last one is taken.
    """
    corners = sorted(
        {end / wanted[body] for body, ends in bounds.items() if wanted[body] for end in ends}
    )

    def total(scale: Fraction) -> Fraction:
        return sum(
            (_within(scale * wanted[body], bounds[body]) for body in wanted), Fraction(0)
        )  # fmt: skip

    for low, high in pairwise(corners):
        if total(low) <= whole <= total(high):
            rise = total(high) - total(low)
            return low if not rise else low + (high - low) * (whole - total(low)) / rise
    return corners[-1] if corners else Fraction(1)


def _within(value: Fraction, bounds: tuple[Fraction, Fraction]) -> Fraction:
    return min(max(value, bounds[0]), bounds[1])


def with_evaluation(
    policy: AllocationPolicy, moved: Sequence[Moved], first_day: dt.date
) -> AllocationPolicy:
    """Return rules for the next period with moved shares; who lost all of it is suspended.

    Parameters
    ----------
    policy
        The rules of this period.
    moved
        The shares.
    first_day
        From when on a suspension holds.
    """
    known = {one.organisation: one for one in policy.bodies}
    changed = {one.organisation: _with_share(known, one, first_day) for one in moved}
    order: Iterable[str] = dict.fromkeys([*known, *changed])
    bodies = tuple(changed.get(body) or known[body] for body in order)
    return policy.model_copy(update={"bodies": bodies})


def _with_share(known: Mapping[str, Body], one: Moved, first_day: dt.date) -> Body:
    body = known.get(one.organisation) or Body(organisation=one.organisation)
    halts = body.halts
    if not one.factor:
        halts = (*halts, Halt(kind=HaltKind.SUSPENDED, start=first_day))
    return body.model_copy(update={"share": float(one.after), "halts": halts})
