"""The best that was found with each number of hires."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from optimizer.domain.plan import Plan
from optimizer.shortfall.staffing.kinds import Kind
from optimizer.shortfall.staffing.ranking import Valued, ranked
from optimizer.shortfall.staffing.teams import Team, Teams, Tried

LARGE = 20_000
"Pairs of a visit and a caregiver, imagined ones counted, above which kinds are ranked only once."


class Ledger:
    """Tries teams and keeps the best one of each size, or within each amount of money.

    Parameters
    ----------
    teams
        The day.
    """

    def __init__(self, teams: Teams) -> None:
        self.teams = teams
        self._best: dict[Team, Tried] = {}
        self._rankings: dict[tuple[Team, int], tuple[Valued, ...]] = {}

    def tried(
        self, team: Iterable[int], steps: int, *, start: Plan | None = None, seeds: int = 1
    ) -> Tried:
        """Return the best that is known of a team once it was tried; as `Teams.tried`."""
        found = self.teams.tried(team, steps, start=start, seeds=seeds)
        known = self._best.get(found.team)
        if known is None or found.unserved < known.unserved:
            self._best[found.team] = found
        return self._best[found.team]

    def ranked(self, now: Tried, rounds: int) -> tuple[Valued, ...]:
        """Return all kinds by what one more could save beside a team; as `ranking.ranked`.

        On a large day the ranking without hires has to do, in which a kind counts the less the more
        of it are hired already.
        """
        kinds = tuple(self.teams.kinds.values())
        staff = len(self.teams.scenario.caregivers) + len(kinds)
        is_large = len(self.teams.scenario.visits) * staff > LARGE and () in self._best
        base = self._best[()] if is_large else now
        key = base.team, rounds
        if key not in self._rankings:
            self._rankings[key] = ranked(self.teams, kinds, base.team, base.plan, rounds=rounds)
        found = self._rankings[key]
        if not is_large:
            return found
        order = sorted(found, key=lambda one: -one.estimate / (1 + now.team.count(one.kind.number)))
        return tuple(order)

    def best(self, hires: int) -> Tried:
        """Return the best found with at most so many hires."""
        able = [one for one in self._best.values() if len(one.team) <= hires]
        return min(able, key=lambda one: (one.unserved, len(one.team), self.fen(one.team)))

    def fewest(self, goal: int) -> Tried | None:
        """Return the smallest team found that leaves out at most so many visits, then cheapest."""
        able = [one for one in self._best.values() if one.unserved <= goal]
        order = [(len(one.team), self.fen(one.team), one.unserved, one.team) for one in able]
        return able[order.index(min(order))] if able else None

    def within(self, fen: int) -> Tried:
        """Return the best found for at most so much money, then the cheapest."""
        able = [one for one in self._best.values() if self.fen(one.team) <= fen]
        return min(able, key=lambda one: (one.unserved, self.fen(one.team), len(one.team)))

    def found(self) -> Mapping[int, int]:
        """Return visits left out by number of hires, up to the largest team tried."""
        most = max(len(team) for team in self._best)
        return {hires: self.best(hires).unserved for hires in range(most + 1)}

    def fen(self, team: Team) -> int:
        """Return the wages of a team, those that are not known counted as nothing."""
        return sum(self.kind(number).fen or 0 for number in team)

    def kind(self, number: int) -> Kind:
        """Return the kind of a number."""
        return self.teams.kinds[number]
