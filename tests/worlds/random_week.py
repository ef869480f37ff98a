"""Random weeks: all that random days have, on more days, under law and continuity of weeks."""

from __future__ import annotations

import random

from optimizer.domain.scenario import Scenario
from tests.worlds import law, recurring, weeks
from tests.worlds.random_small import USUAL, random_small

OF_WEEKS = law.FEATURES | recurring.FEATURES | weeks.FEATURES
"Days off, days and nights in a row, overtime of a month, series, wished days, caps of caregivers."
CHANCE = 0.6
"How often each of these turns up."


def random_week(seed: int) -> Scenario:
    """Return four to eight days of a few visits; the same seed gives the same week.

    Half of them begin on the last day of a calendar week and month, so that the next ones are
    begun as well. Rest, limits per day and week, nights and returns before the first day are drawn
    as for random days.
    """
    scenario = random_small(
        seed,
        3 + seed % 5,
        2 + seed % 2,
        USUAL - OF_WEEKS,
        always=("days",),
        days=(4, 5, 7, 7, 8),
    )
    rng = random.Random(f"random week {seed}")
    drawn = [name for name in sorted(OF_WEEKS) if rng.random() < CHANCE]
    scenario = weeks.with_weeks(scenario, rng, drawn)
    scenario = recurring.with_recurring(scenario, rng, drawn)
    scenario = law.with_law(scenario, rng, drawn)
    return scenario.model_copy(update={"id": f"week-{seed}"})
