"""The curve of a staffing answer: found above, proven below, what is open between."""

from __future__ import annotations

from optimizer.report.staffing_page import HEIGHT, WIDTH, Curve, curve_of
from optimizer.shortfall.staffing import Point

POINTS = tuple(
    Point(hires, found, proven)
    for hires, (found, proven) in enumerate(((39, 30), (25, 17), (15, 8), (8, 1), (2, 0), (0, 0)))
)


def _points(text: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in text.split())]


def _curve() -> Curve:
    curve = curve_of(POINTS, 2)
    assert curve is not None
    return curve


def test_proven_never_lies_above_found() -> None:
    """At each number of hires, fewer visits are proven than found: lower on the page."""
    for mark in _curve().marks:
        assert mark.found <= mark.proven  # Pixels are counted from above.


def test_everything_lies_on_the_picture() -> None:
    """No point leaves the frame; hires go to the right, more visits up."""
    curve = _curve()
    for line in (curve.found, curve.proven, curve.between):
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in _points(line))
    xs = [x for x, _ in _points(curve.found)]
    ys = [y for _, y in _points(curve.found)]
    assert xs == sorted(xs)
    assert ys == sorted(ys)
    assert curve.goal is not None
    assert ys[4] == curve.goal


def test_nothing_is_open_where_found_is_proven() -> None:
    """Where both agree at every number of hires, the area between them is empty."""
    closed = curve_of([Point(n, 3 - n, 3 - n) for n in range(4)], 0)
    assert closed is not None
    assert closed.found == closed.proven
    points = _points(closed.between)
    assert points[: len(points) // 2] == points[: len(points) // 2 - 1 : -1]


def test_one_point_is_no_curve() -> None:
    """Nothing is drawn where no hire was tried, and no goal where money is the limit."""
    assert curve_of(POINTS[:1], 0) is None
    without_goal = curve_of(POINTS, None)
    assert without_goal is not None
    assert without_goal.goal is None
