"""How common conditions, devices and losses of ability are, from ``records.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from optimizer.domain.record import Code, Record

Share = Annotated[float, Field(ge=0, le=100)]
"""Per cent of all clients."""
TierWeights = Annotated[tuple[float, ...], Field(min_length=5, max_length=5)]


class AbilityItem(Record):
    """Where on the scale of frailty an item of the assessment loses its points."""

    first: int
    "Frailty, 0 to 1000, at which the first point goes."
    last: int
    mind: bool = False


class Trait(Record):
    """Something that a share of all clients has.

    Attributes
    ----------
    share
        Per cent of all clients.
    tiers
        Weights of need tiers 0 to 4; 0 where it does not occur.
    years
        Longest time since a condition began.
    without
        Traits that rule it out.
    fixed
        Item scores that follow from it.
    at_most
        Item scores that it presupposes.
    nursed
        A nurse comes every day because of it.
    mind, body
        Mind or body is so much frailer than the person as a whole.
    """

    share: Share
    tiers: TierWeights
    years: float = 0
    without: tuple[Code, ...] = ()
    fixed: Mapping[Code, int] = {}
    at_most: Mapping[Code, int] = {}
    nursed: bool = False
    mind: int = 0
    body: int = 0


class Prevalence(Record):
    """Everything that records are drawn from.

    Attributes
    ----------
    ages
        Per tier the weights of bands of five years, from 60 on.
    spread
        Standard deviation of one item's frailty about a person's.
    clear_mind
        The mind is so much less frail than the body where there is no dementia.
    items
        Ability items in the order of the assessment's form.
    conditions, devices, events
        Traits by code.
    """

    ages: tuple[tuple[float, ...], ...]
    spread: int
    clear_mind: int
    items: Mapping[Code, AbilityItem]
    conditions: Mapping[Code, Trait]
    devices: Mapping[Code, Trait]
    events: Mapping[Code, Trait]


@cache
def load_prevalence() -> Prevalence:
    """Return the prevalences that come with the package."""
    text = files("optimizer.generate").joinpath("records.toml").read_text(encoding="utf-8")
    return Prevalence.model_validate(tomllib.loads(text))
