"""From the futures that were solved to a figure with its range: means, differences, percentiles.

Levels are corrected twice. All futures are searched shortly and every tenth longer as well: the
mean of the longer ones' gain is added to the level. And where more people were sick by chance, or
more clients asked for care, than was to be expected, what usually follows from that is taken off
(control variates). Two mirrored replications count as one observation. A difference between two
arms is that of the same futures, so most of chance falls out of it.

References
----------
A. M. Law (2015), Simulation modeling and analysis, 5th ed., chapter 11 (common random numbers,
antithetic and control variates).
M. B. Giles (2015), Multilevel Monte Carlo methods. Acta Numerica 24, 259-328 (levels of effort).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimizer.shortfall.rows import Effort, Row

Floats = NDArray[np.float64]
Measure = Callable[[Row], float]

FEWEST_PAIRS = 8
"With fewer observations nothing is regressed on so many controls."
FEWEST_FOR_P95 = 400
"Replications from which a 95th percentile is told: less is hardly more than the worst one."
NORMAL_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over futures and how sure it is.

    Attributes
    ----------
    mean
        Corrected as the module says.
    error
        Standard error of the mean; infinite where there is one observation only.
    low, high
        The mean lies between with 95 % confidence.
    replications
        Futures that it is made of.
    plain
        The same mean without control variates and longer searches.
    excess
        What longer searches gain on average: negative where less is left out.
    p10, p50, p90
        Of the futures themselves: in eight of ten drawn days the figure lies between.
    p95
        None below 400 replications.
    """

    mean: float
    error: float
    low: float
    high: float
    replications: int
    plain: float
    excess: float
    p10: float
    p50: float
    p90: float
    p95: float | None = None

    @property
    def half_width(self) -> float:
        """Half of the confidence interval."""
        return (self.high - self.low) / 2


def num_unserved(row: Row) -> float:
    """Return the visits that a row leaves out: the measure that precision is about."""
    return float(row.num_unserved)


def level(rows: Sequence[Row], measure: Measure = num_unserved) -> Estimate:
    """Return the mean of a measure over the futures of one arm and year.

    Parameters
    ----------
    rows
        Of one arm and year, of any effort; at least one of them short.
    measure
        What is counted of a row.
    """
    short = {row.replication: row for row in rows if row.effort is Effort.SHORT}
    numbers = {key: measure(row) for key, row in short.items()}
    controls = {key: _controls(row) for key, row in short.items()}
    gains = [
        measure(row) - numbers[row.replication]
        for row in rows
        if row.effort is Effort.LONG and row.replication in numbers
    ]
    found = _estimate(numbers, controls, gains)
    # Nothing is left out less than never; a symmetric range does not know that.
    floor = {name: max(0.0, getattr(found, name)) for name in ("low", "p10", "p50", "p90")}
    return replace(found, **floor)


def difference(
    rows: Sequence[Row], base: Sequence[Row], measure: Measure = num_unserved
) -> Estimate:
    """Return the mean by which a measure is larger in one arm than in another, future by future.

    It is corrected for effort as levels are: where hands are short, a longer search gains more
    than where they are not, and a short one would tell too large a difference.
    """
    one, two = _of_effort(rows, Effort.SHORT), _of_effort(base, Effort.SHORT)
    numbers = {key: measure(row) - measure(two[key]) for key, row in one.items() if key in two}
    controls = {key: _controls(two[key]) for key in numbers}
    longer, longer_base = _of_effort(rows, Effort.LONG), _of_effort(base, Effort.LONG)
    gains = [
        measure(longer[key]) - measure(longer_base[key]) - number
        for key, number in numbers.items()
        if key in longer and key in longer_base
    ]
    return _estimate(numbers, controls, gains)


def _of_effort(rows: Sequence[Row], effort: Effort) -> dict[int, Row]:
    return {row.replication: row for row in rows if row.effort is effort}


def _controls(row: Row) -> tuple[float, ...]:
    return tuple(row.surplus[name] for name in sorted(row.surplus))


def _estimate(
    numbers: Mapping[int, float],
    controls: Mapping[int, tuple[float, ...]],
    gains: Sequence[float],
) -> Estimate:
    pairs = _in_pairs(numbers)
    values = np.array([np.mean([numbers[n] for n in pair]) for pair in pairs])
    weights = np.array([len(pair) for pair in pairs], float)
    about = np.array([np.mean([controls[n] for n in pair], axis=0) for pair in pairs])
    mean, variance = _regressed(values, about.reshape(len(pairs), -1), weights)
    excess = float(np.mean(gains)) if gains else 0.0
    if len(gains) > 1:
        variance += float(np.var(gains, ddof=1)) / len(gains)
    error = math.sqrt(variance)
    half = student_95(len(pairs) - 1) * error
    spread = np.array(list(numbers.values()))
    p10, p50, p90, p95 = (float(one) + excess for one in np.percentile(spread, (10, 50, 90, 95)))
    return Estimate(
        mean=mean + excess,
        error=error,
        low=mean + excess - half,
        high=mean + excess + half,
        replications=len(numbers),
        plain=float(spread.mean()),
        excess=excess,
        p10=p10,
        p50=p50,
        p90=p90,
        p95=p95 if len(numbers) >= FEWEST_FOR_P95 else None,
    )


def _in_pairs(numbers: Mapping[int, float]) -> list[tuple[int, ...]]:
    """Return replications that mirror each other together, in order."""
    firsts = sorted({one - one % 2 for one in numbers})
    return [tuple(n for n in (one, one + 1) if n in numbers) for one in firsts]


def _regressed(values: Floats, about: Floats, weights: Floats) -> tuple[float, float]:
    """Return the mean, and its variance, with what the controls explain taken off.

    Of the controls it is known that they are nothing on average. Those that never vary explain
    nothing and are left out.
    """
    total = float(weights.sum())
    mean = float(weights @ values) / total
    if len(values) < 2:
        return mean, math.inf
    about = about[:, about.std(axis=0) > 1e-9]
    used = about.shape[1]
    if used and len(values) >= FEWEST_PAIRS + 2 * used:
        centre = (weights @ about) / total
        slopes, *_ = np.linalg.lstsq(about - centre, values - mean, rcond=None)
        left = values - mean - (about - centre) @ slopes
        variance = float(left @ left) / (len(values) - 1 - used)
        # The mean of the controls is itself uncertain beside the known one.
        inverse = np.linalg.pinv((about - centre).T @ (about - centre))
        return (
            mean - float(centre @ slopes),
            variance * (1 / len(values) + float(centre @ inverse @ centre)),
        )
    left = values - mean
    return mean, float(left @ left) / (len(values) - 1) / len(values)


def student_95(freedom: int) -> float:
    """Return how many standard errors lie on either side of a mean with 95 % confidence.

    Parameters
    ----------
    freedom
        Degrees of freedom; below 1 nothing is known.

    References
    ----------
    M. Abramowitz, I. A. Stegun (1964), Handbook of mathematical functions, 26.7.5 (expansion of
    Student's t by the normal distribution; for one and two degrees it is known in closed form).
    """
    if freedom < 1:
        return math.inf
    if freedom == 1:
        return math.tan(math.pi * 0.475)
    if freedom == 2:
        return 0.95 / math.sqrt(2 * 0.975 * 0.025)
    z, n = NORMAL_95, float(freedom)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    fourth = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160
    return z + first / n + second / n**2 + third / n**3 + fourth / n**4
