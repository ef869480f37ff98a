"""What a cross-record check sees: a scenario, perhaps without the records that have faults."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from optimizer.domain.place import Travel
from optimizer.domain.record import Record
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Coupling, Visit
from optimizer.formats.document import Location
from optimizer.needs.book import Book

NAMED = ("clients", "caregivers", "organisations", "contracts", "visits", "series")
"Lists whose records have an id."
LISTS = (*NAMED, "care_plans", "couplings", "pins", "history")

_ANY_DAY = {"start": "2024-01-01"}

_R = TypeVar("_R", bound=Record)


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows from health records and care plans."""

    visits: tuple[Visit, ...] = ()
    couplings: tuple[Coupling, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A scenario as far as it can be checked, with the way back to the document.

    Attributes
    ----------
    identifier
        Id of the scenario; None if that has a fault.
    scenario
        The records without faults of their own.
    positions
        Position in the document of each record of a list.
    ids
        Position and id of all records of a list, faulty ones included; no entry for a
        list that cannot be read, so that nothing in it is called unknown.
    dates
        Days of the horizon; None if the horizon has a fault.
    travel
        The travel specification; None if it has a fault.
    book
        Catalogue and rules that health records and care plans are read by.
    derived
        Visits that follow from records, and the ties between them, as far as they have been
        worked out.
    likely
        Names that may be those of visits that follow from records, where these cannot be
        worked out.
    """

    identifier: str | None
    scenario: Scenario
    positions: Mapping[str, tuple[int, ...]]
    ids: Mapping[str, tuple[tuple[int, str], ...]]
    dates: tuple[datetime.date, ...] | None
    travel: Travel | None
    book: Book
    derived: Derived = Derived()
    likely: frozenset[str] = frozenset()

    @classmethod
    def of(cls, scenario: Scenario, book: Book) -> View:
        """View a scenario whose fields are all sound."""
        return cls(
            identifier=scenario.id,
            scenario=scenario,
            positions={name: tuple(range(len(getattr(scenario, name)))) for name in LISTS},
            ids={
                name: tuple((n, record.id) for n, record in enumerate(getattr(scenario, name)))
                for name in NAMED
            },
            dates=scenario.horizon.dates(),
            travel=scenario.travel,
            book=book,
        )

    def rows(self, name: str, records: tuple[_R, ...]) -> Iterator[tuple[str, _R]]:
        """Yield place and record of a list; `records` are the scenario's own."""
        for position, record in zip(self.positions[name], records, strict=True):
            yield f"{name}[{position}]", record

    def due(self) -> Iterator[tuple[str, Visit]]:
        """Yield place and record of all ready visits, and of each series one such as it asks for.

        What is made of a series has the days and, between those of its window, the times.
        """
        yield from self.rows("visits", self.scenario.visits)
        for place, series in self.rows("series", self.scenario.series):
            yield (
                place,
                Visit.model_construct(
                    id=series.id,
                    client=series.client,
                    services=series.services,
                    carers=series.carers,
                    dates=(),
                    preferred_dates=(),
                    window=series.window,
                    preferred_until=None,
                    payer=series.payer,
                    pin=None,
                ),
            )

    def known(self, name: str) -> frozenset[str] | None:
        """Return all ids of a list; None if the list cannot be read."""
        if name not in self.ids:
            return None
        return frozenset(identifier for _, identifier in self.ids[name])

    def known_visits(self) -> frozenset[str] | None:
        """Return all ids that a visit may be named by; None if ready visits cannot be read."""
        ready = self.known("visits")
        if ready is None:
            return None
        return ready | self.likely | {visit.id for visit in self.derived.visits}

    def visits(self) -> dict[str, Visit]:
        """Return ready and derived visits by their ids."""
        return {visit.id: visit for visit in (*self.scenario.visits, *self.derived.visits)}


def partial_view(
    content: Mapping[str, Any], faulty: frozenset[Location], book: Book
) -> View | None:
    """View what is left of a document when everything with a fault is taken out.

    Returns
    -------
    View or None
        None if nothing can be said about the rest.
    """
    whole = {place[0] for place in faulty if len(place) == 1}
    items = {place[:2] for place in faulty if len(place) > 1}
    touched = {place[0] for place in faulty if place}
    positions: dict[str, tuple[int, ...]] = {}
    rest: dict[str, Any] = {"id": "rest"}
    for name in LISTS:
        values = _values(content, name) if name not in whole else []
        positions[name] = tuple(n for n in range(len(values)) if (name, n) not in items)
        rest[name] = [values[n] for n in positions[name]]
    for name in ("horizon", "travel", "ticks_per_minute", "published", "time_zone"):
        if name in content and name not in touched:
            rest[name] = content[name]
    rest.setdefault("horizon", _ANY_DAY)
    try:
        scenario = Scenario.model_validate_json(json.dumps(rest), strict=True)
    except ValidationError:
        return None
    return View(
        identifier=content["id"] if "id" in content and "id" not in touched else None,
        scenario=scenario,
        positions=positions,
        ids={name: _ids(content, name) for name in NAMED if name not in whole},
        dates=scenario.horizon.dates() if "horizon" in rest and "horizon" not in touched else None,
        travel=None if "travel" in touched else scenario.travel,
        book=book,
    )


def _values(content: Mapping[str, Any], name: str) -> list[Any]:
    values = content.get(name, [])
    return values if isinstance(values, list) else []


def _ids(content: Mapping[str, Any], name: str) -> tuple[tuple[int, str], ...]:
    ids = (
        (n, item.get("id"))
        for n, item in enumerate(_values(content, name))
        if isinstance(item, dict)
    )
    return tuple((n, name) for n, name in ids if isinstance(name, str))
