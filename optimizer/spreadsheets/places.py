"""Where somebody lives: from coordinates, or from a sheet that gives those of addresses."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from optimizer.spreadsheets.codes import Assumption, CellFault
from optimizer.spreadsheets.datum import Datum, Point, to_wgs84
from optimizer.spreadsheets.place_cells import datum_of_heading, read_degrees, read_point
from optimizer.spreadsheets.rows import Findings, Row
from optimizer.spreadsheets.word_cells import text_of
from optimizer.spreadsheets.words import fold
from optimizer.travel.address_lookup import Lookup, ServiceSilent

_CHINESE = (Datum.GCJ02, Datum.BD09)
_SUSPICIOUS = 150.0
"Metres between the coordinates of a person and those of the same address."
_METRES_PER_DEGREE = 111_195.0
_DECIMALS = 6
"Of degrees that were converted: a tenth of a metre."


@dataclass(slots=True)
class Geocoder:
    """A service that knows where addresses are.

    Attributes
    ----------
    lookup
        Asks it for one address.
    datum
        Of its coordinates.
    is_silent
        Whether it has failed to answer, and is asked no more.
    """

    lookup: Lookup
    datum: Datum = Datum.WGS84
    is_silent: bool = False


class Places:
    """Coordinates of rows and addresses, in WGS-84.

    Parameters
    ----------
    datum
        Of all coordinates; None to go by headings such as "高德经度", WGS-84 where they name none.
    findings
        Where faults are noted.
    geocoder
        Who is asked for addresses that no table has; None: nobody.
    """

    def __init__(
        self, datum: Datum | None, findings: Findings, geocoder: Geocoder | None = None
    ) -> None:
        self._datum = datum
        self._findings = findings
        self._geocoder = geocoder
        self.geocoded: dict[str, Point] = {}
        self._by_address: dict[str, Point] = {}
        self._given_too: list[tuple[str, Point, Point]] = []

    def learn(self, rows: Iterable[Row]) -> None:
        """Take up the addresses of a sheet."""
        for row in rows:
            address = row.read("address", text_of)
            point = self.given(row, by_heading=True)
            if address and point is not None:
                self._by_address[fold(address)] = point
            elif address and not row.findings.faults:
                row.insist("lat", "lon", "point")

    def given(self, row: Row, *, by_heading: bool = False) -> Point | None:
        """Return the coordinates in a row; None where there are none, or faulty ones.

        Parameters
        ----------
        row
            The row.
        by_heading
            Whether a heading that names a datum counts more than what holds for the whole file.
        """
        lat, lon = row.read("lat", read_degrees), row.read("lon", read_degrees)
        if lat is not None and lon is not None:
            if abs(lat) > 90 >= abs(lon):
                self._findings.fault(
                    row.place_of("lat"), CellFault.BAD_COORDINATE, "sheets.swapped"
                )
                return None
            if abs(lat) > 90:
                self._findings.fault(
                    row.place_of("lat"), CellFault.BAD_COORDINATE, "sheets.no_latitude"
                )
                return None
            return self._converted(row, "lat", (lat, lon), by_heading=by_heading)
        if row.has("lat") != row.has("lon"):
            missing = "lon" if row.has("lat") else "lat"
            self._findings.fault(row.place_of(missing), CellFault.EMPTY_CELL, "sheets.half_a_point")
            return None
        point = row.read("point", read_point)
        if point is None:
            return None
        return self._converted(row, "point", point, by_heading=by_heading)

    def of(self, row: Row) -> Point | None:
        """Return where the person of a row lives: by coordinates, else by address."""
        point = self.given(row)
        address = row.read("address", text_of)
        known = self._by_address.get(fold(address)) if address else None
        if point is not None and known is not None:
            self._given_too.append((row.found.sheet.name, point, known))
        is_given = row.has("lat") or row.has("lon") or row.has("point")
        if point is not None or is_given:
            return point
        return self._looked_up(row, address) if known is None and address else known

    def _looked_up(self, row: Row, address: str) -> Point | None:
        """Return what the geocoder says of an address; nothing but the address is sent."""
        geocoder = self._geocoder
        if geocoder is None or geocoder.is_silent:
            return None
        place = row.place_of("address")
        names = (row.read(field, text_of) for field in ("name", "client") if row.has(field))
        if any(name and len(name) > 1 and name in address for name in names):
            self._findings.note(place, Assumption.NAME_IN_ADDRESS, "sheets.address_names")
            return None
        try:
            found = geocoder.lookup(address)
        except ServiceSilent as error:
            geocoder.is_silent = True
            self._findings.note(
                place, Assumption.GEOCODER_SILENT, "sheets.geocoder_silent", why=str(error)
            )
            return None
        if found is None:
            return None
        if geocoder.datum is not Datum.WGS84:
            found = to_wgs84(geocoder.datum, *found)
        point = round(found[0], _DECIMALS), round(found[1], _DECIMALS)
        self._findings.note(place, Assumption.GEOCODED, "sheets.geocoded")
        self._by_address[fold(address)] = self.geocoded[address] = point
        return point

    def check_datum(self) -> None:
        """Note a sheet whose coordinates would fit its addresses better in another datum."""
        for sheet in dict.fromkeys(name for name, _, _ in self._given_too):
            pairs = [(given, known) for name, given, known in self._given_too if name == sheet]
            apart = median(_metres(given, known) for given, known in pairs)
            best, nearest = min(
                ((datum, median(_as_if(datum, *pair) for pair in pairs)) for datum in _CHINESE),
                key=lambda one: one[1],
            )
            if apart > _SUSPICIOUS and nearest < apart / 3:
                self._findings.note(
                    sheet, Assumption.OTHER_DATUM, "sheets.fits_datum",
                    metres=round(apart), datum=best,
                )  # fmt: skip

    def _converted(self, row: Row, field: str, point: Point, *, by_heading: bool) -> Point:
        column = row.column(field)
        named = None if column is None else datum_of_heading(column.heading)
        datum = (named if by_heading else None) or self._datum or named or Datum.WGS84
        if named is not None and named is not datum:
            self._findings.note(
                row.found.sheet.name, Assumption.OTHER_DATUM, "sheets.other_datum", datum=datum
            )
        if datum is Datum.WGS84:
            return point
        lat, lon = to_wgs84(datum, *point)
        return round(lat, _DECIMALS), round(lon, _DECIMALS)


def _as_if(datum: Datum, given: Point, known: Point) -> float:
    """Return how far apart two points are if the first is one of a map of this datum."""
    return _metres(to_wgs84(datum, *given), known)


def _metres(one: Point, other: Point) -> float:
    north = (one[0] - other[0]) * _METRES_PER_DEGREE
    east = (one[1] - other[1]) * _METRES_PER_DEGREE * math.cos(math.radians(one[0]))
    return math.hypot(north, east)
