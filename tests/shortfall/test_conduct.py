"""A study conducted: the same bytes whatever happens on the way, and answers that add up."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from optimizer.domain.plan import Plan
from optimizer.domain.study import Years
from optimizer.errors import InternalError, UsageError
from optimizer.formats import parse_plan
from optimizer.parallel import Event, InlineExecutor, Lost, WorkItem
from optimizer.shortfall import Ended, Outcome, StudyProgress, broken_seals, conduct
from optimizer.shortfall.block import do_block
from optimizer.shortfall.rows import Effort, Row, row_key
from optimizer.shortfall.study_folder import JOURNAL, RESULTS, SEAL
from tests.shortfall.studies import small_study

SEALED = (RESULTS, SEAL, "outcome.json", "manifest.json", "plans/usual.json")


@dataclass(frozen=True, slots=True)
class Conducted:
    """A study that has ended, with its folder and what was told on the way."""

    folder: Path
    outcome: Outcome
    told: list[StudyProgress]

    def rows(self) -> list[Row]:
        """Return its rows in order."""
        lines = (self.folder / RESULTS).read_bytes().splitlines()
        return [Row.from_line(line) for line in lines]

    def bytes_of(self) -> dict[str, bytes]:
        """Return all that is sealed."""
        return {name: (self.folder / name).read_bytes() for name in SEALED}


@pytest.fixture(scope="module", autouse=True)
def _few_looks() -> Iterator[None]:
    """Let proofs be looked for but shortly: what they find is tested elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("optimizer.shortfall.one_future.PROOF_LOOKS", 8)
        yield


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Conducted:
    """A study conducted in one go."""
    folder = tmp_path_factory.mktemp("study")
    told: list[StudyProgress] = []
    outcome = conduct(small_study(), folder, InlineExecutor(), observer=told.append)
    return Conducted(folder, outcome, told)


def test_every_future_of_every_arm_is_there_once(done: Conducted) -> None:
    """Four replications of three arms, the first longer as well, and the worst of each."""
    keys = [row.key for row in done.rows()]
    assert len(set(keys)) == len(keys)
    for arm in ("base", "away", "hire"):
        assert {row_key(arm, n, None, Effort.SHORT) for n in range(4)} <= set(keys)
        assert {row_key(arm, n, None, Effort.LONG) for n in (0,)} <= set(keys)
    worst = [row for row in done.rows() if row.effort is Effort.WORST]
    assert {row.arm for row in worst} >= {"away"}
    assert broken_seals(done.folder) == ()
    assert done.told[-1].done == len(keys)


def test_rows_add_up(done: Conducted) -> None:
    """Cells, clients and priorities of a row count the same visits; nothing is proven too much."""
    for row in done.rows():
        assert sum(cell.visits for cell in row.cells) == row.num_unserved
        assert sum(one.visits for one in row.missed) == row.num_unserved
        assert sum(cell.minutes for cell in row.cells) == row.unmet
        assert sum(one.visits for one in row.asked) == sum(row.visits.values())
        assert sum(one.minutes for one in row.asked) == row.minutes
        assert row.least is None or row.least <= row.num_unserved
        assert (row.least is None) == (row.effort is Effort.SHORT)
        assert Row.from_json(json.loads(json.dumps(row.as_json()))) == row


def test_who_hires_is_never_worse_off(done: Conducted) -> None:
    """Two caregivers more leave no more out in any future, and four in ten fewer no less."""
    by_key = {row.key: row for row in done.rows()}
    for n in range(4):
        base, away, hire = (
            by_key[row_key(arm, n, None, Effort.SHORT)] for arm in ("base", "away", "hire")
        )
        assert hire.value[:3] <= base.value[:3] <= away.value[:3]


def test_longer_searches_never_lose(done: Conducted) -> None:
    """A longer row is that of the shorter one or better."""
    by_key = {row.key: row for row in done.rows()}
    for arm in ("base", "away", "hire"):
        longer, short = (
            by_key[row_key(arm, 0, None, effort)] for effort in (Effort.LONG, Effort.SHORT)
        )
        assert longer.value[:3] <= short.value[:3]


def test_answers_follow_from_the_rows(done: Conducted) -> None:
    """Causes, tables and figures of an arm count the same visits per day."""
    for arm in done.outcome.arms:
        rows = [row for row in done.rows() if row.arm == arm.arm and row.effort is Effort.SHORT]
        mean = sum(row.num_unserved for row in rows) / len(rows)
        assert arm.unserved.plain == pytest.approx(mean, abs=0.001)
        assert sum(one.visits for one in arm.causes) == pytest.approx(mean, abs=0.01)
        shown = [one.visits for one in arm.tables.by_hour]
        if None not in shown:
            assert sum(one or 0 for one in shown) == pytest.approx(mean, abs=0.05)
        assert arm.gaps.undelivered == pytest.approx(
            arm.gaps.people / arm.gaps.commissioned, abs=1e-4
        )
        assert (arm.against_base is None) == (arm.arm == "base")
    away = done.outcome.arms[1]
    assert away.against_base is not None
    assert away.against_base.mean > 0


def test_the_outcome_on_disk_is_the_one_returned(done: Conducted) -> None:
    """Reports read what was returned; rosters of the worst futures are named and there."""
    written = Outcome.model_validate_json((done.folder / "outcome.json").read_bytes())
    assert written == done.outcome
    worst = [one for arm in written.arms for one in arm.worst]
    assert worst
    for one in worst:
        assert one.plan is not None
        plan = parse_plan((done.folder / one.plan).read_bytes())
        assert isinstance(plan, Plan)
        assert len(plan.unserved) == one.unserved


@dataclass
class _Shuffled:
    """An executor that ends work in the other order, and loses each item once."""

    inner: InlineExecutor = field(default_factory=lambda: InlineExecutor(1))
    lost: set[str] = field(default_factory=set)
    held: list[WorkItem] = field(default_factory=list)
    slots: int = 4

    @property
    def in_flight(self) -> int:
        return len(self.held) + self.inner.in_flight

    def prepare(self) -> None:
        pass

    def submit(self, item: WorkItem, /) -> None:
        self.held.append(item)

    def events(self, timeout: float) -> Sequence[Event]:
        item = self.held.pop()
        if item.key not in self.lost:
            self.lost.add(item.key)
            return [Lost(item.key, "its machine is gone")]
        self.inner.submit(item)
        return self.inner.events(timeout)

    def stop(self, key: str) -> None:
        pass

    def cancel(self, key: str) -> None:
        pass

    def close(self) -> None:
        pass


def test_order_and_losses_leave_no_trace(done: Conducted, tmp_path: Path) -> None:
    """Done by four in another order, each begun twice: the same bytes, sealed alike."""
    executor = _Shuffled()
    outcome = conduct(small_study(), tmp_path, executor)
    assert executor.lost
    assert outcome == done.outcome
    assert Conducted(tmp_path, outcome, []).bytes_of() == done.bytes_of()


class _Killed(Exception):
    """The process is gone."""


@pytest.mark.parametrize("rows", [1, 7])
def test_a_killed_study_is_resumed_to_the_same_bytes(
    done: Conducted, tmp_path: Path, rows: int
) -> None:
    """Wherever it was killed, and with a torn line, only what is missing is done again."""

    def kill(progress: StudyProgress, /) -> None:
        if progress.done >= rows:
            raise _Killed

    with pytest.raises(_Killed):
        conduct(small_study(), tmp_path, InlineExecutor(), observer=kill)
    journal = tmp_path / JOURNAL
    with journal.open("ab") as file:
        file.write(b"0123456789abcdef\t{")
    outcome = conduct(small_study(), tmp_path, InlineExecutor())
    assert outcome == done.outcome
    assert Conducted(tmp_path, outcome, []).bytes_of() == done.bytes_of()


def test_a_sealed_study_is_not_done_again(done: Conducted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for once more it answers from its folder, without any work."""
    before = done.bytes_of()

    def nothing(executor: InlineExecutor, item: WorkItem) -> None:
        raise AssertionError(item.key)

    monkeypatch.setattr(InlineExecutor, "submit", nothing)
    assert conduct(small_study(), done.folder, InlineExecutor()) == done.outcome
    assert done.bytes_of() == before


def test_another_seed_does_not_mix(done: Conducted) -> None:
    """A folder of another study is refused, and told by what differs."""
    with pytest.raises(UsageError, match="study differ"):
        conduct(small_study(seed=2), done.folder, InlineExecutor())


def test_a_stop_keeps_what_is_there(tmp_path: Path) -> None:
    """Stopped after some futures it answers from complete ones, unsealed, and can be resumed."""
    stop = threading.Event()

    def listen(progress: StudyProgress, /) -> None:
        if progress.done >= 6:
            stop.set()

    outcome = conduct(small_study(), tmp_path, InlineExecutor(4), observer=listen, stop=stop)
    assert outcome.ended is Ended.STOPPED
    assert 0 < outcome.replications < 4
    assert not (tmp_path / SEAL).exists()
    assert conduct(small_study(), tmp_path, InlineExecutor()).ended is Ended.REPLICATIONS
    assert (tmp_path / SEAL).exists()


def test_a_study_stopped_at_once_has_no_answer(tmp_path: Path) -> None:
    """Without one future of each arm nothing is claimed."""
    stop = threading.Event()
    stop.set()
    with pytest.raises(UsageError, match="before there was one"):
        conduct(small_study(), tmp_path, InlineExecutor(), stop=stop)


def test_enough_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a mean may be wrong by a thousand visits, the first round suffices."""
    monkeypatch.setattr("optimizer.shortfall.prepared_study.ROUND", 4)
    outcome = conduct(small_study(40, precision=1_000), tmp_path, InlineExecutor())
    assert outcome.ended is Ended.PRECISION
    assert outcome.replications == 4


def test_a_future_that_fails_fails_the_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect in one of them is told, never counted as a future without shortage."""

    def broken(*_: object, **__: object) -> None:
        raise ValueError("two and two are five")

    monkeypatch.setattr("optimizer.shortfall.block.causes_of", broken)
    with pytest.raises(InternalError, match="two and two are five"):
        conduct(small_study(2), tmp_path, InlineExecutor())


def test_a_study_of_years_has_a_day_of_each(tmp_path: Path) -> None:
    """Every arm has a figure for every year, from the scenario's on."""
    outcome = conduct(small_study(2, horizon=Years(until=2027)), tmp_path, InlineExecutor())
    assert [(arm.arm, arm.year) for arm in outcome.arms] == [
        (name, year) for name in ("base", "away", "hire") for year in (2026, 2027)
    ]
    assert broken_seals(tmp_path) == ()


def test_work_can_be_named_for_another_process() -> None:
    """What a study does elsewhere are functions of a module."""
    assert WorkItem("one", do_block, None).key == "one"
