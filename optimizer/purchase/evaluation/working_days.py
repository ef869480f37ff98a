"""Working days of an office: weekends off, but for holidays and the days that make up for them."""

from __future__ import annotations

import datetime as dt

from optimizer.domain.evaluation import EvaluationTerms
from optimizer.domain.supervision import Complaint, Severity

_SATURDAY = 5


def after_working_days(day: dt.date, count: int, terms: EvaluationTerms) -> dt.date:
    """Return the last day of so many working days after a day; the day itself does not count.

    Parameters
    ----------
    day
        The day on which something has come in.
    count
        Working days.
    terms
        Holidays, and weekends on which people work.
    """
    while count > 0:
        day += dt.timedelta(days=1)
        is_weekend = day.weekday() >= _SATURDAY
        count -= (day in terms.working_weekends) if is_weekend else (day not in terms.holidays)
    return day


def due_on(complaint: Complaint, terms: EvaluationTerms) -> dt.date:
    """Return the last day on which a complaint is closed in time."""
    if complaint.severity is Severity.SEVERE:
        return complaint.received + dt.timedelta(days=1)
    return after_working_days(complaint.received, terms.complaint_days, terms)
