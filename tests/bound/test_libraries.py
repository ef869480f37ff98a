"""The linear-programming library lives with the other solvers in one process, and is silent."""

from __future__ import annotations

import subprocess
import sys

import pytest

CP_SAT = """
from ortools.sat.python import cp_model
model = cp_model.CpModel()
x = model.new_int_var(0, 9, "x")
model.maximize(x)
solver = cp_model.CpSolver()
solver.solve(model)
assert solver.value(x) == 9
"""
HIGHS = """
from optimizer.bound.column import Column
from optimizer.bound.master import Master
from optimizer.bound.network import Network
import numpy as np
bundle = np.zeros(1, np.int64)
network = Network(1, (None,), bundle, bundle + 5, 0, None, None, 1, 1)
master = Master(network)
master.add([Column(0, (0,), (1,), 3, (0,))])
assert abs(master.solve().value - 3) < 1e-9
"""


@pytest.mark.parametrize("order", [CP_SAT + HIGHS, HIGHS + CP_SAT])
def test_both_solvers_in_either_order(order: str) -> None:
    """OR-Tools and HiGHS solve in one process, whichever is loaded first; neither prints."""
    done = subprocess.run(
        [sys.executable, "-c", order], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
