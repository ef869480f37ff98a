"""A study as a job: it tells of each future, and goes on from its rows when it was lost."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field

import pytest

from optimizer.errors import InvalidDocument
from optimizer.progress import Progress
from service.api.contract import example
from service.documents.limits import DocumentLimits, LimitExceeded
from service.documents.studies import study_sent
from service.documents.work import Sent
from service.jobs.kind import Assignment
from service.jobs.kinds import study as kind

LIMITS = DocumentLimits(5_000, 1_000, 31, 600_000)


@dataclass
class Heard:
    """A link that notes what it is told."""

    stopped: threading.Event = field(default_factory=threading.Event)
    futures: list[int] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=list)

    def report(self, progress: Progress, /) -> None:
        """Note how many futures there are."""
        self.futures.append(progress.iterations)

    def keep(self, checkpoint: bytes, /) -> None:
        """Note the rows so far."""
        self.kept.append(checkpoint)


def sent(**changes: object) -> bytes:
    """Return the example as a worker gets it."""
    body = {"scenario": example("scenario"), "study": {**example("study"), **changes}}
    return study_sent(Sent(json.dumps(body).encode(), LIMITS))


def test_a_lost_study_goes_on_from_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """From any checkpoint it comes to the very same, and what was solved is not solved again."""
    monkeypatch.setattr(kind, "KEPT_SECONDS", 0.0)
    document, first, second = sent(), Heard(), Heard()
    outcome = kind.work(Assignment({}, document), first)
    assert outcome.is_complete
    assert first.futures == sorted(first.futures)
    assert first.futures[-1] == 4  # Two arms of two replications.
    again = kind.work(Assignment({}, document, first.kept[0]), second)
    assert again.result == outcome.result
    told = json.loads(outcome.result)
    assert {arm["arm"] for arm in told["arms"]} == {"base", "festival"}


def test_a_stopped_study_tells_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stops it between two futures gets the answer of those that were solved."""
    monkeypatch.setattr(kind, "KEPT_SECONDS", 0.0)
    document, first = sent(), Heard()
    kind.work(Assignment({}, document), first)
    stopped = Heard()
    stopped.stopped.set()
    outcome = kind.work(Assignment({}, document, first.kept[-1]), stopped)
    assert not outcome.is_complete
    assert json.loads(outcome.result)["ended"] == "stopped"


def test_what_cannot_be_asked_is_refused_at_once() -> None:
    """Faults of the study have their places, and there is an end to futures."""
    with pytest.raises(InvalidDocument) as caught:
        sent(base="another", arms=[{"name": "base"}])
    assert all(fault.path.startswith("study: ") for fault in caught.value.faults)
    with pytest.raises(LimitExceeded, match="20000 futures"):
        sent(replications=10_000)
    with pytest.raises(LimitExceeded, match="futures"):
        sent(replications=4_990, tornado={"arm": "base", "replications": 1000})


def test_a_worker_gets_no_health_record() -> None:
    """The document of a job holds the visits and nothing that they follow from."""
    assert b"health_record" not in sent()
