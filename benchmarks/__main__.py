"""``python -m benchmarks SUITE`` measures; ``python -m benchmarks compare A B`` compares."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.comparison import compare as compare_runs
from benchmarks.comparison import select_run
from benchmarks.markdown import cell, markdown
from benchmarks.record import RESULTS, Run, append
from benchmarks.registry import SUITES
from benchmarks.suite import Measurement, Settings, Suite
from optimizer.errors import HomecareError

SMOKE_ITERATIONS = 200

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Measure the engine. Rows are kept under benchmarks/results/; see docs/benchmarks.md.",
)


def measure(suite: Suite, settings: Settings, results: Path | None) -> bool:
    """Run a suite, print and keep its rows and tables.

    Parameters
    ----------
    suite
        What to run.
    settings
        How.
    results
        Folder for rows and tables, or None to keep nothing.

    Returns
    -------
    bool
        Whether every case was valid.
    """
    run = Run.begin(suite.name, settings)
    typer.echo(run.heading())
    measurements = []
    for measurement in suite.run(settings):
        measurements.append(measurement)
        typer.echo(_line(suite, measurement))
        if results is not None:
            append(results / f"{suite.name}.jsonl", run.row(measurement))
    text = "\n".join(markdown(table) for table in suite.tables(measurements))
    typer.echo("\n" + text)
    if results is not None:
        with (results / f"{suite.name}-{run.at[:10]}.md").open("a", encoding="utf-8") as file:
            file.write(f"{run.heading()}\n{text}\n")
    return all(m.figures.get("valid", True) for m in measurements)


def _line(suite: Suite, measurement: Measurement) -> str:
    figures = measurement.figures
    parts = [measurement.case, f"{suite.headline} {cell(figures.get(suite.headline), 3)}"]
    if measurement.seed is not None:
        parts.insert(1, f"seed {measurement.seed}")
    if "gap_percent" in figures:
        parts.append(f"gap {cell(figures['gap_percent'])} %")
    if figures.get("fault"):
        parts.append(f"FAULT: {figures['fault']}")
    return "  ".join(parts)


def _command(suite: Suite) -> Callable[..., None]:
    def command(
        *,
        seconds: Annotated[float | None, typer.Option(min=0.1, help="Seconds per solve.")] = None,
        iterations: Annotated[
            int | None, typer.Option(min=1, help="Iterations per solve instead of seconds.")
        ] = None,
        seeds: Annotated[int, typer.Option(min=1, help="Solve with seeds 1 to this.")] = 1,
        workers: Annotated[int | None, typer.Option(min=1, help="Workers per solve.")] = None,
        only: Annotated[str, typer.Option(help="Part of a case's name, or a pattern.")] = "",
        data: Annotated[Path | None, typer.Option(help="Folder of public instances.")] = None,
        out: Annotated[Path | None, typer.Option(help="Folder for the results.")] = None,
        scarce: Annotated[
            bool, typer.Option("--scarce", help="Days short of caregivers (suite day).")
        ] = False,
        smoke: Annotated[
            bool, typer.Option("--smoke", help="Tiny cases; keeps results only with --out.")
        ] = False,
    ) -> None:
        if smoke:
            iterations = iterations or SMOKE_ITERATIONS
        elif iterations is None:
            seconds = seconds or suite.seconds
        results = out or (None if smoke else RESULTS)
        settings = Settings(
            seconds=seconds,
            iterations=iterations,
            seeds=tuple(range(1, seeds + 1)),
            workers=workers or suite.workers,
            only=only,
            data=data,
            out=results,
            scarce=scarce,
            smoke=smoke,
        )
        if not measure(suite, settings, results):
            raise typer.Exit(4)

    return command


@app.command()
def compare(
    a: Annotated[str, typer.Argument(help="FILE or FILE#RUN (a date or commit): before.")],
    b: Annotated[str, typer.Argument(help="FILE or FILE#RUN: after.")],
    figure: Annotated[str, typer.Option(help="Figure to compare.")] = "",
) -> None:
    """Compare two runs case by case; without #RUN the latest of the file counts."""
    before, after = select_run(a), select_run(b)
    suite = SUITES.get(str(after[0].get("suite")))
    wanted = figure or (suite.headline if suite else "cost")
    typer.echo(markdown(compare_runs(before, after, wanted)))


for _suite in SUITES.values():
    app.command(_suite.name, help=_suite.purpose)(_command(_suite))


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        app(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except HomecareError as error:
        typer.echo(str(error), err=True)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
