"""``homecare audit``: hold an audit record against its scenario and plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.text import Text

from optimizer.audit import Audit, Finding, check_audit, read_audit
from optimizer.commands.documents import load_plan_to_judge, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.terminal import answer, answer_json
from optimizer.domain.scenario import Scenario
from optimizer.formats.book import read_book
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.report.certificate_text import certificate_text, total_words


def audit_files(
    scenario_path: Path,
    plan_path: Path,
    audit_path: Path,
    *,
    catalogue: Path | None,
    rules: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Check every claim of an audit record anew and return the exit code.

    Parameters
    ----------
    scenario_path, plan_path, audit_path
        Scenario or benchmark instance, its plan, and the record about both.
    catalogue, rules
        A district's own files, by which visits are derived from health records.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.
    """
    problem = load_problem(scenario_path, lang=lang, book=read_book(catalogue, rules))
    plan, audit = load_plan_to_judge(plan_path, problem.scenario, lang=lang), read_audit(audit_path)
    findings = check_audit(problem.scenario, plan, audit, problem.matrices)
    if as_json:
        answer_json(_document(audit, findings, lang))
    else:
        _show(problem.scenario, audit, findings, lang)
    holds = all(finding.holds for finding in findings)
    return ExitCode.OK if holds else ExitCode.RULE_VIOLATED


def _show(scenario: Scenario, audit: Audit, findings: Sequence[Finding], lang: Lang) -> None:
    for finding in findings:
        style = "green" if finding.holds else "bold red"
        answer(Text(_line(finding, lang), style=style))
        for detail in finding.details:
            answer(Text(f"    {detail}"))
    answer(Text(""))
    answer(certificate_text(scenario, audit.coverage, lang=lang))


def _line(finding: Finding, lang: Lang) -> str:
    mark = sentence(lang, "audit.holds" if finding.holds else "audit.fails")
    return f"{mark}  {sentence(lang, f'audit.claim.{finding.claim}')}"


def _document(audit: Audit, findings: Sequence[Finding], lang: Lang) -> dict[str, Any]:
    return {
        "scenario": audit.scenario,
        "holds": all(finding.holds for finding in findings),
        "claims": [
            {
                "claim": finding.claim.value,
                "holds": finding.holds,
                "sentence": sentence(lang, f"audit.claim.{finding.claim}"),
                "details": list(finding.details),
            }
            for finding in findings
        ],
        "least_unserved": audit.coverage.least_unserved,
        "sentence": total_words(audit.coverage, lang=lang),
    }
