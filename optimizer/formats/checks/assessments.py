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
from optimizer.i18n import Sentence, either, say
from optimizer.needs.scales import Scale, load_scales

ABILITY = "gbt42195"


def check_assessments(view: View) -> Iterator[Fault]:
    """An assessment is one that its scheme can have, and one of a scheme holds at a time."""
    for place, client in view.rows("clients", view.scenario.clients):
        if client.health_record is None:
            continue
        whose = say("fault.whose", client=client.id)
        for number, assessment in enumerate(client.health_record.assessments):
            here = f"{place}.health_record.assessments[{number}]"
            yield from _versions(here, assessment, whose)
            yield from _items(here, assessment, whose)
            yield from _result(here, assessment, whose)
            yield from _days(here, assessment, client, whose)
        yield from _overlaps(f"{place}.health_record", client.health_record.assessments, whose)


def _versions(here: str, assessment: Assessment, whose: Sentence) -> Iterator[Fault]:
    known = load_scales()[assessment.scheme].versions
    if assessment.version not in known:
        message = say(
            "fault.unknown-version", scheme=assessment.scheme, known=either(known), whose=whose
        )
        yield finding(f"{here}.version", FaultCode.UNKNOWN_VERSION, message)


def _items(here: str, assessment: Assessment, whose: Sentence) -> Iterator[Fault]:
    """Yield items that the scheme does not have, scores too high, and gaps beside a score."""
    scheme, scores = assessment.scheme, assessment.item_scores
    highest = load_scales()[scheme].items
    for item, score in scores.items():
        path = f"{here}.{path_of(('item_scores', item))}"
        if item not in highest:
            close = difflib.get_close_matches(item, highest, n=1)
            message = say("fault.unknown-item", scheme=scheme, whose=whose)
            if close:
                message = say("fault.unknown-item.near", scheme=scheme, near=close[0], whose=whose)
            yield finding(path, FaultCode.UNKNOWN_ITEM, message)
        elif score > highest[item]:
            message = say(
                "fault.item-too-high",
                score=score,
                item=item,
                highest=highest[item],
                scheme=scheme,
                whose=whose,
            )
            yield finding(path, FaultCode.ITEM_TOO_HIGH, message)
    # As many as there should be, but some misspelt: that has been told already.
    if assessment.raw_score is not None and 0 < len(scores) < len(highest):
        missing = [item for item in highest if item not in scores]
        message = say(
            "fault.items-missing",
            count=len(scores),
            all=len(highest),
            scheme=scheme,
            example=missing[0],
            whose=whose,
        )
        yield finding(f"{here}.item_scores", FaultCode.ITEMS_MISSING, message)


def _result(here: str, assessment: Assessment, whose: Sentence) -> Iterator[Fault]:
    """Yield what is wrong with score and grade, each by itself and against the other."""
    scheme, raw = assessment.scheme, assessment.raw_score
    scale = load_scales()[scheme]
    total = _sum_of_all(assessment, scale)
    score = total if raw is None else raw
    path = f"{here}.raw_score"
    if raw is not None and not scale.bands:
        message = say("fault.score-outside-scale.grades-only", scheme=scheme, whose=whose)
        yield finding(path, FaultCode.SCORE_OUTSIDE_SCALE, message)
        score = None
    elif raw is not None and not scale.worst <= raw <= scale.best:
        hint = say("fault.printed") if scheme == ABILITY and raw == scale.best + 1 else ""
        message = say(
            "fault.score-outside-scale",
            raw=raw,
            scheme=scheme,
            worst=scale.worst,
            best=scale.best,
            hint=hint,
            whose=whose,
        )
        yield finding(path, FaultCode.SCORE_OUTSIDE_SCALE, message)
        score = None
    elif raw is not None and total is not None and raw != total:
        hint = say("fault.printed") if scheme == ABILITY and raw == total + 1 else ""
        message = say("fault.score-not-the-sum", raw=raw, total=total, hint=hint, whose=whose)
        yield finding(path, FaultCode.SCORE_NOT_THE_SUM, message)
        score = None
    if assessment.raw_grade is not None:
        yield from _grade(here, assessment, scale, score, whose)
    elif raw is None and total is None and len(assessment.item_scores) < max(1, len(scale.items)):
        message = say("fault.no-result", wanted=_wanted(scale), whose=whose)
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
    here: str, assessment: Assessment, scale: Scale, score: int | None, whose: Sentence
) -> Iterator[Fault]:
    scheme, version, grade = assessment.scheme, assessment.version, assessment.raw_grade or ""
    path = f"{here}.raw_grade"
    if version not in scale.versions:
        return
    known = scale.grades.get(version, {})
    tier = known.get(grade)
    if not known:
        message = say("fault.unknown-grade.scores-only", scheme=scheme, whose=whose)
        yield finding(path, FaultCode.UNKNOWN_GRADE, message)
    elif tier is None:
        message = say(
            "fault.unknown-grade",
            scheme=scheme,
            version=version,
            known=either(tuple(known)),
            whose=whose,
        )
        yield finding(path, FaultCode.UNKNOWN_GRADE, message)
    elif score is not None:
        due = scale.tier_of_score(version, score)
        # A grade may be worse than its score: the standard raises it for dementia or falls.
        if due is not None and tier < due:
            fitting = [name for name, stands_for in known.items() if stands_for == due]
            message = say(
                "fault.grade-against-score",
                grade=grade,
                score=score,
                fitting=either(fitting),
                whose=whose,
            )
            yield finding(path, FaultCode.GRADE_AGAINST_SCORE, message)


def _days(here: str, assessment: Assessment, client: Client, whose: Sentence) -> Iterator[Fault]:
    record, until = client.health_record, assessment.valid_until
    if record is not None and assessment.assessed_on > record.recorded_on:
        message = say("fault.later-than-record", whose=whose)
        yield finding(f"{here}.assessed_on", FaultCode.LATER_THAN_RECORD, message)
    if until is not None and until < assessment.assessed_on:
        message = say("fault.period-reversed.assessment", until=until, whose=whose)
        yield finding(f"{here}.valid_until", FaultCode.PERIOD_REVERSED, message)


def _overlaps(record: str, assessments: Sequence[Assessment], whose: Sentence) -> Iterator[Fault]:
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
                message = say(
                    "fault.assessments-overlap", begins=begins, holder=holder, whose=whose
                )
                path = f"{record}.assessments[{number}].assessed_on"
                yield finding(path, FaultCode.ASSESSMENTS_OVERLAP, message)
            last = assessment.valid_until or begins
            if last >= end:
                holder, end = number, last


def _wanted(scale: Scale) -> Sentence:
    if not scale.grades:
        return say("list.one", item="raw_score")
    if scale.bands:
        return say("list.or_last", some=("raw_score",), last="raw_grade")
    return say("list.one", item="raw_grade")
