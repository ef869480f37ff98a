"""What is kept of a roster so that somebody else can check it later."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from optimizer.certificate import HiresProof, UnservedProof
from optimizer.domain.policy import Policy, Term
from optimizer.domain.record import Id, Record
from optimizer.explanation import Obstacle, Standing

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of a document in its canonical form, in hexadecimal digits."""


class How(Record):
    """How a plan was made, as far as whoever wrote the record knew."""

    seed: Annotated[int, Field(ge=0)]
    iterations: Annotated[int, Field(ge=0)]
    workers: Annotated[int, Field(ge=1)]
    engine: str
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    status: str
    termination: str


class WhyUnserved(Record):
    """Why a visit is left out, in the codes of explanations."""

    visit: Id
    standing: Standing
    obstacle: Obstacle | None = None


class Audit(Record):
    """Everything that is claimed of a roster: no names, only ids that its files hold."""

    format: Literal["homecare-audit"] = "homecare-audit"
    version: Literal[1] = 1
    program: str
    "Version of the program that wrote it."
    scenario: Id
    scenario_hash: Hash
    "Of the scenario with its visits, without health records and care plans."
    plan_hash: Hash
    policy: Policy
    how: How | None = None
    cost: Annotated[int, Field(ge=0)]
    "In ticks of travel, as the verifier counts."
    cost_breakdown: dict[Term, int]
    lower_bound: int | None = None
    "No plan costs less, in ticks of travel; proven by the exact model, not by this record."
    unserved: tuple[WhyUnserved, ...] = ()
    coverage: UnservedProof
    hires: HiresProof | None = None
    "What is proven of further caregivers, where a staffing question was asked."
