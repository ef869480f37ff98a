"""Whose turn it is: the largest deficit against the shares, or one each per round."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from optimizer.allocation.packages import Package, Queue
from optimizer.domain.allocation import Account, Mode


@dataclass(frozen=True, slots=True)
class Turn:
    """One package's turn.

    Attributes
    ----------
    organisation
        Whose turn it is; None if everybody declined.
    declined
        Whose turn it was before, in that order.
    credited, before, after
        Milliseconds of care per organisation that took part.
    by_draw
        Whether the draw decided between equals.
    """

    organisation: str | None
    declined: tuple[str, ...]
    credited: Mapping[str, int]
    before: Mapping[str, int]
    after: Mapping[str, int]
    by_draw: bool


@dataclass(slots=True)
class Rotation:
    """The accounts of all organisations in all queues, kept in whole milliseconds.

    Each organisation that could take a package is credited with its share of it; the one with
    the largest deficit, credited less received, is given it. No backlog grows while an
    organisation cannot take anybody, since then it is credited with nothing. In rounds it is
    the next one behind whoever received last, in the order of the draw.

    References
    ----------
    Tijdeman R (1980). The chairman assignment problem. Discrete Mathematics 32, 323-330.
    """

    mode: Mode
    _deficit: dict[tuple[Queue, str], int] = field(default_factory=dict)
    _last: dict[Queue, str] = field(default_factory=dict)

    @classmethod
    def resumed(cls, mode: Mode, accounts: Iterable[Account]) -> Rotation:
        """Begin where earlier periods ended."""
        begun = cls(mode)
        for one in accounts:
            queue = one.lot, one.town
            begun._deficit[queue, one.organisation] = one.deficit
            if one.last:
                begun._last[queue] = one.organisation
        return begun

    def accounts(self) -> tuple[Account, ...]:
        """Return where everybody stands, by lot, town and organisation."""
        keys = sorted(self._deficit, key=lambda key: (key[0][0], key[0][1] or "", key[1]))
        return tuple(
            Account(
                lot=queue[0],
                town=queue[1],
                organisation=one,
                deficit=self._deficit[queue, one],
                last=self._last.get(queue) == one,
            )
            for queue, one in keys
        )

    def receive(self, package: Package, organisation: str) -> None:
        """Count a package as received."""
        key = package.queue, organisation
        self._deficit[key] = self._deficit.get(key, 0) - package.care

    def turn(
        self,
        package: Package,
        shares: Mapping[str, int],
        order: Sequence[str],
        declines: Callable[[str], bool],
    ) -> Turn:
        """Credit a package, find whose turn it is and count it as received.

        Parameters
        ----------
        package
            What is given.
        shares
            Millionths per organisation that can take it, above 0; never empty.
        order
            All organisations of the queue in the order of the draw.
        declines
            Whether an organisation declines the offer without a ground.
        """
        queue = package.queue
        taking = [one for one in order if one in shares]
        before = {one: self._deficit.get((queue, one), 0) for one in taking}
        amounts = parts(package.care, [shares[one] for one in taking])
        credited = dict(zip(taking, amounts, strict=True))
        for one in taking:
            self._deficit[queue, one] = before[one] + credited[one]
        declined: list[str] = []
        by_draw = False
        chosen: str | None = None
        for candidate, is_equal in self._in_turn(queue, taking, order):
            by_draw = by_draw or is_equal
            self.receive(package, candidate)
            self._last[queue] = candidate
            if not declines(candidate):
                chosen = candidate
                break
            declined.append(candidate)
        after = {one: self._deficit[queue, one] for one in taking}
        return Turn(chosen, tuple(declined), credited, before, after, by_draw)

    def _in_turn(
        self, queue: Queue, taking: Sequence[str], order: Sequence[str]
    ) -> Iterable[tuple[str, bool]]:
        """Return the organisations by turn, each with whether the draw put it before an equal."""
        if self.mode is Mode.ROUND:
            last = self._last.get(queue)
            begin = order.index(last) + 1 if last in order else 0
            cycle = [*order[begin:], *order[:begin]]
            return [(one, False) for one in cycle if one in taking]
        # The sort is stable: equals stay in the order of the draw.
        ordered = sorted(taking, key=lambda one: -self._deficit[queue, one])
        following = [*ordered[1:], None]
        return [
            (one, other is not None and self._deficit[queue, one] == self._deficit[queue, other])
            for one, other in zip(ordered, following, strict=True)
        ]


def parts(whole: int, weights: Sequence[int]) -> list[int]:
    """Divide a whole number by weights; what is left goes by largest remainder, then in order.

    Parameters
    ----------
    whole
        Not negative.
    weights
        Not negative, one at least above 0.
    """
    total = sum(weights)
    floor = [whole * weight // total for weight in weights]
    left = whole - sum(floor)
    by_remainder = sorted(range(len(weights)), key=lambda n: -(whole * weights[n] % total))
    for number in by_remainder[:left]:
        floor[number] += 1
    return floor
