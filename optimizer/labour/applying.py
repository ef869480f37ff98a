"""Rules of a country laid on caregivers: of an office's figure and the law's the stricter holds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.labour import LabourRules, LegalNumber, LegalTime
from optimizer.domain.night import NightHours
from optimizer.domain.scenario import Scenario
from optimizer.labour.shipped import default_labour_rules

AT_MOST = (
    "day_minutes",
    "day_minutes_limit",
    "week_minutes",
    "week_minutes_limit",
    "month_overtime",
    "month_overtime_limit",
    "consecutive_days",
    "consecutive_nights",
    "week_nights",
)
"Figures of which the smaller is the stricter."
AT_LEAST = ("rest", "rest_after_night", "days_off")
"Figures of which the larger is."


def labour_rules_of(scenario: Scenario) -> LabourRules | None:
    """Return the rules that a scenario is under.

    Those that it says itself, however many days it has. Where it says none, those that come with
    the package hold of several days; what a single day may hold is said by its shifts and limits.
    """
    if scenario.labour_rules is not None:
        return scenario.labour_rules
    return default_labour_rules() if scenario.horizon.days > 1 else None


def under_labour_rules(scenario: Scenario) -> Scenario:
    """Return a scenario whose caregivers keep the rules that it is under; the same if they do.

    Volunteers are under none. To do so once more changes nothing.
    """
    rules = labour_rules_of(scenario)
    if rules is None:
        return scenario
    figures = figures_of(rules)
    people = tuple(_under(person, figures) for person in scenario.caregivers)
    update: dict[str, object] = {}
    if any(one is not other for one, other in zip(people, scenario.caregivers, strict=True)):
        update["caregivers"] = people
    night = rules.night
    if night is not None and scenario.policy.night == NightHours():
        update_of_night = {"start": night.start, "end": night.end, "least": night.least}
        hours = NightHours().model_copy(update=update_of_night)
        update["policy"] = scenario.policy.model_copy(update={"night": hours})
    return scenario.model_copy(update=update) if update else scenario


def figures_of(rules: LabourRules) -> Mapping[str, int]:
    """Return the figures of rules by the field of a caregiver; times in milliseconds."""
    given = {name: getattr(rules, name) for name in (*AT_MOST, *AT_LEAST)}
    return MappingProxyType(
        {name: _value(figure) for name, figure in given.items() if figure is not None}
    )


def _value(figure: LegalTime | LegalNumber) -> int:
    return figure.minutes if isinstance(figure, LegalTime) else figure.count


def tightened(person: Caregiver, figures: Mapping[str, int]) -> dict[str, int]:
    """Return the fields of a caregiver that figures make stricter, with what they become."""
    if person.volunteer:
        return {}
    stricter: dict[str, int] = {}
    for name, figure in figures.items():
        own: int | None = getattr(person, name)
        if own is None or (figure < own if name in AT_MOST else figure > own):
            stricter[name] = figure
    return stricter


def _under(person: Caregiver, figures: Mapping[str, int]) -> Caregiver:
    update = tightened(person, figures)
    return person.model_copy(update=update) if update else person
