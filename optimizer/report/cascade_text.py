"""A cascade as a person reads it: a few sentences, the steps, and the groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.domain.allocation import Unmet
from optimizer.domain.cascade import Loss, LossCode, Stage
from optimizer.domain.office import Office
from optimizer.domain.scenario import Scenario
from optimizer.i18n import Lang, listed, sentence
from optimizer.purchase import By, Cascade, Lost, Step, Traced, cascade
from optimizer.report.study_wording import category
from optimizer.report.wording import MINUS, duration, number, reason, town
from optimizer.units import MS_PER_MINUTE

_FEN = 100


@dataclass(frozen=True)
class CascadeReport:
    """A cascade with everything that is said of it.

    Attributes
    ----------
    scenario
        Whose care it is.
    traced
        All care and where it was lost.
    by
        What the groups differ in.
    office
        For the names of its categories; None without one.
    """

    scenario: Scenario
    traced: Traced
    by: tuple[By, ...] = ()
    office: Office | None = None

    @property
    def cascades(self) -> tuple[Cascade, ...]:
        """The cascade of everything, then those of the groups."""
        return cascade(self.traced, self.by)


def cascade_text(report: CascadeReport, *, lang: Lang) -> RenderableType:
    """Return a cascade for printing with rich.

    Parameters
    ----------
    report
        The cascade.
    lang
        Language of all words.
    """
    whole, *groups = report.cascades
    parts: list[RenderableType] = [
        Text(title(report, lang), style="bold"),
        *(Text(line) for line in cascade_words(report, lang=lang)),
        Text(""),
        _steps(whole, lang),
    ]
    if groups:
        parts.append(_groups(report, groups, lang))
    return Group(*parts, Text(sentence(lang, "office.cascade.note")))


def title(report: CascadeReport, lang: Lang) -> str:
    """Return the heading: scenario and days."""
    dates = report.scenario.horizon.dates()
    days = str(dates[0]) if len(dates) == 1 else f"{dates[0]} – {dates[-1]}"
    return sentence(lang, "office.cascade.title", scenario=report.scenario.id, days=days)


def cascade_words(report: CascadeReport, *, lang: Lang) -> Iterator[str]:
    """Yield the sentences of a cascade.

    Parameters
    ----------
    report, lang
        As of `cascade_text`.
    """
    whole = report.cascades[0]
    first, last = whole.steps[0], whole.steps[-1]
    yield sentence(
        lang,
        "office.cascade.lead",
        clients=whole.clients,
        needed=duration(lang, first.care),
        care=duration(lang, last.care),
        percent=share(last.care, first.care),
        stage=stage_name(lang, last.stage),
    )
    most = largest_loss(whole)
    if most is None:
        yield sentence(lang, "office.cascade.all")
    else:
        step, lost = most
        yield sentence(
            lang,
            "office.cascade.most",
            stage=stage_name(lang, step.stage),
            code=loss_name(lang, lost.code),
            care=duration(lang, lost.care),
            clients=lost.clients,
        )
    absent = [stage_name(lang, one) for one in Stage if one not in report.traced.stages]
    if absent:
        yield sentence(lang, "office.cascade.not_examined", stages=listed(lang, absent))
    for code, care in report.traced.against_order.items():
        yield sentence(
            lang,
            "office.cascade.against_order",
            code=loss_name(lang, code),
            care=duration(lang, care),
        )


def largest_loss(one: Cascade) -> tuple[Step, Lost] | None:
    """Return the step and code that take away most; the earlier one of equals."""
    losses = [(step, lost) for step in one.steps for lost in step.lost]
    return max(losses, key=lambda pair: pair[1].care, default=None)


def stage_name(lang: Lang, stage: Stage) -> str:
    """Return what a step is called."""
    return sentence(lang, f"office.stage.{stage}")


def loss_name(lang: Lang, code: LossCode) -> str:
    """Return why care is lost, in words."""
    if isinstance(code, Loss):
        return sentence(lang, f"office.loss.{code}")
    if isinstance(code, Unmet):
        return sentence(lang, f"allocation.unmet.{code}")
    return reason(lang, str(code))


def key_name(report: CascadeReport, by: By, key: str | None, lang: Lang) -> str:
    """Return what a group is called; the code itself where no name is known."""
    if key is None:
        return sentence(lang, "office.cascade.nobody")
    if by is By.TOWN:
        return town(lang, key)
    if by is By.CATEGORY:
        return category_name(report.office, key, lang)
    return key


def category_name(office: Office | None, code: str, lang: Lang) -> str:
    """Return the name that an office gives a category, else the usual one, else its code."""
    own = next((one for one in office.categories if one.code == code), None) if office else None
    if own is not None:
        return own.zh if lang == "zh" else own.en
    return category(lang, code)


def minutes(care: int) -> str:
    """Return milliseconds in minutes, to a tenth."""
    return number(round(care / MS_PER_MINUTE, 1))


def yuan(fen: int) -> str:
    """Return fen in yuan, exactly."""
    return f"{fen / _FEN:,.2f}".replace("-", MINUS)


def share(part: int, whole: int) -> str:
    """Return a part in percent, to a tenth; of nothing it is nothing."""
    return f"{100 * part / whole:.1f}" if whole else "0.0"


def _steps(one: Cascade, lang: Lang) -> Table:
    table = Table()
    for name, is_number in (
        ("step", False), ("lost", False), ("care", True), ("share", True), ("yuan", True),
        ("clients", True),
    ):  # fmt: skip
        table.add_column(
            sentence(lang, f"office.cascade.{name}"), justify="right" if is_number else "left"
        )
    needed = one.steps[0].care
    for step in one.steps:
        for lost in step.lost:
            table.add_row(
                "",
                loss_name(lang, lost.code),
                MINUS + minutes(lost.care),
                MINUS + share(lost.care, needed) + "%",
                MINUS + yuan(lost.fen),
                number(lost.clients),
            )
        table.add_row(
            stage_name(lang, step.stage),
            "",
            minutes(step.care),
            share(step.care, needed) + "%",
            yuan(step.fen),
            number(one.clients) if step is one.steps[0] else "",
            style="bold",
            end_section=True,
        )
    return table


def _groups(report: CascadeReport, groups: Sequence[Cascade], lang: Lang) -> Table:
    heads = [sentence(lang, f"office.by.{one}") for one in report.by]
    table = Table(title=sentence(lang, "office.cascade.groups", keys=listed(lang, heads)))
    for head in heads:
        table.add_column(head)
    for stage in report.traced.stages:
        table.add_column(stage_name(lang, stage), justify="right")
    table.add_column(sentence(lang, "office.cascade.share"), justify="right")
    table.add_column(sentence(lang, "office.cascade.lost_most"))
    for row in group_rows(report, groups, lang):
        table.add_row(*row)
    return table


def group_rows(
    report: CascadeReport, groups: Sequence[Cascade], lang: Lang
) -> Iterator[tuple[str, ...]]:
    """Yield a row per group: its names, care at each step, what is left, what took most."""
    for one in groups:
        names = [
            key_name(report, by, key, lang) for by, key in zip(report.by, one.key, strict=True)
        ]
        most = largest_loss(one)
        yield (
            *names,
            *(minutes(step.care) for step in one.steps),
            share(one.steps[-1].care, one.steps[0].care) + "%",
            "" if most is None else f"{loss_name(lang, most[1].code)} {minutes(most[1].care)}",
        )
