"""A move that leaves routes as they are: stops charged to other contracts that cover them."""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import book_contract, has_room, touch
from optimizer.search.kernels.compiled import kernel, leaf
from optimizer.search.kernels.rng import below
from optimizer.search.kernels.world import CONTRACT_ACCOUNTS, TASKS

DRAWS = 8
"Stops drawn until one has a choice, and again for those that may follow it."


@leaf
def _choices(w, k):
    """Return by how many contracts the stop of task `k` is covered; 0 if it is on no route."""
    v = w.node[k].route
    if v < 0:
        return int64(0)
    covers = int64(w.covered[w.node[k].row, v])
    if covers < 0:
        return int64(0)
    return w.cover_ptr[covers + 1] - w.cover_ptr[covers]


@kernel
def _move_charge(w, k, contract):
    """Charge a present stop to another contract."""
    touch(w, k)
    book_contract(w, k, int64(w.contract[k]), int64(-1))
    book_contract(w, k, contract, int64(1))
    w.contract[k] = contract


@leaf
def _missing(w, contract, care):
    """Return how much of some ticks of care a contract's share still asks for."""
    first = w.g[CONTRACT_ACCOUNTS] + 3 * contract
    return max(int64(0), min(care, w.account[first].soft - w.account[first].value))


@kernel
def _follow(w, k):
    """Charge a present stop to another contract with room if the shares gain by it."""
    care = int64(w.node[k].care)
    visits = 1 if w.node[k].carer == 1 else 0
    held = int64(w.contract[k])
    first = w.g[CONTRACT_ACCOUNTS] + 3 * held
    # What the share of the present contract would miss without the stop.
    most = max(int64(0), min(care, w.account[first].soft - w.account[first].value + care))
    best = int64(-1)
    covers = int64(w.covered[w.node[k].row, w.node[k].route])
    for c in range(w.cover_ptr[covers], w.cover_ptr[covers + 1]):
        contract = w.cover[c]
        gain = _missing(w, contract, care)
        if contract != held and gain > most and has_room(w, contract, care, visits):
            best, most = contract, gain
    if best >= 0:
        _move_charge(w, k, best)


@kernel
def recharge(w, rng):
    """Charge a random stop to another contract with room, and let others follow where it pays.

    Visits that only the contract left can pay for find room there when they are put back.
    """
    n = w.g[TASKS]
    for _ in range(DRAWS):
        k = below(rng, n)
        choices = _choices(w, k)
        if choices > 1:
            covers = int64(w.covered[w.node[k].row, w.node[k].route])
            contract = w.cover[w.cover_ptr[covers] + below(rng, choices)]
            visits = 1 if w.node[k].carer == 1 else 0
            care = int64(w.node[k].care)
            if contract != w.contract[k] and has_room(w, contract, care, visits):
                _move_charge(w, k, contract)
                break
    for _ in range(DRAWS):
        k = below(rng, n)
        if _choices(w, k) > 1:
            _follow(w, k)
