"""What is not known of assumptions: which ranges a study has, values drawn from them, both ends.

Which range belongs to what is found by name: an assumption, or a parameter of a shock. A value is
drawn for a whole future, the same for all arms, and mirrored as everything that is drawn.

References
----------
A. Saltelli et al. (2008), Global sensitivity analysis: the primer. Wiley (one at a time against
all together).
S. Kotz, J. R. van Dorp (2004), Beyond beta. World Scientific, chapter 1 (triangular distribution).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import TypeAdapter

from optimizer.domain.assumption import OF_DAYS, OF_YEARS, Assumptions
from optimizer.domain.basis import Basis
from optimizer.domain.record import Record
from optimizer.domain.shock import SHOCKS, Shock
from optimizer.domain.study import Arm, Study, Years
from optimizer.domain.uncertainty import Drawn, Range
from optimizer.shortfall.shocks import arm_named, chain_of
from optimizer.shortfall.streams import uniform

Values = Mapping[str, float]
"""Values of assumptions and parameters, by what a `Range` is of."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """One assumption, or one parameter of a shock, that is a number.

    Attributes
    ----------
    record
        `Assumptions`, or the class of the shock.
    field
        Its name there.
    basis
        Unit, owner, source and usual range.
    """

    record: type[Record]
    field: str
    basis: Basis

    @property
    def of(self) -> str:
        """What a `Range` calls it."""
        if self.record is Assumptions:
            return self.field
        return f"{self.record.model_fields['kind'].default}.{self.field}"

    def validated(self, value: float) -> None:
        """Make sure that it can have a value.

        Raises
        ------
        ValidationError
            If the value is out of its limits, or a part of a whole thing.
        """
        field = self.record.model_fields[self.field]
        annotated = Annotated[field.annotation, *field.metadata]  # type: ignore[name-defined]
        TypeAdapter[float](annotated).validate_python(value)

    @property
    def is_whole(self) -> bool:
        """Whether it counts whole things."""
        return self.record.model_fields[self.field].annotation is int


def all_assumed() -> Mapping[str, Assumed]:
    """Return everything that may have a range, by name: assumptions first, then shocks."""
    found = {}
    records: tuple[type[Record], ...] = (Assumptions, *SHOCKS)
    for record in records:
        for name, field in record.model_fields.items():
            basis = next((one for one in field.metadata if isinstance(one, Basis)), None)
            if basis is not None and field.annotation in {int, float} and not _is_clock(field):
                one = Assumed(record, name, basis)
                found[one.of] = one
    return found


def _is_clock(field: Any) -> bool:
    return any(hasattr(one, "func") for one in field.metadata)


def is_read(study: Study, of: str) -> bool:
    """Return whether a study of this horizon looks at an assumption at all."""
    return of not in (OF_DAYS if isinstance(study.horizon, Years) else OF_YEARS)


def values_of(study: Study, of: str, arm: Arm | None = None) -> tuple[float, ...]:
    """Return the different values that a study has of an assumption; none where it has no such.

    Parameters
    ----------
    study
        The study.
    of
        Name of an assumption, or of a parameter of a shock.
    arm
        Only in this arm and those that it follows; in all arms if not given.
    """
    one = all_assumed()[of]
    if one.record is Assumptions:
        return (getattr(study.assumptions, one.field),)
    arms = study.arms if arm is None else chain_of(study, arm)
    return tuple(
        dict.fromkeys(
            getattr(shock, one.field)
            for each in arms
            for shock in each.shocks
            if isinstance(shock, one.record)
        )
    )


def ranges_of(study: Study) -> tuple[Range, ...]:
    """Return what is not known in a study: its own ranges, or else the usual ones.

    A usual range counts where the study has one value, and that lies within.
    """
    if study.ranges is not None:
        return study.ranges
    return tuple(_usual_ranges(study))


def _usual_ranges(study: Study) -> Iterator[Range]:
    for of, one in all_assumed().items():
        low, high = one.basis.low, one.basis.high
        values = values_of(study, of)
        if low is None or high is None or len(values) != 1 or not is_read(study, of):
            continue
        if low <= values[0] <= high:
            yield Range(of=of, low=low, high=high)


def ranges_of_arm(study: Study, name: str) -> tuple[Range, ...]:
    """Return the ranges of a study that say something of one arm: of its shocks, not of others'."""
    arm = arm_named(study, name)
    return tuple(one for one in ranges_of(study) if values_of(study, one.of, arm))


def ends_of(study: Study, one: Range, name: str) -> tuple[float, ...]:
    """Return the ends of a range that differ from the value that an arm has."""
    values = values_of(study, one.of, arm_named(study, name))
    return tuple(end for end in (one.low, one.high) if end not in values)


def with_values(study: Study, values: Values) -> Study:
    """Return a study in which assumptions, and parameters of shocks, have other values."""
    if not values:
        return study
    chances = {of: value for of, value in values.items() if "." not in of}
    return study.model_copy(
        update={
            "assumptions": study.assumptions.model_copy(update=_whole(chances)),
            "arms": tuple(
                arm.model_copy(update={"shocks": tuple(_shock(one, values) for one in arm.shocks)})
                for arm in study.arms
            ),
        }
    )


def _shock(shock: Shock, values: Values) -> Shock:
    stem = f"{shock.kind}."
    of_shock = {of: value for of, value in values.items() if of.startswith(stem)}
    whole = _whole(of_shock)
    return shock.model_copy(update={of.removeprefix(stem): whole[of] for of in whole})


def _whole(values: Values) -> dict[str, float]:
    """Return values with those that count whole things rounded."""
    known = all_assumed()
    return {of: math.floor(v + 0.5) if known[of].is_whole else v for of, v in values.items()}


def drawn_values(study: Study, ranges: Sequence[Range], replication: int) -> Values:
    """Return the assumptions of one future: one draw of each range, the same for all arms."""
    if study.drawn is Drawn.NO:
        return {}
    found = {}
    for one in ranges:
        share = uniform(study.seed, "assumption", one.of, replication=replication)
        (value,) = values_of(study, one.of)
        if study.drawn is Drawn.UNIFORM:
            found[one.of] = one.low + share * (one.high - one.low)
        else:
            found[one.of] = triangular(one.low, value, one.high, share)
    return _whole(found)


def triangular(low: float, mode: float, high: float, share: float) -> float:
    """Return the quantile of a triangular distribution.

    Parameters
    ----------
    low, mode, high
        In this order, the first below the last.
    share
        Probability of a smaller value, 0 to 1.
    """
    rising = (mode - low) / (high - low)
    if share < rising:
        return low + math.sqrt(share * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - share) * (high - low) * (high - mode))
