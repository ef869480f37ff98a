"""Between what a figure lies that was counted on a sample, at 95 per cent.

References
----------
E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference. Journal
of the American Statistical Association 22, 209-212.

W. G. Cochran (1977), Sampling techniques, 3rd edition, section 6.4: the variance of a ratio.

G. Y. Zou, A. Donner (2008), Construction of confidence limits about effect measures: a general
approach. Statistics in Medicine 27, 1693-1702: limits of a sum from the limits of its parts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

Interval = tuple[float, float]

Z = 1.959963984540054
"Of a standard normal variable 95 per cent lie between minus this and this."


def wilson(hits: int, count: int) -> Interval:
    """Return the interval of a share.

    Parameters
    ----------
    hits, count
        How many of how many; at least one.
    """
    share = hits / count
    square = Z * Z / count
    middle = (share + square / 2) / (1 + square)
    half = Z * math.sqrt(share * (1 - share) / count + square / (4 * count)) / (1 + square)
    # Of none or of all the exact end is the end of the scale, whatever floats come to.
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    return low, 1.0 if hits == count else min(1.0, middle + half)


def ratio(parts: Sequence[tuple[Fraction, Fraction]]) -> Interval:
    """Return the interval of a sum over a sum, by the variance of what each part deviates.

    Parameters
    ----------
    parts
        Part of the upper and of the lower sum; the lower sum is above 0.
    """
    upper = sum((one for one, _ in parts), Fraction(0))
    lower = sum((other for _, other in parts), Fraction(0))
    value, count = upper / lower, len(parts)
    if count < 2:
        return float(value), float(value)
    squares = sum(((one - value * other) ** 2 for one, other in parts), Fraction(0))
    half = Z * math.sqrt(count / (count - 1) * float(squares)) / float(lower)
    return max(0.0, float(value) - half), float(value) + half


def combined(value: float, families: Iterable[Sequence[Interval]]) -> Interval:
    """Return the interval of a sum from how far each of its parts may lie below and above.

    Parts of one family are counted on the same visits and taken to rise and fall together, so
    their distances add up; families are independent of each other.

    Parameters
    ----------
    value
        The sum.
    families
        Distances down and up of each part, none negative.
    """
    below = above = 0.0
    for family in families:
        below += math.fsum(down for down, _ in family) ** 2
        above += math.fsum(up for _, up in family) ** 2
    return value - math.sqrt(below), value + math.sqrt(above)


def median(values: Sequence[Fraction]) -> Fraction:
    """Return the middle of values, of an even number the mean of the two in the middle."""
    ordered = sorted(values)
    half, odd = divmod(len(ordered), 2)
    return ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2
