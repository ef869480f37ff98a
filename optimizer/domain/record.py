"""What all records have in common: frozen, nothing unknown let in."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class Record(BaseModel):
    """A frozen record that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


Id = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\s/]+$")]
"""Identifier: no blanks, no slash; a pseudonym such as ``C0001``, never a name."""

Code = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[\w.:+-]+$")]
"""Code of a service, qualification, language or category."""

FieldPath = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[\w.:+-]+$")]
"""Place of a field in a record, such as ``assessments.0.item_scores.bed_positioning``."""
