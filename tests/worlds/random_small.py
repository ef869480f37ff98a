"""Small random scenarios: every rule and every term turns up, and each is solved in no time."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from optimizer.domain.caregiver import BreakRule, Caregiver, Qualification, Shift
from optimizer.domain.client import (
    Client,
    Entitlement,
    EntitlementUnit,
    Flag,
    Gender,
    GenderWish,
    Period,
    ServicePrice,
)
from optimizer.domain.contract import Contract, Lending, Organisation
from optimizer.domain.place import MatrixTravel, Mode, Place
from optimizer.domain.plan import Plan, Route, Stop
from optimizer.domain.policy import Policy, Priority, Weights
from optimizer.domain.scenario import Familiar, Horizon, Scenario
from optimizer.domain.visit import (
    CarerNeed,
    Coupling,
    CouplingKind,
    Pin,
    Requirement,
    StartWindow,
    Visit,
)
from optimizer.units import MS_PER_MINUTE, format_clock
from tests.worlds import choices, law, nights, policies, recurring, weeks
from tests.worlds.earlier_contracts import with_earlier_contracts
from tests.worlds.price_books import with_price_books

USUAL = frozenset(
    {
        "accounts",
        "alone",
        "after",
        "aggressive",
        "balance",
        "breaks",
        "burdens",
        "consecutive_days",
        "contracts",
        "days",
        "days_off",
        "earlier_contracts",
        "history",
        "infectious",
        "last_return",
        "lateness",
        "limited_nights",
        "limits",
        "longest_leg",
        "most_caregivers",
        "missed",
        "month_overtime",
        "nights",
        "overtime",
        "pins",
        "preferred_dates",
        "price_books",
        "prices",
        "priorities",
        "published",
        "qualifications",
        "responsible",
        "rest",
        "shortest",
        "spacing",
        "staff_used",
        "streaks",
        "thousandths",
        "together",
        "two_carers",
        "two_shifts",
        "unreachable",
        "wage",
        "waiting",
        "weights",
        "wishes",
        "worst_lateness",
        "service_choices",
        "series",
        "shift_breaks",
    }
)
"What may turn up unless somebody asks for less."
MONDAY = dt.date(2025, 9, 1)
SUNDAY = dt.date(2025, 8, 31)
DAYBREAK = 7 * 60
"Minutes since midnight before which nothing happens."
CHANCE = 0.4
"How often a feature that may turn up does."
_DRAWN_LAST = frozenset({"aggressive", "alone"})
"Drawn by a generator of their own, so that all else is what it was before there were these."


def random_small(
    seed: int,
    visits: int = 6,
    caregivers: int = 3,
    features: Iterable[str] = USUAL,
    *,
    always: Iterable[str] = (),
    days: Sequence[int] = (2, 2, 3),
) -> Scenario:
    """Return a small random scenario; the same arguments give the same scenario.

    Parameters
    ----------
    seed
        Seed of everything random.
    visits, caregivers
        How many of them, at least 1 each.
    features
        Names from `USUAL` that may turn up; each does in about four scenarios of ten.
    always
        Some of those that are drawn first, among them `days`, that turn up in any case.
    days
        How many days are planned where it is not one, the likelier ones more often.
    """
    rng = random.Random(seed)
    drawn_first = (
        set(features)
        - _DRAWN_LAST
        - {"missed", "earlier_contracts", "price_books", "responsible", "burdens", "streaks"}
        - policies.FEATURES
        - nights.FEATURES
    )
    drawn_first -= weeks.FEATURES | choices.FEATURES | recurring.FEATURES | law.FEATURES
    names = sorted(drawn_first)
    active = frozenset(name for name in names if rng.random() < CHANCE).union(always)
    maker = _Maker(rng, seed, active, visits, caregivers, tuple(days))
    scenario = maker.scenario(f"small-{seed}")
    last = random.Random(~seed)
    names = sorted(_DRAWN_LAST.intersection(features))
    scenario = _with_flags(scenario, last, [name for name in names if last.random() < CHANCE])
    others = random.Random(f"others of {seed}")
    names = sorted(policies.FEATURES.intersection(features))
    drawn = [name for name in names if others.random() < CHANCE]
    scenario = policies.with_policy(scenario, seed, drawn)
    names = sorted(nights.FEATURES.intersection(features))
    drawn = [name for name in names if others.random() < CHANCE]
    scenario = nights.with_nights(scenario, others, drawn)
    of_weeks = random.Random(f"weeks of {seed}")
    names = sorted(weeks.FEATURES.intersection(features))
    drawn = [name for name in names if of_weeks.random() < CHANCE]
    scenario = weeks.with_weeks(scenario, of_weeks, drawn)
    of_choices = random.Random(f"choices of {seed}")
    names = sorted(choices.FEATURES.intersection(features))
    drawn = [name for name in names if of_choices.random() < CHANCE]
    scenario = choices.with_choices(scenario, of_choices, drawn)
    of_series = random.Random(f"series of {seed}")
    names = sorted(recurring.FEATURES.intersection(features))
    drawn = [name for name in names if of_series.random() < CHANCE]
    scenario = recurring.with_recurring(scenario, of_series, drawn)
    of_missed = random.Random(f"missed of {seed}")
    if "missed" in features and of_missed.random() < CHANCE:
        scenario = choices.with_missed(scenario, of_missed)
    of_own = random.Random(f"responsible of {seed}")
    if "responsible" in features and of_own.random() < CHANCE:
        scenario = choices.with_responsible(scenario, of_own)
    of_law = random.Random(f"law of {seed}")
    names = sorted(law.FEATURES.intersection(features))
    drawn = [name for name in names if of_law.random() < CHANCE]
    scenario = law.with_law(scenario, of_law, drawn)
    of_contracts = random.Random(f"contracts of {seed}")
    if "earlier_contracts" in features and of_contracts.random() < CHANCE:
        scenario = with_earlier_contracts(scenario, of_contracts)
    of_burdens = random.Random(f"hard visits of {seed}")
    if "burdens" in features and of_burdens.random() < CHANCE:
        scenario = choices.with_burdens(scenario, of_burdens)
    of_streaks = random.Random(f"long rows of {seed}")
    if "streaks" in features and of_streaks.random() < CHANCE:
        scenario = law.with_streaks(scenario, of_streaks)
    of_books = random.Random(f"price books of {seed}")
    if "price_books" in features and of_books.random() < CHANCE:
        scenario = with_price_books(scenario, of_books)
    return scenario


def _with_flags(scenario: Scenario, rng: random.Random, active: Iterable[str]) -> Scenario:
    """Draw clients who live alone or are aggressive, volunteers, and how well people know them."""
    clients = list(scenario.clients)
    caregivers = list(scenario.caregivers)
    for name in active:
        clients = [
            client.model_copy(update={"flags": (*client.flags, Flag(name))})
            if rng.random() < 0.5
            else client
            for client in clients
        ]
        if name == "aggressive":
            caregivers = [
                one.model_copy(update={"volunteer": one.volunteer or rng.random() < 0.4})
                for one in caregivers
            ]
    history = tuple(
        one.model_copy(update={"visits": rng.choice((None, 1, 3, 9))}) for one in scenario.history
    )
    people = {"clients": tuple(clients), "caregivers": tuple(caregivers), "history": history}
    return scenario.model_copy(update=people)


@dataclass(frozen=True)
class _Maker:
    """Draws the records of one scenario, in an order that never changes."""

    rng: random.Random
    seed: int
    active: frozenset[str]
    num_visits: int
    num_caregivers: int
    lengths: tuple[int, ...]

    def scenario(self, name: str) -> Scenario:
        """Draw the scenario."""
        horizon = self.horizon()
        organisations, contracts = self.organisations(horizon)
        num_clients = self.rng.randint(max(1, self.num_visits // 2), self.num_visits)
        owners = [f"C{self.rng.randrange(num_clients) + 1}" for _ in range(self.num_visits)]
        caregivers = tuple(
            self.caregiver(n + 1, num_clients + n, horizon, organisations)
            for n in range(self.num_caregivers)
        )
        clients = tuple(self.client(n + 1, organisations, owners) for n in range(num_clients))
        payers = {client.id: bool(client.entitlements) for client in clients}
        visits = self.paired(
            [
                self.visit(n + 1, owners[n], payers[owners[n]], horizon)
                for n in range(self.num_visits)
            ]
        )
        return Scenario(
            id=name,
            horizon=horizon,
            clients=clients,
            caregivers=caregivers,
            organisations=organisations,
            contracts=contracts,
            visits=visits,
            couplings=self.couplings(visits),
            travel=self.travel(num_clients + self.num_caregivers),
            policy=self.policy(),
            published=self.published(name, visits, caregivers, horizon),
            history=self.history(clients, caregivers),
        )

    def maybe(self, feature: str, chance: float = 0.5) -> bool:
        """Draw whether an active feature shows at this record."""
        return self.rng.random() < chance and feature in self.active

    def horizon(self) -> Horizon:
        """One day, or several, sometimes across the end of a calendar week and month."""
        days = self.rng.choice(self.lengths)
        start = self.rng.choice((MONDAY, SUNDAY))
        return Horizon(start=start, days=days if "days" in self.active else 1)

    def travel(self, size: int) -> MatrixTravel:
        """Places in a square of 14 by 14 minutes; the car saves a third of each way."""
        spots = [(self.rng.randint(0, 14), self.rng.randint(0, 14)) for _ in range(size)]
        ride = [[0] * size for _ in spots]
        for row, (x, y) in enumerate(spots):
            for column, (u, v) in enumerate(spots):
                if row != column:
                    ride[row][column] = abs(x - u) + abs(y - v) + self.rng.randint(0, 2)
        drive = [[way - way // 3 for way in row] for row in ride]
        if "unreachable" in self.active:
            for _ in range(size // 2):
                row, column = self.rng.sample(range(size), 2)
                ride[row][column] = -1
        metres = [[abs(way) * 217 for way in row] for row in ride]
        return MatrixTravel(
            minutes={Mode.EBIKE: _table(ride), Mode.CAR: _table(drive)},
            metres=tuple(tuple(row) for row in metres),
        )

    def organisations(
        self, horizon: Horizon
    ) -> tuple[tuple[Organisation, ...], tuple[Contract, ...]]:
        """Two organisations, one of which lends; two contracts of the first, one of the second."""
        if "contracts" not in self.active:
            return (), ()
        bodies = (
            Organisation(id="O1", lending=Lending(fen_per_hour=self.rng.randint(1, 7) * 5)),
            Organisation(id="O2"),
        )
        end = horizon.dates()[-1]
        return bodies, (
            Contract(
                id="K1",
                purchaser="civil",
                organisation="O1",
                towns=("east",),
                start=horizon.start,
                end=end,
                cap=self.rng.choice((None, 60, 120)),
                cap_visits=self.rng.choice((None, 1, 2)),
                min_share=self.rng.choice((0, 50, 90)),
            ),
            Contract(
                id="K2",
                purchaser="ltci",
                organisation="O1",
                start=horizon.start,
                end=self.rng.choice((horizon.start, end)),
                cap_fen=self.rng.choice((None, 9_001)),
                fen_per_hour=4_999,
            ),
            Contract(
                id="K3",
                purchaser="civil",
                organisation="O2",
                services=self.rng.choice(((), (), ("wash",))),
                start=horizon.start,
                end=end,
                min_share=self.rng.choice((0, 60)),
            ),
        )

    def caregiver(
        self, number: int, row: int, horizon: Horizon, organisations: tuple[Organisation, ...]
    ) -> Caregiver:
        """One caregiver with shifts on most days."""
        rng = self.rng
        limit = rng.choice((70, 120, 180)) if self.maybe("limits") else None
        week = rng.choice((100, 200)) if self.maybe("limits") else None
        pause = BreakRule(
            duration=rng.choice((20, 30, 45)),
            earliest=_clock(rng.randint(8 * 60, 11 * 60)),
            latest=_clock(rng.randint(11 * 60, 14 * 60)),
            after=rng.choice((120, 300)),
        )
        qualifications = (
            Qualification(code="nursing", level=rng.randint(1, 5)),
            Qualification(code="lift", expires=rng.choice((None, None, SUNDAY, MONDAY))),
        )
        return Caregiver(
            id=f"N{number}",
            organisation=rng.choice(organisations).id if organisations else None,
            qualifications=qualifications if "qualifications" in self.active else (),
            gender=rng.choice(tuple(Gender)),
            languages=("wu",) if self.maybe("wishes") else (),
            home=_place(row),
            end_place=_place(row - 1) if rng.random() < 0.2 else None,
            mode=rng.choice((Mode.EBIKE, Mode.EBIKE, Mode.CAR)),
            shifts=tuple(shift for day in horizon.dates() for shift in self.shifts(day)),
            break_rule=pause if self.maybe("breaks", 0.7) else None,
            overtime_limit=rng.choice((30, 60)) if self.maybe("overtime", 0.7) else 0,
            day_minutes=rng.choice((45, 75, 100)) if self.maybe("overtime") else None,
            day_minutes_limit=limit,
            week_minutes=rng.choice((60, 120)) if self.maybe("overtime") else None,
            week_minutes_limit=week,
            visits_per_day=rng.choice((1, 2, 3)) if self.maybe("limits", 0.4) else None,
            rest=rng.choice((14, 17, 20)) * 60 if self.maybe("rest", 0.8) else 8 * 60,
            longest_leg=rng.choice((12, 16, 20)) if self.maybe("longest_leg") else None,
            fen_per_minute=rng.randint(0, 3) if "wage" in self.active else 0,
            fen_per_km=rng.randint(0, 90) if "wage" in self.active else 0,
            fen_per_overtime_minute=rng.randint(0, 5) if "wage" in self.active else 0,
            volunteer=self.maybe("balance", 0.3),
        )

    def shifts(self, day: dt.date) -> list[Shift]:
        """One shift, sometimes two with a pause between, rarely none."""
        start = DAYBREAK + self.rng.randint(0, 4) * 15
        end = start + self.rng.randint(14, 36) * 15
        free = self.rng.random() < 0.1
        if free:
            return []
        if self.maybe("two_shifts", 0.6):
            noon = start + self.rng.randint(8, 14) * 15
            later = noon + self.rng.randint(1, 4) * 15
            return [_shift(day, start, noon), _shift(day, later, later + 180)]
        return [_shift(day, start, end)]

    def client(
        self, number: int, organisations: tuple[Organisation, ...], owners: list[str]
    ) -> Client:
        """One client; the first caregivers are the ones liked and refused."""
        rng = self.rng
        wish = GenderWish(gender=rng.choice(tuple(Gender)), hard=rng.random() < 0.3)
        chosen = rng.choice((None, *(body.id for body in organisations)))
        unit = rng.choice((EntitlementUnit.MINUTES, EntitlementUnit.VISITS))
        largest = max(1, owners.count(f"C{number}"))
        cap = rng.randint(1, largest) * (40 if unit is EntitlementUnit.MINUTES else 1)
        liked, refused = rng.sample(range(1, self.num_caregivers + 2), 2)
        return Client(
            id=f"C{number}",
            home=_place(number - 1),
            continuity=1 + number % 3 if "history" in self.active else 1,
            town=rng.choice(("east", "west")) if organisations else None,
            entitlements=self.purses(number, unit, cap) if self.maybe("accounts", 0.7) else (),
            languages=rng.choice((("wu",), ("zh",))) if self.maybe("wishes") else (),
            gender_wish=wish if self.maybe("wishes") else None,
            preferred=(f"N{liked}",)
            if self.maybe("wishes") and liked <= self.num_caregivers
            else (),
            refused=(f"N{refused}",)
            if self.maybe("wishes", 0.3) and refused <= self.num_caregivers
            else (),
            organisation=chosen,
            flags=(Flag.INFECTIOUS,) if self.maybe("infectious", 0.4) else (),
        )

    def purses(self, number: int, unit: EntitlementUnit, cap: int) -> tuple[Entitlement, ...]:
        """One purse of the payer for the horizon, and up to two more of any kind beside it."""
        # Drawn aside, so that the rest of the day does not depend on how many there are.
        rng = random.Random(f"{self.seed} {number}")
        found: dict[tuple[EntitlementUnit, Period, tuple[str, ...]], Entitlement] = {
            (unit, Period.HORIZON, ()): Entitlement(payer="ltci", unit=unit, cap=cap)
        }
        for _ in range(rng.randint(0, 2)):
            kind = rng.choice(tuple(EntitlementUnit))
            period = rng.choice(tuple(Period))
            services: tuple[str, ...] = rng.choice(((), ("wash",), ("meal",)))
            most = {"minutes": 80, "visits": 2, "fen": 6_000}[kind]
            found[kind, period, services] = Entitlement(
                payer="ltci",
                unit=kind,
                cap=rng.randint(most // 4, most),
                period=period,
                services=services,
                prices=_PRICES if kind is EntitlementUnit.FEN else (),
            )
        return tuple(found.values())

    def visit(self, number: int, client: str, has_payer: bool, horizon: Horizon) -> Visit:
        """One visit with a window of up to four hours."""
        rng = self.rng
        earliest = DAYBREAK + rng.randint(2, 20) * 15
        width = rng.choice((0, 30, 60, 120, 240, 240))
        needs = [self.need(), self.need()]
        days = horizon.dates()
        dates = tuple(sorted(rng.sample(days, rng.randint(1, len(days)))))
        due = earliest + rng.randint(0, width // 5) * 5
        fixed = Pin(
            caregivers=(rng.choice((None, f"N{rng.randint(1, self.num_caregivers)}")),),
            date=rng.choice((None, dates[0])),
            start=rng.choice((None, _clock(earliest + width // 2))),
        )
        return Visit(
            id=f"V{number}",
            client=client,
            services=self.services(number, has_payer),
            carers=tuple(needs[: 2 if self.maybe("two_carers", 0.35) else 1]),
            dates=dates if rng.random() < 0.6 else (),
            window=StartWindow(earliest=_clock(earliest), latest=_clock(earliest + width)),
            preferred_until=_clock(due) if self.maybe("lateness", 0.7) else None,
            priority=rng.choice(tuple(Priority)) if "priorities" in self.active else "essential",
            mandatory=self.maybe("priorities", 0.2),
            payer="ltci" if has_payer and rng.random() < 0.8 else None,
            pin=fixed if self.maybe("pins", 0.4) else None,
        )

    def services(self, number: int, has_payer: bool) -> tuple[str, ...]:
        """One service, or of some visits that somebody pays for both."""
        drawn: str = self.rng.choice(("wash", "meal"))
        return ("wash", "meal") if has_payer and number % 4 == 0 else (drawn,)

    def need(self) -> CarerNeed:
        """One carer's part of a visit."""
        rng = self.rng
        minutes = rng.randint(2, 12) * 5
        level = rng.randint(1, 3)
        asked = rng.choice(((), (Requirement(code="nursing", level=level),), _BOTH))
        return CarerNeed(
            minutes=minutes,
            shortest=minutes - rng.randint(0, minutes // 3)
            if self.maybe("shortest", 0.6)
            else None,
            qualifications=asked if "qualifications" in self.active else (),
        )

    def paired(self, visits: list[Visit]) -> tuple[Visit, ...]:
        """Fit the second of the first two visits to a tie with the first one."""
        if len(visits) > 1 and {"together", "after", "spacing"} & self.active:
            first = visits[0]
            end = first.window.latest // MS_PER_MINUTE + self.rng.choice((0, 60, 120))
            window = StartWindow(
                earliest=format_clock(first.window.earliest), latest=_clock(min(end, 20 * 60))
            )
            fitted = {"client": first.client, "payer": None, "preferred_until": None}
            visits[1] = visits[1].model_copy(update={**fitted, "window": window, "pin": None})
        return tuple(visits)

    def couplings(self, visits: tuple[Visit, ...]) -> tuple[Coupling, ...]:
        """Tie neighbouring visits of the same client; no visit has two ties `together`."""
        found: list[Coupling] = []
        bound: set[str] = set()
        for first, second in itertools.pairwise(visits):
            if first.client != second.client:
                continue
            kinds = [
                kind
                for kind, feature in _FEATURE_OF.items()
                if feature in self.active and self.may_tie(kind, first, second, bound)
            ]
            if kinds:
                coupling = self.coupling(self.rng.choice(kinds), first.id, second.id)
                found.append(coupling)
                if coupling.kind is CouplingKind.TOGETHER:
                    bound |= {first.id, second.id}
        return tuple(found)

    def may_tie(self, kind: CouplingKind, first: Visit, second: Visit, bound: set[str]) -> bool:
        """Return whether a tie of this kind makes sense for two visits."""
        has_common_day = not first.dates or not second.dates or set(first.dates) & set(second.dates)
        if kind is CouplingKind.APART:
            return "days" in self.active
        if kind is CouplingKind.TOGETHER:
            both = len(first.carers) == 1 == len(second.carers)
            return both and bool(has_common_day) and not {first.id, second.id} & bound
        return bool(has_common_day)

    def coupling(self, kind: CouplingKind, first: str, second: str) -> Coupling:
        """Draw gaps for one tie."""
        rng = self.rng
        if kind is CouplingKind.TOGETHER:
            return Coupling(kind=kind, first=first, second=second)
        if kind is CouplingKind.APART:
            least = rng.randint(0, 2)
            most = rng.choice((None, least, least + 1))
            return Coupling(kind=kind, first=first, second=second, min_days=least, max_days=most)
        gap = rng.choice((0, 15, 40, 90))
        return Coupling(
            kind=kind,
            first=first,
            second=second,
            min_gap=gap,
            max_gap=rng.choice((None, gap, gap + 30, gap + 120)),
            different_caregivers=rng.random() < 0.5,
        )

    def policy(self) -> Policy:
        """The default weights; the terms that are off by default where their feature is on."""
        rng = self.rng
        weights = Weights(
            worst_lateness=2 if "worst_lateness" in self.active else 0,
            waiting=rng.randint(1, 2) if "waiting" in self.active else 0,
            wage=rng.randint(1, 2) if "wage" in self.active else 0,
            balance=rng.randint(1, 3) if "balance" in self.active else 0,
            staff_used=rng.choice((10, 40)) if "staff_used" in self.active else 0,
        )
        return Policy(
            weights=weights,
            continuity_flat=rng.randint(0, 1) if "history" in self.active else 2,
            serve_everything=self.maybe("priorities", 0.1),
        )

    def history(
        self, clients: tuple[Client, ...], caregivers: tuple[Caregiver, ...]
    ) -> tuple[Familiar, ...]:
        """Some clients know some caregivers."""
        if "history" not in self.active:
            return ()
        return tuple(
            Familiar(client=client.id, caregiver=caregiver.id)
            for client in clients
            for caregiver in caregivers
            if self.rng.random() < 0.3
        )

    def published(
        self,
        name: str,
        visits: tuple[Visit, ...],
        caregivers: tuple[Caregiver, ...],
        horizon: Horizon,
    ) -> Plan | None:
        """A published plan of half of the visits, with whom and when drawn at random."""
        if "published" not in self.active:
            return None
        stops: dict[tuple[str, dt.date], list[Stop]] = {}
        for visit in visits:
            if self.rng.random() < 0.5:
                continue
            key = self.rng.choice(caregivers).id, self.rng.choice(horizon.dates())
            start = self.rng.randint(
                visit.window.earliest // MS_PER_MINUTE, visit.window.latest // MS_PER_MINUTE
            )
            end = start + visit.carers[0].minutes // MS_PER_MINUTE
            stop = Stop(
                visit=visit.id,
                carer=len(visit.carers) if start % 2 else 1,
                arrival=_clock(start),
                start=_clock(start),
                end=_clock(end),
                travel=0,
            )
            stops.setdefault(key, []).append(stop)
        routes = tuple(
            Route(
                caregiver=caregiver,
                date=day,
                departure="06:00",
                stops=tuple(sorted(found, key=lambda stop: stop.start)),
                back="23:00",
                travel_back=0,
            )
            for (caregiver, day), found in stops.items()
        )
        return Plan(scenario=name, routes=routes)


_BOTH = (Requirement(code="nursing"), Requirement(code="lift"))
_PRICES = (
    ServicePrice(service="wash", fen_per_hour=4_001, fen_per_time=900),
    ServicePrice(service="meal", fen_per_hour=2_999),
)
_FEATURE_OF = {
    CouplingKind.TOGETHER: "together",
    CouplingKind.AFTER: "after",
    CouplingKind.APART: "spacing",
}


def _place(row: int) -> Place:
    return Place(lat=30.0 + row / 1000, lon=121.6, matrix_index=row)


def _shift(day: dt.date, start: int, end: int) -> Shift:
    return Shift(date=day, start=_clock(start), end=_clock(end))


def _clock(minutes: int) -> str:
    return format_clock(minutes * MS_PER_MINUTE)


def _table(rows: list[list[int]]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(way) for way in row) for row in rows)
