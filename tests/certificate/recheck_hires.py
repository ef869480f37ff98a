"""Judge tables about hires by themselves: ``python -m tests.certificate.recheck_hires FILE``."""

import json
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any


def judge(claim: dict[str, Any]) -> bool:
    """Return whether each table, and some of them together, prove what they say of hires."""
    proven = bool(claim["tables"]) and all(map(_proves, claim["tables"]))
    return proven and all(_of_each_team(claim, one) for one in claim.get("claims", ()))


def _of_each_team(claim: dict[str, Any], one: dict[str, Any]) -> bool:
    tables, gives, left, least = [claim["tables"][n] for n in one["parts"]], [], [], []
    for table in tables:
        gives.append(Counter[str]())
        for shift in table["kinds"]:
            gives[-1][shift["caregiver"]] += shift["gives"]
        given = sum(shift["gives"] for shift in table["staff"])
        left.append(sum(stop["asks"] for stop in table["stops"]) - given)
        least.append((one["least_unserved"] - 1) * table["scale"])

    def holds(left: list[int], kinds: list[str], more: int) -> bool:
        most = [max(own[kind] for kind in kinds) for own in gives]
        if any(all_ - more * each > few for all_, each, few in zip(left, most, least, strict=True)):
            return True
        teams = (([x - own[k] for x, own in zip(left, gives, strict=True)], n)
                 for n, k in enumerate(kinds) if more)  # fmt: skip
        return more > 0 and all(holds(after, kinds[n:], more - 1) for after, n in teams)

    return holds(left, [kind["id"] for kind in claim["kinds"]], one["hires"])


def _proves(table: dict[str, Any]) -> bool:
    stops, shifts = table["stops"], [*table["staff"], *table["kinds"]]
    weight, of_kind = Counter[str](), Counter[str]()
    for stop in stops:
        weight[stop["visit"]] += stop["asks"]
    for shift in table["kinds"]:
        of_kind[shift["caregiver"]] += shift["gives"]
    given = sum(one["gives"] for one in table["staff"])
    given += table["hires"] * max(of_kind.values(), default=0)
    is_sum = weight.total() - given > (table["least_unserved"] - 1) * table["scale"]
    is_sum &= max(weight.values()) <= table["scale"] and table["hires"] >= 0
    is_sum &= len({(one["visit"], one["carer"]) for one in stops}) == len(stops)
    is_sum &= min(0, *(one["asks"] for one in stops), *(one["gives"] for one in shifts)) == 0
    return is_sum and not any(_exceeds(table, shift) for shift in shifts)


def _exceeds(table: dict[str, Any], shift: dict[str, Any]) -> bool:
    stops, ways = table["stops"], [*table["ways"][shift["means"]], shift["there"]]
    begin, until, length = shift.get("pause") or (0, 0, 0)

    @cache  # Which stops can follow, when each is done, and whether the break is over then.
    def onward(last: int, ready: int, rested: bool) -> list[tuple[int, int, bool]]:
        found = []
        for n in shift["makes"]:
            over = begin + min(ways[last][n], shift["from_others"][n])
            late = max(ready + ways[last][n], over) + length
            for there, after in [(ready + ways[last][n], rested), (late, True)][: 2 - rested]:
                start = max(stops[n]["earliest"], there)
                done = start + stops[n]["care"]
                fits = start <= stops[n]["latest"] and done + shift["back"][n] <= shift["closes"]
                if n != last and fits and (after or done <= until):
                    found.append((n, done, after))
        return found

    @cache  # How much can follow at most, if a stop could be made again after another one.
    def more(*at: Any) -> int:
        return max((stops[n]["asks"] + more(n, *then) for n, *then in onward(*at)), default=0)

    def longer(made: frozenset[int], last: int, rested: bool, ready: int) -> Any:
        left = shift["gives"] - sum(stops[m]["asks"] for m in made)
        for n, done, after in onward(last, ready, rested):
            once = all(stops[m]["visit"] != stops[n]["visit"] for m in made)
            if once and stops[n]["asks"] + more(n, done, after) > left:
                yield (made | {n}, n, after), done

    routes = {(frozenset[int](), -1, not length): shift["opens"]}
    while routes:  # Of the same stops, last one and break, the earliest route is enough.
        found = [route for (key, ready) in routes.items() for route in longer(*key, ready)]
        if any(sum(stops[m]["asks"] for m in made) > shift["gives"] for (made, *_), _ in found):
            return True
        routes = dict(sorted(found, key=lambda one: -one[1]))
    return False


if __name__ == "__main__":
    sys.stdout.write(f"{judge(json.loads(Path(sys.argv[1]).read_text()))}\n")
