"""Weeks of daily care: series from morning to evening, caregivers early and late in turn."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator, Sequence

from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.client import Client
from optimizer.domain.place import Mode
from optimizer.domain.policy import Priority
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.series import Series
from optimizer.domain.visit import CarerNeed, StartWindow
from optimizer.generate.draw import deal, near, pick, rounded, stream
from optimizer.generate.grades import qualification
from optimizer.needs.catalogue import requirement
from optimizer.units import MS_PER_MINUTE, parse_clock

FIRST_DAY = datetime.date(2026, 3, 2)
"A Monday."
_CENTRE = (29.98, 121.6)
_SPREAD_KM = 2.5
_SLOTS = (
    ("morning", "07:00", "10:00", 0.55),
    ("forenoon", "09:30", "12:00", 0.2),
    ("noon", "11:30", "13:30", 0.4),
    ("tea", "15:00", "17:30", 0.55),
    ("evening", "18:00", "20:30", 0.38),
)
"Parts of a day: earliest and latest start, share of the clients who have care then."
_TIMES_A_WEEK = ((7, 80), (5, 10), (3, 10))
_MINUTES = ((20, 30), (30, 40), (45, 20), (60, 10))
_EARLY, _LATE = ("06:45", "14:45"), ("13:00", "21:00")
_NURSES = 0.12
_NURSE_VISITS = 0.06
_DAYS_OFF = 2
_BATHS = 0.3
_QUARTER = 15 * MS_PER_MINUTE
_HELD = ((("C/1",), 50), (("C/2",), 35), (("C/3",), 15))


def weeks_of_daily_care(clients: int, caregivers: int, days: int, seed: int) -> Scenario:
    """Return days of care that recurs, as an office of one town has them.

    Most clients have care on every day, at one to four of its parts; caregivers work five days a
    week, a week early and a week late in turn, half of them each; one in eight is a nurse, and of
    nurses as well half are early. About 15 visits a week and client come of it, and with a third
    as many caregivers as clients the evenings are tight.

    Parameters
    ----------
    clients, caregivers
        How many of them, at least 1 each.
    days
        From Monday on, 1 to 56.
    seed
        Any integer.
    """
    people = tuple(_clients(clients, seed))
    return Scenario(
        id=f"daily-care-{clients}-{caregivers}-{days}-{seed}",
        horizon=Horizon(start=FIRST_DAY, days=days),
        clients=people,
        caregivers=tuple(_staff(caregivers, days, seed)),
        series=tuple(_series(people, seed)),
    )


def _clients(count: int, seed: int) -> Iterator[Client]:
    rng = stream(seed, "fortnight", "clients")
    for number in range(count):
        home = rounded(near(rng, _CENTRE, _SPREAD_KM))
        yield Client(id=f"C{number + 1:04d}", home=home)


def _series(clients: Sequence[Client], seed: int) -> Iterator[Series]:
    rng = stream(seed, "fortnight", "series")
    for client in clients:
        for slot, earliest, latest, share in _SLOTS:
            if rng.random() < share:
                yield _daily(rng, client, slot, (parse_clock(earliest), parse_clock(latest)))
        if rng.random() < _BATHS:
            yield _bath(client)


def _daily(rng: random.Random, client: Client, slot: str, window: tuple[int, int]) -> Series:
    earliest, latest = window
    steps = (latest - earliest) // _QUARTER
    usual = earliest + rng.randint(0, steps) * _QUARTER
    grade = "N" if rng.random() < _NURSE_VISITS else "C/1"
    return Series(
        id=f"{client.id}-{slot}",
        client=client.id,
        carers=(_need(pick(rng, _MINUTES), grade),),
        count=pick(rng, _TIMES_A_WEEK),
        window=StartWindow(earliest=earliest, latest=latest),
        usual_start=usual if rng.random() < 0.5 else None,
        tolerance=45,
        priority=Priority.CRITICAL if grade == "N" else Priority.ESSENTIAL,
    )


def _bath(client: Client) -> Series:
    return Series(
        id=f"{client.id}-bath",
        client=client.id,
        carers=(_need(60, "C/2"),),
        count=2,
        min_days=2,
        window=StartWindow(earliest=parse_clock("09:00"), latest=parse_clock("16:00")),
        priority=Priority.FLEXIBLE,
    )


def _need(minutes: int, grade: str) -> CarerNeed:
    return CarerNeed(minutes=minutes, qualifications=(requirement(grade),))


def _staff(count: int, days: int, seed: int) -> Iterator[Caregiver]:
    rng = stream(seed, "fortnight", "staff")
    nurses = max(2, round(count * _NURSES))
    grades = [("N", "C/2")] * nurses + deal(rng, _HELD, max(0, count - nurses))
    for number, held in enumerate(grades[:count]):
        yield Caregiver(
            id=f"G{number + 1:03d}",
            qualifications=tuple(qualification(code) for code in held),
            home=rounded(near(rng, _CENTRE, _SPREAD_KM)),
            mode=Mode.CAR if rng.random() < 0.3 else Mode.EBIKE,
            shifts=tuple(_shifts(number, days)),
            longest_leg=60,
            week_minutes_limit=44 * 60,
            days_off=1,
        )


def _shifts(number: int, days: int) -> Iterator[Shift]:
    """Yield the shifts of one caregiver: two days off in turn, early and late by the week.

    Neighbours in the list, and so nurses too, are early and late in different weeks; of those who
    are early together the next is off on the next two days, so that with four nurses there is one
    early and one late on every day.
    """
    pair, late = divmod(number, 2)
    first_off = 2 * pair + 3 * late
    for n in range(days):
        week, weekday = divmod(n, 7)
        if (weekday - first_off) % 7 < _DAYS_OFF:
            continue
        start, end = (_EARLY, _LATE)[(week + number) % 2]
        yield Shift(
            date=FIRST_DAY + datetime.timedelta(days=n),
            start=parse_clock(start),
            end=parse_clock(end),
        )
