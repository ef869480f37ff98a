"""Redo the rotation of an allocation's log without a line of the optimizer.

Usage: ``python benchmarks/recount_allocation.py LOG.json [LOG OF THE PERIOD BEFORE]``. Needs
Python alone. Reads the published draw, the shares and who could take whom; says of each line
whose turn it was, and ends with exit code 1 where the log says otherwise.
"""

from __future__ import annotations

import hashlib
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

Queue = tuple[Any, Any]


def disagreements(log: dict[str, Any], before: dict[str, Any] | None = None) -> list[str]:
    """Return where a log differs from what the rules give."""
    found: list[str] = []
    deficit: dict[tuple[Queue, str], int] = {}
    last: dict[Queue, str] = {}
    for one in (before or {}).get("accounts", []):
        deficit[_queue(one), one["organisation"]] = one.get("deficit", 0)
        if one.get("last"):
            last[_queue(one)] = one["organisation"]
    for line in log["lines"]:
        given, queue = line.get("organisation"), _queue(line)
        asked = line.get("offers", [])
        pending = [one["organisation"] for one in asked if one["outcome"] == "open"]
        said = [*line.get("declined", []), *([given] if given else pending)]
        if line.get("step") != "rotation":
            took = said if log["counts"] == "all" else []
        else:
            turns = _turns(log, line, deficit, last.get(queue))
            took = turns[: len(said)]
            if took != said:
                found.append(f"line {line['number']}: {line['client']}: {said}, not {took}")
            last[queue] = [last.get(queue, ""), *took][-1]
        for one in took:
            deficit[queue, one] = deficit.get((queue, one), 0) - line["care"]
    for one in log["accounts"]:
        owed = deficit.get((_queue(one), one["organisation"]), 0)
        if owed != one.get("deficit", 0):
            found.append(f"account of {one['organisation']}: {one.get('deficit', 0)}, not {owed}")
    return found


def _turns(
    log: dict[str, Any], line: dict[str, Any], deficit: dict[tuple[Queue, str], int], last: Any
) -> list[str]:
    """Credit who could take a package, and return them by turn."""
    queue, care = _queue(line), line["care"]
    shares = {s["organisation"]: s["millionths"] for s in log["shares"] if _queue(s) == queue}
    drawn = sorted(shares, key=lambda one: _digest(log, queue, one))
    free = {t["organisation"] for t in line["tested"] if "finding" not in t}
    able = [one for one in drawn if one in free]
    total = sum(shares[one] for one in able)
    exact = {one: Fraction(care * shares[one], total) for one in able}
    whole = {one: int(exact[one]) for one in able}
    for one in sorted(able, key=lambda one: whole[one] - exact[one])[: care - sum(whole.values())]:
        whole[one] += 1
    for one in able:
        deficit[queue, one] = deficit.get((queue, one), 0) + whole[one]
    if log["mode"] == "round":
        begin = drawn.index(last) + 1 if last in drawn else 0
        return [one for one in drawn[begin:] + drawn[:begin] if one in able]
    return sorted(able, key=lambda one: -deficit[queue, one])


def _queue(record: dict[str, Any]) -> Queue:
    return record.get("lot"), record.get("town")


def _digest(log: dict[str, Any], queue: Queue, one: str) -> tuple[str, str]:
    # Over a contract term the order of organisations stays.
    drawn = log.get("term", log)
    text = "|".join((drawn["draw"], str(queue[0]), queue[1] or "", drawn["period"], one))
    return hashlib.sha256(text.encode()).hexdigest(), one


if __name__ == "__main__":
    documents = [json.loads(Path(path).read_text(encoding="utf-8")) for path in sys.argv[1:3]]
    wrong = disagreements(*documents)
    print("\n".join(wrong) or f"{len(documents[0]['lines'])} lines agree")
    sys.exit(bool(wrong))
