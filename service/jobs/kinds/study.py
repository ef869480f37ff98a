"""Studies: futures of a scenario drawn and solved, and what they come to."""

from __future__ import annotations

import io
import json
import tarfile
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimizer.domain import Scenario
from optimizer.formats import parse_study
from optimizer.parallel import Limits, Link, ThreadExecutor
from optimizer.prepare import prepare
from optimizer.progress import Progress
from optimizer.shortfall import Ended, StudyProgress, conduct, prepare_study
from service.jobs.kind import Assignment, Kind, Outcome
from service.jobs.states import Lane

SECONDS = 86_400.0
"After which a study is killed; what it has by then is not lost, for whoever asks again."
KEPT_SECONDS = 5.0
"Time between two checkpoints: the rows so far, from which another attempt goes on."


def work(assignment: Assignment, link: Link) -> Outcome:
    """Conduct a study, from its rows so far if there are some.

    Raises
    ------
    UsageError
        If it was stopped before there was one future of each arm.
    """
    told = json.loads(assignment.document)
    problem = prepare(Scenario.model_validate(told["scenario"]))
    study = parse_study(json.dumps(told["study"]), "study")
    with tempfile.TemporaryDirectory(prefix="homecare-study-") as name:
        folder = Path(name) / "study"
        if assignment.start is not None:
            _unpack(assignment.start, folder)
        outcome = conduct(
            prepare_study(study, problem),
            folder,
            ThreadExecutor(link.stopped),
            observer=_Teller(link, folder),
            stop=link.stopped,
        )
    document = json.dumps(outcome.model_dump(mode="json"), ensure_ascii=False).encode()
    return Outcome(document, is_complete=outcome.ended is not Ended.STOPPED)


@dataclass(slots=True)
class _Teller:
    """Tells how far a study is, and hands its rows over now and then."""

    link: Link
    folder: Path
    kept_at: float = 0.0

    def __call__(self, progress: StudyProgress, /) -> None:
        """Take note of a row that has come."""
        told = Progress("futures", elapsed=progress.seconds, iterations=progress.done)
        self.link.report(told)
        now = time.monotonic()
        if now - self.kept_at >= KEPT_SECONDS:
            self.kept_at = now
            self.link.keep(_packed(self.folder))


def _packed(folder: Path) -> bytes:
    """Return a study's folder as one file; a torn line at its end is cut off when it is opened."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as archive:
        archive.add(folder, arcname=".")
    return packed.getvalue()


def _unpack(checkpoint: bytes, folder: Path) -> None:
    folder.mkdir()
    with tarfile.open(fileobj=io.BytesIO(checkpoint), mode="r:gz") as archive:
        archive.extractall(folder, filter="data")


def _limits(_parameters: Mapping[str, Any], memory_bytes: int) -> Limits:
    return Limits(SECONDS, int(2 * SECONDS), memory_bytes)


KIND = Kind(name="study", lane=Lane.STUDY, work=work, limits=_limits, collection="studies")
