"""Services, kinds of visit and days of a client, read from ``catalogue.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from optimizer.domain.caregiver import Qualification
from optimizer.domain.policy import Priority
from optimizer.domain.record import Code, Record
from optimizer.domain.visit import Requirement
from optimizer.units import Clock

Grade = Annotated[str, Field(pattern=r"^[A-Z]+(/[1-9])?$")]
"""A qualification with its level, such as ``C/2`` or ``N``."""


class Service(Record):
    """A service: how long it takes and who may give it."""

    minutes: Annotated[int, Field(ge=1)]
    needs: Grade
    medical: bool = False
    "Bought under contracts for nursing and rehabilitation."
    life: bool = False
    "Medical, and also bought under contracts for life care."

    @property
    def is_life_care(self) -> bool:
        """Whether contracts for life care cover the service."""
        return self.life or not self.medical


class VisitKind(Record):
    """A kind of visit: services, carers, when on the day, how important."""

    services: tuple[Code, ...]
    needs: tuple[Grade, ...] = ()
    "Per carer; one carer with the services' own qualifications if empty."
    shortest: tuple[int, ...] = ()
    "Shortest acceptable minutes per carer."
    around: int | None = None
    "Minutes for arrival and notes; the catalogue's own if not given."
    band: tuple[Clock, Clock]
    "Earliest and latest start over all clients."
    width: int
    "Length of one client's start window, minutes."
    prefer: int | None = None
    "Minutes into the window after which a start counts as late."
    priority: Priority
    intimate: bool = False


class Tie(Record):
    """An ``after`` coupling between two visits of a day, gaps in minutes."""

    first: int
    second: int
    min: int
    max: int


class ClientDay(Record):
    """What one client needs on one day, and how common that is."""

    visits: tuple[str, ...]
    ties: tuple[Tie, ...] = ()
    per_thousand: Annotated[float, Field(gt=0)]
    "So many such days in a thousand visits."
    tiers: tuple[int, int]
    "Lowest and highest need tier it occurs in."


class Catalogue(Record):
    """Everything that can be needed."""

    around: int
    services: dict[str, Service]
    kinds: dict[str, VisitKind]
    days: dict[str, ClientDay]

    def minutes(self, kind: VisitKind) -> int:
        """Return the minutes of a visit of this kind."""
        around = self.around if kind.around is None else kind.around
        return around + sum(self.services[code].minutes for code in kind.services)

    def carers(self, kind: VisitKind) -> tuple[tuple[Requirement, ...], ...]:
        """Return what each carer of a visit of this kind must hold."""
        if kind.needs:
            return tuple((requirement(grade),) for grade in kind.needs)
        grades = sorted({self.services[code].needs for code in kind.services})
        return (tuple(requirement(grade) for grade in grades),)


def requirement(grade: str) -> Requirement:
    """Return the requirement that a grade such as ``C/2`` names."""
    code, _, level = grade.partition("/")
    return Requirement(code=code, level=int(level or 1))


def qualification(grade: str) -> Qualification:
    """Return the qualification that a grade such as ``C/2`` names."""
    code, _, level = grade.partition("/")
    return Qualification(code=code, level=int(level or 1))


@cache
def load_catalogue() -> Catalogue:
    """Return the catalogue that comes with the package."""
    text = files("optimizer.generate").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return Catalogue.model_validate(tomllib.loads(text))
