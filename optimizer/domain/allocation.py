"""How clients are allocated to organisations: the rules a district publishes beforehand."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, NaiveDatetime

from optimizer.domain.place import Place
from optimizer.domain.record import Code, Id, Record
from optimizer.units import Clock, Minutes


class Step(StrEnum):
    """The ways in which a client can come to an organisation."""

    KEEP = "keep"
    CHOICE = "choice"
    ROTATION = "rotation"


class Mode(StrEnum):
    """How rotation finds whose turn it is: largest deficit, or one each per round."""

    DEFICIT = "deficit"
    ROUND = "round"


class Counts(StrEnum):
    """Which care counts as received: what came by rotation, or all of it."""

    ROTATED = "rotated"
    ALL = "all"


class HaltKind(StrEnum):
    """Excluded bodies lose their clients; suspended ones are only given no new ones."""

    EXCLUDED = "excluded"
    SUSPENDED = "suspended"


class Licence(Record):
    """A permit to give some services, from its first to its last day."""

    services: tuple[Code, ...] = ()
    "Services it permits; none listed means all."
    start: datetime.date
    end: datetime.date


class Halt(Record):
    """A decision that an organisation is given no new clients, or none at all."""

    kind: HaltKind
    start: datetime.date
    end: datetime.date | None = None
    "Last day; until further notice if not given."


class Body(Record):
    """What is known of an organisation that clients may be allocated to."""

    organisation: Id
    share: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = None
    "Contracted per cent of the care that is rotated, to four decimals."
    capacity: Minutes | None = None
    "Care that it can give within the horizon; no limit if not given."
    licences: tuple[Licence, ...] = ()
    "Its permits; none listed means that none is needed."
    halts: tuple[Halt, ...] = ()
    base: Place | None = None
    radius_km: Annotated[float, Field(gt=0, le=500, allow_inf_nan=False)] | None = None
    "Farthest client, from the base in a straight line."


class Lot(Record):
    """What is tendered as one: some services in some towns."""

    id: Id
    towns: tuple[Code, ...] = ()
    "Towns it covers; none listed means all."
    services: tuple[Code, ...] = ()
    "Services it covers; none listed means all."


class Wish(Record):
    """What a client has answered when asked for an organisation."""

    client: Id
    lot: Id | None = None
    "The lot it is about; all of them if not given."
    ranked: Annotated[tuple[Id, ...], Field(max_length=3)] = ()
    "Up to three organisations, the dearest first."
    refused: tuple[Id, ...] = ()
    waits: bool = False
    "Waits for the organisations named where they cannot; goes on to rotation otherwise."


class Decline(Record):
    """An offer that an organisation has declined; silence declines too."""

    client: Id
    lot: Id | None = None
    organisation: Id
    date: datetime.date
    grounded: bool = False
    "A groundless decline counts as received."


class Answer(Record):
    """What an organisation has answered to an offer, and when, in local time."""

    client: Id
    lot: Id | None = None
    organisation: Id
    at: NaiveDatetime
    accepts: bool
    ground: Code | None = None
    "Why it declines, where that is a good reason; without one it counts as received."


class Offers(Record):
    """How organisations are asked before a client is theirs: moments named, no clock read."""

    first: NaiveDatetime
    "When the first offers go out, in local time."
    known_until: NaiveDatetime
    "Answers are known until then: an offer that is due later is open."
    critical_minutes: Annotated[int, Field(ge=1, le=10_000)] = 120
    "Working time to answer about critical care."
    usual_minutes: Annotated[int, Field(ge=1, le=100_000)] = 510
    "The same about other care: one working day."
    opens: Clock = 8 * 3_600_000 + 1_800_000
    closes: Clock = 17 * 3_600_000
    holidays: tuple[datetime.date, ...] = ()
    "Weekdays on which nobody works."
    working_weekends: tuple[datetime.date, ...] = ()
    "Saturdays and Sundays on which people work to make up for holidays."
    answers: tuple[Answer, ...] = ()


class Term(Record):
    """A contract term, over whose periods the order of organisations stays."""

    period: Code
    draw: Annotated[str, Field(min_length=4, max_length=200)]


class Account(Record):
    """Where an organisation stands in the rotation of one queue after earlier periods."""

    lot: Id
    town: Code | None = None
    organisation: Id
    deficit: int = 0
    "Milliseconds of care credited but not received; negative if more was received."
    last: bool = False
    "Whether it received the last client: the next round goes on behind it."


class AllocationPolicy(Record):
    """The rules, fixed before the names are known: the file that an allocation reads."""

    format: Literal["homecare-allocation"] = "homecare-allocation"
    version: Literal["1"] = "1"
    period: Code
    "The period allocated, such as 2026-03; part of every draw."
    draw: Annotated[str, Field(min_length=4, max_length=200)]
    "Result of a public draw that was named beforehand; all ties are broken by it."
    day: datetime.date | None = None
    "The day on which organisations are tested; the first one planned if not given."
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=3)] = tuple(Step)
    mode: Mode = Mode.DEFICIT
    counts: Counts = Counts.ROTATED
    lots: tuple[Lot, ...] = ()
    "None listed means one lot of all services in all towns."
    bodies: tuple[Body, ...] = ()
    "Organisations that are not listed have no share, no limit and nothing against them."
    wishes: tuple[Wish, ...] = ()
    declines: tuple[Decline, ...] = ()
    decline_days: Annotated[int, Field(ge=1, le=366)] = 90
    "Two groundless declines within so many days halt an organisation."
    halt_days: Annotated[int, Field(ge=0, le=366)] = 30
    "For so many days after the second one."
    accounts: tuple[Account, ...] = ()
    offers: Offers | None = None
    "Whether and how organisations are asked; without, whoever does not decline is taken to accept."
    term: Term | None = None
    "By what the order of organisations is drawn, instead of period and draw; clients' stays."
    past_declines: tuple[Decline, ...] = ()
    "Declines of earlier periods, which count for halts only."


class Finding(StrEnum):
    """Why an organisation cannot be given a client."""

    EXCLUDED = "excluded"
    SUSPENDED = "suspended"
    HALTED = "halted"
    PERMIT_EXPIRED = "permit_expired"
    NO_CONTRACT = "no_contract"
    NOBODY_ABLE = "nobody_able"
    TOO_FAR = "too_far"
    CLIENT_REFUSED = "client_refused"
    DECLINED = "declined"
    CAP_USED = "cap_used"
    FULL = "full"
    NO_SHARE = "no_share"


class Unmet(StrEnum):
    """Why a client is given no organisation."""

    NO_LOT = "no_lot"
    NO_ORGANISATION = "no_organisation"
    WAITS = "waits"
    ALL_DECLINED = "all_declined"
    OFFERED = "offered"
    NO_STEP = "no_step"


class Tested(Record):
    """What was found of one organisation when it was a client's turn.

    Of one that took part in the rotation, its credit, and its deficit before and after, in
    milliseconds of care.
    """

    organisation: Id
    finding: Finding | None = None
    "None: nothing is against it."
    credited: int | None = None
    before: int | None = None
    after: int | None = None


class OfferOutcome(StrEnum):
    """What has come of an offer; silence until it is due declines."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    SILENT = "silent"
    OPEN = "open"


class Offer(Record):
    """One organisation asked about one client."""

    organisation: Id
    made: NaiveDatetime
    due: NaiveDatetime
    outcome: OfferOutcome


class AllocationLine(Record):
    """How one client came to an organisation for one lot, so that it can be redone by hand."""

    number: int
    client: Id
    lot: Id | None = None
    town: Code | None = None
    care: int
    "Milliseconds of care within the horizon, of all carers."
    critical: bool
    step: Step | None = None
    organisation: Id | None = None
    unmet: Unmet | None = None
    previous: Id | None = None
    tested: tuple[Tested, ...] = ()
    declined: tuple[Id, ...] = ()
    "Whose turn it was before, and who declined without a ground."
    by_draw: bool = False
    "Whether several were equal and the draw decided."
    offers: tuple[Offer, ...] = ()
    "Whom the office has asked, in that order; the last one may be open."


class Share(Record):
    """The share of an organisation in one queue, in millionths, and its place in the draw."""

    lot: Id
    town: Code | None = None
    organisation: Id
    millionths: int
    drawn: int


class AllocationLog(Record):
    """An allocation, line by line, with what is needed to redo it."""

    format: Literal["homecare-allocation-log"] = "homecare-allocation-log"
    version: Literal["1"] = "1"
    scenario: Id
    period: Code
    draw: str
    day: datetime.date
    mode: Mode
    counts: Counts
    shares: tuple[Share, ...]
    lines: tuple[AllocationLine, ...]
    accounts: tuple[Account, ...]
    "Where everybody stands afterwards: where the next period begins."
    term: Term | None = None
    declines: tuple[Decline, ...] = ()
    "Groundless declines so far, which count for halts of the next period."
