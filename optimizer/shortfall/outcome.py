"""What a study came to: the record that reports and the service read, and its form as JSON.

Numbers are per future, that is per drawn day (or week): means and ranges over futures. Visits and
clients are counts, care is in minutes. A figure that would single out few people is None.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from optimizer.domain.assumption import Assumptions
from optimizer.domain.record import Record
from optimizer.domain.study import Study
from optimizer.shortfall.estimate import Estimate


class Ended(StrEnum):
    """Why no more futures were drawn."""

    PRECISION = "precision"
    "Every mean is known as precisely as was asked."
    REPLICATIONS = "replications"
    "As many as were asked for are there."
    STOPPED = "stopped"
    "Somebody stopped it; what is there counts, and it can be resumed."


class Figure(Record):
    """A mean over futures with its range.

    ``low`` to ``high`` is what the mean itself lies between with 95 % confidence, None where one
    future cannot tell; in eight of ten futures the figure lies between ``p10`` and ``p90``.
    ``p95`` is None below 400 futures.
    """

    mean: float
    low: float | None
    high: float | None
    p10: float
    p50: float
    p90: float
    p95: float | None = None
    plain: float
    "The mean without corrections."
    excess: float
    "By which longer searches have corrected it."

    @classmethod
    def of(cls, estimate: Estimate) -> Figure:
        """Return an estimate, rounded to thousandths."""
        is_known = estimate.error < float("inf")
        return cls(
            mean=_rounded(estimate.mean),
            low=_rounded(estimate.low) if is_known else None,
            high=_rounded(estimate.high) if is_known else None,
            p10=_rounded(estimate.p10),
            p50=_rounded(estimate.p50),
            p90=_rounded(estimate.p90),
            p95=None if estimate.p95 is None else _rounded(estimate.p95),
            plain=_rounded(estimate.plain),
            excess=_rounded(estimate.excess),
        )


def _rounded(number: float) -> float:
    return round(number, 3) + 0.0


class Share(Record):
    """What is left out of one group, on average.

    ``names`` are the group's, in the order of the table. ``visits`` and ``minutes`` are left out,
    ``asked`` is the care asked for in minutes where it is counted. All are None where the group
    has too few clients.
    """

    names: tuple[str, ...]
    visits: float | None
    minutes: float | None
    asked: float | None = None


class Tables(Record):
    """What is left out, by whom it befalls and when."""

    by_town: tuple[Share, ...]
    by_category: tuple[Share, ...]
    by_town_and_category: tuple[Share, ...]
    by_qualification: tuple[Share, ...]
    by_hour: tuple[Share, ...]
    by_town_and_hour: tuple[Share, ...]


class Cause(Record):
    """Visits left out for one first reason, on average; codes of ``docs/reasons.md``."""

    cause: str
    visits: float


class Gaps(Record):
    """Gaps in money and in people: two figures that are never added.

    ``money``: care that today's clients need on the days studied and nobody pays for, None where
    there are no health records. ``people``: care that is paid for and not given, on average.
    ``commissioned``: care that is paid for; ``undelivered``: the share of it that is not given.
    All in minutes but the last, which is from 0 to 1.
    """

    money: int | None
    people: float
    commissioned: float
    undelivered: float


class HitTwice(Record):
    """Clients whom it befalls twice, on average; None where that is less than five people.

    ``several_visits``: they go without more than one visit. ``money_and_people``: care of theirs is
    not paid for, and of what is paid for a visit is left out. ``in_half_of_futures``: how many
    clients go without a visit in at least half of all futures.
    """

    several_visits: float | None
    money_and_people: float | None
    in_half_of_futures: int | None


class Worst(Record):
    """One of the worst futures: at least ``proven`` visits stay out whatever anyone does."""

    replication: int
    unserved: int
    critical: int
    proven: int | None
    plan: str | None
    "File of the roster in the study's folder."


class ArmOutcome(Record):
    """One arm, in one year where the study is one of years."""

    arm: str
    year: int | None = None
    replications: int
    caregivers: float
    "With a shift on the days studied, on average, after those absent."
    absent: float
    visits: float
    "Asked for, on average."
    unserved: Figure
    critical: Figure
    "Of these, critical visits."
    unmet_minutes: Figure
    clients: Figure
    "Who go without at least one visit."
    proven: float | None
    "Visits that stay out whatever anyone does, on average of the futures that were looked at."
    against_base: Figure | None = None
    "Visits left out more than in the arm without edits, future by future; None of that arm."
    variance_ratio: float | None = None
    "How many times as many futures the same precision would take without pairing."
    gaps: Gaps
    tables: Tables
    causes: tuple[Cause, ...]
    hit_twice: HitTwice
    worst_town: str | None
    "Where the largest share of the care asked for is left out; None if nothing is."
    worst_category: str | None
    worst: tuple[Worst, ...] = ()


class Swing(Record):
    """One assumption at both ends of its range, all others at their values.

    ``of`` names it as a range does. ``at_low`` and ``at_high`` are visits left out more than with
    its value, future by future.
    """

    of: str
    value: float
    low: float
    high: float
    at_low: Figure
    at_high: Figure

    @property
    def width(self) -> float:
        """How far apart both ends leave the figure, in visits."""
        ends = (0.0, self.at_low.mean, self.at_high.mean)
        return max(ends) - min(ends)


class Tornado(Record):
    """Assumptions of one arm varied one by one, the one that matters most first.

    ``unserved`` is what is left out with all values as they are, on the same futures, which are
    searched shortly and not corrected.
    """

    arm: str
    year: int | None = None
    replications: int
    unserved: float
    swings: tuple[Swing, ...]


class ArmAssumptions(Record):
    """The chances of one arm's days: those of the study, changed by the arm's shocks."""

    arm: str
    assumptions: Assumptions


class Outcome(Record):
    """Everything that a study came to."""

    format: Literal["homecare-study-outcome"] = "homecare-study-outcome"
    version: Literal["1"] = "1"
    study: Study
    scenario_sha256: str
    engine: str
    ended: Ended
    replications: int
    "Of each arm, complete ones."
    half_width: float | None
    "Largest half width of the means' confidence intervals, in visits; None if not known."
    arms: tuple[ArmOutcome, ...]
    "In the order of the study, the scenario as it is first; years in order."
    assumptions: tuple[ArmAssumptions, ...]
    tornado: Tornado | None = None
    "None where no assumption was varied."
    repairs: tuple[str, ...] = ()
    "What had to be mended after edits, in English."
