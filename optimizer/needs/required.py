"""What a client needs: rules and care plan together, as services with days and times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from optimizer.domain.care_plan import CarePlan, CarePlanItem
from optimizer.domain.health import Condition
from optimizer.domain.policy import Priority
from optimizer.domain.visit import Requirement, Trace
from optimizer.needs.book import Book
from optimizer.needs.catalogue import DayWindow, Service, requirement
from optimizer.needs.conditions import all_hold, any_holds, asks_for
from optimizer.needs.cycle import DAYS, choose_days, phase_of
from optimizer.needs.facts import Evidence, Facts
from optimizer.needs.rules import EVERY_SERVICE, Add, Change, Follow, NeedRule
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
        One per time of such a day.
    priority
        How much it matters.
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

    @property
    def minutes_per_day(self) -> int:
        """Minutes of all carers on one day."""
        return self.minutes * len(self.requirements) * len(self.windows)

    @property
    def minutes_per_cycle(self) -> int:
        """Minutes of all carers in four weeks."""
        return self.minutes_per_day * len(self.days)


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
    first_in_pairs
        What a second carer of the very first visit must hold; None if one carer is enough.
    barred_weekdays
        Days of the week, 1 = Monday, on which nothing but critical care takes place.
    """

    demands: tuple[Demand, ...]
    refusals: tuple[Refusal, ...] = ()
    follows: tuple[Follow, ...] = ()
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    alerts: tuple[tuple[str, Trace], ...] = ()
    few_carers: int = 1
    first_in_pairs: str | None = None
    barred_weekdays: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Wish:
    """What has been asked for of one service so far.

    Times of day that a rule names are all of them kept; beyond that the one that asks for most
    times a day decides.
    """

    service: Service
    phase: int
    days: int = 0
    times: int = 0
    named: tuple[DayWindow, ...] = ()
    minutes: int | None = None
    weekdays: tuple[int, ...] = ()
    traces: list[Trace] = field(default_factory=list)

    def add(
        self,
        days: int,
        times: int,
        trace: Trace,
        windows: tuple[str, ...] = (),
        weekdays: tuple[int, ...] = (),
        minutes: int | None = None,
    ) -> None:
        self.days = max(self.days, days)
        self.times = max(self.times, times)
        self.named += tuple(
            window
            for name in windows[:times]
            for window in self.service.windows
            if window.name == name and window not in self.named
        )
        self.weekdays += tuple(day for day in weekdays if day not in self.weekdays)
        if minutes is not None:
            self.minutes = max(self.minutes or 0, minutes)
        if trace not in self.traces:
            self.traces.append(trace)

    @property
    def windows(self) -> tuple[DayWindow, ...]:
        """Return the times of a day, those that are named first."""
        windows = self.service.windows
        first = self.phase % len(windows) if self.service.spread else 0
        others = [w for w in (*windows[first:], *windows[:first]) if w not in self.named]
        return (*self.named, *others)[: max(self.times, len(self.named))]


class _Wishes(dict[str, _Wish]):
    """What has been asked for of one client, by service."""

    def __init__(self, book: Book, phase: int) -> None:
        super().__init__()
        self._book = book
        self._phase = phase

    def __missing__(self, service: str) -> _Wish:
        self[service] = _Wish(self._book.catalogue.services[service], self._phase)
        return self[service]


def required_services(
    client: str, facts: Facts, plans: Iterable[CarePlan], book: Book
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
    """
    wishes = _Wishes(book, phase_of(client))
    held: list[tuple[NeedRule, Trace]] = []
    barred: set[int] = set()
    flags: dict[str, None] = {}
    # A flag that a rule sets counts for every rule, wherever it stands.
    for rule in book.rules.rules:
        if rule.flags and all_hold(rule.when, facts) is not None:
            flags |= dict.fromkeys(flag.value for flag in rule.flags)
    if flags:
        facts = facts.with_flags(frozenset(flags))
    beyond = any(r.out_of_scope and all_hold(r.when, facts) is not None for r in book.rules.rules)
    for rule in book.rules.rules:
        seen = all_hold(rule.when, facts)
        if seen is None:
            continue
        held.append((rule, _trace(rule, seen, facts, book)))
        if beyond:
            continue
        for add in rule.adds:
            _ask(wishes, rule, add, seen, facts, book)
        if rule.blocks:
            barred.update(_ordered_weekdays(rule, facts))
    for plan in plans:
        for n, item in enumerate(plan.items):
            _order(wishes, plan, n, item)
    refusals, refused = _refusals(wishes, facts, book)
    changes = [change for rule, _ in held for change in rule.changes]
    follows = tuple(follow for rule, _ in held for follow in rule.follows)
    demands = _demands(client, wishes, refused, changes, follows, barred, facts, book)
    return Requirements(
        demands=demands,
        refusals=refusals,
        follows=follows,
        flags=tuple(flags),
        notes=tuple(dict.fromkeys(note for rule, _ in held for note in rule.notes)),
        alerts=tuple((rule.alert, trace) for rule, trace in held if rule.alert is not None),
        few_carers=max((rule.few_carers for rule, _ in held), default=1),
        first_in_pairs=next((r.first_in_pairs for r, _ in held if r.first_in_pairs), None),
        barred_weekdays=frozenset(barred),
    )


def _trace(rule: NeedRule, seen: Evidence, facts: Facts, book: Book) -> Trace:
    return Trace(
        rule=rule.id,
        fields=seen.fields,
        recorded_on=seen.on,
        unsigned=book.rules.approval_of(rule.id, facts.day) is None,
    )


def _ask(
    wishes: _Wishes, rule: NeedRule, add: Add, seen: Evidence, facts: Facts, book: Book
) -> None:
    """Note what a rule that holds asks for, if its own further tests hold as well."""
    if add.when:
        more = all_hold(add.when, facts)
        if more is None:
            return
        seen = seen + more
    per_day, days = add.per_day, add.days
    weekdays: tuple[int, ...] = ()
    if add.ordered:
        ordered = _ordered(rule, facts)
        per_day = max((c.times_a_day for c in ordered if c.times_a_day), default=per_day)
        weekdays = _ordered_weekdays(rule, facts)
        days = 4 * len(weekdays) if weekdays else days
    wishes[add.service].add(days, per_day, _trace(rule, seen, facts, book), add.windows, weekdays)


def _ordered(rule: NeedRule, facts: Facts) -> list[Condition]:
    """Return the conditions that a rule asks for and the record has."""
    return [
        condition
        for code, recorded in facts.conditions.items()
        if any(asks_for(test, code) for test in rule.when)
        for condition, _ in recorded
    ]


def _ordered_weekdays(rule: NeedRule, facts: Facts) -> tuple[int, ...]:
    return tuple(sorted({day for one in _ordered(rule, facts) for day in one.weekdays}))


def _order(wishes: _Wishes, plan: CarePlan, n: int, item: CarePlanItem) -> None:
    """Note what a care plan orders."""
    days = 4 * item.per_week if item.per_week is not None else item.per_four_weeks
    minutes = None if item.minutes is None else item.minutes // MS_PER_MINUTE
    trace = Trace(rule=CARE_PLAN, fields=(f"items.{n}",), recorded_on=plan.ordered_on)
    wishes[item.service].add(days, item.per_day, trace, minutes=minutes)


def _refusals(
    wishes: Mapping[str, _Wish], facts: Facts, book: Book
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
    wishes: Mapping[str, _Wish],
    refused: frozenset[str],
    changes: Sequence[Change],
    follows: Sequence[Follow],
    barred: set[int],
    facts: Facts,
    book: Book,
) -> tuple[Demand, ...]:
    """Return the demands, most important first, those that exclude others cleared of them."""
    phase = phase_of(client)
    demands = {}
    for place, (code, service) in enumerate(book.catalogue.services.items()):
        if code in wishes and code not in refused and service.rostered:
            demands[code] = _demand(
                code, service, 2 * place, wishes[code], changes, barred, phase, facts
            )
    taken: dict[str, set[int]] = {}
    for code in _excluding_first(demands, book):
        service = book.catalogue.services[code]
        if code in taken:
            demands[code] = _moved(demands[code], wishes[code], taken[code], service, barred, phase)
        for other in service.excludes:
            taken.setdefault(other, set()).update(demands[code].days)
    for follow in follows:
        if follow.first in demands and follow.second in demands:
            demands[follow.second] = _as_urgent(demands[follow.second], demands[follow.first])
    return tuple(
        sorted(
            (demand for demand in demands.values() if demand.days),
            key=lambda demand: (_URGENCY[demand.priority], demand.rank),
        )
    )


def _as_urgent(second: Demand, first: Demand) -> Demand:
    """Return what has to follow with the urgency of what it follows, and paid right after it.

    An injection before a meal must not be left without the meal.
    """
    if _URGENCY[second.priority] <= _URGENCY[first.priority]:
        return second
    return replace(second, priority=first.priority, rank=max(second.rank, first.rank + 1))


def _demand(
    code: str,
    service: Service,
    rank: int,
    wish: _Wish,
    changes: Sequence[Change],
    barred: set[int],
    phase: int,
    facts: Facts,
) -> Demand:
    percent = 100
    needs = [service.needs]
    if service.two_carers and any_holds(service.two_carers, facts) is not None:
        needs.append(service.second or service.needs)
    for change in changes:
        if code in change.services or EVERY_SERVICE in change.services:
            percent = max(percent, change.minutes_percent)
            if change.needs is not None:
                needs = [_stricter(grade, change.needs) for grade in needs]
    minutes = service.minutes // MS_PER_MINUTE if wish.minutes is None else wish.minutes
    least = (service.shortest or service.minutes) // MS_PER_MINUTE
    return Demand(
        service=code,
        minutes=-(-minutes * percent // 100),
        shortest=min(-(-least * percent // 100), -(-minutes * percent // 100)),
        requirements=tuple(requirement(grade) for grade in needs),
        days=_days(wish, wish.days, service, barred, phase),
        windows=tuple(sorted(wish.windows, key=lambda window: window.earliest)),
        priority=service.priority,
        rank=rank,
        traces=tuple(wish.traces),
    )


def _stricter(usual: str, wanted: str) -> str:
    """Return the grade asked for, but never a lower level of the same code."""
    one, other = requirement(usual), requirement(wanted)
    return usual if one.code == other.code and one.level >= other.level else wanted


def _days(
    wish: _Wish, count: int, service: Service, barred: set[int], phase: int
) -> tuple[int, ...]:
    """Return so many days of the cycle for a service, most preferred first."""
    return choose_days(
        phase,
        count,
        shift=service.day_shift,
        weekdays=wish.weekdays,
        barred=() if wish.weekdays or service.priority is Priority.CRITICAL else barred,
        min_days=service.min_days,
    )


def _excluding_first(codes: Iterable[str], book: Book) -> list[str]:
    """Return services in an order in which each stands behind those that exclude it."""
    left = dict.fromkeys(codes)
    order: list[str] = []
    while left:
        excluded = {other for code in left for other in book.catalogue.services[code].excludes}
        free = [code for code in left if code not in excluded] or list(left)
        order += free
        left = {code: None for code in left if code not in free}
    return order


def _moved(
    demand: Demand, wish: _Wish, taken: set[int], service: Service, barred: set[int], phase: int
) -> Demand:
    """Return the demand on other days than those that an excluding service takes.

    Where too few are left, what the other service gives on its days is enough.
    """
    order = _days(wish, DAYS, service, barred, phase)
    free = tuple(day for day in order if day not in taken)
    return replace(demand, days=free[: len(demand.days)])
