"""Whether what a study says of unknown assumptions can be tried: ranges, draws, tornado."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from optimizer.domain.shock import EntitlementUp, PriceRise
from optimizer.domain.study import BASE, Study
from optimizer.domain.uncertainty import Drawn, Range
from optimizer.errors import Fault
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import say
from optimizer.shortfall.uncertainty import all_assumed, is_read, ranges_of_arm, values_of

OF_MONEY = (PriceRise, EntitlementUp)
"Shocks after which visits are derived anew: once for an arm, not for each drawn day."


def check_uncertainty(study: Study) -> Iterator[Fault]:
    """Yield what is wrong with the ranges, the draws and the tornado of a study."""
    seen: dict[str, int] = {}
    found = []
    for number, one in enumerate(study.ranges or ()):
        place = f"ranges[{number}]"
        if one.of in seen:
            message = say("fault.duplicate-id.range", other=f"ranges[{seen[one.of]}]")
            found.append(finding(f"{place}.of", FaultCode.DUPLICATE_ID, message))
        else:
            found += _of_range(study, one, place)
        seen.setdefault(one.of, number)
    yield from found
    if study.tornado is not None:
        yield from _of_tornado(study, has_faults=bool(found))


def _of_range(study: Study, one: Range, place: str) -> Iterator[Fault]:
    known = all_assumed()
    if one.of not in known:
        message = say("fault.unknown-assumption", name=one.of)
        yield finding(f"{place}.of", FaultCode.UNKNOWN_ASSUMPTION, message)
        return
    if not is_read(study, one.of):
        message = say("fault.unknown-assumption.horizon", name=one.of)
        yield finding(f"{place}.of", FaultCode.UNKNOWN_ASSUMPTION, message)
        return
    values = values_of(study, one.of)
    if not values:
        message = say("fault.unknown-assumption.shock", name=one.of)
        yield finding(f"{place}.of", FaultCode.UNKNOWN_ASSUMPTION, message)
    elif len(values) > 1:
        message = say("fault.range-off-value.several", name=one.of, values=_listed(values))
        yield finding(place, FaultCode.RANGE_OFF_VALUE, message)
    elif not one.low < one.high:
        message = say("fault.range-reversed", low=one.low, high=one.high)
        yield finding(place, FaultCode.RANGE_REVERSED, message)
    elif not one.low <= values[0] <= one.high:
        message = say("fault.range-off-value", value=values[0], low=one.low, high=one.high)
        yield finding(place, FaultCode.RANGE_OFF_VALUE, message)
    else:
        yield from _of_ends(study, one, place)


def _of_ends(study: Study, one: Range, place: str) -> Iterator[Fault]:
    """Yield ends that the assumption itself could not have."""
    assumed = all_assumed()[one.of]
    for name in ("low", "high"):
        end = getattr(one, name)
        try:
            assumed.validated(end)
        except ValidationError:
            message = say("fault.range-off-limits", name=one.of, value=end)
            yield finding(f"{place}.{name}", FaultCode.OUT_OF_RANGE, message)
    if study.drawn is not Drawn.NO and assumed.record in OF_MONEY:
        message = say("fault.range-of-money", name=one.of)
        yield finding(place, FaultCode.RANGE_OF_MONEY, message)


def _of_tornado(study: Study, *, has_faults: bool) -> Iterator[Fault]:
    asked = study.tornado
    names = {BASE, *(arm.name for arm in study.arms)}
    if asked is not None and asked.arm not in names:
        message = say("fault.unknown-arm.tornado", name=asked.arm, known=sorted(names))
        yield finding("tornado.arm", FaultCode.UNKNOWN_ARM, message)
    elif asked is not None and not has_faults and not ranges_of_arm(study, asked.arm):
        yield finding("tornado", FaultCode.NOTHING_TO_VARY, say("fault.nothing-to-vary"))


def _listed(values: tuple[float, ...]) -> tuple[str, ...]:
    return tuple(f"{one:g}" for one in values)
