"""Days on which a client is away for some hours: what takes place before, after, or not at all.

Whoever is on dialysis is washed before leaving or after the way back, and does not need lunch at
home while lunch is eaten there. What belongs together stays together: without the meal at home
there is no injection at home either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from optimizer.domain.client import Client
from optimizer.domain.visit import StartWindow
from optimizer.needs.asking import AFTERWARDS, Away
from optimizer.needs.bundling import Item, items_of
from optimizer.needs.catalogue import Catalogue
from optimizer.needs.required import Demand, Requirements
from optimizer.needs.rules import Follow, share_moments
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE

WEEKDAYS = 7
_SOON = 30 * MS_PER_MINUTE
"How soon."

Menu = Mapping[tuple[str, str], Item]
"""A client's services at each moment of one weekday, by service and window."""


def menus_of(
    client: Client, demands: Sequence[Demand], away: Sequence[Away], catalogue: Catalogue
) -> tuple[Menu, ...]:
    """Return what may take place on each weekday, Monday first.

    Parameters
    ----------
    client
        Whose own meal times and usual hour count.
    demands
        What the client needs.
    away
        When the client is not at home.
    catalogue
        The services.
    """
    usual = items_of(client, demands, catalogue)
    menus: list[Menu] = [usual] * WEEKDAYS
    around = catalogue.arrival + catalogue.notes
    for one in away:
        for day in one.weekdays:
            menus[day - 1] = _at_home(menus[day - 1], one, around)
    return tuple(menus)


def _at_home(menu: Menu, away: Away, around: int) -> Menu:
    """Return the items that can begin and end while the client is at home."""
    found = {}
    for key, item in menu.items():
        lasts = item.demand.minutes * MS_PER_MINUTE + around
        start = item.start if key[1] == "session" else start_at_home(item.start, lasts, away)
        if start is item.start:
            found[key] = item
        elif start is not None:
            late = item.preferred_until
            late = None if late is None else min(max(late, start.earliest), start.latest)
            found[key] = replace(item, start=start, preferred_until=late)
    return found


def start_at_home(start: StartWindow, lasts: int, away: Away) -> StartWindow | None:
    """Return when something begins so that it ends before the client leaves or begins afterwards.

    Parameters
    ----------
    start
        When it usually begins.
    lasts
        How long it takes, milliseconds.
    away
        When the client is not at home.
    """
    if start.latest + lasts <= away.leaves or start.earliest >= away.returns:
        return start
    before = min(start.latest, away.leaves - lasts) - start.earliest
    after = start.latest - max(start.earliest, away.returns)
    if max(before, after) >= 0:
        if after >= before:
            earliest = max(start.earliest, away.returns)
            soon = away.returns + _SOON if earliest == away.returns else earliest
            return StartWindow.model_construct(
                earliest=earliest, latest=max(start.latest, min(soon, MS_PER_DAY))
            )
        latest = min(start.latest, away.leaves - lasts)
        return StartWindow.model_construct(earliest=start.earliest, latest=latest)
    if start.latest >= away.leaves and away.returns - start.latest <= AFTERWARDS:
        return StartWindow.model_construct(earliest=away.returns, latest=away.returns + _SOON)
    return None


def without_hours(client: Client, needed: Requirements, catalogue: Catalogue) -> Requirements:
    """Return what is needed at home only: no times at which the client is away."""
    if not needed.away:
        return needed
    menus = menus_of(client, needed.demands, needed.away, catalogue)
    absent = {
        one.service: {
            (day, window.name)
            for day in one.days
            for window in one.windows
            if (one.service, window.name) not in menus[day % WEEKDAYS]
        }
        for one in needed.demands
    }
    _drop_pairs(needed.demands, needed.follows, absent, catalogue)
    demands = (replace(one, absent=frozenset(absent[one.service])) for one in needed.demands)
    kept = tuple(one for one in demands if len(one.absent) < len(one.days) * len(one.windows))
    return replace(needed, demands=kept)


def _drop_pairs(
    demands: Iterable[Demand],
    follows: Iterable[Follow],
    absent: Mapping[str, set[tuple[int, str]]],
    catalogue: Catalogue,
) -> None:
    """Take out of each pair what would be left without the other."""
    of = {one.service: one for one in demands}
    pairs = []
    for follow in follows:
        if follow.together is not None and {follow.first, follow.second} <= of.keys():
            by_moment = share_moments(catalogue, follow)
            pairs.append((follow.first, follow.second, by_moment))
            if follow.together == "both":
                pairs.append((follow.second, follow.first, by_moment))
    for first, second, by_moment in (*pairs, *pairs):
        names = {window.name for window in of[first].windows}
        for day, window in list(absent[second]):
            absent[first] |= {(day, one) for one in names if one == window or not by_moment}
        absent[first] &= {(day, one) for day in of[first].days for one in names}
