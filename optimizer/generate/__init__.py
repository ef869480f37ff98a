"""Seeded scenarios: recipes, shipped days and benchmark days."""

from __future__ import annotations

from optimizer.generate.benchmark_day import coupled_day, uncoupled_day
from optimizer.generate.evidence import TookPlace, took_place
from optimizer.generate.fortnight import weeks_of_daily_care
from optimizer.generate.generator import generate_scenario
from optimizer.generate.office_file import example_office, example_rules, example_supervision
from optimizer.generate.over_weeks import over_days
from optimizer.generate.recipe import RECIPES, Recipe
from optimizer.generate.summary import Figure, figures, summary
from optimizer.generate.time_bank_file import example_time_bank

__all__ = [
    "RECIPES",
    "Figure",
    "Recipe",
    "TookPlace",
    "coupled_day",
    "example_office",
    "example_rules",
    "example_supervision",
    "example_time_bank",
    "figures",
    "generate_scenario",
    "over_days",
    "summary",
    "took_place",
    "uncoupled_day",
    "weeks_of_daily_care",
]
