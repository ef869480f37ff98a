"""What a person types: the commands of `homecare` with their arguments.

Nothing heavy is imported here, so that ``homecare --help`` stays quick; what a command
does is imported when it runs.
"""
# ruff: noqa: PLC0415 (see above)

# No `from __future__ import annotations`: typer would evaluate every annotation twice, which
# makes a tenth of the time of ``homecare --help``.
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

import optimizer
from optimizer.commands.exchange import export, import_, template
from optimizer.commands.exit_code import EXIT_CODES, ExitCode
from optimizer.commands.language import (
    chosen_language,
    forget_group,
    language_of_arguments,
)
from optimizer.commands.large_days import city
from optimizer.commands.mounts import mounts
from optimizer.commands.options import (
    CatalogueOption,
    Input,
    JsonOption,
    LangOption,
    RulesOption,
    SecondsOption,
    SeedOption,
    WorkersOption,
)
from optimizer.commands.overseeing import bill, checks, evaluate, publish
from optimizer.commands.patterns import app as pattern_app
from optimizer.commands.patterns import carry_over, labour_rules
from optimizer.commands.purchasing import allocate, office_app
from optimizer.commands.questions import audit, certify, explain, staffing
from optimizer.commands.replanning import compare, move, recommend, replan, retime
from optimizer.commands.studies import simulate
from optimizer.commands.time_banks import app as time_bank_app
from optimizer.options import LARGEST_SHARE_OF_PROOF, SHARE_OF_PROOF, Engine, SolveOptions

app = typer.Typer(
    name="homecare",
    help="Rosters for home-based elderly care: make them, check them, show them.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def homecare(
    *, version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False
) -> None:
    """Rosters for home-based elderly care: make them, check them, show them."""
    if version:
        typer.echo(f"homecare {optimizer.__version__}")
        raise typer.Exit


@app.command(epilog=EXIT_CODES)
def demo(
    *,
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="FOLDER", help="Folder to write to.")
    ] = Path("demo-roster"),
    recipe: Annotated[str, typer.Option(help="Recipe of the day to plan.")] = "zhenhai-day-l",
    seconds: SecondsOption = 20.0,
    seed: SeedOption = 1,
    workers: WorkersOption = 1,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Plan the day of a whole made-up district.

    Writes plan.json, plan.csv and roster.html and shows the roster.
    """
    from optimizer.commands.solve import demo

    options = SolveOptions(seconds=seconds, seed=seed, workers=workers)
    return demo(out, recipe, options, lang=chosen_language(lang), as_json=as_json)


@app.command(epilog=EXIT_CODES)
def solve(
    scenario: Annotated[
        Path,
        Input(
            metavar="SCENARIO",
            help="Scenario, benchmark instance or VROOM problem (.json, .gz, .xz).",
        ),
    ],
    *,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="File to write: .json (or .json.gz, .json.xz), .csv, .html, .svg, or another "
            "program's form; may be repeated.",
        ),
    ] = None,
    seconds: SecondsOption = None,
    iterations: Annotated[
        int | None, typer.Option(min=0, help="End after so many iterations.")
    ] = None,
    patience: Annotated[
        float | None,
        typer.Option(min=0.01, help="End after so many seconds without improvement."),
    ] = None,
    seed: SeedOption = 1,
    workers: WorkersOption = 1,
    engine: Annotated[
        Engine,
        typer.Option(help="Search, exact model, or chosen by size."),
    ] = "auto",
    recount: Annotated[
        bool,
        typer.Option("--recount", help="Count anew after every step; slow, to find defects."),
    ] = False,
    audit: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Record to write, to check the roster by (.json)."),
    ] = None,
    proof: Annotated[
        float,
        typer.Option(
            min=0,
            max=LARGEST_SHARE_OF_PROOF,
            help="Part of the time for proving how good any roster can be; 0: none.",
        ),
    ] = SHARE_OF_PROOF,
    start: Annotated[Path | None, typer.Option(metavar="FILE", help="Plan to begin from.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Page to write.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Table to write.")] = None,
    catalogue: CatalogueOption = None,
    rules: RulesOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Make the roster of a scenario.

    Ctrl-C ends early with the best roster so far; a second one aborts.
    """
    from optimizer.commands.solve import solve_file

    options = SolveOptions(
        seconds=seconds,
        iterations=iterations,
        patience=patience,
        seed=seed,
        workers=workers,
        engine=engine,
        recount=recount,
        proof=proof,
    )
    return solve_file(
        scenario,
        options,
        outputs=[*(output or []), *(path for path in (csv, html) if path is not None)],
        audit=audit,
        start=start,
        catalogue=catalogue,
        rules=rules,
        lang=chosen_language(lang),
        as_json=as_json,
    )


@app.command(epilog=EXIT_CODES)
def verify(
    scenario: Annotated[Path, Input(metavar="SCENARIO", help="Scenario or benchmark instance.")],
    plan: Annotated[Path, Input(metavar="PLAN", help="Plan to judge.")],
    *,
    catalogue: CatalogueOption = None,
    rules: RulesOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Judge a plan: rules broken and cost."""
    from optimizer.commands.verify import verify_files

    return verify_files(
        scenario,
        plan,
        catalogue=catalogue,
        rules=rules,
        lang=chosen_language(lang),
        as_json=as_json,
    )


for _asked in (
    explain,
    certify,
    audit,
    staffing,
    replan,
    recommend,
    move,
    retime,
    compare,
    simulate,
    city,
):
    app.command(epilog=EXIT_CODES)(_asked)
# The command's former name, for scripts that call it.
app.command("coverage", epilog=EXIT_CODES, hidden=True)(certify)


@app.command(epilog=EXIT_CODES)
def needs(
    scenario: Annotated[
        Path | None,
        Input(
            metavar="FILE", help="Scenario with health records or care plans.", show_default=False
        ),
    ] = None,
    *,
    client: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Show only this client; may be repeated."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write the scenario with visits, without records.",
        ),
    ] = None,
    review: Annotated[
        bool, typer.Option("--review", help="Show all rules as a booklet to be signed.")
    ] = False,
    catalogue: CatalogueOption = None,
    rules: RulesOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show what health records ask for, who pays, and the visits that follow, with reasons."""
    from optimizer.commands.needs import needs_of_file
    from optimizer.commands.review import check_use, review_of_book

    check_use(scenario, review=review, asks_for_more=bool(client) or as_json)
    if scenario is None:
        return review_of_book(
            catalogue=catalogue, rules=rules, output=output, lang=chosen_language(lang)
        )
    return needs_of_file(
        scenario,
        clients=client or [],
        catalogue=catalogue,
        rules=rules,
        output=output,
        lang=chosen_language(lang),
        as_json=as_json,
    )


@app.command(epilog=EXIT_CODES)
def convert(
    source: Annotated[
        Path, Input(metavar="IN", help="Scenario, plan, benchmark instance or VROOM problem.")
    ],
    target: Annotated[Path, Input(metavar="OUT", help="File to write; its name says as what.")],
    *,
    scenario: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The plan's scenario, for all forms but .json."),
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write a scenario or plan in another form."""
    from optimizer.commands.convert import convert_file

    return convert_file(
        source, target, scenario=scenario, lang=chosen_language(lang), as_json=as_json
    )


app.command("import", epilog=EXIT_CODES)(import_)
app.command(epilog=EXIT_CODES)(template)
app.command(epilog=EXIT_CODES)(export)
app.command(epilog=EXIT_CODES)(allocate)
app.add_typer(pattern_app)
office_app.command(epilog=EXIT_CODES)(bill)
office_app.command(epilog=EXIT_CODES)(evaluate)
office_app.command(epilog=EXIT_CODES)(checks)
office_app.command(epilog=EXIT_CODES)(publish)
office_app.add_typer(time_bank_app)
app.add_typer(office_app)
app.command(epilog=EXIT_CODES)(carry_over)
app.command("labour-rules", epilog=EXIT_CODES)(labour_rules)


@app.command(epilog=EXIT_CODES)
def generate(
    recipe: Annotated[
        str, Input(metavar="RECIPE", help="Name of a recipe, such as hamlet or zhenhai-day-s.")
    ],
    *,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Seed; the recipe's own if not given.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="File; standard output if not given."),
    ] = None,
    report: Annotated[
        bool,
        typer.Option("--report", help="Show targets and drawn values instead of the scenario."),
    ] = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Make a scenario from a recipe."""
    from optimizer.commands.generate import generate_file

    return generate_file(
        recipe,
        seed=seed,
        output=output,
        report=report,
        lang=chosen_language(lang),
        as_json=as_json,
    )


# In front of what looks after the command itself, which comes last in the list.
for _mount in mounts():
    _mount(app)


@app.command(epilog=EXIT_CODES)
def doctor(*, lang: LangOption = None, as_json: JsonOption = False) -> int:
    """Show versions, cores and the engine's state."""
    from optimizer.commands.doctor import doctor

    return doctor(lang=chosen_language(lang), as_json=as_json)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    arguments
        Command and arguments, without the program's name.
    """
    as_json = "--json" in arguments
    lang = language_of_arguments(arguments)
    forget_group()
    try:
        code = _command(lang)(list(arguments), prog_name="homecare", standalone_mode=False)
    except typer.TyperException as error:
        from optimizer.commands.failure import report_usage

        context = getattr(error, "ctx", None)
        hint = "" if context is None else context.get_usage()
        if not arguments:
            hint = ""
        return report_usage(_usage_words(error, lang), hint, as_json=as_json)
    except Exception as error:  # noqa: BLE001 (the last gate before the shell)
        from optimizer.commands.failure import report_failure

        return report_failure(error, as_json=as_json, lang=lang)
    if code == ExitCode.ABORTED:
        from optimizer.commands.failure import report_abort

        return report_abort(lang=lang)
    return int(code or ExitCode.OK)


@cache
def _command(lang: Literal["en", "zh"]) -> Callable[..., Any]:
    command = typer.main.get_command(app)
    if lang == "zh":
        from optimizer.commands.chinese import speak_chinese

        speak_chinese(command)
    return command


def _usage_words(error: typer.TyperException, lang: Literal["en", "zh"]) -> str:
    message: str = error.format_message()
    if lang == "en":
        return message
    from optimizer.commands.chinese import chinese_usage

    return chinese_usage(message)


def main() -> None:
    """Run the command line of this process."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
