"""A roster becomes a pattern: of each weekday what was so most often."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from optimizer.domain.index import ScenarioIndex
from optimizer.domain.pattern import Pattern, Slot
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import UsageError
from optimizer.i18n import say
from optimizer.pattern.due import Service, service_of
from optimizer.replan import Appointment, appointments

DAYS = 7


def learned(scenario: Scenario, plan: Plan, *, cycle: int = 1) -> Pattern:
    """Return the pattern that a roster follows most often.

    An appointment is taken up that takes place in at least half of the weeks that have its day
    of the cycle. Its caregivers are those who came most often, its start the one in the middle
    of theirs; of equals the earlier day decides.

    Parameters
    ----------
    scenario, plan
        A scenario with its visits and a roster of it, of a week or longer.
    cycle
        Weeks after which the pattern begins anew (1 to 8).

    Raises
    ------
    UsageError
        If the days planned are fewer than the cycle, or no visit is made.
    """
    index = ScenarioIndex.of(scenario)
    if len(index.dates) < DAYS * cycle:
        raise UsageError(say("usage.pattern_days", days=len(index.dates), needed=DAYS * cycle))
    monday = index.dates[0] - dt.timedelta(days=index.dates[0].weekday())
    told = appointments(plan)
    by_day: dict[tuple[Service, dt.date], list[Appointment]] = defaultdict(list)
    for visit in index.visit.values():
        if visit.id in told:
            by_day[service_of(visit), told[visit.id].date].append(told[visit.id])
    alike: dict[tuple[Service, int, int, int], list[Appointment]] = defaultdict(list)
    for (service, day), several in by_day.items():
        week = (day - monday).days // DAYS % cycle + 1
        for number, one in enumerate(sorted(several, key=lambda one: (one.start, one.caregivers))):
            alike[service, week, day.isoweekday(), number].append(one)
    weeks = Counter(
        ((day - monday).days // DAYS % cycle + 1, day.isoweekday()) for day in index.dates
    )
    slots = tuple(_slots(index, alike, weeks))
    if not slots:
        raise UsageError(say("usage.pattern_empty"))
    return Pattern(scenario=scenario.id, monday=monday, cycle=cycle, slots=slots)


def _slots(
    index: ScenarioIndex,
    alike: dict[tuple[Service, int, int, int], list[Appointment]],
    weeks: Counter[tuple[int, int]],
) -> Iterator[Slot]:
    named = {service_of(visit): visit for visit in index.visit.values()}
    for (service, week, weekday, _), several in sorted(
        alike.items(),
        key=lambda entry: (entry[0][1:], min(one.start for one in entry[1]), str(entry[0])),
    ):
        if 2 * len(several) < weeks[week, weekday]:
            continue
        caregivers = _most_often(sorted(several, key=lambda one: one.date))
        starts = sorted(one.start for one in several if one.caregivers == caregivers)
        yield Slot(
            client=service[0],
            series=service[1],
            services=named[service].services,
            week=week,
            weekday=weekday,
            start=starts[(len(starts) - 1) // 2],
            caregivers=caregivers,
            seen=len(starts),
            weeks=weeks[week, weekday],
        )


def _most_often(several: Sequence[Appointment]) -> tuple[str, ...]:
    # A Counter keeps the order in which it met its keys, so that of equals the earliest wins.
    ((caregivers, _),) = Counter(one.caregivers for one in several).most_common(1)
    return caregivers
