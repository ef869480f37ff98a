"""What a purchaser's office decides by: the document that it keeps."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.contractor import BoughtService, Contractor
from optimizer.domain.delivery import Terms
from optimizer.domain.eligibility import Application, Category
from optimizer.domain.evaluation import EvaluationTerms
from optimizer.domain.pool import Pool
from optimizer.domain.record import Code, Id, Record
from optimizer.domain.supervision import SpotCheckTerms


class Office(Record):
    """Categories, applications and pools of a district: the file that the office edits."""

    format: Literal["homecare-office"] = "homecare-office"
    version: Literal["1"] = "1"
    id: Id
    payer: Code = "civil"
    "The payer of clients' entitlements of whom the office decides; it lets others alone."
    price_book: Code | None = None
    "Price book of the entitlements that it grants; what a client has already stays."
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    applications: tuple[Application, ...] = ()
    pools: tuple[Pool, ...] = ()
    "Where the money comes from; none listed means that money has no end."
    draw: Annotated[str, Field(min_length=4, max_length=200)] | None = None
    "Result of a public draw named beforehand; decides among equals on the waiting list."
    copay_percent: Annotated[int, Field(ge=0, le=100)] = 0
    "What clients pay of reduced care themselves."
    copay_monthly_max_fen: Annotated[int, Field(ge=0)] | None = None
    "The most that one client pays in a month."
    contractors: tuple[Contractor, ...] = ()
    "The directory of organisations."
    bought_services: tuple[BoughtService, ...] = ()
    "The catalogue of services that are bought; none listed means that it is not asked."
    terms: Terms = Terms()
    "By what is paid and doubted."
    evaluation: EvaluationTerms = EvaluationTerms()
    "By what organisations are evaluated."
    spot_checks: SpotCheckTerms = SpotCheckTerms()
    "How many visits are checked."
    overtaking: bool = False
    "Whether whose care still fits may be admitted before somebody who waits for the same money."
