"""Assessments against their scales: versions, items, scores, grades, and how long they hold."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from optimizer.domain.client import Client
from optimizer.domain.health import Assessment
from optimizer.errors import Fault
from optimizer.formats.checks.view import View
from optimizer.formats.codes import FaultCode
from optimizer.formats.document import path_of
from optimizer.formats.findings import finding
from optimizer.needs.scales import Scale, load_scales

ABILITY = "gbt42195"
_PRINTED = "; some printed forms add up to 91 with 29 in mental state, where the standard has 28"
"The misprint behind most ability assessments whose sum is one too high."


def check_assessments(view: View) -> Iterator[Fault]:
    """An assessment is one that its scheme can have, and one of a scheme holds at a time."""
    for place, client in view.rows("clients", view.scenario.clients):
        if client.health_record is None:
            continue
        whose = f"(client {client.id})"
        for number, assessment in enumerate(client.health_record.assessments):
            here = f"{place}.health_record.assessments[{number}]"
            yield from _versions(here, assessment, whose)
            yield from _items(here, assessment, whose)
            yield from _result(here, assessment, whose)
            yield from _days(here, assessment, client, whose)
        yield from _overlaps(f"{place}.health_record", client.health_record.assessments, whose)


def _versions(here: str, assessment: Assessment, whose: str) -> Iterator[Fault]:
    known = load_scales()[assessment.scheme].versions
    if assessment.version not in known:
        message = f"is no known version of {assessment.scheme}; write {_listed(known)} {whose}."
        yield finding(f"{here}.version", FaultCode.UNKNOWN_VERSION, message)


def _items(here: str, assessment: Assessment, whose: str) -> Iterator[Fault]:
    """Yield items that the scheme does not have, scores too high, and gaps beside a score."""
    scheme, scores = assessment.scheme, assessment.item_scores
    highest = load_scales()[scheme].items
    for item, score in scores.items():
        path = f"{here}.{path_of(('item_scores', item))}"
        if item not in highest:
            close = difflib.get_close_matches(item, highest, n=1)
            remedy = f'did you mean "{close[0]}"' if close else "remove it or correct its name"
            message = f"is no item of {scheme}; {remedy} {whose}{'?' if close else '.'}"
            yield finding(path, FaultCode.UNKNOWN_ITEM, message)
        elif score > highest[item]:
            message = (
                f"is {score}, but {item} has at most {highest[item]} in {scheme}; "
                f"correct the score {whose}."
            )
            yield finding(path, FaultCode.ITEM_TOO_HIGH, message)
    # As many as there should be, but some misspelt: that has been told already.
    if assessment.raw_score is not None and 0 < len(scores) < len(highest):
        missing = [item for item in highest if item not in scores]
        message = (
            f"holds {len(scores)} of the {len(highest)} items of {scheme}, beside a score; "
            f"add the others, such as {missing[0]}, or leave all of them out {whose}."
        )
        yield finding(f"{here}.item_scores", FaultCode.ITEMS_MISSING, message)


def _result(here: str, assessment: Assessment, whose: str) -> Iterator[Fault]:
    """Yield what is wrong with score and grade, each by itself and against the other."""
    scheme, raw = assessment.scheme, assessment.raw_score
    scale = load_scales()[scheme]
    total = _sum_of_all(assessment, scale)
    score = total if raw is None else raw
    path = f"{here}.raw_score"
    if raw is not None and not scale.bands:
        message = f"is a score, but {scheme} has grades only; write raw_grade instead {whose}."
        yield finding(path, FaultCode.SCORE_OUTSIDE_SCALE, message)
        score = None
    elif raw is not None and not scale.worst <= raw <= scale.best:
        hint = _PRINTED if scheme == ABILITY and raw == scale.best + 1 else ""
        message = (
            f"is {raw}, but {scheme} runs from {scale.worst} to {scale.best}; "
            f"correct the score{hint} {whose}."
        )
        yield finding(path, FaultCode.SCORE_OUTSIDE_SCALE, message)
        score = None
    elif raw is not None and total is not None and raw != total:
        hint = _PRINTED if scheme == ABILITY and raw == total + 1 else ""
        message = (
            f"is {raw}, but the items sum to {total}; correct the score or an item{hint} {whose}."
        )
        yield finding(path, FaultCode.SCORE_NOT_THE_SUM, message)
        score = None
    if assessment.raw_grade is not None:
        yield from _grade(here, assessment, scale, score, whose)
    elif raw is None and total is None and len(assessment.item_scores) < max(1, len(scale.items)):
        message = f"has neither a score nor a grade nor all items; add {_wanted(scale)} {whose}."
        yield finding(here, FaultCode.NO_RESULT, message)


def _sum_of_all(assessment: Assessment, scale: Scale) -> int | None:
    """Return the sum of the items; None if they are not all there or one has a fault."""
    scores, highest = assessment.item_scores, scale.items
    if not highest or scores.keys() != highest.keys():
        return None
    if any(score > highest[item] for item, score in scores.items()):
        return None
    return sum(scores.values())


def _grade(
    here: str, assessment: Assessment, scale: Scale, score: int | None, whose: str
) -> Iterator[Fault]:
    scheme, version, grade = assessment.scheme, assessment.version, assessment.raw_grade or ""
    path = f"{here}.raw_grade"
    if version not in scale.versions:
        return
    known = scale.grades.get(version, {})
    tier = known.get(grade)
    if not known:
        message = f"is a grade, but {scheme} has scores only; write raw_score instead {whose}."
        yield finding(path, FaultCode.UNKNOWN_GRADE, message)
    elif tier is None:
        message = f"is no grade of {scheme} {version}; write {_listed(tuple(known))} {whose}."
        yield finding(path, FaultCode.UNKNOWN_GRADE, message)
    elif score is not None:
        due = scale.tier_of_score(version, score)
        # A grade may be worse than its score: the standard raises it for dementia or falls.
        if due is not None and tier < due:
            fitting = [name for name, stands_for in known.items() if stands_for == due]
            message = (
                f'is "{grade}", but a score of {score} stands for {_listed(fitting)} or worse; '
                f"correct one of the two {whose}."
            )
            yield finding(path, FaultCode.GRADE_AGAINST_SCORE, message)


def _days(here: str, assessment: Assessment, client: Client, whose: str) -> Iterator[Fault]:
    record, until = client.health_record, assessment.valid_until
    if record is not None and assessment.assessed_on > record.recorded_on:
        message = f"lies after recorded_on of the record; correct one of the two dates {whose}."
        yield finding(f"{here}.assessed_on", FaultCode.LATER_THAN_RECORD, message)
    if until is not None and until < assessment.assessed_on:
        message = f"is {until}, before assessed_on; correct one of the two dates {whose}."
        yield finding(f"{here}.valid_until", FaultCode.PERIOD_REVERSED, message)


def _overlaps(record: str, assessments: Sequence[Assessment], whose: str) -> Iterator[Fault]:
    """Yield assessments that begin while one of the same scheme is said to hold still.

    One without a last day ends when the next one begins.
    """
    by_scheme: dict[str, list[tuple[int, Assessment]]] = {}
    for row in enumerate(assessments):
        by_scheme.setdefault(row[1].scheme, []).append(row)
    for rows in by_scheme.values():
        rows.sort(key=lambda row: row[1].assessed_on)
        holder, end = rows[0][0], rows[0][1].valid_until or rows[0][1].assessed_on
        for number, assessment in rows[1:]:
            begins = assessment.assessed_on
            if begins <= end:
                message = (
                    f"is {begins}, when assessments[{holder}] of the same scheme still holds; "
                    f"end that one a day before, or remove one of the two {whose}."
                )
                path = f"{record}.assessments[{number}].assessed_on"
                yield finding(path, FaultCode.ASSESSMENTS_OVERLAP, message)
            last = assessment.valid_until or begins
            if last >= end:
                holder, end = number, last


def _wanted(scale: Scale) -> str:
    if not scale.grades:
        return "raw_score"
    return "raw_score or raw_grade" if scale.bands else "raw_grade"


def _listed(names: Sequence[str]) -> str:
    """Return names in quotes, as a choice."""
    quoted = [f'"{name}"' for name in names]
    return " or ".join([*([", ".join(quoted[:-1])] if quoted[1:] else []), *quoted[-1:]])
