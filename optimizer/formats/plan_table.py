"""A plan as a table: one row per stop, one per visit left unserved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimizer.domain.index import ScenarioIndex
from optimizer.domain.plan import Plan, Route, Stop
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.formats.files import write_bytes
from optimizer.matching.contracts import covering_contracts
from optimizer.units import format_clock, format_minutes

if TYPE_CHECKING:
    import pandas as pd

STOP_COLUMNS = (
    "date",
    "caregiver",
    "shift",
    "stop",
    "visit",
    "client",
    "carer",
    "arrival",
    "start",
    "end",
    "travel_minutes",
    "services",
    "town",
    "contract",
    "series",
)
UNSERVED_COLUMNS = ("visit", "client", "carers", "priority", "services", "town", "series", "reason")
CSV_COLUMNS = ("status", *STOP_COLUMNS[:-1], "reason", "series")

_FORMULA = ("=", "+", "-", "@")


def plan_frame(plan: Plan, scenario: Scenario) -> pd.DataFrame:
    """Return one row per stop, in the order of the plan.

    Columns are `STOP_COLUMNS`: dates and clock times as text, shift counted from 0 and
    stop from 1, travel (from the stop before, or from home) in minutes, the services that the
    carer gives joined by blanks, the contract that pays (empty where several may and the plan names
    none: then the documented order decides), the recurring service the visit belongs to.

    Raises
    ------
    KeyError
        If the plan names a visit that the scenario does not have.
    """
    import pandas as pd  # noqa: PLC0415 (half a second that reading a scenario does not need)

    return pd.DataFrame(_stop_rows(plan, scenario), columns=list(STOP_COLUMNS))


def unserved_frame(plan: Plan, scenario: Scenario) -> pd.DataFrame:
    """Return one row per unserved visit, in the order of the plan; `UNSERVED_COLUMNS`.

    Raises
    ------
    KeyError
        If the plan names a visit that the scenario does not have.
    """
    import pandas as pd  # noqa: PLC0415 (as above)

    return pd.DataFrame(_unserved_rows(plan, scenario), columns=list(UNSERVED_COLUMNS))


def write_plan_csv(plan: Plan, scenario: Scenario, path: str | Path) -> None:
    """Write all stops and unserved visits to one CSV file; `CSV_COLUMNS`.

    The column ``status`` is ``served`` or ``unserved``. The file is UTF-8 with a byte
    order mark, so that spreadsheets show Chinese text, and no cell can be taken for a
    formula.

    Raises
    ------
    UsageError
        If the file cannot be written.
    KeyError
        If the plan names a visit that the scenario does not have.
    """
    import pandas as pd  # noqa: PLC0415 (as above)

    served = [{"status": "served", **row} for row in _stop_rows(plan, scenario)]
    unserved = [{"status": "unserved", **row} for row in _unserved_rows(plan, scenario)]
    rows = [{name: _cell(row.get(name, "")) for name in CSV_COLUMNS} for row in served + unserved]
    text = pd.DataFrame(rows, columns=list(CSV_COLUMNS)).to_csv(index=False, lineterminator="\n")
    write_bytes(Path(path), text.encode("utf-8-sig"))


def _stop_rows(plan: Plan, scenario: Scenario) -> Iterator[dict[str, Any]]:
    index = ScenarioIndex.of(scenario)
    for route in plan.routes:
        for number, stop in enumerate(route.stops, 1):
            yield _stop_row(index, route, number, stop)


def _stop_row(index: ScenarioIndex, route: Route, number: int, stop: Stop) -> dict[str, Any]:
    visit = index.visit[stop.visit]
    return {
        "date": route.date.isoformat(),
        "caregiver": route.caregiver,
        "shift": route.shift,
        "stop": number,
        "visit": stop.visit,
        "client": visit.client,
        "carer": stop.carer,
        "arrival": format_clock(stop.arrival),
        "start": format_clock(stop.start),
        "end": format_clock(stop.end),
        "travel_minutes": format_minutes(stop.travel),
        "services": " ".join(visit.services_of(stop.carer)),
        "town": index.client[visit.client].town or "",
        "contract": stop.contract or _only_contract(index, route, visit),
        "series": visit.series or "",
    }


def _only_contract(index: ScenarioIndex, route: Route, visit: Visit) -> str:
    """Return the contract that a stop is charged to if no more than one may pay, else nothing."""
    caregiver = index.caregiver.get(route.caregiver)
    if caregiver is None:
        return ""
    found = covering_contracts(index, visit, caregiver, route.date)
    return found[0].id if len(found) == 1 else ""


def _unserved_rows(plan: Plan, scenario: Scenario) -> Iterator[dict[str, Any]]:
    index = ScenarioIndex.of(scenario)
    for entry in plan.unserved:
        visit = index.visit[entry.visit]
        yield {
            "visit": visit.id,
            "client": visit.client,
            "carers": len(visit.carers),
            "priority": visit.priority.value,
            "services": " ".join(visit.services),
            "town": index.client[visit.client].town or "",
            "series": visit.series or "",
            "reason": entry.reason,
        }


def _cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
