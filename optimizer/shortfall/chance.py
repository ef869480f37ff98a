"""What may happen until the day studied: who is missing, who is cared for no more, who is new.

Every event is a draw of its own, named after the person whom it befalls, so that it befalls the
same person in every arm in which there is such a person.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from statistics import NormalDist

from optimizer.domain.assumption import Assumptions
from optimizer.domain.caregiver import Caregiver
from optimizer.shortfall.streams import normal, uniform

MONTHS = 12
"Months of a year."
DAYS = 30
"Days of a month."
PERIODS = 64
"More than the days of a horizon: periods of one epoch."
_STANDARD = NormalDist()


@dataclass(frozen=True, slots=True)
class Chance:
    """The draws of one future.

    Attributes
    ----------
    assumptions
        How likely each event is.
    seed, replication
        Which numbers are drawn, see `streams`.
    epoch
        Of several days far apart which one, from 0: each has luck of its own.
    """

    assumptions: Assumptions
    seed: int
    replication: int
    epoch: int = 0
    _waves: dict[tuple[str, str, int], float] = field(default_factory=dict, repr=False)

    def happens(self, kind: str, entity: str, likely: float, period: int = 0) -> bool:
        """Return whether something befalls somebody that is `likely` (0 to 1)."""
        if likely <= 0.0:
            return False
        return self._share(kind, entity, period) < likely

    def times(self, kind: str, entity: str, mean: float) -> int:
        """Return how often something happens of which the mean is known: as evenly as can be."""
        whole = math.floor(mean)
        return whole + self.happens(kind, entity, mean - whole)

    def pick(self, kind: str, entity: str, count: int, period: int = 0) -> int:
        """Return a number from 0 to `count` - 1, each as likely (`count` at least 1)."""
        return int(self._share(kind, entity, period) * count)

    def poisson(self, kind: str, entity: str, mean: float, period: int = 0) -> int:
        """Return a draw of the Poisson distribution (`mean` at least 0, up to some hundreds)."""
        return poisson_quantile(mean, self._share(kind, entity, period))

    def choice(self, kind: str, entity: str, weights: Sequence[float]) -> int:
        """Return a position, each as likely as its weight."""
        share = self._share(kind, entity, 0)
        sums = list(accumulate(weights))
        return min(bisect_right(sums, share * sums[-1]), len(sums) - 1)

    def sick(self, person: Caregiver, town: str | None, days: int) -> Iterator[bool]:
        """Yield for each day, from the first one planned, whether a caregiver is sick.

        Each day has the same share of sick people. Part of the variance is common to the day,
        to the town and to the organisation, so that sickness comes in waves; all of it lasts from
        day to day, so that it comes in spells.

        References
        ----------
        D. X. Li (2000), On default correlation: a copula function approach. Journal of Fixed
        Income 9, 43-54 (the one-factor Gaussian copula; the factors here are three).
        """
        given = self.assumptions
        if not 0.0 < given.sick < 100.0:
            yield from (given.sick > 0.0 for _ in range(days))
            return
        limit = _STANDARD.inv_cdf(given.sick / 100)
        together = given.sick_together / 100
        common, alone = math.sqrt(together / 3), math.sqrt(1.0 - together)
        for day in range(days):
            waves = (
                self._lasting("sick_day", "", day)
                + self._lasting("sick_town", town or "", day)
                + self._lasting("sick_organisation", person.organisation or "", day)
            )
            yield common * waves + alone * self._lasting("sick", person.id, day) < limit

    def _lasting(self, kind: str, entity: str, day: int) -> float:
        """Return a standard normal draw that resembles that of the day before: AR(1)."""
        found = self._waves.get((kind, entity, day))
        if found is None:
            found = self._normal(kind, entity, day)
            if day:
                stays = math.exp(-1.0 / self.assumptions.sick_days)
                before = self._lasting(kind, entity, day - 1)
                found = stays * before + math.sqrt(1.0 - stays * stays) * found
            self._waves[kind, entity, day] = found
        return found

    def _share(self, kind: str, entity: str, period: int) -> float:
        return uniform(self.seed, kind, entity, PERIODS * self.epoch + period, self.replication)

    def _normal(self, kind: str, entity: str, period: int) -> float:
        return normal(self.seed, kind, entity, PERIODS * self.epoch + period, self.replication)

    def quits(self, person: str, months: float) -> bool:
        """Return whether a caregiver quits within so many months and the place stays empty."""
        left = 1.0 - (1.0 - self.assumptions.quits / 100) ** months
        return self.happens("quits", person, left) and not self.happens(
            "place_filled", person, self.assumptions.hired / 100
        )

    def absent_days(
        self, person: Caregiver, town: str | None, dates: Sequence[date]
    ) -> frozenset[date]:
        """Return the days of the horizon on which a caregiver is sick or on leave."""
        leave = self.assumptions.leave / 100
        return frozenset(
            day
            for number, (day, sick) in enumerate(
                zip(dates, self.sick(person, town, len(dates)), strict=True)
            )
            if sick or self.happens("leave", person.id, leave, number)
        )

    def client_away(self, client: str, day: int) -> bool:
        """Return whether a client is in hospital or cancels on a day, counted from 0."""
        return self.happens("hospital", client, self._in_hospital, day) or self.happens(
            "cancels", client, self.assumptions.cancels / 100, day
        )

    def client_gone(self, client: str) -> bool:
        """Return whether a client dies before the day studied."""
        return self.happens("death", client, 1.0 - self.client_stays)

    @property
    def _in_hospital(self) -> float:
        """Which share of the clients is in hospital on a day."""
        given = self.assumptions
        usual = given.hospital / 100 * given.hospital_days / DAYS
        return min(1.0, usual + given.hospital_more / 100)

    @property
    def carer_present(self) -> float:
        """How likely a caregiver who is still employed is to be there on a day."""
        given = self.assumptions
        return (1.0 - given.sick / 100) * (1.0 - given.leave / 100)

    def carer_stays(self, months: float) -> float:
        """Return how likely a place is to be filled after so many months."""
        given = self.assumptions
        left = 1.0 - (1.0 - given.quits / 100) ** months
        return float(1.0 - left * (1.0 - given.hired / 100))

    @property
    def client_there(self) -> float:
        """How likely a client who is cared for is to be at home on a day."""
        return (1.0 - self._in_hospital) * (1.0 - self.assumptions.cancels / 100)

    @property
    def client_stays(self) -> float:
        """How likely a client of today is to be cared for on the day studied."""
        given = self.assumptions
        return float((1.0 - given.deaths / 100) ** given.months)

    @property
    def entries(self) -> float:
        """New clients by the day studied, per client of today: those who go, and growth."""
        given = self.assumptions
        grown = (1.0 + given.growth / 100) ** (given.months / MONTHS)
        return max(0.0, float(grown) - self.client_stays)


def poisson_quantile(mean: float, share: float) -> int:
    """Return the least number that a Poisson variable does not exceed with this probability.

    Parameters
    ----------
    mean
        Of the variable (at least 0; up to some hundreds).
    share
        Between 0 and 1, both excluded.
    """
    if mean <= 0.0:
        return 0
    number, term = 0, math.exp(-mean)
    reached = term
    while reached < share and number < 20 * mean + 100:
        number += 1
        term *= mean / number
        reached += term
    return number
