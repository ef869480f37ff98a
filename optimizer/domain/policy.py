"""The closed lists that everything speaks: rules, cost terms, priorities; and their weights."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field

from optimizer.domain.night import NightHours
from optimizer.domain.record import Record
from optimizer.units import Minutes


class Rule(StrEnum):
    """Hard rules: never broken by a plan that the engine returns."""

    QUALIFIED = "qualified"
    ALLOWED = "allowed"
    WINDOW = "window"
    TRAVEL = "travel"
    SHIFT = "shift"
    BREAK = "break"
    DAY_MINUTES = "day_minutes"
    WEEK_MINUTES = "week_minutes"
    DAYS_OFF = "days_off"
    CONSECUTIVE_DAYS = "consecutive_days"
    MONTH_OVERTIME = "month_overtime"
    NIGHTS = "nights"
    REST = "rest"
    VISITS_PER_DAY = "visits_per_day"
    CAREGIVERS_PER_CLIENT = "caregivers_per_client"
    TOGETHER = "together"
    GAP = "gap"
    SPACING = "spacing"
    CONTRACT_CAP = "contract_cap"
    ENTITLEMENT = "entitlement"
    PIN = "pin"
    SERVED_ONCE = "served_once"


class Term(StrEnum):
    """Cost terms: what a roster is judged by once it breaks no rule."""

    UNSERVED = "unserved"
    SHORTENED = "shortened"
    TRAVEL = "travel"
    LATENESS = "lateness"
    WORST_LATENESS = "worst_lateness"
    WAITING = "waiting"
    OVERTIME = "overtime"
    WAGE = "wage"
    CONTINUITY = "continuity"
    PREFERENCE = "preference"
    BALANCE = "balance"
    SHARE = "share"
    LENDING = "lending"
    STAFF_USED = "staff_used"
    DISRUPTION = "disruption"
    RESPONSIBLE = "responsible"
    PURCHASE = "purchase"
    BURDENS = "burdens"
    STREAKS = "streaks"


COUNTED = frozenset(
    {
        Term.CONTINUITY,
        Term.PREFERENCE,
        Term.STAFF_USED,
        Term.DISRUPTION,
        Term.RESPONSIBLE,
        Term.BURDENS,
        Term.STREAKS,
    }
)
"""Terms measured in counts: one costs its weight in minutes of travel.

All others are in ticks or fen-ticks, one of which costs its weight in ticks of travel; but of
`purchase` a yuan costs its weight in minutes of travel."""

IN_FEN = frozenset({Term.WAGE, Term.LENDING, Term.PURCHASE})
"Terms measured in fen-ticks: fen times ticks per minute."


class Priority(StrEnum):
    """How much it matters that a visit takes place."""

    CRITICAL = "critical"
    ESSENTIAL = "essential"
    FLEXIBLE = "flexible"


Weight = Annotated[int, Field(ge=0, le=10_000_000_000)]


class UnservedWeights(Record):
    """Price of a visit that does not take place, in minutes of travel.

    The price of one unserved visit is the base of its priority, plus `per_minute` for
    each minute of care not given, plus `mandatory` if the visit is marked so, plus `alone`
    if its client lives alone, plus `missed` for each visit that the client has missed lately
    (up to five): of visits that matter alike, the one is kept whose client has nobody else, or
    was left out before.
    """

    critical: Weight = 100_000
    essential: Weight = 20_000
    flexible: Weight = 4_000
    mandatory: Weight = 1_000_000
    per_minute: Weight = 10
    alone: Weight = 1_000
    missed: Weight = 500


class Weights(Record):
    """What one unit of each cost term costs, in minutes of travel.

    The yardstick is one minute on the way: a weight of 600 says "as bad as ten hours of
    travel". Inside the engine one cost unit is one *tick* of travel, so that every cost
    is a whole number.
    """

    unserved: UnservedWeights = UnservedWeights()
    shortened: Weight = 8
    "per minute taken off a visit"
    travel: Weight = 1
    "per minute on the way"
    lateness: Weight = 2
    "per minute that a visit begins after its preferred time"
    worst_lateness: Weight = 0
    "per minute of the largest lateness of the roster"
    waiting: Weight = 1
    "per minute of idle time between two visits"
    overtime: Weight = 4
    "per minute of overtime"
    wage: Weight = 0
    "per fen of wage and mileage (off: planned shifts are paid anyway)"
    continuity: Weight = 15
    "per step of the continuity scale"
    preference: Weight = 15
    "per wish of a client that a stop does not meet"
    balance: Weight = 2
    "per minute of care that a caregiver gives above the fair share"
    share: Weight = 5
    "per minute that an organisation is given below its contract's minimum share"
    lending: Weight = 1
    "per fen paid for caregivers lent by another organisation"
    staff_used: Weight = 0
    "per caregiver-day with at least one visit"
    disruption: Weight = 1_200
    "per phone call that a change of a published roster causes"
    responsible: Weight = 60
    "per visit that responsible caregivers make below the least share of their clients"
    purchase: Weight = 0
    "per yuan that the roster costs by the price books of its contracts"
    burdens: Weight = 0
    "per step of each caregiver's scales of hard visits, of evenings and of weekends"
    streaks: Weight = 0
    "per day, and per night, worked after as many in a row as are preferred at most"

    @classmethod
    def only(cls, *, unserved: UnservedWeights | None = None, **weights: int) -> Self:
        """Return weights under which nothing counts but what is named, and visits left out.

        For formats that have an objective of their own: what they do not know counts nothing.

        Parameters
        ----------
        unserved
            Price of visits that do not take place; the usual one if not given.
        weights
            Weights by the codes of their terms.
        """
        others = dict.fromkeys((term.value for term in Term if term is not Term.UNSERVED), 0)
        price = unserved or UnservedWeights()
        return cls.model_validate({**others, **weights, "unserved": price})


class Policy(Record):
    """Weights and switches of one roster."""

    weights: Weights = Weights()
    continuity_flat: Annotated[int, Field(ge=0, le=100)] = 2
    "Different caregivers per client that cost nothing; beyond them the cost is steep."
    familiar_after: Annotated[int, Field(ge=1, le=100)] = 3
    "Visits lately from which a caregiver is known to a client; once or twice is a stranger."
    most_caregivers: Annotated[int, Field(ge=1, le=100)] | None = None
    "Most different caregivers who come to one client in the horizon; a client's own number counts."
    caps_by_need: bool = False
    "Whether rules of need may cap how many different caregivers come to a client (dementia: two)."
    disruption_tolerance: Minutes = 15 * 60_000
    "Time by which a published start may move; if it moves further, somebody has to be called."
    freeze: Minutes = 30 * 60_000
    "What begins within this time of a replan moves only if somebody could not be served otherwise."
    night: NightHours = NightHours()
    "Which shifts are night shifts, for the limits on nights and the rest after them."
    preferred_consecutive_days: Annotated[int, Field(ge=1, le=100)] = 5
    "Days in a row after which each one more counts for `streaks`; the hard limit is a caregiver's."
    preferred_consecutive_nights: Annotated[int, Field(ge=1, le=100)] = 3
    "The same of nights."
    serve_everything: bool = False
    "Every visit counts as mandatory (the public benchmark)."
