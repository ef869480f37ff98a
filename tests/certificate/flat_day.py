"""Whether flat tables say of a day what its scenario file says: the other half of `recheck`."""

from __future__ import annotations

from collections.abc import Iterator

from tests.certificate.plain_day import FAR, Doc, PlainDay
from tests.certificate.plain_limits import limits_of, pause_and_night


def differences(day: PlainDay, claim: Doc) -> list[str]:
    """Return what the tables of a file of certificates say that is not so."""
    whole = [
        f"table {number}: {words}"
        for number, (part, table) in enumerate(zip(claim["parts"], claim["tables"], strict=True))
        for words in (*_sums(part, table), *_of_day(day, table))
    ]
    return [*whole, *(words for table in claim["tables"] for words in _together(day, table))]


def _of_day(day: PlainDay, table: Doc) -> Iterator[str]:
    yield from _stops(day, table)
    yield from _shifts(day, table)
    yield from _people(day, table)


def _sums(part: Doc, table: Doc) -> Iterator[str]:
    """Compare what a certificate says with what its table says."""
    if (part["form"], part["least_unserved"]) != (table["form"], table["least_unserved"]):
        yield "another claim"
    if {one["visit"]: one["amount"] for one in part["visits"]} != table["asked"]:
        yield "other amounts of visits"
    given = {(s["caregiver"], s["date"], s["shift"]): s["gives"] for s in table["shifts"]}
    said = {(s["caregiver"], s["date"], s["shift"]): s["amount"] for s in part["caregivers"]}
    if said != {key: amount for key, amount in given.items() if amount}:
        yield "other amounts of shifts"


def _stops(day: PlainDay, table: Doc) -> Iterator[str]:
    for stop in table["stops"]:
        earliest, latest, care, _ = day.stops[stop["visit"], stop["carer"]]
        if (earliest, latest, care) != (stop["earliest"], stop["latest"], stop["care"]):
            yield f"the time of {stop['visit']}"


def _shifts(day: PlainDay, table: Doc) -> Iterator[str]:
    """Compare hours, skills and ways of every shift that may make any of the stops."""
    keys = [(stop["visit"], stop["carer"]) for stop in table["stops"]]
    rows = [day.stops[key][3] for key in keys]
    said = {(s["caregiver"], s["date"], s["shift"]): s for s in table["shifts"]}
    for duty, can in zip(day.duties, day.can, strict=True):
        person, date, number, opens, closes, begin, end = duty
        makes = [n for n, key in enumerate(keys) if key in can]
        shift = said.pop((person["id"], date, number), None)
        if shift is None:
            if makes:
                yield f"{person['id']} is missing"
            continue
        least = day.roads(person)[1]
        if (opens, closes, makes) != (shift["opens"], shift["closes"], shift["makes"]):
            yield f"hours or skills of {person['id']}"
        if table["form"] == "weeks":
            ways = None
            if pause_and_night(day, person, date, number) != (shift.get("pause"), shift["night"]):
                yield f"break or nights of {person['id']}"
        else:
            ways = table["ways"][shift["means"]]
        pairs = [(least[begin, row], shift["there"][n]) for n, row in enumerate(rows)]
        pairs += [(least[row, end], shift["back"][n]) for n, row in enumerate(rows)]
        if ways is not None:
            pairs += [
                (least[a, b], ways[n][m]) for n, a in enumerate(rows) for m, b in enumerate(rows)
            ]
        if any(min(one, FAR) != min(other, FAR) for one, other in pairs):
            yield f"ways of {person['id']}"
    if said:
        yield "shifts that there are not"


def _people(day: PlainDay, table: Doc) -> Iterator[str]:
    """Compare the limits across days of everybody who may make any of the stops."""
    if table["form"] != "weeks":
        return
    if table["day_length"] != day.ticks(24 * 60) or table["days"] != day.days:
        yield "another horizon"
    people = {duty[0]["id"]: duty[0] for duty in day.duties}
    for row in table["people"]:
        said = {key: value for key, value in row.items() if key != "gives"}
        if said != limits_of(day, people[row["caregiver"]]):
            yield f"limits of {row['caregiver']}"


def _together(day: PlainDay, table: Doc) -> Iterator[str]:
    """Compare which stops begin as one, of visits that are said to be alone."""
    joint = [{t["first"], t["second"]} for t in day.scenario.get("couplings", [])
             if t["kind"] == "together"]  # fmt: skip
    for visit, numbers in table["together"].items():
        group = {visit}
        while any(group & pair and not pair <= group for pair in joint):
            group |= {one for pair in joint if group & pair for one in pair}
        found = {(table["stops"][n]["visit"], table["stops"][n]["carer"]) for n in numbers}
        if found != {key for key in day.stops if key[0] in group}:
            yield f"what begins as one with {visit}"
