"""The desk: one child that answers what planners ask of stored rosters, and keeps those at hand.

To read a large roster and to prepare it takes a second, to answer a question of it some hundredths.
So the child keeps the last ones, by organisation and digest, and is sent their documents only if
it does not know them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from optimizer.domain import Plan, Scenario
from optimizer.errors import HomecareError
from optimizer.parallel import Failed, Limits, StandingChild
from optimizer.replan import Recommender
from optimizer.travel import TravelMatrices, travel_matrices
from service.documents.workroom import Refused, result_of
from service.jobs.kinds.solve import plan_in, scenario_in

MOST_ROSTERS = 8
"Rosters that the child keeps."
MOST_SCENARIOS = 4
"Scenarios with their travel that it keeps; many rosters are of one."

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class RosterKey:
    """Which roster: of whom, and the digests of its scenario and its plan."""

    organisation: str
    document: str
    plan: str


@dataclass(frozen=True, slots=True)
class StoredRoster:
    """A roster as it is stored: its key, and its documents where they were sent along."""

    key: RosterKey
    document: bytes | None = field(default=None, repr=False)
    plan: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class LoadedRoster:
    """A roster ready to be asked about.

    Attributes
    ----------
    scenario, plan, matrices
        What was stored, and the travel of the scenario.
    """

    scenario: Scenario
    plan: Plan = field(repr=False)
    matrices: TravelMatrices = field(repr=False)

    @cached_property
    def recommender(self) -> Recommender:
        """Says who could take a visit, worked out once."""
        return Recommender(self.scenario, self.plan, self.matrices)


@dataclass(frozen=True, slots=True)
class Question(Generic[Made]):
    """What is asked of some rosters.

    Attributes
    ----------
    function
        A function of a module, of the rosters and what else is given.
    rosters
        Which ones.
    given
        What else it needs.
    """

    function: Callable[..., Made]
    rosters: tuple[StoredRoster, ...]
    given: Any = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The answer to a question about rosters that are not at hand: send them along."""


class Desk:
    """Answers questions about rosters; many threads may ask, one question is answered at a time.

    Parameters
    ----------
    in_child
        Whether a child answers; else this process does.
    memory_mb, seconds
        What the child may take: memory in all, and time for each answer.
    preload
        Modules that the fork server loads for every child.
    """

    def __init__(
        self, *, in_child: bool, memory_mb: int, seconds: float, preload: Sequence[str] = ()
    ) -> None:
        self._memory_mb, self._seconds = memory_mb, seconds
        limits = Limits(seconds=seconds, memory_bytes=memory_mb * 2**20)
        self._child = StandingChild(answered, limits, preload) if in_child else None
        self._turn = threading.Lock()

    def ask(self, question: Question[Made]) -> Made | Unknown:
        """Return the answer to a question; `Unknown` if a roster has to be sent along.

        Raises
        ------
        HomecareError
            What the function raises.
        LimitExceeded
            If it takes more memory or time than it may.
        WorkLost
            If the child was ended by somebody.
        """
        if self._child is None:
            with self._turn:
                made = answered(question)
            if isinstance(made, Refused):
                raise made.error
        else:
            ending = self._child.ask(question)
            if isinstance(ending, Failed) and ending.code == "out-of-memory":
                # What it kept may have been too much: the child after it has all the room.
                ending = self._child.ask(question)
            made = result_of(ending, self._memory_mb, self._seconds)
        answer: Made | Unknown = made
        return answer

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.close()


_ROSTERS: OrderedDict[RosterKey, LoadedRoster] = OrderedDict()
_SCENARIOS: OrderedDict[tuple[str, str], tuple[Scenario, TravelMatrices]] = OrderedDict()


def answered(question: Question[Any]) -> Any:
    """Answer a question: what the child does.

    What is kept is state of the child's process, which nobody else sees.
    """
    try:
        rosters = [_loaded(stored) for stored in question.rosters]
        if None in rosters:
            return Unknown()
        return question.function(*rosters, question.given)
    except HomecareError as error:
        return Refused(error)


def _loaded(stored: StoredRoster) -> LoadedRoster | None:
    key = stored.key
    if key not in _ROSTERS:
        if stored.document is None or stored.plan is None:
            return None
        scenario, matrices = _scenario(key, stored.document)
        _ROSTERS[key] = LoadedRoster(scenario, plan_in(stored.plan), matrices)
    _ROSTERS.move_to_end(key)
    found = _ROSTERS[key]
    while len(_ROSTERS) > MOST_ROSTERS:
        _ROSTERS.popitem(last=False)
    return found


def _scenario(key: RosterKey, document: bytes) -> tuple[Scenario, TravelMatrices]:
    name = key.organisation, key.document
    if name not in _SCENARIOS:
        scenario = scenario_in(document)
        _SCENARIOS[name] = scenario, travel_matrices(scenario)
    _SCENARIOS.move_to_end(name)
    found = _SCENARIOS[name]
    while len(_SCENARIOS) > MOST_SCENARIOS:
        _SCENARIOS.popitem(last=False)
    return found
