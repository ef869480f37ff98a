"""A scenario without one of its rules."""

from __future__ import annotations

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.contract import Contract, Lending
from optimizer.domain.relaxed_rule import RelaxedRule
from optimizer.domain.scenario import Scenario
from optimizer.explanation.change import wider
from optimizer.units import MS_PER_MINUTE


def relaxed(
    scenario: Scenario, rule: RelaxedRule, minutes: int, contract: str | None = None
) -> Scenario:
    """Return a scenario with one rule relaxed for everybody.

    Parameters
    ----------
    scenario
        The scenario.
    rule
        The rule.
    minutes
        Permitted overtime more, or by which each window is wider at both ends (at least 1); of
        no meaning for the other rules.
    contract
        Id of the only contract whose area or cap is lifted; None for all of them.
    """
    if rule is RelaxedRule.WINDOW:
        return wider(scenario.visits, minutes, minutes).applied(scenario)
    if rule is RelaxedRule.ORGANISATION:
        return _lending(scenario)
    if rule in {RelaxedRule.CONTRACT_AREA, RelaxedRule.CONTRACT_CAP}:
        contracts = tuple(
            _loosened(one, rule) if contract in {None, one.id} else one
            for one in scenario.contracts
        )
        return scenario.model_copy(update={"contracts": contracts})
    people = tuple(_without(person, rule, minutes) for person in scenario.caregivers)
    return scenario.model_copy(update={"caregivers": people})


def _lending(scenario: Scenario) -> Scenario:
    """Return a scenario in which every organisation lends, at the highest price that one asks."""
    prices = [one.lending.fen_per_hour for one in scenario.organisations if one.lending]
    terms = Lending(fen_per_hour=max(prices, default=0))
    lending = tuple(
        one if one.lending else one.model_copy(update={"lending": terms})
        for one in scenario.organisations
    )
    return scenario.model_copy(update={"organisations": lending})


def _without(person: Caregiver, rule: RelaxedRule, minutes: int) -> Caregiver:
    update: dict[RelaxedRule, dict[str, object]] = {
        RelaxedRule.OVERTIME: {"overtime_limit": person.overtime_limit + minutes * MS_PER_MINUTE},
        RelaxedRule.LONGEST_LEG: {"longest_leg": None},
        RelaxedRule.VISITS_PER_DAY: {"visits_per_day": None},
        RelaxedRule.BREAK: {"break_rule": None},
    }
    if rule is RelaxedRule.BREAK:
        shifts = tuple(one.model_copy(update={"break_rule": None}) for one in person.shifts)
        update[rule]["shifts"] = shifts
    return person.model_copy(update=update[rule])


def _loosened(contract: Contract, rule: RelaxedRule) -> Contract:
    if rule is RelaxedRule.CONTRACT_AREA:
        # A share that is promised of some towns' care would be one of the whole district's.
        area = {"towns": (), "min_share": 0}
        return contract.model_copy(update=area) if contract.towns else contract
    caps = {"cap": None, "cap_visits": None, "cap_fen": None}
    return contract.model_copy(update=caps)
