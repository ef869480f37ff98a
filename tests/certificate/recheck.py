"""Judge certificates by their flat tables alone: ``python -m tests.certificate.recheck FILE``."""

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from tests.certificate.recheck_alone import are_alone
from tests.certificate.recheck_weeks import give_no_more


def judge(claim: dict[str, Any]) -> bool:
    """Return whether the tables prove that as many visits stay unserved as is claimed."""
    named = [visit for table in claim["tables"] for visit in table["asked"]]
    is_sum = claim["least_unserved"] <= sum(one["least_unserved"] for one in claim["tables"])
    return is_sum and len(set(named)) == len(named) and all(map(_proves, claim["tables"]))


def _proves(table: dict[str, Any]) -> bool:
    asked, form = table["asked"], table["form"]
    given = sum(max(0, one["gives"]) for one in table["people" if form == "weeks" else "shifts"])
    parts = {(one["visit"], one["carer"]): one["asks"] for one in table["stops"]}
    most = sorted(asked.values(), reverse=True)[: table["least_unserved"] - 1]
    is_sum = all(asked[one] == parts.get((one, 1), 0) + parts.get((one, 2), 0) for one in asked)
    is_sum &= min(parts.values()) >= 0 and sum(most) + given < sum(asked.values())
    if form in {"alone", "weeks"}:
        return is_sum and (are_alone if form == "alone" else give_no_more)(table)
    return is_sum and not any(_exceeds(table, shift) for shift in table["shifts"])


def _exceeds(table: dict[str, Any], shift: dict[str, Any]) -> bool:
    stops, ways = table["stops"], [*table["ways"][shift["means"]], shift["there"]]

    @cache  # Which stops can follow: when each is done, and what it asks for.
    def onward(last: int, ready: int) -> list[tuple[int, int, int]]:
        found = []
        for n in shift["makes"]:
            start = max(stops[n]["earliest"], ready + ways[last][n])
            back = start + stops[n]["care"] + shift["back"][n]
            if n != last and start <= stops[n]["latest"] and back <= shift["closes"]:
                found.append((n, start + stops[n]["care"], stops[n]["asks"]))
        return found

    @cache  # How much can follow at most, if a stop could be made again after another one.
    def after(last: int, ready: int) -> int:
        return max((asks + after(n, done) for n, done, asks in onward(last, ready)), default=0)

    def exceeds(most: int, last: int, ready: int, made: frozenset[int]) -> bool:
        return most < 0 or any(
            asks + after(n, done) > most and exceeds(most - asks, n, done, made | {n})
            for n, done, asks in onward(last, ready)
            if n not in made
        )

    return exceeds(shift["gives"], -1, shift["opens"], frozenset())


if __name__ == "__main__":
    sys.stdout.write(f"{judge(json.loads(Path(sys.argv[1]).read_text()))}\n")
