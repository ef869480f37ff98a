"""One day as a study imagines it, for questions that are asked of a single day."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from optimizer.domain.assumption import Assumptions
from optimizer.domain.study import Study
from optimizer.needs import Book
from optimizer.prepare import Prepared
from optimizer.shortfall.edits import apply, with_visits
from optimizer.shortfall.shocks import arms_of, imagined


@dataclass(frozen=True, slots=True)
class ImaginedDay:
    """A day after the edits and shocks of an arm.

    Attributes
    ----------
    problem
        The day, ready to be planned.
    repairs
        What edits leave dangling, as it was mended: sentences of either language.
    assumptions
        Chances of days like it.
    """

    problem: Prepared = field(repr=False)
    repairs: tuple[str, ...]
    assumptions: Assumptions


def imagined_day(study: Study, base: Prepared, book: Book | None = None) -> ImaginedDay:
    """Return the day that the last arm of a study imagines, with the lots of its seed.

    Parameters
    ----------
    study
        A study whose edits fit the scenario.
    base
        The scenario that is asked about, its visits derived.
    book
        Catalogue and rules by which visits are derived where money changes.
    """
    made = imagined(study, arms_of(study)[-1])
    needs, edits = with_visits(base.given, base.needs, made.edits, book)
    edited = apply(needs.scenario, edits, study.seed)
    problem = Prepared(edited.scenario, replace(needs, scenario=edited.scenario))
    return ImaginedDay(problem, edited.repairs, made.assumptions)
