"""An allocation as a person reads it: a line per client, and how care was shared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from optimizer.allocation import (
    BodyShare,
    Skimmed,
    concentrated,
    envious,
    fairness,
    share_gap,
)
from optimizer.domain.allocation import AllocationLine, AllocationLog, Mode, Tested
from optimizer.i18n import Lang, listed, sentence
from optimizer.units import MS_PER_MINUTE

_MOST_NAMED = 10
"Clients without visits who are named; the others are counted."


def allocation_text(
    log: AllocationLog,
    *,
    lang: Lang,
    clients: Collection[str] = (),
    easier: Sequence[Skimmed] = (),
    idle: Sequence[str] = (),
) -> str:
    """Return all lines of an allocation and its figures.

    Parameters
    ----------
    log
        The allocation.
    lang
        Language of all words.
    clients
        Only the lines of these; all if empty. The figures are always those of all.
    easier
        Organisations with easier clients than by lot.
    idle
        Clients of whom there is nothing to allocate, since they have no visit on these days.
    """
    lines = [_line(lang, log, one) for one in log.lines if not clients or one.client in clients]
    return "\n".join(
        (_heading(lang, log), *lines, "", *_figures(lang, log, easier), *_idle(lang, idle))
    )


def _idle(lang: Lang, idle: Sequence[str]) -> Iterator[str]:
    """Yield who has no line, so that nobody looks for one in vain."""
    if idle:
        named = listed(lang, idle[:_MOST_NAMED])
        more = len(idle) - _MOST_NAMED
        key = "allocation.idle" if more <= 0 else "allocation.idle.more"
        yield sentence(lang, key, count=len(idle), named=named, more=more)


def _heading(lang: Lang, log: AllocationLog) -> str:
    return sentence(
        lang,
        "allocation.heading",
        period=log.period,
        day=log.day,
        draw=log.draw,
        mode=sentence(lang, f"allocation.mode.{log.mode}"),
    )


def _line(lang: Lang, log: AllocationLog, line: AllocationLine) -> str:
    where = (line.lot or "-", line.town or "-")
    return sentence(
        lang,
        "allocation.line",
        number=line.number,
        client=line.client,
        queue="/".join(where),
        minutes=_minutes(line.care),
        critical=sentence(lang, "allocation.critical") if line.critical else "",
        outcome=_outcome(lang, line),
        tested="".join(_tested(lang, log.mode, one) for one in line.tested),
    )


def _outcome(lang: Lang, line: AllocationLine) -> str:
    if line.organisation is None:
        return sentence(lang, f"allocation.unmet.{line.unmet}")
    words = sentence(lang, f"allocation.step.{line.step}", organisation=line.organisation)
    if line.previous is not None and line.previous != line.organisation:
        words += sentence(lang, "allocation.changed", previous=line.previous)
    if line.declined:
        words += sentence(lang, "allocation.after_declines", names=listed(lang, line.declined))
    if line.by_draw:
        words += sentence(lang, "allocation.by_draw")
    return words


def _tested(lang: Lang, mode: Mode, one: Tested) -> str:
    if one.finding is not None:
        why = sentence(lang, f"allocation.finding.{one.finding}")
        return sentence(lang, "allocation.barred", organisation=one.organisation, why=why)
    if one.credited is None or one.before is None or mode is Mode.ROUND:
        return ""
    return sentence(
        lang,
        "allocation.account",
        organisation=one.organisation,
        before=_minutes(one.before),
        credited=_minutes(one.credited),
        deficit=_minutes(one.before + one.credited),
        after=""
        if one.after == one.before + one.credited
        else sentence(lang, "allocation.left_with", after=_minutes(one.after or 0)),
    )


def _figures(lang: Lang, log: AllocationLog, easier: Sequence[Skimmed]) -> Iterator[str]:
    measured = fairness(log)
    for body in measured.bodies:
        yield _body(lang, body)
    if measured.theil is not None and measured.gini is not None:
        yield sentence(
            lang,
            "allocation.fairness",
            deficit=_minutes(measured.largest_deficit),
            package=_minutes(measured.largest_package),
            to_move=_minutes(measured.to_move),
            theil=f"{measured.theil:.4f}",
            gini=f"{measured.gini:.4f}",
        )
        gap = share_gap(measured, log.counts) or 0.0
        yield sentence(
            lang, "allocation.gap", gap=f"{gap:.2f}", envious=len(envious(log, measured))
        )
    for one in concentrated(log):
        lot, town = one.queue
        yield sentence(
            lang,
            "allocation.concentrated",
            queue=f"{lot}/{town or '-'}",
            organisation=one.organisation,
            percent=one.percent,
            clients=one.clients,
        )
    for found in easier:
        yield sentence(
            lang,
            "allocation.skimmed",
            organisation=found.organisation,
            ease=sentence(lang, f"allocation.ease.{found.ease}"),
            own=f"{found.own:.1f}",
            others=f"{found.others:.1f}",
            p=f"{found.p:.4f}",
        )
    given = [line for line in log.lines if line.organisation is not None]
    moved = sum(line.previous not in {None, line.organisation} for line in given)
    yield sentence(lang, "allocation.sum", given=len(given), moved=moved)
    unmet = Counter(line.unmet for line in log.lines if line.unmet is not None)
    for code, number in sorted(unmet.items()):
        why = sentence(lang, f"allocation.unmet.{code}")
        yield sentence(lang, "allocation.unmet_sum", count=number, why=why)


def _body(lang: Lang, body: BodyShare) -> str:
    return sentence(
        lang,
        "allocation.body",
        organisation=body.organisation,
        clients=body.clients,
        due=_minutes(body.due),
        rotated=_minutes(body.rotated),
        kept=_minutes(body.kept),
        chosen=_minutes(body.chosen),
    )


def _minutes(ms: int) -> str:
    """Return minutes to a tenth, as a whole number where they are one."""
    return f"{ms / MS_PER_MINUTE:,.1f}".removesuffix(".0")
