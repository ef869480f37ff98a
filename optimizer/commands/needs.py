"""``homecare needs``: what health records ask for, who pays, and the visits that follow."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.text import Text

from optimizer.commands.documents import load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import OutputKind, check_outputs, output_kind
from optimizer.commands.terminal import answer, answer_json
from optimizer.domain.visit import Trace, Visit
from optimizer.errors import UsageError
from optimizer.formats import write_scenario
from optimizer.formats.book import read_book
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.needs import Book, ClientNeeds, Needs
from optimizer.report import needs_wording as wording
from optimizer.report.needs_text import needs_text
from optimizer.units import MS_PER_MINUTE, format_clock


def needs_of_file(
    path: Path,
    *,
    clients: Sequence[str],
    catalogue: Path | None,
    rules: Path | None,
    output: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Derive the visits of a scenario, show them with their reasons; return the exit code.

    Parameters
    ----------
    path
        The scenario.
    clients
        Ids of the clients to show; all if empty. The sums are always those of all.
    catalogue, rules
        A district's own files; those of the package if not given.
    output
        Where to write the scenario with the visits and without the health records.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    UsageError
        If a client asked for has no record, or the output cannot be written as a scenario.
    """
    if output is not None:
        check_outputs([output], is_instance=False)
        if output_kind(output) is not OutputKind.PLAN:
            raise UsageError(f"{output}: a scenario can be written as .json, .json.gz or .json.xz.")
    book = read_book(catalogue, rules)
    problem = load_problem(path, lang=lang, book=book)
    needs = problem.needs or Needs(book, (), problem.scenario)
    shown = _chosen(needs, clients)
    if output is not None:
        write_scenario(problem.scenario, output)
    if as_json:
        answer_json(_document(needs, shown, lang))
    else:
        # One plain text: tables of thousands of rows take longer to draw than to derive.
        sys.stdout.write(needs_text(needs, shown, lang=lang) + "\n")
        if output is not None:
            answer(Text(sentence(lang, "cli.written", path=output)))
    return ExitCode.OK


def _chosen(needs: Needs, clients: Sequence[str]) -> Sequence[ClientNeeds]:
    if not clients:
        return needs.clients
    of = {one.client: one for one in needs.clients}
    missing = [client for client in clients if client not in of]
    if missing:
        raise UsageError(f"No health record or care plan is there of {', '.join(missing)}.")
    return [of[client] for client in clients]


def _document(needs: Needs, shown: Sequence[ClientNeeds], lang: Lang) -> dict[str, Any]:
    return {
        "scenario": needs.scenario.id,
        "catalogue": needs.book.catalogue.version,
        "rules": needs.book.rules.version,
        "minutes_in_four_weeks": _minutes(needs.clients),
        "clients": [_client(needs.book, one, lang) for one in shown],
    }


def _minutes(clients: Sequence[ClientNeeds]) -> dict[str, int]:
    return {
        "needed": sum(one.needed for one in clients),
        "entitled": sum(one.entitled for one in clients),
        "cut": sum(one.cut for one in clients),
    }


def _client(book: Book, one: ClientNeeds, lang: Lang) -> dict[str, Any]:
    needed = one.requirements
    return {
        "client": one.client,
        "need_tier": one.facts.tier,
        "raised": list(one.facts.raised),
        "minutes_in_four_weeks": _minutes((one,)),
        "services": [
            {
                "service": funded.demand.service,
                "minutes": funded.demand.minutes,
                "carers": len(funded.demand.requirements),
                "times_a_day": len(funded.demand.windows),
                "days_needed": len(funded.demand.days),
                "days_entitled": len(funded.paid),
                "priority": funded.demand.priority.value,
                "trace": _traces(book, funded.demand.traces, lang),
            }
            for funded in one.funded
        ],
        "refused": [
            {"service": refused.service, "rule": refused.contraindication}
            for refused in needed.refusals
        ],
        "alerts": [
            {"alert": code, "sentence": wording.alert(lang, book, code), "rule": trace.rule}
            for code, trace in needed.alerts
        ],
        "notes": list(needed.notes),
        "visits": [_visit(book, visit, lang) for visit in one.visits],
    }


def _visit(book: Book, visit: Visit, lang: Lang) -> dict[str, Any]:
    return {
        "visit": visit.id,
        "dates": [day.isoformat() for day in visit.dates],
        "services": list(visit.services),
        "earliest": format_clock(visit.window.earliest),
        "latest": format_clock(visit.window.latest),
        "minutes": [carer.minutes // MS_PER_MINUTE for carer in visit.carers],
        "priority": visit.priority.value,
        "payer": visit.payer,
        "sentence": wording.visit(lang, book, visit),
        "trace": _traces(book, visit.trace, lang),
    }


def _traces(book: Book, traces: tuple[Trace, ...], lang: Lang) -> list[dict[str, Any]]:
    return [
        {
            "rule": trace.rule,
            "fields": list(trace.fields),
            "recorded_on": None if trace.recorded_on is None else trace.recorded_on.isoformat(),
            "sentence": words,
        }
        for trace, words in zip(traces, wording.reasons(lang, book, traces), strict=True)
    ]
