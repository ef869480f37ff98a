"""Whether of each team of hires one of some certificates proves enough, by looking at all teams."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.certificate.hires_record import HiresCertificate, total_of_each

Ints = NDArray[int64]
Team = tuple[int, ...]
"Positions of the kinds that are hired, ascending; a kind may come more than once."


def amounts_of_kinds(part: HiresCertificate, kinds: Sequence[str]) -> Ints:
    """Return the most that one hire of each kind collects."""
    total = total_of_each((one.caregiver, one.amount) for one in part.kinds)
    return np.array([total.get(kind, 0) for kind in kinds], int64)


def team_left_open(
    parts: Sequence[HiresCertificate], kinds: Sequence[str], hires: int, least_unserved: int
) -> Team | None:
    """Return a team of which no certificate proves that it leaves so many visits; None if none is.

    Parameters
    ----------
    parts
        The certificates, whose limits hold.
    kinds
        Ids of all kinds.
    hires
        Size of the teams.
    least_unserved
        Visits that are claimed to stay, at least 1.

    Notes
    -----
    Teams are looked at kind by kind. Where what a certificate has left is enough even if all
    further hires are of the kind that collects most, no larger team has to be looked at.
    """
    if not kinds:
        return None if hires else _nobody(parts, least_unserved)
    table = np.array([amounts_of_kinds(one, kinds) for one in parts], int64)
    table = table.reshape(len(parts), len(kinds))
    # Most that one of this or a later kind collects, by each certificate.
    most = np.maximum.accumulate(table[:, ::-1], axis=1)[:, ::-1]
    goal = np.array([(least_unserved - 1) * one.scale for one in parts], int64)

    def left_open(first: int, hired: Team, left: Ints) -> Team | None:
        more = hires - len(hired)
        if (left - more * most[:, first] > goal).any():
            return None
        if not more:
            return hired
        for kind in range(first, len(kinds)):
            found = left_open(kind, (*hired, kind), left - table[:, kind])
            if found is not None:
                return found
        return None

    return left_open(0, (), np.array([one.asked - one.given for one in parts], int64))


def _nobody(parts: Sequence[HiresCertificate], least_unserved: int) -> Team | None:
    enough = any(one.asked - one.given > (least_unserved - 1) * one.scale for one in parts)
    return None if enough else ()
