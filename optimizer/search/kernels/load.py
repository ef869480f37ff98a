"""Routes in, routes out: loading whole routes into a state."""

from __future__ import annotations

from optimizer.problem.layout import EARLIEST
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.state import (
    BROKEN,
    NEXT,
    PAUSE,
    PREV,
    RISING,
    ROUTE,
    TARDY,
    begin,
    forget_tardy,
    link,
    roll_back,
    set_start,
    settle_waiting,
    settle_worst,
    touch_way,
)
from optimizer.search.kernels.timing import arrival_at, raise_latest, raise_starts


@kernel
def load_routes(pb, st, ptr, tasks, care, pause):  # type: ignore[no-untyped-def]
    """Fill an empty state with routes; take everything back and return False if they break a rule.

    Parameters
    ----------
    ptr, tasks, care
        Per route a slice of task indices in order, and the care given at each.
    pause
        Per route the number of stops before the break.
    """
    n, m = pb.task.shape[0], pb.route.shape[0]
    begin(st)
    for v in range(m):
        for c in range(ptr[v], ptr[v + 1]):
            k = tasks[c]
            if st.node[k, ROUTE] >= 0:
                st.counter[BROKEN] = 1
                break
            link(pb, st, k, st.node[n + m + v, PREV], v, care[c], False, pb.task[k, EARLIEST])
        touch_way(st, v)
        x = n + v
        for _ in range(pause[v]):
            x = st.node[x, NEXT]
        st.way[v, PAUSE] = x
    count = 0
    for v in range(m):
        x = st.node[n + v, NEXT]
        if x < n:
            start = arrival_at(pb, st, x)
            if start > pb.task[x, EARLIEST]:
                set_start(pb, st, x, start)
        while x < n:
            st.listed[count] = x
            count += 1
            x = st.node[x, NEXT]
    if st.counter[BROKEN] or not raise_starts(pb, st, count):
        roll_back(pb, st)
        return False
    settle_worst(pb, st)
    settle_waiting(pb, st)
    refresh_all_latest(pb, st)
    return True


@kernel
def refresh_all_latest(pb, st):  # type: ignore[no-untyped-def]
    """Recompute the latest starts of all present tasks and end depots."""
    n, m = pb.task.shape[0], pb.route.shape[0]
    count = 0
    for x in range(n + 2 * m):
        if x >= n + m or (x < n and st.node[x, ROUTE] >= 0):
            st.listed[count] = x
            count += 1
    forget_tardy(st)
    st.counter[RISING] = 0
    st.counter[TARDY] = 0
    raise_latest(pb, st, count)
