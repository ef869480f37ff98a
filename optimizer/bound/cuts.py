"""Cuts: so many visits and caregivers, so many pairs at most.

Of three visits, at most one caregiver serves two or more. A caregiver may be one of the three: if
she serves one of the two visits, none of the others serves both. Of five, two pairs at most are
together. Mixtures of routes, which a linear program may use, break this; plans never do.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy import float64, int64
from numpy.typing import NDArray

Cut = tuple[int, ...]
"""An odd number of rows, and of caregivers' routes as number of rows plus route.

Counted are, per route, half its members rounded down; in all they are at most half the cut's."""

LEAST_BREACH = 0.05
"Cuts that are broken by less are not worth their price in labels."
PER_MEMBER = 6
"In one round, cuts that one row or caregiver may be part of."
WIDENED = 200
"Threes that are tried with two more members, in one round."
NEARLY = 0.8
"Count of a three from which it is tried so."
MOST_WORK = 4_000_000_000
"Multiplications for that in one round; with many routes and members, fewer threes are tried."


def counted(members: NDArray[int64], cuts: Sequence[Cut]) -> NDArray[int64]:
    """Return how much each column counts against each cut, shape ``(columns, cuts)``.

    Parameters
    ----------
    members
        As of `optimizer.bound.column.members_of`.
    cuts
        The cuts.
    """
    counts = np.zeros((len(members), len(cuts)), int64)
    for number, cut in enumerate(cuts):
        counts[:, number] = members[:, list(cut)].sum(axis=1) // 2
    return counts


def broken_cuts(members: NDArray[int64], shares: NDArray[float64], most: int) -> list[Cut]:
    """Return the cuts that a mixture of routes breaks most.

    Parameters
    ----------
    members, shares
        The routes that are mixed, as of `optimizer.bound.column.members_of`, and how much of each
        is used, above 0 and below 1.
    most
        Number of cuts returned at most.
    """
    serves = np.minimum(1, members).astype(float64)
    threes = _broken_threes(serves, shares)
    found = [(breach, cut) for breach, cut in threes if breach > LEAST_BREACH]
    found.extend(_broken_fives(serves, shares, threes))
    found.sort(key=lambda item: (-item[0], item[1]))
    chosen: list[Cut] = []
    often = np.zeros(members.shape[1], int)
    for _, cut in found:
        if len(chosen) == most:
            break
        if cut not in chosen and all(often[member] < PER_MEMBER for member in cut):
            chosen.append(cut)
            often[list(cut)] += 1
    return chosen


def _broken_threes(serves: NDArray[float64], share: NDArray[float64]) -> list[tuple[float, Cut]]:
    """Return cuts of three with their breach, those broken most first, some not broken at all."""
    pair = serves.T @ (share[:, None] * serves)
    np.fill_diagonal(pair, 0.0)
    # With two who are always together, nothing can be broken.
    apart = pair < 1 - 1e-6
    found: list[tuple[float, Cut]] = []
    for a in range(serves.shape[1]):
        # A route with all three counts in three pairs, and once against the cut.
        pairs = pair[a, a + 1 :, None] + pair[a, None, a + 1 :] + pair[a + 1 :, a + 1 :]
        near = (pairs > NEARLY) & apart[a + 1 :, a + 1 :]
        near &= apart[a, a + 1 :, None] & apart[a, None, a + 1 :]
        ones, twos = np.nonzero(np.triu(near, 1))
        if not len(ones):
            continue
        others = serves[:, a + 1 :]
        all_three = (share * serves[:, a]) @ (others[:, ones] * others[:, twos])
        breach = pairs[ones, twos] - 2 * all_three - 1
        for place in np.flatnonzero(breach > NEARLY - 1).tolist():
            three = (a, a + 1 + int(ones[place]), a + 1 + int(twos[place]))
            found.append((round(float(breach[place]), 9), three))
    found.sort(key=lambda item: (-item[0], item[1]))
    return found


def _broken_fives(
    serves: NDArray[float64], share: NDArray[float64], threes: Sequence[tuple[float, Cut]]
) -> list[tuple[float, Cut]]:
    """Return, for some threes, the cut of five made of it that is broken most.

    It has to be broken more than every three in it: two more who are always together add nothing.
    """
    breach_of = {three: breach for breach, three in threes}
    found: list[tuple[float, Cut]] = []
    used = share @ serves
    parity = 1.0 - 2.0 * serves
    columns, members = serves.shape
    most = min(WIDENED, max(1, MOST_WORK // max(1, columns * members**2)))
    for _, three in threes[:most]:
        of_three = share * parity[:, list(three)].prod(axis=1)
        # Half a count rounded down is half the count, less a half where it is odd.
        even_less_odd = parity.T @ (of_three[:, None] * parity)
        total = used[list(three)].sum() + used[:, None] + used[None, :]
        breach = (total - (share.sum() - even_less_odd) / 2) / 2 - 2
        breach[list(three), :] = breach[:, list(three)] = -1.0
        np.fill_diagonal(breach, -1.0)
        a, b = divmod(int(np.argmax(breach)), members)
        five = tuple(sorted((*three, a, b)))
        least = max(breach_of.get(part, -1.0) for part in combinations(five, 3))
        if breach[a, b] > max(LEAST_BREACH, least + 1e-6):
            found.append((round(float(breach[a, b]), 9), five))
    return found
