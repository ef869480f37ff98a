"""An evaluation in words: what each figure came to, which grade follows, what becomes of shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.domain.evaluation import Indicator
from optimizer.i18n import Lang, listed, sentence
from optimizer.purchase import Evaluation, Figure, Moved, Result
from optimizer.purchase.evaluation.figures import SCALE
from optimizer.report.wording import number
from optimizer.units import MS_PER_MINUTE

_FEN = 100
_MS_PER_HOUR = 60 * MS_PER_MINUTE
_WHOLE = 100


@dataclass(frozen=True)
class EvaluationReport:
    """An evaluation with everything that is said of it.

    Attributes
    ----------
    office
        Id of the office.
    evaluation
        Results of all organisations.
    moved
        Shares of the next period; empty where no rules of allocation were given.
    """

    office: str
    evaluation: Evaluation
    moved: tuple[Moved, ...] = ()

    def moved_of(self, organisation: str) -> Moved | None:
        """Return what becomes of an organisation's share; None without rules of allocation."""
        return next((one for one in self.moved if one.organisation == organisation), None)


def evaluation_text(report: EvaluationReport, *, lang: Lang) -> RenderableType:
    """Return an evaluation for printing with rich: the district table and a few sentences."""
    table = Table()
    table.add_column(sentence(lang, "evaluation.column.organisation"))
    heads = ["score", "interval", "grade", "internal", "external", "reputation", "rated"]
    if report.moved:
        heads += ["before", "after"]
    for head in heads:
        table.add_column(sentence(lang, f"evaluation.column.{head}"), justify="right")
    for one in report.evaluation.results:
        table.add_row(one.organisation, *evaluation_cells(report, one, lang))
    lines = [Text(line) for one in report.evaluation.results for line in told_of(report, one, lang)]
    notes = [Text(line) for line in notes_of(report, lang)]
    return Group(Text(title(report, lang), style="bold"), table, *lines, *notes)


def title(report: EvaluationReport, lang: Lang) -> str:
    """Return the heading: whose evaluation, of which days."""
    one = report.evaluation
    days = str(one.first) if one.first == one.last else f"{one.first} – {one.last}"
    return sentence(lang, "evaluation.title", office=report.office, days=days)


def evaluation_cells(report: EvaluationReport, one: Result, lang: Lang) -> list[str]:
    """Return the cells of an organisation in the district's table, behind its name."""
    heads = {str(head): score for head, score in one.heads.items()}
    cells = [
        points(one.score),
        span(one.interval),
        grade_name(one, lang),
        *(points(heads.get(head)) for head in ("internal", "external", "reputation")),
        f"{one.rated}%",
    ]
    moved = report.moved_of(one.organisation)
    if report.moved:
        cells += ["–", "–"] if moved is None else [share(moved.before), share(moved.after)]
    return cells


def told_of(report: EvaluationReport, one: Result, lang: Lang) -> Iterator[str]:
    """Yield what is said of one organisation: grade, red lines, objections, its share."""
    name = one.organisation
    for line in one.red_lines:
        kind = sentence(lang, f"evaluation.red_line.{line.kind}")
        yield sentence(lang, "evaluation.crossed", name=name, kind=kind, day=line.date,
                       document=line.document)  # fmt: skip
    if one.grade is None and one.rated:
        least = report.evaluation.terms.least_weight
        yield sentence(lang, "evaluation.too_little", name=name, rated=one.rated, least=least)
    elif one.grade is None:
        yield sentence(lang, "evaluation.nothing", name=name)
    unrated = [figure for figure in one.figures if figure.unrated and figure.terms.weight]
    if one.rated and unrated:
        names = listed(lang, [_with_reason(figure, lang) for figure in unrated])
        yield sentence(lang, "evaluation.spread", name=name, names=names)
    if one.share_grade is not one.grade:
        yield sentence(
            lang, "evaluation.open", name=name, grade=grade_name(one, lang),
            interval=span(one.interval),
            counts=sentence(lang, f"evaluation.grade.{one.share_grade}"),
        )  # fmt: skip
    if one.waits:
        yield sentence(lang, "evaluation.waits", name=name)
    if one.late:
        names = listed(lang, [indicator_name(late.indicator, lang) for late in one.late])
        yield sentence(lang, "evaluation.late", name=name, names=names)
    moved = report.moved_of(name)
    if moved is not None and share(moved.before) != share(moved.after):
        yield sentence(
            lang, "evaluation.moved" if moved.factor else "evaluation.taken", name=name,
            before=share(moved.before), after=share(moved.after),
        )  # fmt: skip
    if moved is not None and moved.factor:
        why = moved.halt or (None if moved.has_licence else "unlicensed")
        if why is not None:
            yield sentence(lang, f"evaluation.halted.{why}", name=name, share=share(moved.after))


def notes_of(report: EvaluationReport, lang: Lang) -> Iterator[str]:
    """Yield what is said of all organisations together."""
    if report.evaluation.outside:
        yield sentence(lang, "evaluation.outside", count=report.evaluation.outside)
    total = sum((one.after for one in report.moved), Fraction(0))
    if report.moved and total < _WHOLE:
        yield sentence(lang, "evaluation.not_whole", total=share(total))
    yield sentence(lang, "evaluation.note")


def why_not(figure: Figure, lang: Lang) -> str:
    """Return why a figure is not rated; nothing if it is."""
    unrated = figure.unrated
    return "" if unrated is None else sentence(lang, f"evaluation.unrated.{unrated}")


def _with_reason(figure: Figure, lang: Lang) -> str:
    why = why_not(figure, lang)
    name = indicator_name(figure.indicator, lang)
    return f"{name} ({why})" if lang == "en" else f"{name}（{why}）"


def indicator_name(indicator: Indicator, lang: Lang) -> str:
    """Return what an indicator is called."""
    return sentence(lang, f"evaluation.indicator.{indicator}")


def formula(indicator: Indicator, lang: Lang) -> str:
    """Return how a figure is counted, in words."""
    return sentence(lang, f"evaluation.indicator.{indicator}.formula")


def grade_name(one: Result, lang: Lang) -> str:
    """Return the grade in words; a dash without one."""
    return "–" if one.grade is None else sentence(lang, f"evaluation.grade.{one.grade}")


def points(score: Fraction | float | None) -> str:
    """Return points with one decimal, cut off so that no line seems reached that is not."""
    if score is None:
        return "–"
    return f"{int(Fraction(score) * 10) / 10:.1f}"


def span(interval: tuple[float, float] | None) -> str:
    """Return both ends of an interval of points."""
    return "–" if interval is None else f"{interval[0]:.1f} – {interval[1]:.1f}"


def share(part: Fraction) -> str:
    """Return a share in per cent."""
    return f"{float(part):.2f}%"


def figure_value(indicator: Indicator, value: Fraction | float | None) -> str:
    """Return a figure as it is told: per cent, per 1,000, or a ratio."""
    if value is None:
        return "–"
    scale = SCALE[indicator]
    if scale == 1:
        return f"{float(value):.3f}"
    return f"{float(value):.1f}" + ("%" if scale == _WHOLE else "‰")


def figure_span(figure: Figure) -> str:
    """Return between what a figure lies."""
    if figure.interval is None:
        return "–"
    return " – ".join(figure_value(figure.indicator, end) for end in figure.interval)


def sums(figure: Figure) -> str:
    """Return what stands above and below the line: numbers, minutes or yuan."""
    upper, lower = figure.upper, figure.lower
    if figure.indicator is Indicator.MINUTES:
        return f"{number(round(upper / MS_PER_MINUTE))} / {number(round(lower / MS_PER_MINUTE))}"
    if figure.indicator is Indicator.PRICE:
        return f"{float(upper) / _FEN:,.2f} / {float(lower) / _FEN:,.2f}"
    if figure.indicator is Indicator.FACES:
        return f"{float(upper):.2f} / {number(int(lower))}"
    return f"{number(int(upper))} / {number(int(lower))}"


def yuan_per_hour(fen: int, ms: int) -> str:
    """Return what an hour has cost, in yuan; a dash where there was none."""
    return f"{fen * _MS_PER_HOUR / ms / _FEN:.2f}" if ms else "–"


def against(figure: Figure) -> tuple[str, ...]:
    """Return the subjects of the rows that keep a figure from being the best it can be."""
    if figure.indicator is Indicator.SATISFACTION:
        return ()  # A row holds the answers of all clients: nobody is named.
    is_more_better = figure.terms.full > figure.terms.zero
    best = Fraction(str(figure.terms.full)) / SCALE[figure.indicator]
    rows = [
        one
        for one in figure.facts
        if one.subject and (one.part < one.of if is_more_better else one.part > best * one.of)
    ]
    return tuple(dict.fromkeys(one.subject for one in rows))
