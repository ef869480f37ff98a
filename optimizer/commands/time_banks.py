"""A time bank on the command line: the arguments of `office timebank`.

As in `optimizer.cli`, nothing heavy is imported before it is needed.
"""
# ruff: noqa: PLC0415 (see above)

# No `from __future__ import annotations`, as in `optimizer.cli`.
from pathlib import Path
from typing import Annotated

import typer

from optimizer.commands.exit_code import EXIT_CODES
from optimizer.commands.language import chosen_language
from optimizer.commands.options import (
    Input,
    JsonOption,
    LangOption,
    speak,
)

app = typer.Typer(
    name="timebank",
    help="The time bank: minutes that volunteers earn, and later receive.",
    no_args_is_help=True,
)
app.callback()(speak)

_Bank = Annotated[Path, Input(metavar="BANK", help="Accounts, orders and transfers.")]
_BankOutput = Annotated[
    Path, typer.Option("-o", "--output", metavar="FILE", help="Time bank to write, .json.")
]
_Day = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Day until which silence counts; the latest one told of."),
]
_By = Annotated[
    str, typer.Option(metavar="CODE", help="Who books: a role or a number, never a name.")
]


@app.command(epilog=EXIT_CODES)
def show(
    bank: _Bank,
    *,
    scenario: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Scenario, for the hours that volunteers have."),
    ] = None,
    day: _Day = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show balances, where orders stand, and whether what is owed can be served."""
    from optimizer.commands.time_bank import show_time_bank

    return show_time_bank(
        bank, scenario=scenario, day=day, lang=chosen_language(lang), as_json=as_json
    )


@app.command(epilog=EXIT_CODES)
def grant(
    scenario: Annotated[
        Path, Input(metavar="SCENARIO", help="What is planned, without health records.")
    ],
    bank: _Bank,
    *,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Scenario to write.")
    ],
    day: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Day until which silence counts; the first one planned."),
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Give members their minutes as an entitlement, and orders as visits of volunteers."""
    from optimizer.commands.time_bank import grant_minutes

    return grant_minutes(
        scenario, bank, output, day=day, lang=chosen_language(lang), as_json=as_json
    )


@app.command(epilog=EXIT_CODES)
def book(
    bank: _Bank,
    scenario: Annotated[
        Path | None,
        Input(metavar="SCENARIO", help="Days on which orders were served.", show_default=False),
    ] = None,
    plan: Annotated[
        Path | None, Input(metavar="PLAN", help="Their roster.", show_default=False)
    ] = None,
    deliveries: Annotated[
        Path | None,
        Input(
            metavar="DELIVERIES", help="What took place: .json, .csv or .xlsx.", show_default=False
        ),
    ] = None,
    *,
    by: _By,
    day: Annotated[str, typer.Option(metavar="DATE", help="Day of booking.")],
    output: _BankOutput,
    office: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Categories, applications and pools.")
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Book orders that are confirmed: the member pays, the volunteer is credited."""
    from optimizer.commands.time_bank import Served, book_served
    from optimizer.errors import UsageError
    from optimizer.i18n import say

    served = None
    if scenario is not None:
        if plan is None or deliveries is None:
            raise UsageError(say("usage.timebank_served"))
        served = Served(scenario, plan, deliveries, office)
    return book_served(
        bank,
        output,
        served=served,
        by=by,
        day=day,
        lang=chosen_language(lang),
        as_json=as_json,
    )


@app.command(epilog=EXIT_CODES)
def move(
    bank: _Bank,
    *,
    giver: Annotated[str, typer.Option("--from", metavar="ID", help="Account that gives.")],
    receiver: Annotated[str, typer.Option("--to", metavar="ID", help="Account that receives.")],
    minutes: Annotated[int, typer.Option(min=1, help="Whole minutes.")],
    reason: Annotated[
        str,
        typer.Option(
            metavar="CODE", help="gift, donation, grant, expiry, clearing, service or reversal."
        ),
    ],
    by: _By,
    day: Annotated[str, typer.Option(metavar="DATE", help="Day of booking.")],
    output: _BankOutput,
    order: Annotated[
        str | None, typer.Option(metavar="ID", help="Order that was served, of a service.")
    ] = None,
    reverses: Annotated[
        str | None, typer.Option(metavar="ID", help="Transfer that is taken back.")
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Move minutes from one account to another; what breaks a limit is refused."""
    from optimizer.commands.time_bank import Move, move_minutes

    return move_minutes(
        bank,
        Move(giver, receiver, minutes, reason, by, day, order, reverses),
        output,
        lang=chosen_language(lang),
        as_json=as_json,
    )
