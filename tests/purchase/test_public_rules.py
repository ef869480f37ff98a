"""Each public rule that the office has taken over has a test whose docstring names its source.

What a tag such as S67 stands for is said in the docstring beside it.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

RULES: dict[str, tuple[str, str, str]] = {
    "who gets no contract": (
        "S52",
        "purchase/test_directory.py",
        "test_a_filed_body_gets_no_contract",
    ),
    "three years without serious breach": (
        "S53",
        "purchase/test_directory.py",
        "test_lists_of_the_authorities",
    ),
    "abnormal and serious lists": (
        "S54",
        "purchase/test_directory.py",
        "test_lists_of_the_authorities",
    ),
    "blacklist of elder care": (
        "S56",
        "purchase/test_directory.py",
        "test_lists_of_the_authorities",
    ),
    "grades hold for five years": (
        "S58",
        "purchase/test_directory.py",
        "test_a_grade_holds_for_five_years",
    ),
    "the person served picks": (
        "S63",
        "allocation/test_allocate.py",
        "test_the_dearest_that_can_is_chosen",
    ),
    "rotation round by round": (
        "S65",
        "allocation/test_rotation.py",
        "test_rounds_give_one_client_each",
    ),
    "an existing case stays": (
        "S67",
        "allocation/test_allocate.py",
        "test_clients_stay_where_they_are",
    ),
    "groundless refusals suspend": (
        "S67",
        "allocation/test_allocate.py",
        "test_two_groundless_declines_halt",
    ),
    "full ones are skipped": ("S69", "allocation/test_rotation.py", "test_no_backlog_while_full"),
    "right to change": ("S70", "allocation/test_allocate.py", "test_a_client_may_refuse"),
    "bands of results": (
        "S71",
        "purchase/test_evaluation.py",
        "test_no_sanction_where_the_interval_crosses",
    ),
    "assessors apart from providers": (
        "S74",
        "service/auth/test_permissions.py",
        "test_who_scores_does_not_assign",
    ),
    "more than 80 % needs a reason": (
        "S75",
        "allocation/test_measures.py",
        "test_exactly_80_per_cent_are_not_too_much",
    ),
    "below one largest client": (
        "S76",
        "allocation/test_rotation.py",
        "test_deficits_stay_below_the_largest_client",
    ),
    "published draw": (
        "S77",
        "allocation/test_rotation.py",
        "test_another_draw_only_breaks_ties_anew",
    ),
    "hours by loss of ability": (
        "S79",
        "purchase/test_eligibility.py",
        "test_hours_by_loss_of_ability",
    ),
    "paid by the visit": ("S80", "purchase/test_corrections.py", "test_prices_of_payers"),
    "one contract, three purses": (
        "S82",
        "purchase/test_pools.py",
        "test_percentages_add_up_to_the_fen",
    ),
    "town per meal, the client the rest": (
        "S83",
        "purchase/test_pools.py",
        "test_a_fixed_amount_per_visit_comes_first",
    ),
    "no stacking of categories": (
        "S25",
        "purchase/test_eligibility.py",
        "test_the_best_category_counts_alone",
    ),
    "apply this month, begin the next": (
        "S26",
        "purchase/test_eligibility.py",
        "test_apply_this_month_begin_the_next",
    ),
    "hospital pauses, death ends": (
        "S26",
        "purchase/test_eligibility.py",
        "test_who_is_away_gets_no_care_from_the_next_day",
    ),
    "waiting by need": ("S89", "purchase/test_waiting.py", "test_the_order_of_the_list"),
    "economy, efficiency, effect": (
        "S91",
        "purchase/test_evaluation.py",
        "test_figures_are_counted_by_hand",
    ),
    "90, 80, 60": ("S93", "purchase/test_evaluation.py", "test_grades_begin_at_90_80_and_60"),
    "results decide re-selection": (
        "S96",
        "purchase/test_evaluation.py",
        "test_shares_move_within_bounds",
    ),
    "different staff in 14 days": (
        "S97",
        "purchase/test_evaluation.py",
        "test_figures_are_counted_by_hand",
    ),
    "electronic check-ins": ("S102", "purchase/test_evaluation.py", "test_points_at_the_edges"),
    "six facts of a visit": (
        "S104",
        "formats/test_deliveries.py",
        "test_fields_are_checked_by_themselves",
    ),
    "one client at a time": ("S105", "purchase/test_evidence.py", "test_each_rule_has_its_edge"),
    "beacon at the bed": ("S106", "purchase/test_evidence.py", "test_each_rule_has_its_edge"),
    "no single proof suffices": (
        "S107",
        "purchase/test_evidence.py",
        "test_each_rule_has_its_edge",
    ),
    "somebody looks at the door": (
        "S108",
        "purchase/test_publication.py",
        "test_what_is_not_yet_told_is_visited",
    ),
    "nobody chooses their own sample": (
        "S109",
        "purchase/test_publication.py",
        "test_half_by_lot_half_by_risk",
    ),
    "no care for the dead": (
        "S110",
        "purchase/test_evidence.py",
        "test_nobody_is_cared_for_who_is_not_at_home",
    ),
    "measured time is paid": ("S111", "purchase/test_settlement.py", "test_what_was_given_is_paid"),
    "granted against delivered": ("S112", "purchase/test_cascade.py", "test_the_town_by_hand"),
    "frustrated, missed, cancelled": (
        "S115",
        "purchase/test_settlement.py",
        "test_what_was_given_is_paid",
    ),
    "1,500 hours, groups donate": ("S116", "purchase/test_time_bank.py", "test_limits_block"),
    "from sixty, never cash": (
        "S117",
        "purchase/test_time_bank.py",
        "test_spending_begins_at_sixty",
    ),
    "so much a day": (
        "S118",
        "purchase/test_time_bank.py",
        "test_what_is_above_the_limits_goes_to_the_pool_or_nobody",
    ),
    "half hours from fifteen minutes": (
        "S120",
        "purchase/test_time_bank.py",
        "test_steps_of_half_an_hour",
    ),
    "insurance of volunteers": ("S122", "purchase/test_time_bank.py", "test_safeguards"),
    "two movements, sum zero": ("S123", "purchase/test_time_bank.py", "test_balances_sum_to_zero"),
    "limits between districts": ("S125", "purchase/test_time_bank.py", "test_limits_block"),
}
"""By what a rule says: its source, and the test that holds it."""


@cache
def docstrings(file: str) -> dict[str, str]:
    """Return the docstring of each test in a file."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {
        node.name: ast.get_docstring(node) or ""
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


@pytest.mark.parametrize("rule", sorted(RULES))
def test_each_public_rule_has_its_test(rule: str) -> None:
    """The test is there, and its docstring cites the source of the rule."""
    tag, file, name = RULES[rule]
    _, mark, sources = docstrings(file)[name].partition("Source:")
    assert mark, name
    assert re.search(rf"\b{tag}\b", sources)
