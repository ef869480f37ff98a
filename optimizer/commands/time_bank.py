"""``homecare office timebank``: balances, transfers, what the engine is given, what is booked."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from optimizer.commands.admission import load_admission
from optimizer.commands.documents import load_deliveries, load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs, check_record_name, write_text
from optimizer.commands.settlement import terms_of
from optimizer.commands.terminal import answer, answer_json
from optimizer.domain.scenario import Scenario
from optimizer.domain.time_bank import TimeBank
from optimizer.errors import UsageError
from optimizer.formats import write_scenario
from optimizer.formats.time_bank import format_time_bank, parse_time_bank, read_time_bank
from optimizer.i18n import Lang, say, sentence
from optimizer.needs import default_book
from optimizer.purchase import settle, unexamined
from optimizer.purchase.time_bank import (
    Books,
    book_orders,
    checked_books,
    done_by,
    grant,
    latest_day,
)
from optimizer.report.time_bank_text import (
    TimeBankReport,
    booked_document,
    booked_text,
    granted_document,
    granted_text,
    time_bank_document,
    time_bank_text,
)
from optimizer.report.writing import scenario_form


def load_time_bank(path: Path, scenario: Scenario | None = None) -> tuple[TimeBank, Books]:
    """Return a time bank and its books.

    Raises
    ------
    InputError
        If the file cannot be read or has faults, or a transfer breaks a limit: all are told.
    """
    bank = read_time_bank(path, default_book(), scenario)
    return bank, checked_books(bank, path.name)


def day_of(text: str | None, bank: TimeBank) -> dt.date:
    """Return the day that was given; else the latest that the file tells of.

    Raises
    ------
    UsageError
        If the text is no date.
    """
    if text is not None:
        try:
            return dt.date.fromisoformat(text)
        except ValueError as error:
            raise UsageError(say("usage.no_date", value=text)) from error
    day = latest_day(bank)
    if day is None:
        raise UsageError(say("usage.timebank_day"))
    return day


def show_time_bank(
    bank: Path, *, scenario: Path | None, day: str | None, lang: Lang, as_json: bool
) -> int:
    """Show balances, orders and what is owed; return the exit code.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If the day is none.
    """
    given = None if scenario is None else load_problem(scenario, lang=lang).scenario
    found, books = load_time_bank(bank, given)
    report = TimeBankReport(found, books, day_of(day, found), given)
    if as_json:
        answer_json(time_bank_document(report))
    else:
        answer(time_bank_text(report, lang=lang))
    return ExitCode.OK


@dataclass(frozen=True, slots=True)
class Move:
    """A transfer that somebody asks for, in the words of the command."""

    giver: str
    receiver: str
    minutes: int
    reason: str
    by: str
    day: str
    order: str | None
    reverses: str | None


def move_minutes(bank: Path, move: Move, output: Path, *, lang: Lang, as_json: bool) -> int:
    """Book one transfer and write the time bank; return the exit code.

    Raises
    ------
    InputError
        If the file has faults, or the transfer breaks a limit.
    UsageError
        If the output cannot be written.
    """
    _check_output(output, [bank])
    before, _ = load_time_bank(bank)
    taken = {one.id for one in before.transfers}
    number = next(n for n in range(len(taken) + 1, 2 * len(taken) + 3) if f"T{n}" not in taken)
    fields = {
        "id": f"T{number}", "giver": move.giver, "receiver": move.receiver,
        "minutes": move.minutes, "reason": move.reason, "by": move.by, "date": move.day,
        "order": move.order, "reverses": move.reverses,
    }  # fmt: skip
    content = before.model_dump(mode="json", exclude_none=True)
    content["transfers"] = [
        *content.get("transfers", []),
        {name: value for name, value in fields.items() if value is not None},
    ]
    made = parse_time_bank(json.dumps(content, ensure_ascii=False), bank.name, default_book())
    books = checked_books(made, bank.name)
    write_text(output, format_time_bank(made))
    report = TimeBankReport(made, books, made.transfers[-1].date)
    if as_json:
        answer_json(time_bank_document(report))
    else:
        answer(Text(sentence(lang, "timebank.moved", id=made.transfers[-1].id,
                             minutes=move.minutes, giver=move.giver, receiver=move.receiver,
                             left=books.balance(move.giver),
                             now=books.balance(move.receiver))))  # fmt: skip
        answer(Text(sentence(lang, "cli.written", path=output)))
    return ExitCode.OK


@dataclass(frozen=True, slots=True)
class Served:
    """Days on which orders were served: scenario, roster, what took place, and the office."""

    scenario: Path
    plan: Path
    deliveries: Path
    office: Path | None


def book_served(
    bank: Path,
    output: Path,
    *,
    served: Served | None,
    by: str,
    day: str,
    lang: Lang,
    as_json: bool,
) -> int:
    """Book all confirmed orders and write the time bank; return the exit code.

    Parameters
    ----------
    bank, output
        The time bank, and where to write it.
    served
        Days whose verified visits are orders that are done; None if the file tells that itself.
    by, day
        Who books, and on which day.
    lang, as_json
        As everywhere.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If the output cannot be written or the day is none.
    """
    inputs = [bank]
    if served is not None:
        inputs += [served.scenario, served.plan, served.deliveries]
    _check_output(output, inputs)
    given, _ = load_time_bank(bank)
    if served is not None:
        given = _with_served(bank, served, lang)
        checked_books(given, bank.name)
    booked = book_orders(given, day_of(day, given), by=by)
    write_text(output, format_time_bank(booked.bank))
    if as_json:
        answer_json(booked_document(booked))
    else:
        answer(booked_text(booked, lang=lang))
        answer(Text(sentence(lang, "cli.written", path=output)))
    return ExitCode.OK


def _with_served(bank: Path, served: Served, lang: Lang) -> TimeBank:
    """Return the time bank after what was delivered and verified has been told to its orders."""
    problem = load_problem(served.scenario, lang=lang)
    admission = unexamined(problem.needs)
    if served.office is not None:
        admission = load_admission(problem, served.office, lang=lang, with_pools=False)
    scenario = admission.needs.scenario
    found, _ = load_time_bank(bank, scenario)
    plan = load_plan(served.plan, scenario, lang=lang)
    deliveries = load_deliveries(served.deliveries, scenario, lang=lang)
    settled = settle(admission, plan, deliveries, terms_of(admission), problem.matrices)
    return done_by(found, settled.lines)


def grant_minutes(
    scenario: Path, bank: Path, output: Path, *, day: str | None, lang: Lang, as_json: bool
) -> int:
    """Write a scenario in which members may be served for their minutes; return the exit code.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If the output cannot be written, records or visits stand in the way, or the day is none.
    """
    check_outputs([output], inputs=[scenario, bank])
    scenario_form(output)
    problem = load_problem(scenario, lang=lang)
    given = problem.given
    if any(one.health_record is not None for one in given.clients):
        raise UsageError(say("usage.timebank_records", path=scenario))
    found, _ = load_time_bank(bank, given)
    taken = {one.id for one in given.visits} & {one.id for one in found.orders}
    if taken:
        raise UsageError(say("usage.timebank_granted", names=tuple(sorted(taken))))
    at = given.horizon.start if day is None else day_of(day, found)
    granted = grant(found, given, at)
    write_scenario(granted.scenario, output)
    if as_json:
        answer_json(granted_document(granted))
    else:
        answer(granted_text(granted, lang=lang))
        answer(Text(sentence(lang, "cli.written", path=output)))
    return ExitCode.OK


def _check_output(output: Path, inputs: Iterable[Path]) -> None:
    """Make sure that a time bank can be written: in JSON, and never over what it was read from."""
    check_outputs([output], inputs=inputs)
    check_record_name(output)
