"""The model that decides the starts of one component of a roster, with CP-SAT."""

from __future__ import annotations

from ortools.sat.python import cp_model

from optimizer.exact.starts import Starts, Timing, Tour
from optimizer.problem import layout as at

EFFORT = 1.0
"Deterministic seconds of CP-SAT per component; a component that needs more keeps its best so far."


def best_starts(timing: Timing, component: list[int], starts: Starts) -> Starts:
    """Return the starts with the best ones of a component's stops."""
    found = starts.copy()
    for c, start in _Model(timing, component, starts).best().items():
        found[c] = start
    return found


def may_start(timing: Timing, component: list[int], starts: Starts) -> bool:
    """Return whether a component's stops may have exactly these starts."""
    model = _Model(timing, component, starts)
    for c, start in model.start.items():
        model.cp.add(start == int(starts[c]))
    return bool(model.best())


class _Model:
    """The model of one component: its decisions, its rules and what it costs."""

    def __init__(self, timing: Timing, component: list[int], starts: Starts) -> None:
        self.cp = cp_model.CpModel()
        self.start: dict[int, cp_model.IntVar] = {}
        self._timing = timing
        self._departure: dict[int, cp_model.LinearExpr] = {}
        self._back: dict[int, cp_model.LinearExpr] = {}
        self._worst: cp_model.IntVar | None = None
        self._cost: list[cp_model.LinearExpr] = []
        for v in component:
            self._add_stops(timing.tours[v], starts)
            self._add_journeys(v, timing.tours[v])
        self._add_ties()

    def _add_ties(self) -> None:
        """Add couplings between stops, and rests between routes."""
        for c, d, out in self._timing.ties():
            if c in self.start and d in self.start:
                self.cp.add(self.start[d] >= self.start[c] + out)
        for u, v, gap in self._timing.rests():
            if u in self._back and v in self._back:
                self.cp.add(self._departure[v] >= self._back[u] + gap)

    def _add_stops(self, tour: Tour, starts: Starts) -> None:
        """Add windows, lateness and published times of a route's stops."""
        for c in range(tour.first, tour.until):
            task = self._timing.task(c)
            earliest, latest, due = (int(task[n]) for n in (at.EARLIEST, at.LATEST, at.DUE))
            start = self.cp.new_int_var(earliest, latest, "")
            self.start[c] = start
            self.cp.add_hint(start, int(starts[c]))
            if latest > due and self._timing.late:
                self._cost.append(self._timing.late * self._above(start, due))
            if latest > due and self._timing.worst:
                if self._worst is None:
                    self._worst = self.cp.new_int_var(0, at.BIG, "")
                    self._cost.append(self._timing.worst * self._worst)
                self.cp.add(self._worst >= start - due)
            if self._timing.may_keep(c):
                keeps, published = self.cp.new_bool_var(""), int(task[at.PUBLISHED])
                self.cp.add_linear_constraint(
                    start, published - self._timing.tolerance, published + self._timing.tolerance
                ).only_enforce_if(keeps)
                self._cost.append(self._timing.moved * (1 - keeps))

    def _add_journeys(self, v: int, tour: Tour) -> None:
        """Add travel, break, shift, waiting and overtime of a route."""
        row, start, add = tour.row, self.start, self.cp.add
        break_from, break_to = int(row[at.BREAK_FROM]), int(row[at.BREAK_TO])
        departure = start[tour.first] - tour.way_out
        add(departure >= int(row[at.OPEN]))
        if tour.pause_after == 0:
            add(departure >= break_from + tour.pause)
        for number, hop in enumerate(tour.hops, 1):
            c = tour.first + number - 1
            ready = start[c] + self._timing.care(c)
            if tour.pause_after == number:
                add(ready <= break_to)
                add(start[c + 1] >= break_from + tour.pause + hop)
                ready += tour.pause
            add(start[c + 1] >= ready + hop)
        end = start[tour.last] + self._timing.care(tour.last)
        back: cp_model.LinearExpr = end + tour.way_home
        if tour.rests_last:
            home, at_end = self.cp.new_int_var(0, at.BIG, ""), self.cp.new_bool_var("")
            add(home >= back)
            add(back <= break_to).only_enforce_if(at_end)
            add(end <= break_to).only_enforce_if(~at_end)
            add(home >= back + tour.pause).only_enforce_if(~at_end)
            add(home >= break_from + tour.pause + tour.way_home).only_enforce_if(~at_end)
            back = home
        add(back <= int(row[at.CLOSE_HARD]))
        if self._timing.wait:
            self._cost.append(self._timing.wait * (start[tour.last] - start[tour.first]))
        if row[at.OVERTIME_RATE] and row[at.CLOSE_HARD] > row[at.CLOSE]:
            self._cost.append(int(row[at.OVERTIME_RATE]) * self._above(back, int(row[at.CLOSE])))
        self._departure[v], self._back[v] = departure, back

    def _above(self, what: cp_model.LinearExpr, limit: int) -> cp_model.IntVar:
        """Return a number that is at least `what` less `limit`, and not negative."""
        excess = self.cp.new_int_var(0, at.BIG, "")
        self.cp.add(excess >= what - limit)
        return excess

    def best(self) -> dict[int, int]:
        """Return the best starts found, or none."""
        self.cp.minimize(cp_model.LinearExpr.sum(self._cost))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = EFFORT
        if solver.solve(self.cp) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return {}
        return {c: solver.value(start) for c, start in self.start.items()}
