"""Whether a study can be asked of a scenario: everything wrong with it, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from optimizer.domain.assumption import Assumptions
from optimizer.domain.edit import Edit
from optimizer.domain.scenario import Scenario
from optimizer.domain.shock import Ageing
from optimizer.domain.study import BASE, Arm, Study, Week, Years
from optimizer.errors import Fault
from optimizer.formats.checks.scenario import check_scenario
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import Findings, finding
from optimizer.i18n import either, say
from optimizer.needs import Book
from optimizer.prepare import Prepared
from optimizer.shortfall.edit_checks import check_edit
from optimizer.shortfall.edits import apply, with_visits
from optimizer.shortfall.overlaps import contradictions, repeated
from optimizer.shortfall.shocks import chain_of, edits_of, imagined, own_edits
from optimizer.shortfall.uncertainty_checks import check_uncertainty

DAYS_OF_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class _Placed:
    """An edit, and where in the study it stands or the shock that brings it."""

    place: str
    edit: Edit
    is_of_shock: bool = False


def check_study(study: Study, base: Prepared) -> Findings:
    """Return everything that is wrong with a study of a scenario.

    Parameters
    ----------
    study
        Without faults of its fields.
    base
        The scenario that it is about.
    """
    faults = list(_of_study(study, base.given))
    if not faults:
        for number, arm in enumerate(study.arms):
            faults += _of_arm(study, arm, f"arms[{number}]", base)
    if not faults:
        faults += _same_arms(study)
    return Findings(faults=tuple(faults))


def _of_study(study: Study, scenario: Scenario) -> Iterator[Fault]:
    """Yield what is wrong with the study as a whole, whatever its edits say."""
    if study.base != scenario.id:
        message = say("fault.wrong-base", base=study.base, scenario=scenario.id)
        yield finding("base", FaultCode.WRONG_BASE, message)
    yield from _of_horizon(study, scenario)
    effort = study.effort
    if effort.long_every and effort.long_iterations < effort.iterations:
        message = say("fault.effort-reversed", least=effort.iterations)
        yield finding("effort.long_iterations", FaultCode.EFFORT_REVERSED, message)
    names: dict[str, int] = {}
    for number, arm in enumerate(study.arms):
        if arm.name == BASE:
            message = say("fault.reserved-name", name=BASE)
            yield finding(f"arms[{number}].name", FaultCode.RESERVED_NAME, message)
        elif arm.name in names:
            message = say("fault.duplicate-id.arm", other=f"arms[{names[arm.name]}]")
            yield finding(f"arms[{number}].name", FaultCode.DUPLICATE_ID, message)
        names.setdefault(arm.name, number)
    yield from _of_order(study, {*names, BASE})
    yield from check_uncertainty(study)


def _of_horizon(study: Study, scenario: Scenario) -> Iterator[Fault]:
    start, days = scenario.horizon.start, scenario.horizon.days
    if isinstance(study.horizon, Week) and days != DAYS_OF_A_WEEK:
        message = say("fault.wrong-horizon.week", days=days)
        yield finding("horizon", FaultCode.WRONG_HORIZON, message)
    if isinstance(study.horizon, Years):
        if study.horizon.until <= start.year:
            message = say("fault.wrong-horizon.past", year=start.year)
            yield finding("horizon.until", FaultCode.WRONG_HORIZON, message)
        if days != 1:
            message = say("fault.wrong-horizon.day", days=days)
            yield finding("horizon", FaultCode.WRONG_HORIZON, message)
        for number, arm in enumerate(study.arms):
            for at, shock in enumerate(arm.shocks):
                if isinstance(shock, Ageing):
                    place = f"arms[{number}].shocks[{at}]"
                    message = say("fault.wrong-horizon.ageing")
                    yield finding(place, FaultCode.WRONG_HORIZON, message)


def _of_order(study: Study, names: set[str]) -> Iterator[Fault]:
    """Yield arms that follow none that there is, or each other."""
    follows = {arm.name: arm.follows for arm in study.arms}
    for number, arm in enumerate(study.arms):
        place = f"arms[{number}].follows"
        if arm.follows is None:
            continue
        if arm.follows not in names:
            message = say("fault.unknown-arm", name=arm.follows, known=either(sorted(names)))
            yield finding(place, FaultCode.UNKNOWN_ARM, message)
            continue
        seen = {arm.name}
        before: str | None = arm.follows
        while before is not None and before not in seen:
            seen.add(before)
            before = follows.get(before)
        if before is not None:
            message = say("fault.arms-in-circle")
            yield finding(place, FaultCode.ARMS_IN_CIRCLE, message)


def _of_arm(study: Study, arm: Arm, place: str, base: Prepared) -> Iterator[Fault]:
    """Yield what is wrong with an arm: its edits one by one, together, and what they leave."""
    own = list(_placed(arm, place))
    found = [*repeated(arm, place), *contradictions(arm, place)]
    before = tuple(edit for one in chain_of(study, arm)[:-1] for edit in own_edits(one))
    scenario = apply(base.scenario, before, study.seed).scenario
    clashing = {fault.path for fault in found}
    for one in own:
        if one.place in clashing:
            continue
        faults = list(check_edit(one.edit, one.place, scenario, base.needs.book))
        if one.is_of_shock:
            # The edit stands nowhere in the document, the shock does.
            faults = [fault.model_copy(update={"path": one.place}) for fault in faults]
        found += [fault for fault in faults if fault not in found]
        if not faults:
            scenario = apply(scenario, [one.edit], study.seed).scenario
    yield from found
    if not found:
        yield from _of_whole(study, arm, place, base)


def _placed(arm: Arm, place: str) -> Iterator[_Placed]:
    for number, edit in enumerate(arm.edits):
        yield _Placed(f"{place}.edits[{number}]", edit)
    for number, shock in enumerate(arm.shocks):
        for edit in edits_of(shock):
            yield _Placed(f"{place}.shocks[{number}]", edit, is_of_shock=True)


def _of_whole(study: Study, arm: Arm, place: str, base: Prepared) -> Iterator[Fault]:
    """Yield what is wrong with the scenario that an arm leads to."""
    book: Book = base.needs.book
    edits = imagined(study, arm).edits
    needs, rest = with_visits(base.given, base.needs, edits, book)
    edited = apply(needs.scenario, rest, study.seed).scenario
    if not any(person.shifts for person in edited.caregivers):
        yield finding(place, FaultCode.NOBODY_LEFT, say("fault.nobody-left.caregivers"))
    elif not edited.visits:
        yield finding(place, FaultCode.NOBODY_LEFT, say("fault.nobody-left.visits"))
    else:
        for fault in check_scenario(edited, book=book).faults[:1]:
            message = say("fault.breaks-scenario", place=fault.place, what=fault.message)
            yield finding(place, FaultCode.BREAKS_SCENARIO, message)


def _same_arms(study: Study) -> Iterator[Fault]:
    """Yield arms in which the same is imagined as in an earlier one, or nothing at all."""
    seen: dict[tuple[tuple[Edit, ...], Assumptions], str] = {((), study.assumptions): BASE}
    for number, arm in enumerate(study.arms):
        whole = imagined(study, arm)
        key = (whole.edits, whole.assumptions)
        if key in seen:
            message = say("fault.arm-repeated", other=seen[key])
            yield finding(f"arms[{number}]", FaultCode.ARM_REPEATED, message)
        seen.setdefault(key, arm.name)
