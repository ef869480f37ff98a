"""What a purchaser's office decides by: the document that it keeps."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.eligibility import Application, Category
from optimizer.domain.record import Code, Id, Record


class Office(Record):
    """Categories and applications of a district: the file that the office edits."""

    format: Literal["homecare-office"] = "homecare-office"
    version: Literal["1"] = "1"
    id: Id
    payer: Code = "civil"
    "The payer of clients' entitlements of whom the office decides; it lets others alone."
    price_book: Code | None = None
    "Price book of the entitlements that it grants; what a client has already stays."
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    applications: tuple[Application, ...] = ()
