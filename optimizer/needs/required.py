"""What a client needs: rules and care plan together, as services with days and times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from optimizer.domain.care_plan import CarePlan, CarePlanItem
from optimizer.domain.policy import Priority
from optimizer.domain.visit import Requirement, Trace
from optimizer.needs.asking import Away, absences, ask, ordered_weekdays, trace_of
from optimizer.needs.book import Book
from optimizer.needs.catalogue import Catalogue, DayWindow, Service, excluding_first, requirement
from optimizer.needs.conditions import all_hold, any_holds
from optimizer.needs.cycle import DAYS, choose_days, phase_of
from optimizer.needs.facts import Facts
from optimizer.needs.rules import EVERY_SERVICE, Change, Follow, NeedRule
from optimizer.needs.wishes import Wish, Wishes
from optimizer.units import MS_PER_MINUTE

CARE_PLAN = "care_plan"
"Stands for a rule in the trace of what a care plan has ordered."

_URGENCY = {Priority.CRITICAL: 0, Priority.ESSENTIAL: 1, Priority.FLEXIBLE: 2}


@dataclass(frozen=True, slots=True)
class Demand:
    """One service that a client needs.

    Attributes
    ----------
    service
        Code of the service.
    minutes, shortest
        Per carer and time, in whole minutes; shortest is the least acceptable.
    requirements
        Per carer.
    days
        Days of the four-week cycle, most preferred first.
    windows
        One per time of such a day, most preferred first.
    priority
        How much it matters.
    critical_at
        Names of windows at which it is critical all the same, because it belongs to something
        critical, as the meal after an injection does.
    absent
        Days and windows at which the client is away, so that it is not needed.
    fixed
        Whether somebody has ordered its days.
    rank
        Order in which demands of one priority are paid for: the smaller first. Every second
        number is left free for what follows another one.
    traces
        Every rule that asks for it.
    """

    service: str
    minutes: int
    shortest: int
    requirements: tuple[Requirement, ...]
    days: tuple[int, ...]
    windows: tuple[DayWindow, ...]
    priority: Priority
    rank: int
    traces: tuple[Trace, ...]
    critical_at: frozenset[str] = frozenset()
    absent: frozenset[tuple[int, str]] = frozenset()
    fixed: bool = False

    @property
    def times(self) -> list[tuple[int, str]]:
        """Days and moments at which it is needed, most preferred first."""
        every = [(day, window.name) for day in self.days for window in self.windows]
        return [one for one in every if one not in self.absent] if self.absent else every

    def priority_at(self, window: str) -> Priority:
        """Return how much it matters at one of its moments."""
        return Priority.CRITICAL if window in self.critical_at else self.priority

    @property
    def most_urgent(self) -> Priority:
        """The most urgent priority among its moments."""
        return Priority.CRITICAL if self.critical_at else self.priority

    @property
    def minutes_each_time(self) -> int:
        """Minutes of all carers at one time."""
        return self.minutes * len(self.requirements)

    @property
    def minutes_per_cycle(self) -> int:
        """Minutes of all carers in four weeks."""
        times = len(self.days) * len(self.windows)
        return self.minutes_each_time * (times - len(self.absent))


@dataclass(frozen=True, slots=True)
class Refusal:
    """A service that was asked for and must not be given, with the id of the reason."""

    service: str
    contraindication: str


@dataclass(frozen=True, slots=True)
class Requirements:
    """Everything that follows from what is known of one client.

    Attributes
    ----------
    demands
        Most important first.
    refusals
        What contraindications bar.
    follows
        Gaps between two services of one day.
    flags, notes, alerts
        Marks, cautions and alerts, by code, with the rule that gave the alert.
    few_carers
        Weight of continuity, 1 as usual.
    most_carers
        Most different caregivers who are to come; None for any number.
    first_in_pairs
        What a second carer of the very first visit must hold; None if one carer is enough.
    barred_weekdays
        Days of the week, 1 = Monday, on which nothing but critical care takes place.
    away
        Hours in which the client is not at home.
    """

    demands: tuple[Demand, ...]
    refusals: tuple[Refusal, ...] = ()
    follows: tuple[Follow, ...] = ()
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    alerts: tuple[tuple[str, Trace], ...] = ()
    few_carers: int = 1
    most_carers: int | None = None
    first_in_pairs: str | None = None
    barred_weekdays: frozenset[int] = frozenset()
    away: tuple[Away, ...] = ()


def required_services(
    client: str,
    facts: Facts,
    plans: Iterable[CarePlan],
    book: Book,
    plan_days: Sequence[frozenset[int]] = (),
) -> Requirements:
    """Return what follows for a client from facts and care plans.

    Parameters
    ----------
    client
        Id of the client; decides the preferred days.
    facts
        What is known of the client.
    plans
        Care plans of the client that hold.
    book
        Catalogue and rules.
    plan_days
        Of each care plan the days of the cycle on which it holds; all of them if not given.
    """
    wishes = Wishes(book, phase_of(client))
    held: list[tuple[NeedRule, Trace]] = []
    barred: set[int] = set()
    away: list[Away] = []
    flags: dict[str, None] = {}
    # A flag that a rule sets counts for every rule, wherever it stands.
    for rule in book.rules.flagging:
        if all_hold(rule.when, facts) is not None:
            flags |= dict.fromkeys(flag.value for flag in rule.flags)
    if flags:
        facts = facts.with_flags(frozenset(flags))
    beyond = any(all_hold(rule.when, facts) is not None for rule in book.rules.excluding)
    for rule in book.rules.rules:
        seen = all_hold(rule.when, facts)
        if seen is None:
            continue
        trace = trace_of(rule, seen, facts, book)
        held.append((rule, trace))
        if beyond:
            continue
        for add in rule.adds:
            ask(wishes, rule, add, (seen, trace), facts, book)
        if rule.blocks:
            barred.update(ordered_weekdays(rule, facts))
        if rule.session is not None:
            away += absences(rule, rule.session, facts)
    for plan, only in zip_longest(plans, plan_days):
        for n, item in enumerate(plan.items):
            _order(wishes, plan, n, item, only)
    refusals, refused = _refusals(wishes, facts, book)
    changes = [change for rule, _ in held for change in rule.changes]
    follows = tuple(follow for rule, _ in held for follow in rule.follows)
    tiring = {day for one in away for day in one.weekdays}
    demands = _demands(client, wishes, refused, changes, follows, (barred, tiring), facts, book)
    return Requirements(
        demands=demands,
        refusals=refusals,
        follows=follows,
        flags=tuple(flags),
        notes=tuple(dict.fromkeys(note for rule, _ in held for note in rule.notes)),
        alerts=tuple((rule.alert, trace) for rule, trace in held if rule.alert is not None),
        few_carers=max((rule.few_carers for rule, _ in held), default=1),
        most_carers=min((r.most_carers for r, _ in held if r.most_carers), default=None),
        first_in_pairs=next((r.first_in_pairs for r, _ in held if r.first_in_pairs), None),
        barred_weekdays=frozenset(barred),
        away=tuple(away),
    )


def _order(
    wishes: Wishes, plan: CarePlan, n: int, item: CarePlanItem, only: frozenset[int] | None
) -> None:
    """Note what a care plan orders."""
    days = 4 * item.per_week if item.per_week is not None else item.per_four_weeks
    minutes = None if item.minutes is None else item.minutes // MS_PER_MINUTE
    trace = Trace(rule=CARE_PLAN, fields=(f"items.{n}",), recorded_on=plan.ordered_on)
    wishes[item.service].add(days, item.per_day, trace, minutes=minutes, only=only)


def _refusals(
    wishes: Mapping[str, Wish], facts: Facts, book: Book
) -> tuple[tuple[Refusal, ...], frozenset[str]]:
    found = [
        Refusal(service, rule.id)
        for rule in book.rules.contraindications
        if any(service in wishes for service in rule.bars)
        and all_hold(rule.when, facts) is not None
        for service in rule.bars
        if service in wishes
    ]
    return tuple(found), frozenset(refusal.service for refusal in found)


def _demands(
    client: str,
    wishes: Mapping[str, Wish],
    refused: frozenset[str],
    changes: Sequence[Change],
    follows: Sequence[Follow],
    barred: tuple[set[int], set[int]],
    facts: Facts,
    book: Book,
) -> tuple[Demand, ...]:
    """Return the demands, most important first, those that exclude others cleared of them."""
    phase = phase_of(client)
    services = book.catalogue.services
    demands = {}
    for place, (code, service) in enumerate(services.items()):
        if code in wishes and code not in refused and service.rostered:
            demands[code] = _demand(
                code, 2 * place, wishes[code], changes, barred, phase, facts, book.catalogue
            )
    for follow in follows:
        if follow.together and follow.first in demands and follow.second in demands:
            first, second = demands[follow.first], demands[follow.second]
            if not set(first.days) <= set(second.days):
                order = _days(wishes[follow.first], DAYS, services[follow.first], barred, phase)
                demands[follow.first] = _on_days_of(first, second, order)
    taken: dict[str, set[int]] = {}
    for code in excluding_first(demands, services):
        if code in taken:
            order = _days(wishes[code], DAYS, services[code], barred, phase)
            demands[code] = _moved(demands[code], taken[code], order)
        for other in services[code].excludes:
            taken.setdefault(other, set()).update(demands[code].days)
    for follow in follows:
        if follow.first in demands and follow.second in demands:
            demands[follow.second] = _as_urgent(demands[follow.second], demands[follow.first])
    return in_order(demand for demand in demands.values() if demand.days)


def in_order(demands: Iterable[Demand]) -> tuple[Demand, ...]:
    """Return demands, most important first."""
    return tuple(sorted(demands, key=lambda one: (_URGENCY[one.most_urgent], one.rank)))


def _on_days_of(first: Demand, second: Demand, order: Sequence[int]) -> Demand:
    """Return what comes first on days that have the second as well, as far as there are any.

    A wound must not stay wet until its next dressing, so the bath is on days with one.
    """
    both = [day for day in order if day in second.days]
    days = (*both, *(day for day in order if day not in second.days))
    return replace(first, days=days[: len(first.days)], fixed=True)


def _as_urgent(second: Demand, first: Demand) -> Demand:
    """Return what has to follow with the urgency of what it follows, at the moments it follows.

    An injection before a meal must not be left without the meal.
    """
    if _URGENCY[second.priority] <= _URGENCY[first.most_urgent]:
        return second
    names = {window.name for window in first.windows}
    shared = frozenset(w.name for w in second.windows if w.name in names)
    if not shared:
        return second
    rank = max(second.rank, first.rank + 1)
    return replace(second, critical_at=second.critical_at | shared, rank=rank)


def _demand(
    code: str,
    rank: int,
    wish: Wish,
    changes: Sequence[Change],
    barred: tuple[set[int], set[int]],
    phase: int,
    facts: Facts,
    catalogue: Catalogue,
) -> Demand:
    service = catalogue.services[code]
    percent, widest = 100, dict[str, int | None]()
    needs = [service.needs]
    if _in_pairs(code, service, facts, catalogue):
        needs.append(service.second or service.needs)
    for change in changes:
        if code in change.services or EVERY_SERVICE in change.services:
            percent = max(percent, change.minutes_percent)
            for name in change.windows or [window.name for window in wish.windows]:
                widest[name] = _lower(widest.get(name), change.window_minutes)
            if change.needs is not None:
                needs = [_stricter(grade, change.needs) for grade in needs]
    minutes = service.minutes // MS_PER_MINUTE if wish.minutes is None else wish.minutes
    minutes = max(minutes, wish.least)
    least = max((service.shortest or service.minutes) // MS_PER_MINUTE, wish.least)
    return Demand(
        service=code,
        minutes=-(-minutes * percent // 100),
        shortest=min(-(-least * percent // 100), -(-minutes * percent // 100)),
        requirements=tuple(requirement(grade) for grade in needs),
        days=_days(wish, wish.days_held, service, barred, phase),
        windows=tuple(window.narrowed(widest.get(window.name)) for window in wish.windows),
        priority=service.priority,
        rank=rank,
        traces=tuple(wish.traces),
        fixed=bool(wish.weekdays) or wish.only is not None,
    )


def _in_pairs(code: str, service: Service, facts: Facts, catalogue: Catalogue) -> bool:
    """Return whether two carers come, by the table of all services or by the service itself."""
    if service.two_carers and any_holds(service.two_carers, facts) is not None:
        return True
    return any(
        code in row.services and all_hold(row.when, facts) is not None
        for row in catalogue.two_carers
    )


def _lower(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _stricter(usual: str, wanted: str) -> str:
    """Return the grade asked for, but never a lower level of the same code."""
    one, other = requirement(usual), requirement(wanted)
    return usual if one.code == other.code and one.level >= other.level else wanted


def _days(
    wish: Wish, count: int, service: Service, barred: tuple[set[int], set[int]], phase: int
) -> tuple[int, ...]:
    """Return so many days of the cycle for a service, most preferred first.

    Of the two sets of weekdays the first bars all but critical care; those of the second, on which
    the client is away and tired, are the last ones for it: what is not daily keeps away from them.
    """
    never, tiring = barred
    if wish.weekdays or service.priority is Priority.CRITICAL:
        never, tiring = set(), set()
    return choose_days(
        phase,
        count,
        shift=service.day_shift,
        weekdays=wish.weekdays,
        barred=never,
        tiring=tiring,
        min_days=service.min_days,
        only=wish.only,
    )


def _moved(demand: Demand, taken: set[int], order: Iterable[int]) -> Demand:
    """Return the demand on other days than those that an excluding service takes.

    Where too few are left, what the other service gives on its days is enough.
    """
    free = tuple(day for day in order if day not in taken)
    return replace(demand, days=free[: len(demand.days)])
