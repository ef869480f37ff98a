"""What counts for and against an organisation: a row for each visit, answer, complaint, check."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from optimizer.domain.cascade import Loss
from optimizer.domain.contract import Contract
from optimizer.domain.delivery import Deliveries, Delivery, Doubt, Method, Occurrence, Outcome
from optimizer.domain.evaluation import EvaluationTerms, Indicator
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.policy import Priority
from optimizer.domain.supervision import CheckBy, Supervision
from optimizer.domain.tariff import FREE, tariff_of
from optimizer.matching import skill_reasons
from optimizer.purchase.admission import Admission
from optimizer.purchase.evaluation.intervals import median
from optimizer.purchase.evaluation.working_days import due_on
from optimizer.purchase.settlement import Line, Settlement

_EXCUSED = frozenset({Loss.CLIENT_CANCELLED, Loss.CLIENT_AWAY, Loss.HOSPITAL})


@dataclass(frozen=True, slots=True)
class Observed:
    """Some days that were planned and settled.

    Attributes
    ----------
    admission
        The scenario that was planned.
    deliveries, settlement
        What took place, and what is paid for it.
    """

    admission: Admission
    deliveries: Deliveries
    settlement: Settlement


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of a figure: what it adds above and below the line.

    Attributes
    ----------
    subject
        What it is about: a visit and carer, a client, a complaint, a third party.
    visit, day
        Visit and day; None where it is about none.
    part, of
        What it adds to the upper and to the lower sum.
    """

    subject: str
    visit: str | None
    day: dt.date | None
    part: Fraction
    of: Fraction


Facts = Mapping[str, Mapping[Indicator, Sequence[Fact]]]
"By organisation and indicator."

_Row = tuple[str, Indicator, Fact]


def facts_of(
    observed: Sequence[Observed], supervision: Supervision, terms: EvaluationTerms
) -> Facts:
    """Return all rows of all figures, in an order that no file's order changes.

    Parameters
    ----------
    observed
        Days that were settled.
    supervision
        What was heard and found of organisations.
    terms
        What counts as punctual, and by what caregivers of clients are compared.
    """
    made: dict[str, dict[Indicator, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    rows: list[_Row] = [row for one in observed for row in _of_lines(one, terms)]
    rows += _faces(observed, terms)
    rows += _heard(observed, supervision, terms)
    for organisation, indicator, fact in rows:
        made[organisation][indicator].append(fact)
    return {
        organisation: {
            indicator: sorted(
                facts, key=lambda one: (one.day or dt.date.min, one.subject, one.part)
            )
            for indicator, facts in of.items()
        }
        for organisation, of in made.items()
    }


def _in_order(fact: Fact) -> tuple[dt.date, str, Fraction]:
    return fact.day or dt.date.min, fact.subject, fact.part


def is_due(line: Line) -> bool:
    """Return whether a visit counts: what the client called off or could not take does not."""
    return not _EXCUSED.intersection(line.lost)


def _of_lines(observed: Observed, terms: EvaluationTerms) -> Iterator[_Row]:
    index = ScenarioIndex.of(observed.admission.needs.scenario)
    explained = {
        (one.visit, one.carer)
        for one in observed.deliveries.rulings
        if one.doubt is Doubt.NOT_QUALIFIED and one.outcome is Outcome.EXPLAINED
    }
    contracts = {one.id: one for one in index.scenario.contracts}
    for line in observed.settlement.lines:
        organisation = line.planned.organisation
        if organisation is not None:
            is_explained = (line.planned.visit, line.planned.carer) in explained
            for indicator, part, of in (
                *_due(index, line),
                *_done(index, line, terms, is_explained=is_explained),
                *_paid(index, line, contracts),
            ):
                planned = line.planned
                yield (
                    organisation,
                    indicator,
                    Fact(f"{planned.visit}/{planned.carer}", planned.visit, planned.date,
                         Fraction(part), Fraction(of)),
                )  # fmt: skip


_Part = tuple[Indicator, Fraction | int, Fraction | int]


def _due(index: ScenarioIndex, line: Line) -> Iterator[_Part]:
    if not is_due(line):
        return
    planned = line.planned
    yield Indicator.COMPLETION, int(line.verified > 0), 1
    yield Indicator.MINUTES, min(_actual(line.given), planned.care), planned.care
    if index.visit[planned.visit].priority is Priority.CRITICAL:
        missed = line.occurrence in {None, Occurrence.CARER_MISSED}
        yield Indicator.MISSED_CRITICAL, int(missed), 1


def _actual(given: Delivery | None) -> int:
    if given is None or given.occurrence is not Occurrence.DONE:
        return 0
    return max(0, (given.end or 0) - (given.start or 0))


def _done(
    index: ScenarioIndex, line: Line, terms: EvaluationTerms, *, is_explained: bool
) -> Iterator[_Part]:
    given, planned = line.given, line.planned
    if given is None or given.occurrence is not Occurrence.DONE:
        return
    visit = index.visit[planned.visit]
    start, is_same_day = given.start or 0, given.date == planned.date
    if visit.priority is Priority.CRITICAL:
        on_time = visit.window.earliest <= start <= visit.window.latest
    else:
        on_time = abs(start - planned.start) <= terms.on_time
    yield Indicator.PUNCTUAL, int(on_time and is_same_day), 1
    person = index.caregiver.get(given.caregiver or "")
    asked = visit.carers[planned.carer - 1].qualifications
    is_able = person is not None and not any(skill_reasons(asked, person, given.date))
    yield Indicator.QUALIFIED, int(is_able or is_explained), 1
    yield Indicator.ELECTRONIC, int(given.method is Method.ELECTRONIC), 1
    yield Indicator.CHANGES, int(given.caregiver != planned.caregiver or not is_same_day), 1


def _paid(index: ScenarioIndex, line: Line, contracts: Mapping[str, Contract]) -> Iterator[_Part]:
    planned = line.planned
    contract = contracts.get(planned.contract or "")
    if contract is None or not (line.verified or line.absence_fen):
        return
    client, visit = index.client[planned.client], index.visit[planned.visit]
    price = tariff_of(contract, client, visit, planned.carer, planned.date)
    if price != FREE:
        at_price = price.exactly(line.verified) if line.verified else Fraction(0)
        yield Indicator.PRICE, line.fen + line.absence_fen, at_price


_Seen = dict[tuple[str, str, int], list[str]]


def _faces(observed: Sequence[Observed], terms: EvaluationTerms) -> Iterator[_Row]:
    """Yield for each client how many caregivers came, against the median of the district.

    Compared are clients with about as many visits in as many days.
    """
    first = min((one.admission.needs.scenario.horizon.start for one in observed), default=None)
    if first is None:
        return
    came: _Seen = defaultdict(list)
    for one in observed:
        for line in one.settlement.lines:
            given, organisation = line.given, line.planned.organisation
            if given is None or given.caregiver is None or organisation is None:
                continue
            if given.occurrence is Occurrence.DONE:
                window = (line.planned.date - first).days // terms.face_days
                came[organisation, line.planned.client, window].append(given.caregiver)
    bands: dict[int, list[Fraction]] = defaultdict(list)
    for people in came.values():
        bands[_band(len(people), terms)].append(Fraction(len(set(people))))
    middle = {band: median(values) for band, values in bands.items()}
    for (organisation, client, window), people in came.items():
        band = _band(len(people), terms)
        if band >= 0:
            day = first + dt.timedelta(days=window * terms.face_days)
            part = len(set(people)) / middle[band]
            yield organisation, Indicator.FACES, Fact(client, None, day, part, Fraction(1))


def _band(visits: int, terms: EvaluationTerms) -> int:
    for number, band in enumerate(terms.face_bands):
        if band.least <= visits and (band.most is None or visits <= band.most):
            return number
    return -1


def _heard(
    observed: Sequence[Observed], supervision: Supervision, terms: EvaluationTerms
) -> Iterator[_Row]:
    """Yield surveys, complaints and spot checks; the latter only as far as they were drawn."""
    of_visit = {
        (line.planned.visit, line.planned.carer): line
        for one in observed
        for line in one.settlement.lines
    }
    due: dict[str, int] = defaultdict(int)
    for line in of_visit.values():
        if line.planned.organisation is not None and is_due(line):
            due[line.planned.organisation] += 1
    nothing, one_more = Fraction(0), Fraction(1)
    for survey in supervision.surveys:
        fact = Fact(survey.by, None, None, Fraction(survey.content), Fraction(survey.answered))
        yield survey.organisation, Indicator.SATISFACTION, fact
    for organisation, visits in due.items():
        fact = Fact("", None, None, nothing, Fraction(visits))
        yield organisation, Indicator.COMPLAINTS, fact
    dates = [day for one in observed for day in one.admission.needs.scenario.horizon.dates()]
    visits_seen = {visit for visit, _ in of_visit}
    for complaint in supervision.complaints:
        within = bool(dates) and min(dates) <= complaint.received <= max(dates)
        if not within and complaint.visit not in visits_seen:
            continue
        day, latest = complaint.received, due_on(complaint, terms)
        if complaint.outcome is Outcome.UPHELD:
            fact = Fact(complaint.id, complaint.visit, day, one_more, nothing)
            yield complaint.organisation, Indicator.COMPLAINTS, fact
        if complaint.closed is not None or latest <= max(dates):
            in_time = complaint.closed is not None and complaint.closed <= latest
            fact = Fact(complaint.id, complaint.visit, day, Fraction(int(in_time)), one_more)
            yield complaint.organisation, Indicator.CLOSED_IN_TIME, fact
    for check in supervision.checks:
        checked = of_visit.get((check.visit, check.carer))
        if check.by is CheckBy.LOT and checked is not None:
            subject = f"{check.visit}/{check.carer}"
            fact = Fact(subject, check.visit, check.date, Fraction(int(check.passed)), one_more)
            yield checked.planned.organisation or "", Indicator.SPOT_CHECKS, fact
