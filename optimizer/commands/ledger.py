"""``homecare office audit``: the chain of a ledger, and each of its decisions worked out anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from rich.text import Text

from optimizer.commands.allocate import allocated, assignment_draft
from optimizer.commands.documents import load_problem
from optimizer.commands.evaluation import Days, evaluated, evaluation_draft
from optimizer.commands.evaluation import Files as EvaluationFiles
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.settlement import Files as SettlementFiles
from optimizer.commands.settlement import settled, settlement_draft
from optimizer.commands.terminal import answer, answer_json, tell_warnings
from optimizer.domain.ledger import Entry, EntryKind
from optimizer.formats.ledger import (
    FIRST,
    Draft,
    check_same_history,
    documents_by_hash,
    files_by_hash,
    read_ledger,
)
from optimizer.i18n import Lang, listed, sentence
from optimizer.purchase import differences


class Outcome(StrEnum):
    """What became of an entry."""

    HOLDS = "holds"
    FAILS = "fails"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry, checked.

    Attributes
    ----------
    entry
        The entry.
    outcome
        Whether what it claims comes out again.
    details
        Which claims come out otherwise; of an unchecked one which files are missing.
    """

    entry: Entry
    outcome: Outcome
    details: tuple[str, ...] = ()


def audit_ledger(
    path: Path, files: Sequence[Path], *, against: Path | None, lang: Lang, as_json: bool
) -> int:
    """Check a ledger and what it claims; return the exit code.

    Parameters
    ----------
    path
        The ledger.
    files
        Files and folders among which those are looked for, by their hash, that entries follow
        from.
    against
        Another copy of the ledger.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    InputError
        If a file cannot be read, the chain is broken, or the copy tells what the ledger does not.
    """
    ledger = read_ledger(path)
    tell_warnings(ledger.warnings, path.name, lang=lang)
    behind = 0
    if against is not None:
        behind = check_same_history(ledger, read_ledger(against), path.name, against.name)
    known = files_by_hash(files)
    if any(hashed not in known for one in ledger.entries for hashed in one.body.inputs.values()):
        # The service hashes documents however they are laid out.
        known = {**documents_by_hash(files), **known}
    findings = [_checked(entry, known, lang) for entry in ledger.entries]
    if as_json:
        answer_json(_document(path, findings))
    else:
        for one in findings:
            _show(one, lang)
        counts = {what.value: sum(one.outcome is what for one in findings) for what in Outcome}
        head = ledger.entries[-1].hash if ledger.entries else FIRST
        answer(Text(sentence(lang, "ledger.summary", entries=len(findings), head=head, **counts)))
        if behind and against is not None:
            said = sentence(lang, "ledger.copy_behind", copy=against.name, count=behind)
            answer(Text(said, style="yellow"))
    fails = any(one.outcome is Outcome.FAILS for one in findings)
    return ExitCode.RULE_VIOLATED if fails else ExitCode.OK


def _checked(entry: Entry, known: Mapping[str, Path], lang: Lang) -> Finding:
    inputs = entry.body.inputs
    missing = {name for name, hashed in inputs.items() if hashed not in known}
    missing |= _needed(entry) - inputs.keys()
    if missing:
        return Finding(entry, Outcome.UNCHECKED, tuple(sorted(missing)))
    paths = {name: known[hashed] for name, hashed in entry.body.inputs.items()}
    anew = _RECHECKS[entry.body.kind](paths, lang)
    wrong = [
        f"{name}: {claimed} → {found}"
        for name, claimed, found in (
            ("subject", entry.body.subject, anew.subject),
            ("period", entry.body.period, anew.period),
        )
        if claimed != found
    ]
    wrong += differences(entry.body.claims, anew.claims)
    return Finding(entry, Outcome.FAILS if wrong else Outcome.HOLDS, tuple(wrong))


def _needed(entry: Entry) -> set[str]:
    """Return what an entry of its kind cannot do without, whatever it names."""
    kind, inputs = entry.body.kind, entry.body.inputs
    if kind is EntryKind.ASSIGNMENT:
        return {"scenario", "rules"}
    if kind is EntryKind.SETTLEMENT:
        return {"scenario", "plan", "deliveries"}
    days = {"1", *(name.partition(".")[2] for name in inputs if name.startswith("scenario."))}
    return {"office", *(f"{name}.{day}" for day in days for name in _OF_DAYS)}


_OF_DAYS = ("scenario", "plan", "deliveries")


def _assignment(paths: Mapping[str, Path], lang: Lang) -> Draft:
    scenario, rules, before = paths["scenario"], paths["rules"], paths.get("before")
    _, log = allocated(load_problem(scenario, lang=lang), scenario, rules, before)
    return assignment_draft(scenario, rules, before, log)


def _settlement(paths: Mapping[str, Path], lang: Lang) -> Draft:
    files = SettlementFiles(
        paths["scenario"], paths["plan"], paths["deliveries"], paths.get("office"), None
    )
    return settlement_draft(files, settled(files, lang=lang))


def _evaluation(paths: Mapping[str, Path], lang: Lang) -> Draft:
    days: list[Days] = []
    while f"scenario.{len(days) + 1}" in paths:
        n = len(days) + 1
        days.append(Days(paths[f"scenario.{n}"], paths[f"plan.{n}"], paths[f"deliveries.{n}"]))
    files = EvaluationFiles(
        tuple(days), paths["office"], paths.get("supervision"), paths.get("rules"), None, None
    )
    return evaluation_draft(files, evaluated(files, lang=lang)[0])


_RECHECKS: Mapping[EntryKind, Callable[[Mapping[str, Path], Lang], Draft]] = {
    EntryKind.ASSIGNMENT: _assignment,
    EntryKind.SETTLEMENT: _settlement,
    EntryKind.EVALUATION: _evaluation,
}


def _show(one: Finding, lang: Lang) -> None:
    body = one.entry.body
    style = {Outcome.HOLDS: "green", Outcome.FAILS: "bold red", Outcome.UNCHECKED: "yellow"}
    words = sentence(
        lang,
        "ledger.entry",
        number=body.number,
        outcome=sentence(lang, f"ledger.outcome.{one.outcome}"),
        kind=sentence(lang, f"ledger.kind.{body.kind}"),
        subject=body.subject,
    )
    if body.corrects is not None:
        words += sentence(
            lang, "ledger.corrects", number=body.corrects, reason=body.reason or "–"
        )  # fmt: skip
    answer(Text(words, style=style[one.outcome]))
    if one.outcome is Outcome.UNCHECKED:
        kinds = dict.fromkeys(name.partition(".")[0] for name in one.details)
        names = [sentence(lang, f"ledger.input.{kind}") for kind in kinds]
        answer(Text("    " + sentence(lang, "ledger.missing", files=listed(lang, names))))
    else:
        for detail in one.details:
            answer(Text(f"    {detail}"))


def _document(path: Path, findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "ledger": path.name,
        "head": findings[-1].entry.hash if findings else FIRST,
        "holds": all(one.outcome is not Outcome.FAILS for one in findings),
        "entries": [
            {
                "number": one.entry.body.number,
                "kind": one.entry.body.kind.value,
                "subject": one.entry.body.subject,
                "outcome": one.outcome.value,
                "details": list(one.details),
            }
            for one in findings
        ],
    }
