"""What jobs left out cost, so that the cheapest roster is the best in VROOM's own order."""

from __future__ import annotations

from collections.abc import Mapping
from math import gcd

from optimizer.formats.vroom_document import VroomDocument
from optimizer.formats.vroom_period import Period, work_of

LARGEST = 500_000_000_000
"Minutes of the highest price that a visit can have."


def prices_of(document: VroomDocument, period: Period) -> Mapping[int, int]:
    """Return the price of each job that is left out, by its id, in minutes of travel.

    First the sum of priorities counts, then the number of jobs, then travel: one job costs more
    than all travel there can be, and the least difference of two sums of priorities more than
    all jobs.

    References
    ----------
    VROOM, docs/API.md: "maximize the sum of priorities of assigned tasks, then the number of
    assigned tasks, then minimise the cost".
    """
    hours = (period.hours(vehicle) for vehicle in document.vehicles)
    travel = min(work_of(document), sum(end - begin for begin, end in hours))
    job = travel // 60 + 1
    priorities = [one.priority for one in document.jobs]
    step = gcd(*priorities) or 1
    dominates = (job * len(priorities) + job) if any(priorities) else 0
    return {one.id: job + one.priority // step * dominates for one in document.jobs}
