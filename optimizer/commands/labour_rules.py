"""``homecare labour-rules``: the law on working time that a scenario is under, and another one."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from optimizer.commands.documents import load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs
from optimizer.commands.terminal import answer, answer_json
from optimizer.domain.caregiver import Caregiver
from optimizer.domain.labour import LabourRules, LegalNight, LegalNumber, LegalTime
from optimizer.domain.scenario import Scenario
from optimizer.errors import UsageError
from optimizer.formats import write_scenario
from optimizer.formats.labour import read_labour_rules
from optimizer.i18n import Lang, duration, say, sentence, translated
from optimizer.labour import figures_of, labour_rules_of, tightened
from optimizer.report.writing import scenario_form
from optimizer.units import format_clock


def show_labour_rules(
    scenario: Path, rules: Path | None, output: Path | None, *, lang: Lang, as_json: bool
) -> int:
    """Show the law on working time of a scenario, or write one into it; return the exit code.

    Parameters
    ----------
    scenario
        The scenario.
    rules
        Rules to put in the place of those that it is under.
    output
        Where to write the scenario with them.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If rules are given and not to be written, or the other way round.
    """
    if (rules is None) != (output is None):
        raise UsageError(say("usage.labour_and_output"))
    if rules is not None and output is not None:
        check_outputs([output], inputs=[scenario, rules])
        scenario_form(output)
    given = load_problem(scenario, lang=lang).given
    if rules is not None and output is not None:
        given = given.model_copy(update={"labour_rules": read_labour_rules(rules)})
        write_scenario(given, output)
    law = labour_rules_of(given)
    if as_json:
        answer_json(_document(given, law))
        return ExitCode.OK
    for line in _lines(given, law, lang):
        answer(Text(line))
    if output is not None:
        answer(Text(sentence(lang, "cli.written", path=output)))
    return ExitCode.OK


def _document(scenario: Scenario, law: LabourRules | None) -> dict[str, object]:
    return {
        "scenario": scenario.id,
        "is_default": law is not None and scenario.labour_rules is None,
        "rules": None if law is None else law.model_dump(mode="json", exclude_none=True),
        "stricter": {} if law is None else _stricter(scenario.caregivers, law),
    }


def _stricter(people: tuple[Caregiver, ...], law: LabourRules) -> dict[str, int]:
    """Return for how many caregivers each figure is stricter than their own."""
    figures = figures_of(law)
    changed = [tightened(person, figures) for person in people]
    return {name: sum(name in one for one in changed) for name in figures}


def _lines(scenario: Scenario, law: LabourRules | None, lang: Lang) -> list[str]:
    if law is None:
        return [sentence(lang, "cli.labour.none")]
    country = law.zh if lang == "zh" else law.en
    lines = [sentence(lang, "cli.labour.title", country=country)]
    if scenario.labour_rules is None:
        lines.append(sentence(lang, "cli.labour.default"))
    employed = [person for person in scenario.caregivers if not person.volunteer]
    stricter = _stricter(scenario.caregivers, law)
    for name in LabourRules.model_fields:
        figure = getattr(law, name)
        if isinstance(figure, LegalTime | LegalNumber | LegalNight):
            lines += _of_figure(name, figure, lang)
        if stricter.get(name):
            count, total = stricter[name], len(employed)
            words = sentence(lang, "cli.labour.stricter", count=count, total=total)
            lines.append(f"    {words}")
    if volunteers := len(scenario.caregivers) - len(employed):
        lines.append(sentence(lang, "cli.labour.volunteers", count=volunteers))
    return lines


def _of_figure(name: str, figure: LegalTime | LegalNumber | LegalNight, lang: Lang) -> list[str]:
    """Return what a figure is and where it comes from."""
    match figure:
        case LegalTime():
            value = translated(lang, duration(figure.minutes))
        case LegalNumber():
            value = str(figure.count)
        case LegalNight():
            hours = f"{format_clock(figure.start)}–{format_clock(figure.end)}"
            value = f"{hours}, {translated(lang, duration(figure.least))}"
    what = sentence(lang, "list.labelled", what=sentence(lang, f"law.{name}"), more=value)
    return [f"  {what}", f"    {figure.source}"]
