"""The hamlet over a fortnight, of which one day is planned, and a series that is asked for."""

from __future__ import annotations

from pathlib import Path

from optimizer.domain import NewSeries, Scenario
from optimizer.formats import read_plan, read_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
HAMLET = read_scenario(SCENARIOS / "hamlet.json")
PLAN = read_plan(SCENARIOS / "plans" / "hamlet.json")
LIKE = next(one for one in HAMLET.visits if one.id == "V0002")
"A visit that two of the three caregivers may make."


def hamlet_over(days: int) -> Scenario:
    """Return the hamlet over some days, with the same shifts on each."""
    horizon = HAMLET.horizon.model_copy(update={"days": days})
    people = tuple(
        person.model_copy(
            update={
                "shifts": tuple(
                    shift.model_copy(update={"date": day})
                    for day in horizon.dates()
                    for shift in person.shifts
                )
            }
        )
        for person in HAMLET.caregivers
    )
    first = (HAMLET.horizon.start,)
    visits = tuple(one.model_copy(update={"dates": first}) for one in HAMLET.visits)
    update = {"horizon": horizon, "caregivers": people, "visits": visits}
    return HAMLET.model_copy(update=update)


FORTNIGHT = hamlet_over(14)
NEW = NewSeries(
    visit=LIKE.model_copy(update={"id": "BATH", "dates": (), "series": None}),
    per_week=3,
    weekdays=(1, 2, 3, 4, 5),
    min_days=2,
)
