"""Clients year by year, one by one: who dies, who needs more, who is new.

A multistate cohort at the level of records: every client has a state of age, need tier, category
and town, and moves between tiers until death or until they leave. New clients come as many as are
expected to go, and as many more as the assumed growth, of the disabled and of the others each for
themselves: so the growth of both holds on average by construction, whatever the rates of death
are.

What somebody in a new state needs is what a client of today in that state needs (hot-deck
imputation): the visits of such a donor, at the client's own home.

References
----------
A. Rogers (1995), Multiregional demography: principles, methods and extensions. Wiley (the
multistate model).
R. R. Andridge, R. J. A. Little (2010), A review of hot deck imputation for survey non-response.
International Statistical Review 78, 40-64.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from optimizer.domain.client import Client
from optimizer.domain.scenario import Scenario
from optimizer.shortfall.chance import MONTHS, Chance
from optimizer.shortfall.copies import CareOf, care_by_client, with_care
from optimizer.shortfall.rates import Rates, load_rates

USUAL_AGE = 80
"Age of a client of whom none is known."
HIGHEST_TIER = 4
SEVERE_FROM = 3
"Need tiers from here on count as severe."
DISABLED = "cat_disabled"
"Category of the clients certified disabled, whose number grows at a rate of its own."
MOST_GONE = 0.9
"No group loses more within a year."


Donors = Mapping[int | None, tuple[Client, ...]]
"""Clients of today by need tier."""


@dataclass(frozen=True, slots=True)
class Person:
    """A client in one year.

    Attributes
    ----------
    id
        Of a client of today, or of a new one.
    age, tier
        In years, and need tier (0 to 4); None where today's record has none.
    home
        Client of today who lives where they live.
    donor
        Client of today whose needs are theirs.
    category
        Their own: another tier of need makes nobody another category.
    """

    id: str
    age: int
    tier: int | None
    home: str
    donor: str
    category: str | None


def in_years(
    scenario: Scenario, chance: Chance, first_year: int, last_year: int
) -> Iterator[tuple[int, Scenario]]:
    """Yield each year with an ordinary day of it: the same weekday, people and staff moved on.

    Parameters
    ----------
    scenario
        The day of the first year, its visits derived.
    chance
        The draws of one future.
    first_year, last_year
        From when to when, both included.
    """
    cohort = _Cohort.of(scenario, chance)
    people = cohort.today()
    for number, year in enumerate(range(first_year, last_year + 1)):
        if number:
            people = tuple(cohort.next_year(people, number))
        made = with_care(scenario, cohort.care(people))
        yield year, _staffed(made, chance, number)


@dataclass(frozen=True, slots=True)
class _Cohort:
    """What moves people on from year to year."""

    care_of: Mapping[str, CareOf]
    chance: Chance
    rates: Rates
    donors: Donors

    @classmethod
    def of(cls, scenario: Scenario, chance: Chance) -> _Cohort:
        donors: dict[int | None, list[Client]] = defaultdict(list)
        for client in scenario.clients:
            donors[client.need_tier].append(client)
        return cls(
            care_by_client(scenario),
            chance,
            load_rates(),
            {tier: tuple(ones) for tier, ones in donors.items()},
        )

    def today(self) -> tuple[Person, ...]:
        return tuple(
            Person(
                one.client.id,
                USUAL_AGE if one.client.age is None else one.client.age,
                one.client.need_tier,
                one.client.id,
                one.client.id,
                one.client.category,
            )
            for one in self.care_of.values()
        )

    def next_year(self, people: Sequence[Person], year: int) -> Iterator[Person]:
        """Yield those who stay, a year older, and then the new ones."""
        for one in people:
            if not self.chance.happens("year_gone", one.id, self._goes(one), year):
                yield self._moved(replace(one, age=one.age + 1), year)
        given = self.chance.assumptions
        disabled = [one for one in people if one.category == DISABLED]
        if given.disabled_more and disabled:
            others = [one for one in people if one.category != DISABLED]
            yield from self._entrants(others, given.growth, year, "", is_disabled=False)
            rate = given.growth + given.disabled_more
            yield from self._entrants(disabled, rate, year, "D", is_disabled=True)
        else:
            yield from self._entrants(people, given.growth, year, "")

    def _entrants(
        self,
        people: Sequence[Person],
        rate: float,
        year: int,
        stem: str,
        *,
        is_disabled: bool | None = None,
    ) -> Iterator[Person]:
        """Yield as many new clients of a group as are expected to go, and as it grows beside."""
        mean = max(0.0, sum(map(self._goes, people)) + rate / 100 * len(people))
        for number in range(self.chance.poisson("year_entries", stem, mean, year)):
            yield self._entrant(f"{stem}Y{year}-{number + 1}", is_disabled=is_disabled)

    def _goes(self, one: Person) -> float:
        """Return how likely somebody dies or leaves within a year."""
        given = self.chance.assumptions
        hazard = 1.0 if one.tier is None else self.rates.hazard[one.tier]
        dies = min(
            MOST_GONE,
            given.mortality / 100 * hazard * self.rates.at_age(self.rates.deaths, one.age),
        )
        return 1.0 - (1.0 - dies) * (1.0 - given.homes / 100)

    def _moved(self, one: Person, year: int) -> Person:
        """Return somebody whose need may have grown or fallen by a tier."""
        if one.tier is None:
            return one
        given, rates = self.chance.assumptions, self.rates
        rises = min(1.0, given.worsening / 100 * rates.at_age(rates.rises, one.age))
        falls = min(1.0 - rises, given.recovery / 100 * rates.at_age(rates.falls, one.age))
        if one.tier < HIGHEST_TIER and self.chance.happens("year_rises", one.id, rises, year):
            tier = one.tier + 1
        elif one.tier > 0 and self.chance.happens("year_falls", one.id, falls, year):
            tier = one.tier - 1
        else:
            return one
        return replace(one, tier=tier, donor=self._donor(f"{one.id}/{year}", tier, one.category))

    def _entrant(self, name: str, *, is_disabled: bool | None = None) -> Person:
        """Return a new client: a home of the district, an age and a tier of those who come."""
        homes = tuple(self.care_of)
        home = homes[self.chance.pick("entrant_home", name, len(homes))]
        ages = self.rates.ages
        band = self.chance.choice("entrant_age", name, self.rates.entry_ages)
        age = ages[band] + self.chance.pick("entrant_years", name, 5)
        known = any(tier is not None for tier in self.donors)
        tier = self.chance.choice("entrant_tier", name, self._entry_tiers()) if known else None
        among = None
        if is_disabled is not None:
            among = {
                each: ones
                for each, every in self.donors.items()
                if (ones := tuple(x for x in every if (x.category == DISABLED) == is_disabled))
            }
        donor = self._donor(name, tier, None, among)
        return Person(name, age, tier, home, donor, self.care_of[donor].client.category)

    def _entry_tiers(self) -> tuple[float, ...]:
        """Return the tiers of new clients, severe ones more or fewer as assumed."""
        shares = self.rates.entry_tiers
        severe = sum(shares[SEVERE_FROM:])
        wanted = min(1.0, severe * self.chance.assumptions.severe_entries / 100)
        rest = (1.0 - wanted) / (1.0 - severe)
        return tuple(
            share * (wanted / severe if tier >= SEVERE_FROM else rest)
            for tier, share in enumerate(shares)
        )

    def _donor(
        self, name: str, tier: int | None, category: str | None, donors: Donors | None = None
    ) -> str:
        """Return a client of today of a tier, or the nearest one there is, alike if possible."""
        donors = donors or self.donors
        known = [one for one in donors if one is not None]
        if tier is None or not known:
            among = donors.get(None) or tuple(x for ones in donors.values() for x in ones)
        else:
            among = donors[min(known, key=lambda one: (abs(one - tier), one))]
        alike = tuple(one for one in among if one.category == category) or among
        return alike[self.chance.pick("donor", name, len(alike))].id

    def care(self, people: Sequence[Person]) -> Iterator[CareOf]:
        """Yield what everybody asks for on an ordinary day."""
        for one in people:
            care = self.care_of[one.donor]
            if one.id != one.donor:
                care = care.copied(one.id, self.care_of[one.home].client)
            state = {"age": one.age, "need_tier": one.tier, "category": one.category}
            client = care.client.model_copy(update=state)
            yield replace(care, client=client)


def _staffed(scenario: Scenario, chance: Chance, years: int) -> Scenario:
    """Return a scenario with the caregivers that are left after some years, and more or fewer."""
    growth = (1.0 + chance.assumptions.staff_growth / 100) ** years - 1.0
    people = []
    for person in scenario.caregivers:
        fewer = growth < 0 and chance.happens("post_cut", person.id, -growth)
        gone = fewer or chance.quits(person.id, float(MONTHS * years))
        people.append(person.model_copy(update={"shifts": ()}) if gone else person)
    if growth > 0:
        for person in scenario.caregivers:
            count = chance.times("post_new", person.id, growth)
            people += [
                person.model_copy(update={"id": f"POST{number}-{person.id}"})
                for number in range(1, count + 1)
            ]
    return scenario.model_copy(update={"caregivers": tuple(people)})
