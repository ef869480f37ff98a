"""Bundles become visits, and what ties those of a client to each other."""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, count, pairwise

from optimizer.domain.client import Client
from optimizer.domain.policy import Priority
from optimizer.domain.visit import CarerNeed, Coupling, CouplingKind, StartWindow, Trace, Visit
from optimizer.needs.bundling import UNLIMITED, Bundle, Item, limits_of, start_window
from optimizer.needs.catalogue import Catalogue, Service
from optimizer.needs.charging import length_of
from optimizer.needs.required import Demand
from optimizer.needs.rules import Follow, share_moments
from optimizer.units import MS_PER_MINUTE

LONGEST_ID = 80


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit and the bundle it comes from."""

    visit: Visit
    bundle: Bundle
    day: datetime.date


def visits_of_day(
    client: Client,
    bundles: Sequence[Bundle],
    day: datetime.date,
    catalogue: Catalogue,
    around: Mapping[datetime.date, Collection[str]],
    taken: Container[str] = (),
) -> list[Planned]:
    """Return the visits of one client's day; the same record always gives the same ids.

    Parameters
    ----------
    client
        The client; entitlements say how short a visit may be.
    bundles
        The day's services.
    day
        The day they are meant for.
    catalogue
        For arrival and notes.
    around
        Days on which a visit of flexible services may take place as well, each with the
        services that are meant for it: none of these is moved there from another day.
    taken
        Ids that other visits have.
    """
    limits = limits_of(client.entitlements)
    lasts = catalogue.arrival + catalogue.notes
    planned = []
    ids = (_id(f"{client.id}-{day:%m%d}-{number}") for number in count(1))
    free = (one for one in ids if one not in taken)
    for bundle in bundles:
        allowed = limits.get(bundle.payer or "", UNLIMITED)
        minutes = length_of(bundle, allowed, lasts)
        shortest = max(bundle.shortest * MS_PER_MINUTE + lasts, allowed.shortest)
        lead = bundle.items[0]
        visit = Visit(
            id=next(free),
            client=client.id,
            services=_in_order(bundle, catalogue),
            carers=tuple(
                CarerNeed.model_construct(
                    minutes=minutes,
                    shortest=None if shortest >= minutes else shortest,
                    qualifications=(need,),
                    service=None,
                )
                for need in bundle.requirements
            ),
            dates=_dates(bundle, day, around),
            window=StartWindow.model_construct(earliest=bundle.earliest, latest=bundle.latest),
            preferred_until=bundle.preferred_until,
            priority=bundle.priority,
            payer=bundle.payer,
            series=_id(f"{client.id}:{lead.demand.service}:{lead.window}"),
            trace=_traces(bundle.items),
        )
        planned.append(Planned(visit, bundle, day))
    return planned


def _in_order(bundle: Bundle, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the services of a visit in the order in which they are given."""
    codes = [item.demand.service for item in bundle.items]
    return tuple(sorted(codes, key=lambda code: catalogue.services[code].sequence))


def _dates(
    bundle: Bundle, day: datetime.date, around: Mapping[datetime.date, Collection[str]]
) -> tuple[datetime.date, ...]:
    if bundle.priority is not Priority.FLEXIBLE:
        return (day,)
    free = [other for other, meant in around.items() if bundle.services.isdisjoint(meant)]
    return tuple(sorted({day, *free}))


def _id(text: str) -> str:
    """Return a text as an id; the beginning of what is too long becomes a number."""
    if len(text) <= LONGEST_ID:
        return text
    return f"{zlib.crc32(text.encode('utf-8')):08x}{text[8 - LONGEST_ID :]}"


def is_id_of_derived(text: str, clients: Container[str]) -> bool:
    """Return whether a visit that follows from the record of one of the clients may have this id.

    Parameters
    ----------
    clients
        Ids of the clients.
    """
    client, *rest = text.rsplit("-", 2)
    if len(text) == LONGEST_ID:
        return True  # Perhaps the end of a longer one, whose client cannot be told.
    return client in clients and len(rest) == 2 and all(part.isdecimal() for part in rest)


def _traces(items: Iterable[Item]) -> tuple[Trace, ...]:
    return tuple(dict.fromkeys(trace for item in items for trace in item.demand.traces))


def ties_of_day(
    planned: Sequence[Planned], follows: Iterable[Follow], catalogue: Catalogue
) -> Iterator[Coupling]:
    """Yield the gaps between visits of one client's day.

    Gaps that the windows keep anyway are left out, so that nothing is tied without need; so
    are gaps that the windows cannot keep, see `gap_alerts`.
    """
    where = {
        (item.demand.service, item.window): one for one in planned for item in one.bundle.items
    }
    gaps: dict[tuple[str, str], tuple[int, int | None]] = {}
    for first, second, least, most in _wanted(where, follows, catalogue):
        if first.visit.id == second.visit.id or _kept(first.bundle, second.bundle, least, most):
            continue
        pair = first.visit.id, second.visit.id
        before = gaps.get(pair, (0, None))
        ends = [end for end in (before[1], most) if end is not None]
        both = max(before[0], least), min(ends, default=None)
        if _can_keep(first.bundle, second.bundle, *both):
            gaps[pair] = both
    for (one, other), (least, most) in gaps.items():
        yield Coupling.model_construct(
            kind=CouplingKind.AFTER, first=one, second=other, min_gap=least, max_gap=most
        )


def _kept(first: Bundle, second: Bundle, least: int, most: int | None) -> bool:
    """Return whether every two starts within the windows keep the gap."""
    return second.earliest - first.latest >= least and (
        most is None or second.latest - first.earliest <= most
    )


def _can_keep(
    first: Bundle | StartWindow, second: Bundle | StartWindow, least: int, most: int | None
) -> bool:
    """Return whether some two starts within the windows keep the gap."""
    return second.latest - first.earliest >= least and (
        most is None or (least <= most and second.earliest - first.latest <= most)
    )


def gap_alerts(
    client: Client, demands: Iterable[Demand], catalogue: Catalogue
) -> Iterator[tuple[str, Trace]]:
    """Yield the alert of each gap that a client's own meals make impossible.

    Parameters
    ----------
    client
        Whose own meal times count.
    demands
        What the client needs.
    catalogue
        The services with their gaps.
    """
    if client.meals is None:
        return
    for demand in demands:
        service = catalogue.services[demand.service]
        windows = {window.name: window for window in demand.windows}
        for gap in service.gaps:
            if gap.alert is None or not {gap.first, gap.second} <= windows.keys():
                continue
            first, second = (
                start_window(client, windows[name], service, catalogue)
                for name in (gap.first, gap.second)
            )
            if not _can_keep(first, second, gap.min_gap, gap.max_gap):
                why = demand.traces[0]
                yield gap.alert, why.model_copy(update={"fields": (*why.fields, "meals")})


def _wanted(
    where: Mapping[tuple[str, str], Planned],
    follows: Iterable[Follow],
    catalogue: Catalogue,
) -> Iterator[tuple[Planned, Planned, int, int | None]]:
    """Yield earlier visit, later visit, least and largest gap of everything to be kept."""
    for follow in follows:
        by_moment = share_moments(catalogue, follow)
        for (code, window), first in where.items():
            if code != follow.first:
                continue
            for (other, moment), second in where.items():
                if other == follow.second and (moment == window or not by_moment):
                    yield first, second, follow.min_gap, follow.max_gap
    times: dict[str, list[tuple[str, Planned]]] = {}
    for (code, window), one in where.items():
        times.setdefault(code, []).append((window, one))
    for code, rows in times.items():
        service = catalogue.services[code]
        rows.sort(key=lambda row: row[1].bundle.earliest)
        for (window, one), (other, two) in pairwise(rows):
            yield one, two, *_gap(service, window, other)
        if service.after_meal:
            yield from _after_meals(rows, where, service, catalogue)


def _gap(service: Service, window: str, other: str) -> tuple[int, int | None]:
    for gap in service.gaps:
        if (gap.first, gap.second) == (window, other):
            return gap.min_gap, gap.max_gap
    return service.min_gap, None


def _after_meals(
    rows: Sequence[tuple[str, Planned]],
    where: Mapping[tuple[str, str], Planned],
    service: Service,
    catalogue: Catalogue,
) -> Iterator[tuple[Planned, Planned, int, int | None]]:
    """Yield the gaps to the meals that somebody helps with, before the service or after it."""
    for (code, _), meal in where.items():
        if not catalogue.services[code].is_meal:
            continue
        least = meal.bundle.minutes * MS_PER_MINUTE + service.after_meal
        for _, later in rows:
            comes_later = later.bundle.earliest >= meal.bundle.earliest
            if comes_later and later.bundle.latest - meal.bundle.earliest >= least:
                yield meal, later, least, None
            elif later.bundle.latest >= meal.bundle.earliest:
                yield later, meal, 0, None


def series_apart(planned: Iterable[Planned], catalogue: Catalogue) -> Iterator[Coupling]:
    """Yield the days between visits with the same service, where their dates leave a choice."""
    series: dict[tuple[str, str], list[Planned]] = {}
    for one in planned:
        for item in one.bundle.items:
            series.setdefault((item.demand.service, item.window), []).append(one)
    gaps: dict[tuple[str, str], tuple[int, int | None]] = {}
    for (code, _), members in series.items():
        service = catalogue.services[code]
        members.sort(key=lambda one: one.day)
        for first, second in combinations(members, 2):
            if len(first.visit.dates) == len(second.visit.dates) == 1:
                continue
            meant = (second.day - first.day).days
            least = max(1, min(service.min_days, meant))
            if (min(second.visit.dates) - max(first.visit.dates)).days < least:
                pair = first.visit.id, second.visit.id
                before = gaps.get(pair, (1, None))
                gaps[pair] = max(before[0], least), before[1]
        for first, second in pairwise(members):
            if max(first.visit.dates) < min(second.visit.dates) and not _has_limit(service):
                continue
            if len(first.visit.dates) == len(second.visit.dates) == 1:
                continue
            pair = first.visit.id, second.visit.id
            meant = (second.day - first.day).days
            # Days that lie nearer, or farther, than they should, are no reason to lose one.
            most = None if service.max_days is None else max(service.max_days, meant)
            before = gaps.get(pair, (1, None))
            ends = [end for end in (before[1], most) if end is not None]
            least = max(before[0], min(service.min_days, meant))
            gaps[pair] = least, min(ends, default=None)
    for (a, b), (least, most) in gaps.items():
        yield Coupling.model_construct(
            kind=CouplingKind.APART, first=a, second=b, min_days=least, max_days=most
        )


def _has_limit(service: Service) -> bool:
    return service.min_days > 1 or service.max_days is not None
