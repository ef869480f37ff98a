"""A study: a base scenario, what is imagined of it, and how hard to look."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from optimizer.domain.assumption import Assumptions
from optimizer.domain.edit import Edit
from optimizer.domain.record import Id, Record
from optimizer.domain.shock import Shock
from optimizer.domain.uncertainty import Drawn, Range, Tornado

Text = Annotated[str, StringConstraints(min_length=1, max_length=1000)]

BASE = "base"
"Name of the arm in which the scenario is as it is."


class Words(Record):
    """What is written by people for people, in one language or both."""

    zh: Text | None = None
    en: Text | None = None


class Arm(Record):
    """One variant of the base scenario: all edits, then all shocks, in order."""

    name: Id
    label: Words | None = None
    "What a person calls it; made from its edits and shocks if not given."
    edits: tuple[Edit, ...] = ()
    shocks: tuple[Shock, ...] = ()
    follows: Id | None = None
    "An arm whose edits and shocks come first, so that what would help is tried on what hurts."


class Day(Record):
    """Each future is one day: the horizon of the base scenario."""

    kind: Literal["day"] = "day"


class Week(Record):
    """Each future is a week; the base scenario has seven days."""

    kind: Literal["week"] = "week"


class Years(Record):
    """One ordinary day a year of a cohort of records."""

    kind: Literal["years"] = "years"
    until: Annotated[int, Field(ge=2015, le=2060)]
    "Last year."


StudyHorizon = Annotated[Day | Week | Years, Field(discriminator="kind")]


class Effort(Record):
    """How long each future is searched; iterations, so that results can be repeated."""

    iterations: Annotated[int, Field(ge=0, le=10_000_000)] = 10_000
    long_iterations: Annotated[int, Field(ge=0, le=100_000_000)] = 100_000
    "For every tenth replication, by which the level of the others is corrected."
    long_every: Annotated[int, Field(ge=0, le=1000)] = 10
    "0: never long."
    certificates: Annotated[int, Field(ge=0, le=1000)] = 5
    "How many of the worst futures get a proof of how many visits must fail."


class Study(Record):
    """What is asked of a scenario: the file of a shortfall study."""

    format: Literal["homecare-study"] = "homecare-study"
    version: Literal["1"] = "1"
    id: Id
    base: Id
    "Id of the scenario that is asked about."
    question: Words | None = None
    arms: Annotated[tuple[Arm, ...], Field(min_length=1, max_length=100)]
    "What is imagined; the scenario as it is stands beside them as the arm `base`."
    horizon: StudyHorizon = Day()
    replications: Annotated[int, Field(ge=1, le=10_000)] = 100
    "Most futures of each arm."
    precision: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = 1.0
    "Visits: enough futures are drawn once a mean is known to plus or minus this; 0: all of them."
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    effort: Effort = Effort()
    assumptions: Assumptions = Assumptions()
    ranges: Annotated[tuple[Range, ...], Field(max_length=60)] | None = None
    "What is not known of them; the usual ranges of `Basis` if not given."
    drawn: Drawn = Drawn.NO
    "Whether each drawn day has assumptions drawn from their ranges."
    tornado: Tornado | None = None
    "Whether each range is tried at both ends, and in which arm."
