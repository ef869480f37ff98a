"""A series that is asked for against the scenario: a visit without days, and weeks that hold it."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.domain.event import Added, Events, NewSeries
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.checks.events import check_events
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import Findings, finding
from optimizer.i18n import say

LONGEST_ID = 75
"Characters of a series' id; its visits carry it and a number."
_PLACE = "series"


def check_new_series(series: NewSeries, scenario: Scenario, plan: Plan) -> Findings:
    """Check that a series fits a scenario, its visit as the scenario's own are checked.

    Parameters
    ----------
    series
        What is asked for.
    scenario, plan
        A scenario with its visits, and its roster.
    """
    events = Events(events=(Added(visit=series.visit, client=series.client),))
    found = [
        fault.model_copy(update={"path": fault.path.removeprefix(f"{_PLACE}.")})
        for fault in check_events(events, scenario, plan, (_PLACE,)).faults
    ]
    return Findings(faults=(*found, *_own_faults(series, scenario)))


def _own_faults(series: NewSeries, scenario: Scenario) -> Iterator[Fault]:
    """Yield what only a series can have wrong."""
    visit, pin = series.visit, series.visit.pin
    fixed = {
        "dates": bool(visit.dates),
        "series": visit.series is not None,
        "pin.date": pin is not None and pin.date is not None,
    }
    for field, is_given in fixed.items():
        if is_given:
            yield finding(f"visit.{field}", FaultCode.SERIES_HAS_DAYS, say("fault.series-has-days"))
    if len(visit.id) > LONGEST_ID:
        message = say("fault.series-id-too-long", most=LONGEST_ID)
        yield finding("visit.id", FaultCode.BAD_TEXT, message)
    taken = {one.id for one in scenario.visits}
    series_ids = {one.series for one in scenario.visits}
    again = next((name for name in numbered(visit.id, scenario) if name in taken), None)
    if visit.id in series_ids:
        message = say("fault.series-exists", series=visit.id)
        yield finding("visit.id", FaultCode.DUPLICATE_ID, message)
    elif again is not None:
        yield finding("visit.id", FaultCode.DUPLICATE_ID, say("fault.visit-exists", visit=again))
    if not series.patterns():
        message = say("fault.fits-no-week", count=series.per_week, days=series.min_days)
        yield finding("per_week", FaultCode.FITS_NO_WEEK, message)
    if scenario.horizon.days < 7:
        message = say("fault.less-than-a-week", days=scenario.horizon.days)
        yield finding("per_week", FaultCode.FITS_NO_WEEK, message)


def numbered(series: str, scenario: Scenario) -> tuple[str, ...]:
    """Return the ids that visits of a new series may get, one for each day planned."""
    return tuple(f"{series}-{number}" for number in range(1, scenario.horizon.days + 1))
