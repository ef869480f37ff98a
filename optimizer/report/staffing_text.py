"""The answer to a staffing question as a person reads it: sentences, then tables."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.domain.caregiver import Qualification
from optimizer.domain.visit import Requirement
from optimizer.i18n import Lang, sentence
from optimizer.report.needs_wording import qualification
from optimizer.report.wording import clock, number, town
from optimizer.shortfall.staffing import Kind, Staffing
from optimizer.shortfall.staffing.scarcest import OTHERS

MOST_VALUES = 8
"Kinds shown by what one more is worth."
_FEN = 100


def staffing_text(answer: Staffing, *, cover: float | None, lang: Lang) -> RenderableType:
    """Return an answer for printing with rich.

    Parameters
    ----------
    answer
        What was found and proven.
    cover
        The share of visits that was asked for, in percent, or None.
    lang
        Language of all words.
    """
    parts: list[RenderableType] = [Text(line) for line in staffing_words(answer, cover, lang=lang)]
    if len(answer.curve) > 1 or answer.proof.parts:
        parts += [Text(""), _curve(answer, lang)]
    if answer.hirings:
        parts += [_hirings(answer, lang)]
    if answer.values:
        parts += [_values(answer, lang), Text(sentence(lang, "staffing.value.caveat"))]
    return Group(*parts)


def staffing_words(answer: Staffing, cover: float | None, *, lang: Lang) -> Iterator[str]:
    """Yield the sentences of an answer.

    Parameters
    ----------
    answer, cover, lang
        As of `staffing_text`.
    """
    today = answer.curve[0].found
    if today == 0:
        yield sentence(lang, "staffing.none", visits=answer.visits)
        return
    if not answer.kinds:
        yield sentence(lang, "staffing.kindless", unserved=today, visits=answer.visits)
        return
    yield sentence(lang, "staffing.today", unserved=today, visits=answer.visits)
    if answer.goal is not None:
        yield sentence(lang, "staffing.goal", cover=f"{cover:g}", goal=answer.goal)
    yield _found(answer, lang)
    if answer.goal is not None and answer.hires:
        yield from _proven(answer, lang)
    yield sentence(lang, "staffing.only_kinds")
    yield from _gaps(answer, lang)
    if answer.confirmed and answer.hires:
        yield sentence(
            lang,
            "staffing.confirmed",
            searches=len(answer.confirmed),
            least=min(answer.confirmed),
            most=max(answer.confirmed),
        )
    if answer.futures is not None:
        yield sentence(
            lang,
            "staffing.futures",
            share=f"{answer.futures.share:g}",
            drawn=answer.futures.drawn,
            reached=answer.futures.reached,
            without=answer.futures.reached_without,
        )
    if answer.scarcest is not None:
        yield sentence(
            lang,
            "staffing.scarcest",
            few=answer.scarcest.too_few,
            others=OTHERS,
            grade=_grade(answer, answer.scarcest.grade, lang),
            least=answer.scarcest.least_unserved,
        )
    if answer.hirings:
        money = answer.fen
        known = money is not None
        fields = {"money": _money(money or 0, lang)} if known else {}
        yield sentence(lang, "staffing.total" if known else "staffing.no_wage", **fields)


def _found(answer: Staffing, lang: Lang) -> str:
    left = answer.team.unserved
    if answer.budget is not None:
        money = _money(answer.budget, lang)
        return sentence(lang, "staffing.budget", money=money, hires=answer.hires, unserved=left)
    if answer.is_reached and not answer.hires:
        return sentence(lang, "staffing.within")
    key = "staffing.found" if answer.is_reached else "staffing.missed"
    return sentence(lang, key, hires=answer.hires, unserved=left)


def _proven(answer: Staffing, lang: Lang) -> Iterator[str]:
    few = answer.too_few
    if few is None:
        yield sentence(lang, "staffing.unproven")
        return
    yield sentence(lang, "staffing.too_few", hires=few, kinds=len(answer.kinds))
    if not answer.is_reached:
        return
    if few == answer.hires - 1:
        yield sentence(lang, "staffing.closed")
        return
    between = [str(hires) for hires in range(few + 1, answer.hires)]
    yield sentence(lang, "staffing.open", hires=", ".join(between))


def _gaps(answer: Staffing, lang: Lang) -> Iterator[str]:
    if answer.no_money:
        yield sentence(lang, "staffing.no_money", count=len(answer.no_money))
    others = len(answer.no_people) - len(answer.no_money)
    if others > 0:
        yield sentence(lang, "staffing.no_people", count=others)


def _table(title: str, columns: dict[str, bool], lang: Lang) -> Table:
    table = Table(title=sentence(lang, title))
    for key, is_number in columns.items():
        table.add_column(sentence(lang, key), justify="right" if is_number else "left")
    return table


def _curve(answer: Staffing, lang: Lang) -> Table:
    table = _table(
        "staffing.curve.title",
        {
            "staffing.curve.hires": True,
            "staffing.curve.found": True,
            "staffing.curve.proven": True,
        },
        lang,
    )
    for point in answer.curve:
        proven = str(point.proven) if point.proven else "–"
        table.add_row(str(point.hires), str(point.found), proven)
    return table


KIND_COLUMNS = {
    # Keys of the headings, and whether the column holds numbers.
    "staffing.hire.town": False,
    "staffing.hire.grade": False,
    "staffing.hire.shift": False,
    "staffing.hire.organisation": False,
    "staffing.hire.cost": True,
}


def _hirings(answer: Staffing, lang: Lang) -> Table:
    table = _table("staffing.hire.title", {"staffing.hire.count": True, **KIND_COLUMNS}, lang)
    for one in answer.hirings:
        table.add_row(str(one.count), *kind_cells(answer, one.kind, lang))
    return table


def _values(answer: Staffing, lang: Lang) -> Table:
    columns = {**KIND_COLUMNS, "staffing.value.estimate": True, "staffing.value.saved": True}
    table = _table("staffing.value.title", columns, lang)
    for one in answer.values[:MOST_VALUES]:
        saved = "–" if one.saved is None else str(one.saved)
        table.add_row(*kind_cells(answer, one.kind, lang), f"{one.estimate:.1f}", saved)
    return table


def kind_cells(answer: Staffing, kind: Kind, lang: Lang) -> tuple[str, ...]:
    """Return a kind of hire in words, one text per column of `KIND_COLUMNS`."""
    return (
        "–" if kind.town is None else town(lang, kind.town),
        _grade(answer, kind.grade, lang),
        ", ".join(f"{clock(one.start)}–{clock(one.end)}" for one in kind.person.shifts),
        kind.person.organisation or "–",
        "–" if kind.fen is None else number(round(kind.fen / _FEN)),
    )


def _grade(answer: Staffing, grade: tuple[Qualification, ...], lang: Lang) -> str:
    """Return the names of what a grade holds, without what every grade holds."""
    shared = set.intersection(*({one.code for one in kind.grade} for kind in answer.kinds))
    telling = [one for one in grade if one.code not in shared] or list(grade)
    held = [Requirement(code=one.code, level=one.level) for one in telling]
    return ", ".join(qualification(lang, one) for one in held) or "–"


def _money(fen: int, lang: Lang) -> str:
    return sentence(lang, "staffing.yuan", yuan=number(round(fen / _FEN)))
