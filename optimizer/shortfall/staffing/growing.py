"""A team that grows hire by hire, the most useful of a short list each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from optimizer.shortfall.staffing.effort import Effort
from optimizer.shortfall.staffing.kinds import Kind
from optimizer.shortfall.staffing.ledger import Ledger
from optimizer.shortfall.staffing.teams import Tried

IsOver = Callable[[], bool]


def grown(
    ledger: Ledger,
    kinds: Sequence[Kind],
    base: Tried,
    goal: int,
    effort: Effort,
    *,
    fen: int | None = None,
    is_over: IsOver = lambda: False,
) -> Tried:
    """Hire one after the other until a goal is reached, or nobody helps or may be paid.

    Parameters
    ----------
    ledger
        Where all that is tried is kept.
    kinds
        Who might be hired.
    base
        The day without hires.
    goal
        Visits that may be left out.
    effort
        Steps, and how many are short-listed.
    fen
        Money for all hires; then what is saved per money decides. No limit if not given.
    is_over
        Asked before each hire.
    """
    now, idle = base, 0
    while now.unserved > goal and len(now.team) < effort.most_hires and not is_over():
        left = None if fen is None else fen - ledger.fen(now.team)
        able = {
            one.number for one in kinds if left is None or (one.fen is not None and one.fen <= left)
        }
        if not able:
            break
        order = [one.kind for one in ledger.ranked(now, effort.ranking_rounds)]
        short = [one for one in order if one.number in able][: effort.short_list]
        tries = [
            (ledger.tried((*now.team, one.number), effort.trial, start=now.plan), one)
            for one in short
        ]
        tries.sort(key=lambda pair: _use(now, *pair, per_money=fen is not None))
        confirmed = [
            (ledger.tried(one.team, effort.confirm, start=one.plan), kind)
            for one, kind in tries[: effort.confirmed]
        ]
        confirmed.sort(key=lambda pair: _use(now, *pair, per_money=fen is not None))
        then = confirmed[0][0]
        idle = idle + 1 if then.unserved >= now.unserved else 0
        now = then
        if idle > 1:
            break
    return now


def _use(now: Tried, then: Tried, kind: Kind, *, per_money: bool) -> tuple[float, int, int]:
    saved = now.unserved - then.unserved
    gain = saved / max(1, kind.fen or 1) if per_money else float(saved)
    return -gain, kind.fen or 0, kind.number
