"""From a scenario to a problem ready to be solved, verified or explained: work done once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats import scenario_warnings
from optimizer.formats.registry import Origin
from optimizer.labour import under_labour_rules
from optimizer.needs import Book, Needs, derive, for_engine
from optimizer.travel import TravelMatrices, check_travel, travel_matrices


@dataclass(frozen=True)
class Prepared:
    """A scenario without faults and all that follows from it, each worked out at most once.

    Attributes
    ----------
    given
        The scenario as it was read, health records included.
    needs
        What its health records and care plans ask for.
    origin
        The same problem as the foreign format says it from which it was read, if it was.
    read_warnings
        What the reader of a file passed over.
    """

    given: Scenario = field(repr=False)
    needs: Needs = field(repr=False)
    origin: Origin | None = field(default=None, repr=False)
    read_warnings: tuple[Fault, ...] = ()

    @property
    def scenario(self) -> Scenario:
        """The scenario with its visits, without health records and care plans."""
        return self.needs.scenario

    @cached_property
    def for_engine(self) -> Scenario:
        """What the engine may know: who needs which care when, and never why."""
        return for_engine(self.scenario)

    @cached_property
    def matrices(self) -> TravelMatrices:
        """Travel between all places of the scenario.

        Raises
        ------
        InputError
            If explicit matrices do not fit the scenario's places and modes.
        """
        return travel_matrices(self.scenario)

    def with_scenario(self, scenario: Scenario) -> Prepared:
        """Return the same problem with another scenario, of which nothing is derived any more."""
        return replace(self, given=scenario, needs=replace(self.needs, scenario=scenario))

    @cached_property
    def warnings(self) -> tuple[Fault, ...]:
        """What the reader passed over, and what is suspicious in the scenario and its travel.

        Of a foreign problem its reader alone says what is suspicious.
        """
        if self.origin is not None:
            return self.read_warnings
        found = scenario_warnings(self.given, self.scenario, book=self.needs.book)
        return (*self.read_warnings, *found, *check_travel(self.matrices, self.scenario))


def given_scenario(problem: Scenario | Origin | Prepared) -> Scenario:
    """Return a problem as the scenario that was read, nothing derived yet."""
    if isinstance(problem, Prepared):
        return problem.given
    return problem if isinstance(problem, Scenario) else problem.scenario


def prepare(problem: Scenario | Origin | Prepared, book: Book | None = None) -> Prepared:
    """Derive the visits of a problem and lay the law on its caregivers.

    What is prepared already is returned as it is.

    Parameters
    ----------
    problem
        A scenario without faults, or a problem of a foreign format, as `optimizer.read`
        returns them.
    book
        Catalogue and rules by which visits are derived; those of the package if not given.
    """
    if isinstance(problem, Prepared):
        return problem
    given = given_scenario(problem)
    if isinstance(problem, Scenario):
        return Prepared(given, derive(under_labour_rules(given), book))
    # A foreign format says itself how long people may work.
    return Prepared(given, derive(given, book), problem)
