"""Files in pairs: scenarios and plans, read and written; catalogues and rules, read."""

from __future__ import annotations

from optimizer.formats.allocation import allocation_policy_in, parse_allocation_log
from optimizer.formats.book import read_book
from optimizer.formats.checks.deliveries import check_deliveries
from optimizer.formats.checks.events import check_events
from optimizer.formats.checks.new_series import check_new_series
from optimizer.formats.checks.plan import check_care, check_plan, unchosen
from optimizer.formats.checks.scenario import check_scenario, scenario_warnings
from optimizer.formats.codes import FaultCode, WarningCode
from optimizer.formats.deliveries import deliveries_in, parse_deliveries
from optimizer.formats.document import parse_json
from optimizer.formats.events import parse_events, read_events, read_new_series, read_new_visit
from optimizer.formats.findings import Findings
from optimizer.formats.ledger import (
    Draft,
    Ledger,
    canonical,
    content_hash,
    entry_line,
    next_entry,
    parse_ledger,
)
from optimizer.formats.office import office_in
from optimizer.formats.plan import format_plan, parse_plan, read_plan, write_plan
from optimizer.formats.plan_table import plan_frame, unserved_frame, write_plan_csv
from optimizer.formats.registry import (
    FORMATS,
    PLAN,
    SCENARIO,
    VROOM,
    format_of,
    open_plan,
    open_problem,
    plan_format_named,
    problem_format_named,
)
from optimizer.formats.scenario import (
    format_scenario,
    parse_scenario,
    read_scenario,
    write_scenario,
)
from optimizer.formats.schema import SchemaName, json_schema
from optimizer.formats.study import format_study, parse_study, read_study, write_study
from optimizer.formats.supervision import supervision_in
from optimizer.formats.time_bank import parse_time_bank
from optimizer.formats.vroom import VroomProblem, parse_vroom, vroom_solution
from optimizer.formats.vroom_document import vroom_schema

__all__ = [
    "FORMATS",
    "PLAN",
    "SCENARIO",
    "VROOM",
    "Draft",
    "FaultCode",
    "Findings",
    "Ledger",
    "SchemaName",
    "VroomProblem",
    "WarningCode",
    "allocation_policy_in",
    "canonical",
    "check_care",
    "check_deliveries",
    "check_events",
    "check_new_series",
    "check_plan",
    "check_scenario",
    "content_hash",
    "deliveries_in",
    "entry_line",
    "format_of",
    "format_plan",
    "format_scenario",
    "format_study",
    "json_schema",
    "next_entry",
    "office_in",
    "open_plan",
    "open_problem",
    "parse_allocation_log",
    "parse_deliveries",
    "parse_events",
    "parse_json",
    "parse_ledger",
    "parse_plan",
    "parse_scenario",
    "parse_study",
    "parse_time_bank",
    "parse_vroom",
    "plan_format_named",
    "plan_frame",
    "problem_format_named",
    "read_book",
    "read_events",
    "read_new_series",
    "read_new_visit",
    "read_plan",
    "read_scenario",
    "read_study",
    "scenario_warnings",
    "supervision_in",
    "unchosen",
    "unserved_frame",
    "vroom_schema",
    "vroom_solution",
    "write_plan",
    "write_plan_csv",
    "write_scenario",
    "write_study",
]
