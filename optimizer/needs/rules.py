"""The rules that turn a health record into services; each is data with an id and a sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, cached_property
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.client import Flag
from optimizer.domain.record import Code, Record
from optimizer.needs.catalogue import Alert, Catalogue, Grade, Wording
from optimizer.needs.conditions import Test
from optimizer.needs.sign_off import Signable
from optimizer.units import Clock, Minutes

EVERY_SERVICE = "*"


class Add(Record):
    """A service that a rule asks for, and how often.

    Attributes
    ----------
    per_week, per_four_weeks
        Days with it; exactly one is given.
    per_day
        Times on such a day.
    windows
        Names of the service's windows to use, first ones first; all if none is named.
    ordered
        As often a day and on the weekdays that the condition of the rule says, where it says so.
    kinds
        With `ordered`: only at the moments of injections of these kinds, where the record says
        kinds at all.
    session
        With `ordered`: as long as the session of the condition, with the way there and back.
    after_session
        With `ordered`: never before the session. Where the client comes back long after the moments
        that are named, on the morning after.
    medicines
        At the times of the medicines that somebody has to hand over; not where there are none.
    when
        Asked for only if these hold as well.
    """

    service: Code
    per_week: Annotated[int, Field(ge=1, le=7)] | None = None
    per_four_weeks: Annotated[int, Field(ge=1, le=3)] | None = None
    per_day: Annotated[int, Field(ge=1, le=6)] = 1
    windows: tuple[Code, ...] = ()
    ordered: bool = False
    kinds: tuple[Code, ...] = ()
    session: bool = False
    after_session: bool = False
    medicines: bool = False
    when: tuple[Test, ...] = ()

    @property
    def days(self) -> int:
        """Days in four weeks, 1 to 28."""
        return 4 * self.per_week if self.per_week is not None else self.per_four_weeks or 1


class Change(Record):
    """How a rule changes services that are needed anyway.

    Attributes
    ----------
    services
        Their codes; ``*`` is all of them.
    needs
        Qualification instead of the catalogue's: a higher level, or a higher code.
    minutes_percent
        Longer by so much, 100 is as usual.
    window_minutes
        Moments of the day are no wider than this: they begin later and end as they do.
    windows
        Names of these moments; all of them if none is named.
    """

    services: tuple[str, ...]
    needs: Grade | None = None
    minutes_percent: Annotated[int, Field(ge=100, le=300)] = 100
    window_minutes: Minutes | None = None
    windows: tuple[Code, ...] = ()


class Follow(Record):
    """Of two services on one day the second starts `min_gap` to `max_gap` after the first.

    Attributes
    ----------
    together
        ``first``: the first is paid for only where the second is as well, on one day, or at
        one moment of it where both services have moments of the same name. ``both``: neither
        is paid for without the other.
    """

    first: Code
    second: Code
    min_gap: Minutes
    max_gap: Minutes
    together: Literal["first", "both"] | None = None


def share_moments(catalogue: Catalogue, follow: Follow) -> bool:
    """Return whether two services have moments of the same name, as those around meals have."""
    one, two = (
        {window.name for window in catalogue.services[code].windows}
        for code in (follow.first, follow.second)
    )
    return not one.isdisjoint(two)


class Session(Record):
    """When a client is away on the fixed weekdays of a condition, and for how long.

    Attributes
    ----------
    starts, lasts
        Where the condition itself does not say.
    way
        On the way there, and again on the way back.
    """

    starts: Clock
    lasts: Minutes
    way: Minutes


class NeedRule(Record):
    """One rule: when it holds, what it asks for and what it demands beside.

    Attributes
    ----------
    en, zh
        Its sentence, as the reason of a visit.
    sources
        Where it is from: standards by their number, ``public text``, ``judgement``.
    when
        Everything that has to hold.
    adds, changes, follows
        Services asked for; changes of what is needed; gaps between services of a day.
    blocks
        On the fixed weekdays of its condition nothing but critical care takes place.
    session
        On those weekdays the client is away for a while: nothing takes place meanwhile, and
        what is not daily takes place on other days, as far as there are any.
    flags
        Marks the client gets, which change who may come, or when.
    notes
        Cautions for whoever goes there, by code.
    alert
        Something home care cannot answer for, by code.
    out_of_scope
        The rules are not made for such a client: nobody is visited by any of them, only by the
        orders of care plans.
    few_carers
        The client is to know those who come: factor by which different carers count more.
    most_carers
        Most different caregivers who come to the client in the horizon, where the policy of the
        office lets rules say so; any number without.
    first_in_pairs
        Two carers come to the first visit of a client whom nobody has visited yet; the second
        one holds this.
    """

    id: Code
    en: str
    zh: str
    sources: tuple[str, ...] = ()
    when: Annotated[tuple[Test, ...], Field(min_length=1)]
    adds: tuple[Add, ...] = ()
    changes: tuple[Change, ...] = ()
    follows: tuple[Follow, ...] = ()
    blocks: bool = False
    session: Session | None = None
    flags: tuple[Flag, ...] = ()
    notes: tuple[Code, ...] = ()
    alert: Code | None = None
    out_of_scope: bool = False
    few_carers: Annotated[int, Field(ge=1, le=10)] = 1
    most_carers: Annotated[int, Field(ge=1, le=100)] | None = None
    first_in_pairs: Grade | None = None


class Contraindication(Record):
    """Services that must not be given, or billed, where its tests hold; sources as of a rule."""

    id: Code
    en: str
    zh: str
    sources: tuple[str, ...] = ()
    when: Annotated[tuple[Test, ...], Field(min_length=1)]
    bars: Annotated[tuple[Code, ...], Field(min_length=1)]


class Impossible(Record):
    """What a record cannot say at once, and the field to look at; sources as of a rule.

    Attributes
    ----------
    only_warn
        Odd rather than impossible: staff is told, and the record counts as it stands.
    """

    id: Code
    en: str
    zh: str
    sources: tuple[str, ...] = ()
    when: Annotated[tuple[Test, ...], Field(min_length=1)]
    only_warn: bool = False


class RuleBook(Signable):
    """All rules of a district.

    Attributes
    ----------
    rules, contraindications, impossible
        In the order in which reasons are told.
    notes, alerts
        Words of the codes that rules use.
    words
        Words of the codes that records hold and tests ask for.
    """

    format: Literal["homecare-rules"] = "homecare-rules"
    rules: tuple[NeedRule, ...]
    contraindications: tuple[Contraindication, ...] = ()
    impossible: tuple[Impossible, ...] = ()
    notes: Mapping[Code, Wording] = {}
    alerts: Mapping[Code, Alert] = {}
    words: Mapping[Code, Wording] = {}

    @cached_property
    def flagging(self) -> tuple[NeedRule, ...]:
        """The rules that mark a client."""
        return tuple(rule for rule in self.rules if rule.flags)

    @cached_property
    def excluding(self) -> tuple[NeedRule, ...]:
        """The rules that say for whom rules are not made."""
        return tuple(rule for rule in self.rules if rule.out_of_scope)


@cache
def default_rules() -> RuleBook:
    """Return the rules that come with the package."""
    text = files("optimizer.needs").joinpath("rules.toml").read_text(encoding="utf-8")
    return RuleBook.model_validate(tomllib.loads(text))
