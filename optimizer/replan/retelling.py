"""A proposal of which only the roster was kept, with all that is told of it."""

from __future__ import annotations

from optimizer.domain.plan import Plan
from optimizer.replan.repair import Mending, Proposal
from optimizer.replan.situation import Situation
from optimizer.replan.working_day import Aim


def retold(situation: Situation, aim: Aim, plan: Plan) -> Proposal:
    """Return a roster as the proposal that it was; nothing is planned anew.

    Parameters
    ----------
    situation
        What the proposal was made for.
    aim, plan
        Its aim and its roster.

    Raises
    ------
    EngineDisagreement
        If the roster breaks a rule of the situation, so that it was no proposal for it.
    """
    return Mending(situation, iterations=0, seed=1).told(aim, plan)
