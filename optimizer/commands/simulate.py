"""``homecare simulate``: conduct a study and say what it came to."""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from optimizer.commands.documents import load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.inline_study import Question, inline_study
from optimizer.commands.interrupt import first_interrupt
from optimizer.commands.outputs import check_folder, check_writable
from optimizer.commands.study_progress import study_progress
from optimizer.commands.terminal import answer, answer_json
from optimizer.domain.study import Study
from optimizer.domain.uncertainty import Drawn, Tornado
from optimizer.errors import UsageError
from optimizer.formats import read_study
from optimizer.formats.book import read_book
from optimizer.i18n import Lang, say, sentence
from optimizer.parallel import Executor, InlineExecutor, ProcessExecutor
from optimizer.report.shock_list import assumption_table, shock_rows, shock_table
from optimizer.report.study_text import study_text
from optimizer.report.study_writing import check_study_form, write_study
from optimizer.shortfall import conduct, prepare_study
from optimizer.shortfall.checking import check_study

VARIED_DAYS = 20
"Most drawn days on which assumptions are varied."
PRELOAD = ("optimizer.shortfall.preload",)


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a study is conducted.

    Attributes
    ----------
    folder
        Where its futures are kept; None keeps nothing.
    reports
        Pages and tables to write of what it came to.
    executor
        Where they are solved: ``processes``, ``here`` or ``ray``.
    workers
        Processes; None for one per processor.
    replications, iterations, seed
        In place of what the study says; None leaves it. Long searches are longer in proportion.
    vary
        Whether assumptions are tried at both ends of their ranges, in the arm that the study
        names, or else in its first one.
    draw
        Whether and how each drawn day has assumptions of its own: ``no``, ``triangular`` or
        ``uniform``; None leaves what the study says.
    """

    folder: Path | None = None
    reports: tuple[Path, ...] = ()
    executor: str = "processes"
    workers: int | None = None
    replications: int | None = None
    iterations: int | None = None
    seed: int | None = None
    vary: bool = False
    draw: str | None = None

    def applied(self, study: Study) -> Study:
        """Return a study with what is said otherwise here."""
        update: dict[str, object] = {}
        if self.replications is not None:
            update["replications"] = self.replications
        if self.seed is not None:
            update["seed"] = self.seed
        if self.vary and study.tornado is None:
            days = max(2, min(VARIED_DAYS, self.replications or study.replications))
            update["tornado"] = Tornado(arm=study.arms[0].name, replications=days)
        if self.draw is not None:
            update["drawn"] = Drawn(self.draw)
        if self.iterations is not None:
            effort = study.effort
            # Long searches stay as many times as long.
            times = effort.long_iterations / max(1, effort.iterations)
            longer = round(self.iterations * max(1.0, times))
            update["effort"] = effort.model_copy(
                update={"iterations": self.iterations, "long_iterations": longer}
            )
        return study.model_copy(update=update)


def simulate_files(
    scenario_path: Path | None,
    study_path: Path | None,
    question: Question,
    how: Conduct,
    *,
    catalogue: Path | None,
    rules: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Conduct a study from a file, or the one that a question asks for; return the exit code.

    Parameters
    ----------
    scenario_path
        The scenario that is asked about.
    study_path
        File of the study; None asks by `question`.
    question
        What the options ask.
    how
        Folder, executor and effort.
    catalogue, rules
        A district's own files, by which visits are derived from health records.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    UsageError
        If there is no scenario, nothing is asked, or it is asked in two ways.
    InvalidDocument
        If the study has faults or does not fit the scenario.
    """
    if scenario_path is None:
        raise UsageError(say("usage.simulate.no_scenario"))
    if question.is_asked == (study_path is not None):
        raise UsageError(say("usage.simulate.one_question"))
    if how.folder is not None:
        check_folder(how.folder)
    for path in how.reports:
        check_study_form(path)
        check_writable(path)
    study = None if study_path is None else read_study(study_path)
    book = read_book(catalogue, rules)
    problem = load_problem(scenario_path, lang=lang, book=book)
    if study is None:
        study = inline_study(question, problem.given)
    source = "simulate" if study_path is None else study_path.name
    study = how.applied(study)
    check_study(study, problem).refuse_faults(source)
    prepared = prepare_study(study, problem, book)
    with ExitStack() as stack:
        folder = how.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        executor = stack.enter_context(_executor(how))
        observer = stack.enter_context(study_progress(lang=lang))
        stop = stack.enter_context(first_interrupt(sentence(lang, "study.interrupt")))
        outcome = conduct(prepared, folder, executor, observer=observer, stop=stop)
    for path in how.reports:
        write_study(outcome, path, lang=lang)
    if as_json:
        answer_json(outcome.model_dump(mode="json"))
        return ExitCode.OK
    for part in study_text(outcome, prepared.repairs, prepared.hired, lang=lang):
        answer(part)
    if how.folder is not None:
        answer(Text(sentence(lang, "study.kept", folder=how.folder)))
    for path in how.reports:
        answer(Text(sentence(lang, "cli.written", path=path)))
    return ExitCode.OK


@contextmanager
def _executor(how: Conduct) -> Iterator[Executor]:
    """Give what does the work, and close it in the end."""
    executor = _made(how)
    try:
        yield executor
    finally:
        executor.close()


def _made(how: Conduct) -> Executor:
    if how.executor == "here":
        return InlineExecutor()
    slots = how.workers or len(os.sched_getaffinity(0))
    if how.executor == "processes":
        return ProcessExecutor(slots, preload=PRELOAD)
    try:
        ray = importlib.import_module("optimizer.parallel.ray_cluster")
    except ModuleNotFoundError as error:
        raise UsageError(say("usage.no_ray")) from error
    executor: Executor = ray.RayExecutor(os.environ.get("RAY_ADDRESS"), slots=how.workers)
    return executor


def list_shocks_and_assumptions(*, lang: Lang, as_json: bool) -> int:
    """Show all shocks and assumptions with their parameters; return the exit code."""
    if as_json:
        answer_json({"shocks": list(shock_rows(lang))})
        return ExitCode.OK
    answer(shock_table(lang))
    answer(assumption_table(lang))
    return ExitCode.OK
