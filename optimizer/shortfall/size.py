"""How large a study is before anything is drawn."""

from __future__ import annotations

from optimizer.domain.study import BASE, Study, Years
from optimizer.shortfall.uncertainty import ends_of, ranges_of_arm


def num_futures(study: Study, first_year: int) -> int:
    """Return the most futures that are drawn, without those that are searched once more.

    Parameters
    ----------
    study
        A study without faults.
    first_year
        Year of its scenario.
    """
    years = 1
    if isinstance(study.horizon, Years):
        years = max(1, study.horizon.until - first_year + 1)
    arms = 1 + sum(arm.name != BASE for arm in study.arms)
    drawn = arms * years * study.replications
    asked = study.tornado
    if asked is None:
        return drawn
    ends = (len(ends_of(study, one, asked.arm)) for one in ranges_of_arm(study, asked.arm))
    return drawn + (1 + sum(ends)) * asked.replications
