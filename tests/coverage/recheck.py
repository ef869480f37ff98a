"""Judge a certificate by two files: ``python -m tests.coverage.recheck DERIVED CERTIFICATE``."""

from __future__ import annotations

import json
import sys
from itertools import product
from pathlib import Path

from tests.coverage.plain_day import FAR, Doc, PlainDay

Key = tuple[str, int]


def judge(day: PlainDay, claim: Doc) -> bool:
    """Return whether a certificate proves what it says."""
    named = [one["visit"] for part in claim["parts"] for one in part["visits"]]
    total = sum(part["least_unserved"] for part in claim["parts"])
    once = len(set(named)) == len(named) and claim["least_unserved"] <= total
    return once and all(_proves(day, part) for part in claim["parts"])


def _proves(day: PlainDay, part: Doc) -> bool:
    amounts = sorted((one["amount"] for one in part["visits"]), reverse=True)
    missing = sum(amounts) - sum(one["amount"] for one in part.get("caregivers", []))
    enough = not part["least_unserved"] or sum(amounts[: part["least_unserved"] - 1]) < missing
    rows = [*part["visits"], *part.get("caregivers", [])]
    once = all(len(set(one["carers"])) == len(one["carers"]) for one in part["visits"])
    form = {"alone": _alone, "hours": _hours, "routes": _routes, "points": _routes}
    return (
        enough
        and once
        and min(one["amount"] for one in rows) >= 0
        and form[part["form"]](day, part)
    )


def _covers(day: PlainDay, part: Doc, number: int, amount: int) -> bool:
    """Return whether a shift is said to give at least so much."""
    person, date, shift, *_ = day.duties[number]
    key = person["id"], date, shift
    said = [one["amount"] for one in part.get("caregivers", [])
            if (one["caregiver"], one["date"], one.get("shift", 0)) == key]  # fmt: skip
    return amount <= min(said, default=0)


def _routes(day: PlainDay, part: Doc) -> bool:
    worth = {(one["visit"], one["carers"][0]): one["amount"] for one in part["visits"]}
    most = part.get("scale", 1) if part["form"] == "points" else 1
    return max(worth.values()) <= most and all(
        _covers(day, part, number, _collected(day, number, worth))
        for number in range(len(day.duties))
    )


def _collected(day: PlainDay, number: int, worth: dict[Key, int]) -> int:
    """Return the most that one route collects: labels of stops made, the last one and its end."""
    person, _, _, opens, closes, home, end = day.duties[number]
    ways = day.roads(person)[1]
    labels, best = {(frozenset[Key](), home): opens}, 0
    while labels:
        longer: dict[tuple[frozenset[Key], int], int] = {}
        for ((made, row), ready), key in product(labels.items(), worth.keys() & day.can[number]):
            earliest, latest, care, place = day.stops[key]
            done = max(earliest, ready + ways[row][place]) + care
            if key not in made and done <= min(latest + care, closes - ways[place][end]):
                label = made | {key}, place
                longer[label] = min(done, longer.get(label, FAR))
                best = max(best, sum(worth[one] for one in label[0]))
        labels = longer
    return best


def _hours(day: PlainDay, part: Doc) -> bool:
    where = part.get("interval")
    begin, end = (day.clock(where[x]) for x in ("begin", "end")) if where else (0, FAR)
    blocks, asked = {}, {}
    for one in part["visits"]:
        for key in product([one["visit"]], one["carers"]):
            earliest, latest, care, _ = day.stops[key]
            lead = _lead(day, key)
            dates = {duty[1] for duty, can in zip(day.duties, day.can, strict=True) if key in can}
            ends = [(max(first, begin), min(first + lead + care, end))
                    for first in (earliest - lead, latest - lead)]  # fmt: skip
            least = min(max(0, until - first) for first, until in ends)
            asked[key] = least if not where or dates == {where["date"]} else 0
            blocks[key] = earliest - lead, latest + care
        if one["amount"] > sum(asked[one["visit"], carer] for carer in one["carers"]):
            return False
    for number, (duty, can) in enumerate(zip(day.duties, day.can, strict=True)):
        supply, until = 0, max(begin, duty[3])
        for first, last in sorted(blocks[key] for key in asked if asked[key] and key in can):
            supply += max(0, min(last, end, duty[4]) - max(first, until))
            until = max(until, min(last, end, duty[4]))
        if (not where or duty[1] == where["date"]) and not _covers(day, part, number, supply):
            return False
    return True


def _lead(day: PlainDay, key: Key) -> int:
    """Return the least way to a stop from a home or from a stop that may come before it."""
    found = []
    for duty, can in zip(day.duties, day.can, strict=True):
        if key in can:
            legs, (_, latest, _, place) = day.roads(duty[0])[0], day.stops[key]
            before = [day.stops[other] for other in can - {key}]
            found += [legs[row][place] for earliest, _, care, row in before
                      if earliest + care + legs[row][place] <= latest]  # fmt: skip
            found.append(legs[duty[5]][place])
    least = min(found, default=FAR)
    return 0 if least >= FAR else int(least)


def _alone(day: PlainDay, part: Doc) -> bool:
    joint = {frozenset((tie["first"], tie["second"])) for tie in day.scenario.get("couplings", [])
             if tie["kind"] == "together"}  # fmt: skip
    for one in part["visits"]:
        group = {one["visit"]}
        while any(group & pair and not pair <= group for pair in joint):
            group |= {visit for pair in joint if group & pair for visit in pair}
        keys = [key for key in day.stops if key[0] in group]
        spans = [_spans(day, key) for key in keys]
        pairs = [(a, b) for n, a in enumerate(spans) for b in spans[n + 1 :]]
        if one["amount"] > 1 or (all(spans) and all(_meet(a, b) for a, b in pairs)):
            return False
    return True


def _meet(one: list[tuple[str, str, int, int]], other: list[tuple[str, str, int, int]]) -> bool:
    return any(
        a[0] != b[0] and a[1] == b[1] and max(a[2], b[2]) <= min(a[3], b[3])
        for a, b in product(one, other)
    )


def _spans(day: PlainDay, key: Key) -> list[tuple[str, str, int, int]]:
    """Return caregiver, day and starts of every shift in which a stop is possible at all."""
    found = []
    for number, can in enumerate(day.can):
        person, date, _, opens, closes, home, end = day.duties[number]
        if key in can:
            first = _soonest(day, can, person, home, opens)
            last = _last(day, can, person, end, closes)
            if key in first and key in last and first[key] <= last[key]:
                found.append((person["id"], date, first[key], last[key]))
    return found


def _soonest(day: PlainDay, can: set[Key], person: Doc, home: int, opens: int) -> dict[Key, int]:
    legs = day.roads(person)[0]
    begun: dict[Key, int] = {}
    queue: list[tuple[int, int]] = [(opens, home)]
    for ready, row in queue:
        for key in can:
            earliest, latest, care, place = day.stops[key]
            start = max(earliest, ready + int(legs[row][place]))
            if start <= latest and start < begun.get(key, FAR):
                begun[key] = start
                queue.append((start + care, place))
    return begun


def _last(day: PlainDay, can: set[Key], person: Doc, end: int, closes: int) -> dict[Key, int]:
    legs = day.roads(person)[0]
    begun: dict[Key, int] = {}
    queue: list[tuple[int, int]] = [(closes, end)]
    for due, row in queue:
        for key in can:
            earliest, latest, care, place = day.stops[key]
            start = min(latest, due - int(legs[place][row]) - care)
            if start >= earliest and start > begun.get(key, -FAR):
                begun[key] = start
                queue.append((start, place))
    return begun


if __name__ == "__main__":
    scenario, certificate = (json.loads(Path(path).read_text()) for path in sys.argv[1:])
    sys.stdout.write("proven\n" if judge(PlainDay(scenario), certificate) else "not proven\n")
