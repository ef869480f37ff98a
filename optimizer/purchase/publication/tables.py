"""Tables that a purchaser publishes: organisations, pools, rules, and people with gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from optimizer.disclosure import suppress_cells
from optimizer.domain.delivery import Doubt, Outcome
from optimizer.domain.evaluation import Grade
from optimizer.domain.supervision import Supervision
from optimizer.purchase.evaluation import Evaluation, Moved, Observed
from optimizer.purchase.funding import FundingState, PoolUse
from optimizer.purchase.settlement import upheld_rates

REVIEW_FROM = 50
"Rulings from which on a rule of doubt can be put up for review."
REVIEW_BELOW = 20
"Per cent upheld below which it is."
UNKNOWN = "unknown"
"Cell of those of whom it is not told."
_WHOLE = 100


class PeopleTable(StrEnum):
    """Tables of people or of what people have said; small cells are left open in each."""

    SERVED_BY_ORGANISATION = "served_by_organisation"
    SERVED_BY_TOWN = "served_by_town"
    WAITING_BY_CATEGORY = "waiting_by_category"
    WAITING_BY_TOWN = "waiting_by_town"
    COMPLAINTS_BY_ORGANISATION = "complaints_by_organisation"
    COMPLAINTS_BY_KIND = "complaints_by_kind"


@dataclass(frozen=True, slots=True)
class BodyRow:
    """An organisation as it is published.

    Attributes
    ----------
    organisation
        Its id.
    visits
        Visits on the roster; None where the number of its clients is not told.
    score, grade
        Its result.
    share
        Its share of new clients in the next period, in per cent; None without rules.
    """

    organisation: str
    visits: int | None
    score: Fraction | None
    grade: Grade | None
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class RuleRow:
    """How a rule of doubt has done.

    Attributes
    ----------
    doubt
        The rule.
    raised, ruled, upheld
        How often.
    """

    doubt: Doubt
    raised: int
    ruled: int
    upheld: int

    @property
    def is_under_review(self) -> bool:
        """Whether at least 50 cases were ruled on and less than a fifth of them upheld."""
        return self.ruled >= REVIEW_FROM and self.upheld * _WHOLE < REVIEW_BELOW * self.ruled


@dataclass(frozen=True)
class Published:
    """What is published.

    Attributes
    ----------
    bodies, rules, pools
        Organisations, rules of doubt and pools; pools are empty where money has no end.
    people
        Counts of people by table and cell; None where they are too few to be told.
    """

    bodies: tuple[BodyRow, ...]
    rules: tuple[RuleRow, ...]
    pools: tuple[PoolUse, ...]
    people: Mapping[PeopleTable, Mapping[str, int | None]]


def publish(
    observed: Sequence[Observed],
    evaluation: Evaluation,
    supervision: Supervision,
    moved: Iterable[Moved] = (),
) -> Published:
    """Return the tables of a period.

    Tables of the same people are suppressed together: no gap follows from another table or from
    the sum of all.

    Parameters
    ----------
    observed
        Days that were settled, with rulings, no visit twice. Who waits, and the pools, are those
        of the first.
    evaluation, supervision
        Results, and complaints.
    moved
        Shares of the next period.
    """
    shares = {one.organisation: one.after for one in moved}
    people = _people(observed, supervision)
    served = people[PeopleTable.SERVED_BY_ORGANISATION]
    bodies = tuple(
        BodyRow(
            organisation=one.organisation,
            # Whose clients are not told, of that the visits are not told either.
            visits=_visits(observed, one.organisation, served),
            score=one.score,
            grade=one.grade,
            share=shares.get(one.organisation),
        )
        for one in evaluation.results
    )
    rates = [upheld_rates(one.settlement, one.deliveries) for one in observed]
    rules = tuple(
        RuleRow(doubt, *map(sum, zip(*(one[doubt] for one in rates if doubt in one), strict=True)))
        for doubt in Doubt
        if any(doubt in one for one in rates)
    )
    funding = observed[0].admission.funding
    pools = () if funding is None else funding.pools
    return Published(bodies, rules, pools, people)


def _visits(
    observed: Sequence[Observed], body: str, served: Mapping[str, int | None]
) -> int | None:
    """Return the visits on an organisation's roster; None if its clients are too few to be told."""
    if served.get(body, 0) is None:
        return None
    return sum(
        line.planned.organisation == body for one in observed for line in one.settlement.lines
    )


def _people(
    observed: Sequence[Observed], supervision: Supervision
) -> dict[PeopleTable, dict[str, int | None]]:
    admission = observed[0].admission
    towns = {
        client.id: client.town or UNKNOWN
        for one in reversed(observed)
        for client in one.admission.needs.scenario.clients
    }
    lines = [line for one in observed for line in one.settlement.lines]
    served: dict[str, str] = {}
    # Whoever was served by several counts where the first verified visit was.
    for line in sorted(lines, key=lambda line: (line.planned.date, line.planned.start)):
        if line.verified:
            served.setdefault(line.planned.client, line.planned.organisation or UNKNOWN)
    groups: list[dict[PeopleTable, Counter[str]]] = [
        {
            PeopleTable.SERVED_BY_ORGANISATION: Counter(served.values()),
            PeopleTable.SERVED_BY_TOWN: Counter(towns[one] for one in served),
        }
    ]
    if admission.funding is not None:
        waiting = [
            one for one in admission.funding.commitments if one.standing is FundingState.WAITING
        ]
        groups.append(
            {
                PeopleTable.WAITING_BY_CATEGORY: Counter(one.category for one in waiting),
                PeopleTable.WAITING_BY_TOWN: Counter(towns[one.client] for one in waiting),
            }
        )
    upheld = [one for one in supervision.complaints if one.outcome is Outcome.UPHELD]
    groups.append(
        {
            PeopleTable.COMPLAINTS_BY_ORGANISATION: Counter(one.organisation for one in upheld),
            PeopleTable.COMPLAINTS_BY_KIND: Counter(str(one.kind) for one in upheld),
        }
    )
    found: dict[PeopleTable, dict[str, int | None]] = {}
    for group in groups:
        for table, cells in suppress_cells(group).items():
            found[table] = {cell: cells[cell] for cell in sorted(cells)}
    return found
