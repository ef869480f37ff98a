"""What the shipped studies came to, as it is recorded, and the paragraphs that tell of it.

``python -m benchmarks.shipped_studies COMMIT OUTCOME...`` records outcomes (``outcome.json`` of the
folders of studies, or what ``homecare simulate --json`` answers). Without arguments it prints the
paragraphs, as `docs/shortfall.md` and `docs/shortfall.zh-CN.md` hold them: no number is typed.
"""

from __future__ import annotations

import json
import math
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from optimizer.domain.study import Study, Years
from optimizer.formats import read_study
from optimizer.report.study_text import whole
from optimizer.shortfall import ArmOutcome, Outcome
from optimizer.shortfall.uncertainty import values_of

Lang = Literal["en", "zh"]

RESULTS = Path(__file__).parent / "results" / "shipped-studies.json"
"What was recorded: per study its means and ranges, rounded as in the outcome."
STUDIES = Path(__file__).parents[1] / "scenarios" / "studies"
TEXTS = STUDIES / "read-aloud.toml"
"The words, with a place for each number."

_PLACE = re.compile(r"\{([^{}]+)\}")


def recorded(outcome: Outcome, commit: str) -> dict[str, Any]:
    """Return what is kept of an outcome: enough for every number that is said of it."""
    return {
        "commit": commit,
        "scenario_sha256": outcome.scenario_sha256,
        "ended": outcome.ended.value,
        "replications": outcome.replications,
        "half_width": outcome.half_width,
        "arms": [_arm(arm) for arm in outcome.arms],
    }


def _arm(arm: ArmOutcome) -> dict[str, Any]:
    against = arm.against_base
    return {
        "arm": arm.arm,
        "year": arm.year,
        "caregivers": arm.caregivers,
        "visits": arm.visits,
        "unserved": arm.unserved.mean,
        "low": arm.unserved.low,
        "high": arm.unserved.high,
        "p10": arm.unserved.p10,
        "p90": arm.unserved.p90,
        "critical": arm.critical.mean,
        "clients": arm.clients.mean,
        "undelivered": 100 * arm.gaps.undelivered,
        "proven": arm.proven,
        "more": None if against is None else against.mean,
        "more_low": None if against is None else against.low,
        "more_high": None if against is None else against.high,
    }


def paragraphs(lang: Lang) -> Iterator[tuple[str, str]]:
    """Yield the paragraph of each shipped study with its name, all numbers from what is recorded.

    Raises
    ------
    KeyError
        If a place names what is not recorded.
    """
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    for name, words in templates().items():
        study = read_study(STUDIES / f"{name}.json")
        numbers = _Numbers(lang, study, results[name])
        yield name, _PLACE.sub(lambda match, of=numbers: of[match[1]], words[lang])  # type: ignore[misc]


def templates() -> Mapping[str, Mapping[str, str]]:
    """Return the words of each study in both languages."""
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


class _Numbers:
    """Every number that may be said of a study, in words of one language.

    ``arm.figure`` or ``arm@last.figure`` is of an arm (of the first, or the last year), ``days``
    and ``until`` are of the study, anything else is an assumption or a parameter of a shock.
    """

    def __init__(self, lang: Lang, study: Study, record: Mapping[str, Any]) -> None:
        self._lang = lang
        self._study = study
        self._record = record

    def __getitem__(self, place: str) -> str:
        if place == "days":
            return f"{self._record['replications']:,}"
        if place == "until" and isinstance(self._study.horizon, Years):
            return str(self._study.horizon.until)
        if place.startswith("assumed "):
            (value,) = values_of(self._study, place.removeprefix("assumed "))
            return f"{value:g}"
        if place.startswith("sum "):
            return f"{sum(values_of(self._study, one)[0] for one in place.split()[1:]):g}"
        arm, _, figure = place.rpartition(".")
        value = self._of(arm)[figure]
        if figure in {"low", "more_low", "proven"}:
            return f"{max(0, math.floor(value + 1e-9)):,}"
        if figure in {"high", "more_high"}:
            return f"{math.ceil(value):,}"
        if figure in {"p10", "p90"}:
            return f"{math.floor(value + 0.5):,}"
        return whole(self._lang, value)

    def _of(self, name: str) -> Mapping[str, Any]:
        name, _, which = name.partition("@")
        arms = [one for one in self._record["arms"] if one["arm"] == name]
        found: Mapping[str, Any] = arms[-1] if which == "last" else arms[0]
        return found


def section(lang: Lang) -> str:
    """Return all paragraphs as a part of a page."""
    told = [f"**`{name}`.** {words}" for name, words in paragraphs(lang)]
    return "\n\n".join(told)


def main() -> None:
    """Record outcomes, or print the paragraphs."""
    if len(sys.argv) == 1:
        for lang in ("en", "zh"):
            sys.stdout.write(section(lang) + "\n\n")
        return
    commit, *paths = sys.argv[1:]
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for path in paths:
        outcome = Outcome.model_validate_json(Path(path).read_bytes())
        kept[outcome.study.id] = recorded(outcome, commit)
    text = json.dumps(kept, indent=1, sort_keys=True)
    RESULTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
