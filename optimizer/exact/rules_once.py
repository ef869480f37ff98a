"""The rule that everything happens once."""

from __future__ import annotations

from types import MappingProxyType

from ortools.sat.python import cp_model

from optimizer.domain.policy import Rule
from optimizer.exact.variables import Binds, Variables


def served_once(variables: Variables) -> None:
    """Each carer of a served visit has one caregiver-day, each of an unserved one none.

    That a caregiver has one route per shift needs no saying: there is one circuit for it.
    """
    for task in variables.world.tasks:
        chosen = [variables.on[pair] for pair in variables.pairs_of(task.number)]
        served = variables.served[task.visit_idx]
        variables.model.add(cp_model.LinearExpr.sum(chosen) == served)


BINDS: Binds = MappingProxyType({Rule.SERVED_ONCE: served_once})
