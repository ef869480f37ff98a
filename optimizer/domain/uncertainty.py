"""What is not known of an assumption: between which numbers it lies, and how a study asks."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from optimizer.domain.record import Id, Record

Assumed = Annotated[
    str, StringConstraints(min_length=1, max_length=80, pattern=r"^[a-z_]+(\.[a-z_]+)?$")
]
"""An assumption such as ``sick``, or a parameter of a shock such as ``spring_festival.away``."""

End = Annotated[float, Field(ge=-100, le=10_000, allow_inf_nan=False)]


class Range(Record):
    """One assumption lies between two numbers, the value that the study has among them."""

    of: Assumed
    low: End
    high: End


class Drawn(StrEnum):
    """Whether each drawn day has assumptions of its own, within their ranges."""

    NO = "no"
    "All days have the values that the study says."
    TRIANGULAR = "triangular"
    "The value that the study says is the likeliest, the ends of the range are the least likely."
    UNIFORM = "uniform"
    "Every value within the range is as likely."


class Tornado(Record):
    """Each range is tried at both ends in one arm, all other assumptions at their values."""

    arm: Id
    "The arm in which they are tried; `base` is the scenario as it is."
    replications: Annotated[int, Field(ge=2, le=1_000)] = 20
    "Drawn days of each end; the first ones of the study."
