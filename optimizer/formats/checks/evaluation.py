"""The terms of an evaluation: weights that add up, grades and bands without gaps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from optimizer.domain.evaluation import EvaluationTerms
from optimizer.errors import Fault
from optimizer.formats.checks.repeats import repeated
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import say

WHOLE = 100
"Per cent."


def check_evaluation(terms: EvaluationTerms) -> Iterator[Fault]:
    """Yield what is wrong with the terms by which an office evaluates."""
    place = "evaluation."
    yield from repeated("indicators", (one.indicator for one in terms.indicators), place)
    total = sum(one.weight for one in terms.indicators)
    if total != WHOLE:
        message = say("fault.weights-not-whole", total=total)
        yield finding(f"{place}indicators", FaultCode.WEIGHTS_NOT_WHOLE, message)
    for n, one in enumerate(terms.indicators):
        if one.zero == one.full:
            message = say("fault.ends-equal")
            yield finding(f"{place}indicators[{n}].full", FaultCode.ENDS_EQUAL, message)
    yield from _grades(terms, place)
    yield from _bands(terms, place)


def _grades(terms: EvaluationTerms, place: str) -> Iterator[Fault]:
    yield from repeated("grades", (one.grade for one in terms.grades), place)
    if not terms.grades or terms.grades[-1].at_least != 0:
        message = say("fault.bands-with-gap.grades")
        yield finding(f"{place}grades", FaultCode.BANDS_WITH_GAP, message)
    for n, (better, worse) in enumerate(pairwise(terms.grades), 1):
        if worse.at_least >= better.at_least or worse.share_percent > better.share_percent:
            message = say("fault.bands-with-gap.order")
            yield finding(f"{place}grades[{n}]", FaultCode.BANDS_WITH_GAP, message)


def _bands(terms: EvaluationTerms, place: str) -> Iterator[Fault]:
    """Yield visits that no band or two bands are for, up to the last band, which has no end."""
    next_one = 1
    for n, band in enumerate(terms.face_bands):
        is_last = n == len(terms.face_bands) - 1
        if band.least != next_one or (band.most is None) != is_last:
            message = say("fault.bands-with-gap.visits", least=next_one)
            yield finding(f"{place}face_bands[{n}]", FaultCode.BANDS_WITH_GAP, message)
            return
        if band.most is not None and band.most < band.least:
            message = say("fault.bands-with-gap.visits", least=next_one)
            yield finding(f"{place}face_bands[{n}]", FaultCode.BANDS_WITH_GAP, message)
            return
        next_one = (band.most or 0) + 1
