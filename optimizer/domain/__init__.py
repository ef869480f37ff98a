"""The world in a care office's words: scenario, plan, rules, terms, weights."""

from __future__ import annotations

from optimizer.domain.care_plan import CarePlan, CarePlanItem
from optimizer.domain.caregiver import BreakRule, Caregiver, Qualification, Shift
from optimizer.domain.client import (
    Client,
    Entitlement,
    EntitlementUnit,
    Flag,
    Gender,
    GenderWish,
    MealTimes,
    Period,
)
from optimizer.domain.contract import Contract, Lending, Organisation
from optimizer.domain.health import (
    Assessment,
    Condition,
    DeviceDetail,
    Dwelling,
    FamilyCarer,
    HealthRecord,
    Insulin,
    Medicine,
    RiskEvent,
    Wound,
)
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.place import (
    GeodesicTravel,
    MatrixTravel,
    Mode,
    ModeSpeed,
    Place,
    Travel,
    Zone,
)
from optimizer.domain.plan import Break, Plan, Route, Stop, Unserved
from optimizer.domain.policy import Policy, Priority, Rule, Term, UnservedWeights, Weights
from optimizer.domain.reason import UnservedReason
from optimizer.domain.record import Record
from optimizer.domain.scenario import Familiar, Horizon, Scenario
from optimizer.domain.visit import (
    CarerNeed,
    Coupling,
    CouplingKind,
    Pin,
    Requirement,
    StartWindow,
    Trace,
    Visit,
)

__all__ = [
    "Assessment",
    "Break",
    "BreakRule",
    "CarePlan",
    "CarePlanItem",
    "Caregiver",
    "CarerNeed",
    "Client",
    "Condition",
    "Contract",
    "Coupling",
    "CouplingKind",
    "DeviceDetail",
    "Dwelling",
    "Entitlement",
    "EntitlementUnit",
    "Familiar",
    "FamilyCarer",
    "Flag",
    "Gender",
    "GenderWish",
    "GeodesicTravel",
    "HealthRecord",
    "Horizon",
    "Insulin",
    "Lending",
    "MatrixTravel",
    "MealTimes",
    "Medicine",
    "Mode",
    "ModeSpeed",
    "Organisation",
    "Period",
    "Pin",
    "Place",
    "Plan",
    "Policy",
    "Priority",
    "Qualification",
    "Record",
    "Requirement",
    "RiskEvent",
    "Route",
    "Rule",
    "Scenario",
    "ScenarioIndex",
    "Shift",
    "StartWindow",
    "Stop",
    "Term",
    "Trace",
    "Travel",
    "Unserved",
    "UnservedReason",
    "UnservedWeights",
    "Visit",
    "Weights",
    "Wound",
    "Zone",
]
