"""What happens on a day that is planned already: somebody is sick, a visit is added."""

from __future__ import annotations

import datetime
from itertools import combinations
from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.client import Client
from optimizer.domain.record import Code, Id, Record
from optimizer.domain.series import Weekday
from optimizer.domain.visit import Coupling, Visit
from optimizer.units import Clock, Minutes


class NewHours(Record):
    """A shift of the day begins and ends at other times, or somebody works who had no shift."""

    kind: Literal["shift"] = "shift"
    caregiver: Id
    start: Clock
    end: Clock
    shift: Annotated[int, Field(ge=0, le=9)] = 0
    "Which of the shifts of that day, from 0; one more than there are is a further one."


class Absent(Record):
    """A caregiver makes no more visits that day, from the moment of the replan on."""

    kind: Literal["absent"] = "absent"
    caregiver: Id


class Late(Record):
    """A caregiver begins later, or is free later than planned."""

    kind: Literal["late"] = "late"
    caregiver: Id
    minutes: Minutes


class Leaves(Record):
    """A caregiver has to be back at a time before the end of the shift; overtime is over then."""

    kind: Literal["leaves"] = "leaves"
    caregiver: Id
    at: Clock


class Away(Record):
    """A client is not at home that day, or in hospital: visits not yet begun do not take place."""

    kind: Literal["away"] = "away"
    client: Id


class InHospital(Record):
    """A client is in hospital from a time of that day on, perhaps to another day."""

    kind: Literal["hospital"] = "hospital"
    client: Id
    since: Clock | None = None
    "Visits that were told to begin earlier that day take place; none that has not begun, if None."
    until: datetime.date | None = None
    "Last day away; all days that are planned, if not known."


class Refuses(Record):
    """A client does not want to see a caregiver again."""

    kind: Literal["refuses"] = "refuses"
    client: Id
    caregiver: Id


class Cancelled(Record):
    """A visit is not wanted."""

    kind: Literal["cancelled"] = "cancelled"
    visit: Id


class Added(Record):
    """A visit that nobody has planned yet, of a client who may be new."""

    kind: Literal["added"] = "added"
    visit: Visit
    client: Client | None = None
    "The client's record, where the scenario does not have it."
    couplings: tuple[Coupling, ...] = ()
    "How the visit depends on others of the client."


class Longer(Record):
    """A visit takes so many minutes more of every carer."""

    kind: Literal["longer"] = "longer"
    visit: Id
    minutes: Minutes


class Actual(Record):
    """When a visit really began, and ended; what was told is over."""

    kind: Literal["actual"] = "actual"
    visit: Id
    start: Clock
    end: Clock | None = None
    "Takes as long as planned if not given; then it may still go on."


class RoadClosed(Record):
    """Ways to and from the clients of a town take longer for the rest of the day."""

    kind: Literal["road"] = "road"
    town: Code
    factor: Annotated[float, Field(gt=1, le=20, allow_inf_nan=False)]
    "So many times as long."


Event = Annotated[
    Absent
    | Late
    | Leaves
    | NewHours
    | Away
    | InHospital
    | Refuses
    | Cancelled
    | Added
    | Longer
    | Actual
    | RoadClosed,
    Field(discriminator="kind"),
]


class Events(Record):
    """What has happened on one day, and when it is told: the file that a replan reads."""

    format: Literal["homecare-events"] = "homecare-events"
    version: Literal["1"] = "1"
    date: datetime.date | None = None
    "The day it happens on; the first one planned if not given."
    now: Clock | None = None
    "What begins up to this time has begun and stays as it is; nothing has if not given."
    events: tuple[Event, ...] = ()


class NewVisit(Record):
    """One visit that is asked for: the file of a visit to be added or to be recommended for."""

    format: Literal["homecare-visit"] = "homecare-visit"
    version: Literal["1"] = "1"
    visit: Visit
    client: Client | None = None
    "The client's record, where the scenario does not have it."
    couplings: tuple[Coupling, ...] = ()
    "How the visit depends on others of the client."

    def added(self) -> Added:
        """Return it as an event."""
        return Added(visit=self.visit, client=self.client, couplings=self.couplings)


class NewSeries(Record):
    """A visit that is asked for every week: the file of a series to be recommended for."""

    format: Literal["homecare-series"] = "homecare-series"
    version: Literal["1"] = "1"
    visit: Visit
    "What recurs, without days; its id becomes that of the series."
    client: Client | None = None
    "The client's record, where the scenario does not have it."
    per_week: Annotated[int, Field(ge=1, le=7)]
    "Visits a week, each on a day of its own."
    weekdays: tuple[Weekday, ...] = ()
    "Days of the week on which it may take place; none listed means any."
    min_days: Annotated[int, Field(ge=1, le=7)] = 1
    "Days from one visit to the next at least; 2 leaves a day between."
    tolerance: Minutes | None = None
    "All visits begin within so many minutes of each other on their days; any time if not given."

    def patterns(self) -> tuple[tuple[int, ...], ...]:
        """Return the sets of weekdays on which it may take place every week; none if it cannot."""
        days = sorted(set(self.weekdays) or range(1, 8))
        return tuple(
            pattern
            for pattern in combinations(days, self.per_week)
            if all(
                (after - day) % 7 >= self.min_days
                for day, after in zip(pattern, (*pattern[1:], pattern[0]), strict=True)
                if after != day
            )
        )
