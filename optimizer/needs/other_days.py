"""Other days of its week on which a visit that is not daily may take place as well.

A bath on Tuesday is one bath a week, and a better one on Wednesday than none. So what is neither
critical, nor daily, nor on days that somebody has ordered may be on any day of its calendar week
that is planned, if nothing of it, and nothing that it excludes, is meant for that day. What is tied
to other visits of its day by hours stays with them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from optimizer.domain.policy import Priority
from optimizer.domain.visit import Coupling
from optimizer.needs.bundling import Bundle, Excludes
from optimizer.needs.cycle import DAYS
from optimizer.needs.visits import Planned

Meant = Mapping[datetime.date, Collection[str]]
"""Services that are meant for each day of the horizon."""


def with_other_days(
    planned: Sequence[Planned],
    ties: Sequence[Coupling],
    meant: Meant,
    is_free: Callable[[datetime.date], bool],
    excludes: Excludes,
) -> list[Planned]:
    """Return the visits of one client's day, those that can with more days of their week.

    Parameters
    ----------
    planned
        The visits.
    ties
        Ties of hours between them.
    meant
        What is meant for which day.
    is_free
        Whether the client is at home on a day that is planned.
    excludes
        Whether two services must not be on one day.
    """
    tied = {name for tie in ties for name in (tie.first, tie.second)}
    return [
        one if one.visit.id in tied else _wider(one, meant, is_free, excludes) for one in planned
    ]


def _wider(
    one: Planned, meant: Meant, is_free: Callable[[datetime.date], bool], excludes: Excludes
) -> Planned:
    if not _may_move(one.bundle):
        return one
    more = {
        day
        for day in _week_of(one.day)
        if day != one.day and is_free(day) and not _clashes(one.bundle, meant[day], excludes)
    }
    if more <= set(one.visit.dates):
        return one
    dates = tuple(sorted(more.union(one.visit.dates)))
    return replace(one, visit=one.visit.model_copy(update={"dates": dates}))


def _may_move(bundle: Bundle) -> bool:
    """Return whether nothing in a visit is critical, daily or ordered for its day."""
    return bundle.priority is not Priority.CRITICAL and not any(
        item.demand.fixed or len(item.demand.days) == DAYS for item in bundle.items
    )


def _week_of(day: datetime.date) -> Iterator[datetime.date]:
    monday = day - datetime.timedelta(days=day.weekday())
    return (monday + datetime.timedelta(days=n) for n in range(7))


def _clashes(bundle: Bundle, others: Collection[str], excludes: Excludes) -> bool:
    """Return whether a day already has a service of the visit, or one that it excludes."""
    return any(one == other or excludes(one, other) for one in bundle.services for other in others)
