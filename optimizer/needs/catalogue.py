"""The catalogue of services: what there is, how long it takes, who may give it, and when."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import Field

from optimizer.domain.client import MealTimes
from optimizer.domain.policy import Priority
from optimizer.domain.record import Code, Record
from optimizer.domain.visit import Requirement
from optimizer.needs.conditions import Test
from optimizer.needs.sign_off import Signable
from optimizer.units import Clock, Minutes

Grade = Annotated[str, Field(pattern=r"^[A-Z]+(/[1-9])?$")]
"""A qualification with its least level, such as ``C/2`` or ``N``."""

Severity = Literal["urgent", "serious", "notice"]
Meal = Literal["breakfast", "lunch", "dinner"]


class Wording(Record):
    """The words of a code in both languages."""

    en: str
    zh: str


class Alert(Wording):
    """What home care cannot answer for: how urgent it is, in words, and what to do.

    Its words are read at the head of rosters, so that they name no diagnosis.
    """

    severity: Severity = "serious"
    "To be answered today, within days, or when the record is next looked at."
    do: Wording | None = None
    "What is to be done, and by whom."


class DayWindow(Record):
    """When on a day a service begins; around a meal it moves with the client's own meal time."""

    name: Code
    earliest: Clock
    latest: Clock
    preferred_until: Clock | None = None
    "Beginning later counts as late."
    meal: Meal | None = None

    def narrowed(self, widest: int | None) -> Self:
        """Return the window no wider than so many milliseconds, ending as it does."""
        if widest is None or self.latest - self.earliest <= widest:
            return self
        earliest, preferred = self.latest - widest, self.preferred_until
        if preferred is not None:
            preferred = max(earliest, preferred)
        return self.model_copy(update={"earliest": earliest, "preferred_until": preferred})


class StartGap(Record):
    """Minutes from start to start of two times on one day, named by their windows.

    Where a client's own meals leave no such gap, the times stay with the meals, and the
    client gets the `alert`.
    """

    first: Code
    second: Code
    min_gap: Minutes
    max_gap: Minutes | None = None
    alert: Code | None = None


class Price(Record):
    """What one payer pays for a service."""

    fen_per_hour: Annotated[int, Field(ge=0)] | None = None
    fen_per_time: Annotated[int, Field(ge=0)] | None = None


class Service(Record):
    """A service item.

    Attributes
    ----------
    minutes, shortest
        Usual and shortest acceptable minutes of one carer, without arrival and notes.
    needs, second
        Qualification of the carer, and of the second carer where two are needed.
    two_carers
        Two carers come if any of these holds.
    priority
        How much it matters that it takes place.
    windows
        Moments of the day; as many as there are times a day, the first ones first.
    spread
        Any window is as good as another: clients are spread over them, so that not all ask for
        the same hours. Otherwise windows are used in the order in which they are listed.
    min_gap
        Minutes from start to start of two times on one day, at least.
    gaps
        Gaps between certain windows, instead of that.
    min_days, max_days
        Days between two days with the service; a limit that is not given is none.
    after_meal
        Shortest time from the end of a meal to its beginning.
    is_meal
        The client eats with the carer there; what is to wait after a meal waits for its end.
    day_shift
        Days by which it is moved away from the client's usual days, 0 to 6.
    excludes
        Services that it makes needless on the same day.
    nurse_only
        Only a nurse may give it, whatever a policy says.
    medical, life
        Bought under contracts for medical care; life: also under those for life care.
    sequence
        Place among the services of one visit: the lower first.
    rostered
        False for what is kept in reserve and never planned.
    prices
        Per price book.
    """

    en: str
    zh: str
    minutes: Minutes
    shortest: Minutes | None = None
    needs: Grade
    second: Grade | None = None
    two_carers: tuple[Test, ...] = ()
    priority: Priority = Priority.ESSENTIAL
    windows: Annotated[tuple[DayWindow, ...], Field(min_length=1)]
    spread: bool = False
    min_gap: Minutes = 0
    gaps: tuple[StartGap, ...] = ()
    min_days: Annotated[int, Field(ge=0, le=28)] = 0
    max_days: Annotated[int, Field(ge=1, le=28)] | None = None
    after_meal: Minutes = 0
    is_meal: bool = False
    day_shift: Annotated[int, Field(ge=0, le=6)] = 0
    excludes: tuple[Code, ...] = ()
    nurse_only: bool = False
    medical: bool = False
    life: bool = False
    sequence: Annotated[int, Field(ge=0, le=99)] = 50
    rostered: bool = True
    prices: Mapping[Code, Price] = {}

    @property
    def is_life_care(self) -> bool:
        """Whether contracts for life care cover the service."""
        return self.life or not self.medical


class TwoCarers(Record):
    """A row of the table of care that one carer alone must not give.

    Attributes
    ----------
    en, zh
        Why, as a sentence.
    services
        Their codes.
    when
        Everything that has to hold.
    """

    id: Code
    en: str
    zh: str
    services: Annotated[tuple[Code, ...], Field(min_length=1)]
    when: Annotated[tuple[Test, ...], Field(min_length=1)]


class Catalogue(Signable):
    """All services of a district, with what holds for every visit.

    Attributes
    ----------
    arrival, notes
        Minutes that each visit has for checking in and for writing down what was done.
    meal_lasts
        How long a meal takes.
    meals
        When clients eat of whom nothing else is known.
    services
        Services by code.
    two_carers
        When two carers come: one table for all services, beside what these say themselves.
    alerts
        Words of the alerts that gaps of services give.
    """

    format: Literal["homecare-catalogue"] = "homecare-catalogue"
    arrival: Minutes
    notes: Minutes
    meal_lasts: Minutes
    meals: MealTimes
    services: Mapping[Code, Service]
    two_carers: tuple[TwoCarers, ...] = ()
    alerts: Mapping[Code, Alert] = {}


def excluding_first(codes: Iterable[str], services: Mapping[str, Service]) -> list[str]:
    """Return services in an order in which each stands behind those that exclude it."""
    left = dict.fromkeys(codes)
    order: list[str] = []
    while left:
        excluded = {other for code in left for other in services[code].excludes}
        free = [code for code in left if code not in excluded] or list(left)
        order += free
        left = {code: None for code in left if code not in free}
    return order


@cache
def requirement(grade: str) -> Requirement:
    """Return the requirement that a grade such as ``C/2`` names."""
    code, _, level = grade.partition("/")
    return Requirement(code=code, level=int(level or 1))


@cache
def default_catalogue() -> Catalogue:
    """Return the catalogue that comes with the package."""
    text = files("optimizer.needs").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return Catalogue.model_validate(tomllib.loads(text))
