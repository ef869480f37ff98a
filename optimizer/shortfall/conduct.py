"""A study conducted: futures spread over processes or machines, rows kept, answers at the end.

What comes out depends on the manifest alone: not on how many processes there are, in which order
they end, or how often somebody was killed in between.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from optimizer.domain.plan import Plan
from optimizer.errors import HomecareError, InternalError, UsageError
from optimizer.formats.plan import parse_plan
from optimizer.parallel.events import Cancelled, Event, Failed, Finished, Kept, Lost
from optimizer.parallel.executor import Executor
from optimizer.parallel.work_item import WorkItem
from optimizer.shortfall.answers import arm_outcome
from optimizer.shortfall.block import Block, Done, Usual, do_block, usual_roster, worst_file
from optimizer.shortfall.estimate import level
from optimizer.shortfall.outcome import ArmAssumptions, ArmOutcome, Ended, Outcome, Tornado
from optimizer.shortfall.prepared_study import PreparedStudy
from optimizer.shortfall.rows import Effort, Row
from optimizer.shortfall.study_folder import StudyFolder
from optimizer.shortfall.tornado import tornado_of

USUAL = "plans/usual.json"
"The usual roster, in the folder of a study."
TRIES = 3
"How often a work item is begun whose process or machine is lost."
LOOK_SECONDS = 0.2
"Longest wait for something to happen."


@dataclass(frozen=True, slots=True)
class StudyProgress:
    """How far a study is.

    Attributes
    ----------
    done, most
        Rows there are, and those there will be unless precision is reached before.
    seconds
        Since this process began.
    half_width
        Of the least precise mean, in visits, after the last round; None before.
    """

    done: int
    most: int
    seconds: float
    half_width: float | None


class StudyObserver(Protocol):
    """Somebody who wants to hear how far a study is."""

    def __call__(self, progress: StudyProgress, /) -> None:
        """Take note; called whenever a row has come."""


def unheard(progress: StudyProgress, /) -> None:
    """Take no note: the default observer."""


def conduct(
    prepared: PreparedStudy,
    folder: Path,
    executor: Executor,
    *,
    observer: StudyObserver = unheard,
    stop: threading.Event | None = None,
) -> Outcome:
    """Draw and solve the futures of a study, or those that are missing, and say what follows.

    Parameters
    ----------
    prepared
        The study.
    folder
        Where its rows are kept; made if it is not there, resumed if it holds this study.
    executor
        Does the work. It is not closed.
    observer
        Hears how far it is.
    stop
        Once it is set the futures in work are ended, and what is there counts.

    Returns
    -------
    Outcome
        Sealed in the folder unless somebody has stopped the study.

    Raises
    ------
    UsageError
        If the folder holds another study or another process has it; if the study is stopped
        before there is one future of each arm.
    InternalError
        If a future fails: a defect.
    """
    with StudyFolder.opened(folder, prepared.manifest) as kept:
        return _Conductor(prepared, kept, executor, observer, stop or threading.Event()).run()


@dataclass(slots=True)
class _Conductor:
    """One run of a study."""

    prepared: PreparedStudy
    folder: StudyFolder
    executor: Executor
    observer: StudyObserver
    stop: threading.Event
    began: float = field(default_factory=time.perf_counter)
    half_width: float | None = None
    parsed: dict[str, Row] = field(default_factory=dict)

    def run(self) -> Outcome:
        """Conduct the study from wherever it stands."""
        self.executor.prepare()
        usual = self._usual()
        ended, last = Ended.REPLICATIONS, 0
        for replications in self.prepared.rounds():
            self._done([] if usual is None else self._missing(replications, usual))
            if self.stop.is_set():
                ended = Ended.STOPPED
                break
            last = replications.stop
            if self._is_precise(last):
                ended = Ended.PRECISION if last < self.prepared.study.replications else ended
                break
        if ended is not Ended.STOPPED and usual is not None:
            self._done(self._worst(range(last), usual))
            self._done(self._varied(usual))
            ended = Ended.STOPPED if self.stop.is_set() else ended
        outcome = self._outcome(ended)
        if ended is not Ended.STOPPED:
            self.folder.seal(outcome.model_dump(mode="json"))
        return outcome

    def _usual(self) -> Plan | None:
        """Return the usual roster: that of the folder, else found now; None if stopped."""
        there = self.folder.read(USUAL)
        if there is None:
            variant = self.prepared.variants[0]
            asked = Usual(
                variant.scenario, self.prepared.matrices, self.prepared.study.effort.long_iterations
            )
            found = self._work({"usual": WorkItem("usual", usual_roster, asked)})
            made = found.get("usual")
            if not isinstance(made, bytes):
                return None
            self.folder.write(USUAL, made)
            there = made
        return parse_plan(there)

    def _missing(self, replications: range, usual: Plan) -> list[Block]:
        """Return work items for the replications of which rows are missing."""
        there = self.folder.rows.keys()
        todo = [
            number
            for number in replications
            if not (
                self.prepared.keys(range(number, number + 1))
                | self.prepared.keys(range(number, number + 1), Effort.LONG)
            )
            <= there
        ]
        size = self._size(len(todo))
        return [
            self.prepared.block(tuple(todo[at : at + size]), usual)
            for at in range(0, len(todo), size)
        ]

    def _size(self, count: int) -> int:
        """Return how many replications a work item has: all slots are to end at the same time."""
        slots = self.executor.slots
        blocks = max(1, -(-count // self.prepared.per_block))
        return max(1, -(-count // (-(-blocks // slots) * slots)))

    def _worst(self, replications: range, usual: Plan) -> list[Block]:
        """Return work items for the worst futures of each arm, one per replication."""
        most = self.prepared.study.effort.certificates
        arms: dict[int, list[str]] = defaultdict(list)
        by_arm: dict[tuple[str, int], tuple[int, ...]] = {}
        for row in self._rows():
            if row.effort is Effort.SHORT and row.replication in replications:
                known = by_arm.get((row.arm, row.replication), ())
                by_arm[row.arm, row.replication] = max(known, row.value)
        for variant in self.prepared.variants:
            values = {number: v for (arm, number), v in by_arm.items() if arm == variant.name}
            worst = sorted(values, key=lambda one: (tuple(-x for x in values[one]), one))
            for number in worst[:most]:
                if any(values[number][:-1]):
                    arms[number].append(variant.name)
        blocks = [
            self.prepared.block((number,), usual, tuple(names))
            for number, names in sorted(arms.items())
        ]
        return [one for one in blocks if not self._is_there(one)]

    def _varied(self, usual: Plan) -> list[Block]:
        """Return work items for the replications in which assumptions are varied."""
        there = self.folder.rows.keys()
        todo = [
            number
            for number in self.prepared.varied_replications
            if not self.prepared.varied_keys(number) <= there
        ]
        return [self.prepared.varied_block((number,), usual) for number in todo]

    def _is_there(self, block: Block) -> bool:
        number = block.replications[0]
        keys = self.prepared.keys(range(number, number + 1), Effort.WORST)
        wanted = {key for key in keys if key.split("/")[1] in block.worst_of}
        return wanted <= self.folder.rows.keys()

    def _done(self, blocks: Sequence[Block]) -> None:
        self._work(
            {
                name: WorkItem(name, do_block, block)
                for number, block in enumerate(blocks)
                if (name := f"block-{number}-{block.replications[0]}")
            }
        )

    def _work(self, items: Mapping[str, WorkItem]) -> dict[str, object]:
        """Do work items; rows are kept as they come. Returns other values by key."""
        try:
            return self._worked(items)
        except BaseException:
            for key in items:
                self.executor.cancel(key)
            raise

    def _worked(self, items: Mapping[str, WorkItem]) -> dict[str, object]:
        waiting = dict(items)
        tries = dict.fromkeys(items, 0)
        begun: dict[str, float] = {}
        values: dict[str, object] = {}
        asked_to_stop = False
        while waiting or self.executor.in_flight:
            if self.stop.is_set() and not asked_to_stop:
                asked_to_stop = True
                waiting.clear()
                for key in items:
                    self.executor.stop(key)
            while waiting and self.executor.in_flight < self.executor.slots:
                key = next(iter(waiting))
                self.executor.submit(waiting.pop(key))
                tries[key] += 1
                begun[key] = time.perf_counter()
            for event in self.executor.events(LOOK_SECONDS):
                self._heard(event, values)
                if isinstance(event, Lost) and not asked_to_stop:
                    if tries[event.key] >= TRIES:
                        raise InternalError(f"{event.key} was lost {TRIES} times: {event.reason}")
                    waiting[event.key] = items[event.key]
                elif isinstance(event, Finished):
                    seconds = round(time.perf_counter() - begun[event.key], 3)
                    self.folder.note_timing({"work": event.key, "seconds": seconds})
        return values

    def _heard(self, event: Event, values: dict[str, object]) -> None:
        match event:
            case Kept(_, checkpoint):
                self._keep(checkpoint.split(b"\n"))
            case Finished(_, Done(rows, plans)):
                for name, content in plans.items():
                    self.folder.write(name, content)
                self._keep(rows)
            case Finished(key, value):
                values[key] = value
            case Failed(_, code, message):
                raise _failure(code, message)
            case Cancelled():
                self.stop.set()
            case _:
                pass

    def _keep(self, rows: Iterable[bytes]) -> None:
        if self.folder.commit(row for row in rows if row):
            study = self.prepared.study
            every = study.effort.long_every
            once = len(self.prepared.variants) * len(self.prepared.all_years)
            longer = -(-study.replications // every) if every else 0
            varied = len(self.prepared.varied) * len(self.prepared.varied_replications)
            most = once * (study.replications + longer) + varied
            seconds = time.perf_counter() - self.began
            done = len(self.folder.rows)
            self.observer(StudyProgress(done, max(most, done), seconds, self.half_width))

    def _rows(self) -> list[Row]:
        for key in self.folder.rows.keys() - self.parsed.keys():
            self.parsed[key] = Row.from_line(self.folder.rows[key])
        return [self.parsed[key] for key in sorted(self.parsed)]

    def _grouped(self) -> dict[tuple[str, int | None], list[Row]]:
        """Return rows by arm and year, of replications that are complete."""
        rows = self._rows()
        there = self.folder.rows.keys()
        whole = {
            number
            for number in {row.replication for row in rows}
            if self.prepared.keys(range(number, number + 1)) <= there
        }
        grouped: dict[tuple[str, int | None], list[Row]] = defaultdict(list)
        for row in rows:
            if row.replication in whole and row.effort is not Effort.VARIED:
                grouped[row.arm, row.year].append(row)
        return grouped

    def _is_precise(self, replications: int) -> bool:
        """Return whether every mean is known as precisely as was asked."""
        grouped = self._grouped()
        self.half_width = max(
            level([row for row in rows if row.replication < replications]).half_width
            for rows in grouped.values()
        )
        wanted = self.prepared.study.precision
        return wanted > 0 and self.half_width <= wanted

    def _outcome(self, ended: Ended) -> Outcome:
        grouped = self._grouped()
        if not grouped:
            raise UsageError("The study was stopped before there was one future of each arm.")
        found: list[ArmOutcome] = []
        names = [one.name for one in self.prepared.variants]
        for number, name in enumerate(names):
            for year in self.prepared.all_years:
                rows = grouped[name, year]
                plans = {
                    (row.replication, year): worst_file(row.replication, number, year)
                    for row in rows
                    if row.effort is Effort.WORST
                }
                population = self.prepared.populations[name]
                found.append(arm_outcome(rows, grouped[names[0], year], population, plans))
        half_width = max(level(rows).half_width for rows in grouped.values())
        manifest = self.prepared.manifest
        return Outcome(
            study=self.prepared.study,
            scenario_sha256=manifest["scenario_sha256"],
            engine=manifest["engine"],
            ended=ended,
            replications=found[0].replications,
            half_width=round(half_width, 3) if half_width < float("inf") else None,
            arms=tuple(found),
            assumptions=tuple(
                ArmAssumptions(arm=one.name, assumptions=one.assumptions)
                for one in self.prepared.variants
            ),
            repairs=self.prepared.repairs,
            tornado=self._tornado(),
        )

    def _tornado(self) -> Tornado | None:
        """Return what comes of varying assumptions one by one; None where none was."""
        there = self.folder.rows.keys()
        whole = {
            number
            for number in self.prepared.varied_replications
            if self.prepared.varied_keys(number) <= there
        }
        rows = [
            row for row in self._rows() if row.effort is Effort.VARIED and row.replication in whole
        ]
        return tornado_of(self.prepared, rows) if rows else None


def _failure(code: str, message: str) -> HomecareError:
    return InternalError(f"A future failed ({code}): {message}")
