"""What is left to chance in a study: how often, with the source or whoever answers for it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from optimizer.domain.basis import Basis, Owner, Source, Unit
from optimizer.domain.edit import Growth, Percent
from optimizer.domain.record import Record

Factor = Annotated[float, Field(ge=0, le=500, allow_inf_nan=False)]
"""Times a table, per cent: 100 is as the table says."""


def _assumed(unit: Unit, owner: Owner, low: float, high: float) -> Basis:
    return Basis(unit, owner, low=low, high=high)


class Assumptions(Record):
    """Chances of one drawn day; none of them is a promise, each may be varied."""

    sick: Annotated[Percent, _assumed(Unit.PERCENT_A_DAY, Owner.ORGANISATIONS, 1, 6)] = 2.5
    "Share of the caregivers who are sick on a day."
    sick_together: Annotated[Percent, _assumed(Unit.PERCENT, Owner.HEALTH, 0, 40)] = 15
    "How much of that comes in waves that everybody shares: share of the variance."
    sick_days: Annotated[
        float,
        Field(ge=1, le=60, allow_inf_nan=False),
        _assumed(Unit.DAYS, Owner.ORGANISATIONS, 2, 7),
    ] = 3
    "Mean length of a spell."
    leave: Annotated[Percent, _assumed(Unit.PERCENT_A_DAY, Owner.ORGANISATIONS, 0, 5)] = 0
    "Share of the caregivers on leave on a day, beside what the shifts say."
    quits: Annotated[
        Percent,
        Basis(Unit.PERCENT_A_MONTH, Owner.ORGANISATIONS, Source.TURNOVER_TRADE, low=2, high=7),
    ] = 4.2
    "Share of the caregivers who quit in a month."
    hired: Annotated[Percent, _assumed(Unit.PERCENT, Owner.ORGANISATIONS, 50, 100)] = 100
    "Share of those who quit in whose place somebody like them has been found."
    hospital: Annotated[Percent, _assumed(Unit.PERCENT_A_MONTH, Owner.HEALTH, 2, 6)] = 3.5
    "Share of the clients who go to hospital in a month."
    hospital_days: Annotated[
        float,
        Field(ge=1, le=60, allow_inf_nan=False),
        _assumed(Unit.DAYS, Owner.HEALTH, 7, 14),
    ] = 10
    "Mean length of a stay."
    hospital_more: Annotated[Percent, _assumed(Unit.PERCENT, Owner.HEALTH, 0, 3)] = 0
    "Points by which the share of clients in hospital on a day is higher: a wave of influenza."
    cancels: Annotated[Percent, _assumed(Unit.PERCENT_A_DAY, Owner.ORGANISATIONS, 1, 6)] = 3
    "Share of the clients who cancel the visits of a day."
    deaths: Annotated[Percent, _assumed(Unit.PERCENT_A_MONTH, Owner.HEALTH, 0.4, 1.4)] = 0.8
    "Share of the clients who die in a month."
    growth: Annotated[
        Growth,
        Basis(Unit.PERCENT_A_YEAR, Owner.DISTRICT, Source.SURVEY_2014, low=0, high=8.6),
    ] = 0
    "Growth of the clients in a year; new clients also take the place of those who leave."
    months: Annotated[int, Field(ge=0, le=60), Basis(Unit.MONTHS, Owner.MODEL)] = 1
    "Months from the base scenario to the drawn day."

    homes: Annotated[Percent, _assumed(Unit.PERCENT_A_YEAR, Owner.DISTRICT, 1, 5)] = 2
    "Of a study of years: share of the clients who move to a home or to their family in a year."
    disabled_more: Annotated[
        Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)],
        Basis(Unit.PERCENT_A_YEAR, Owner.DISTRICT, Source.SURVEY_2014, low=0, high=5),
    ] = 0
    "Of a study of years: points by which the clients certified disabled grow faster than `growth`."
    mortality: Annotated[Factor, _assumed(Unit.PERCENT, Owner.HEALTH, 70, 130)] = 100
    "Of a study of years: deaths, against the table by age and need tier."
    worsening: Annotated[Factor, _assumed(Unit.PERCENT, Owner.HEALTH, 50, 150)] = 100
    "Of a study of years: clients whose need rises by a tier, against the table."
    recovery: Annotated[Factor, _assumed(Unit.PERCENT, Owner.HEALTH, 50, 150)] = 100
    "Of a study of years: clients whose need falls by a tier, against the table."
    severe_entries: Annotated[Factor, _assumed(Unit.PERCENT, Owner.DISTRICT, 50, 150)] = 100
    "Of a study of years: share of severe need among new clients, against the table."
    staff_growth: Annotated[Growth, _assumed(Unit.PERCENT_A_YEAR, Owner.DISTRICT, -3, 3)] = 0
    "Of a study of years: growth of the number of caregivers in a year."


OF_DAYS = frozenset({"deaths", "months"})
"Assumptions that only a study of days reads."
OF_YEARS = frozenset(
    {"homes", "disabled_more", "mortality", "worsening", "recovery", "severe_entries",
     "staff_growth"}
)  # fmt: skip
"Assumptions that only a study of years reads."

CERTAIN = Assumptions(
    sick=0, leave=0, quits=0, hospital=0, cancels=0, deaths=0, growth=0, hospital_more=0, months=0
)
"Nothing is left to chance but who is drawn by lot in an edit."
