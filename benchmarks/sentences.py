"""Whether the first reason that a roster gives for a visit is true, by exhaustive trial.

Each code of docs/reasons.md has a sentence; here is what it says, asked of the verifier: of every
caregiver on an empty roster (`benchmarks.stages`), and of every place in the roster
(`benchmarks.beside`). Nothing of the explanations is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from benchmarks.alone import Part, can_be_alone, mates
from benchmarks.beside import Beside, Inserted
from benchmarks.stages import OF_PARTNERS, STEP, Stage, Stages, unpaid
from optimizer.domain import Scenario, UnservedReason, Visit
from optimizer.verification import verify

Reason = UnservedReason

_AT_STAGE = {
    Stage.QUALIFIED: {Reason.NOBODY_QUALIFIED},
    Stage.CONTRACT: {Reason.CONTRACT},
    Stage.ALLOWED: {Reason.REFUSED_OR_NOT_ALLOWED},
    Stage.DAY: {Reason.NOT_ON_THIS_DAY},
    Stage.REACH: {Reason.TRAVEL},
    Stage.WINDOW: {Reason.WINDOW_AGAINST_SHIFT},
    Stage.TRAVEL: {Reason.TRAVEL},
    Stage.BREAK: {Reason.BREAK},
    Stage.WORK: {Reason.WORK_LIMIT},
    Stage.ACCOUNT: {Reason.CONTRACT, Reason.ENTITLEMENT},
    Stage.REST: {Reason.REST},
}
_RULES = {
    Reason.WORK_LIMIT: {
        "day_minutes",
        "week_minutes",
        "days_off",
        "consecutive_days",
        "month_overtime",
        "nights",
        "visits_per_day",
    },
    Reason.CONTRACT: {"contract_cap"},
    Reason.ENTITLEMENT: {"entitlement"},
    Reason.COUPLING: {"gap", "spacing"},
    Reason.REST: {"rest"},
    Reason.INFECTION: {"infection"},
    Reason.CAREGIVERS_PER_CLIENT: {"caregivers_per_client"},
}
"""What the roster breaks with the visit wherever it is put."""
_OF_TIME = {"window", "travel", "shift", "break", "pin"}
"Rules broken where there is no time for a visit at all."
_PAID_WITHOUT = {
    Reason.CONTRACT: {"contracts": False, "entitlements": True},
    Reason.ENTITLEMENT: {"contracts": True, "entitlements": False},
}
"Which accounts are let go to see that the one named is in the way."


@dataclass(frozen=True)
class Sentences(Beside):
    """Asks about the visits that one plan leaves out, with every place in it to try."""

    def is_true(self, visit: Visit, reason: str) -> bool:
        """Return whether what a reason says of a visit is confirmed."""
        if reason == Reason.FITS:
            return self._has_room(visit)
        if reason == Reason.NOBODY_FOUND or self._has_room(visit):
            return False
        if can_be_alone(self.scenario, self.roads, visit, STEP):
            return self._is_true_here(visit, Reason(reason))
        return self._is_true_anywhere(visit, Reason(reason))

    def _is_true_anywhere(self, visit: Visit, reason: Reason) -> bool:
        """Return whether the reason is what bars the visit from an empty roster."""
        best = self._failed(visit)
        if Stage.ACCOUNT in best and reason in _PAID_WITHOUT:
            return self._is_paid_without(visit, reason)
        if best:
            return any(reason in _AT_STAGE[stage] for stage in best)
        if any(self._failed(mate) for mate in mates(self.scenario, visit)):
            return reason is Reason.PARTNER_MISSING
        if can_be_alone(unpaid(self.scenario), self.roads, visit, STEP):
            return self._is_paid_without(visit, reason)
        return reason is Reason.PARTNER_MISSING

    def _failed(self, visit: Visit) -> set[Stage]:
        """Return the last test that anybody comes to, of each part that nobody could make."""
        stages = Stages(self.scenario, self.roads, _on_common_days(self.scenario, visit))
        return {
            max(
                (stages.of(part, person) for person in self.scenario.caregivers),
                default=Stage.QUALIFIED,
            )
            for part in _parts(stages.visit)
        } - {Stage.PASSED}

    def _is_paid_without(self, visit: Visit, reason: Reason) -> bool:
        """Return whether the account that a reason names is in the way by itself."""
        kept = _PAID_WITHOUT.get(reason)
        return kept is not None and not can_be_alone(
            unpaid(self.scenario, **kept), self.roads, visit, STEP
        )

    def _is_true_here(self, visit: Visit, reason: Reason) -> bool:
        """Return whether the reason is what bars the visit from this roster."""
        stages = Stages(self.scenario, self.roads, _on_common_days(self.scenario, visit))
        full = [part for part in _parts(visit) if not any(map(_is_clean, self._all(part)))]
        if not full:
            barred = {
                frozenset.union(*(one.broken for one in choice)) - OF_PARTNERS
                for choice in self._choices(visit, _RULES.get(reason, set()))
            }
            return reason is Reason.PARTNER_MISSING or bool(barred)
        return reason is Reason.CROWDED_OUT or any(
            self._bars_everybody(stages, part, reason) for part in full
        )

    def _bars_everybody(self, stages: Stages, part: Part, reason: Reason) -> bool:
        """Return whether a rule keeps out everybody who could make a part alone."""
        rules = _RULES.get(reason)
        if rules is None:
            return False
        for line, person, shift in self.lines():
            alone = person.model_copy(update={"shifts": (shift,)})
            if stages.on(part, alone, line[1]) < Stage.PASSED:
                continue
            if reason is Reason.COUPLING:
                broken = list(self.tied(part, person, line))
            else:
                tried = [one.broken for one in self.insertions(part, person, line, shift)]
                if reason is not Reason.REST:
                    # Whoever leaves too early for a rest is tried leaving later as well.
                    tried = [one for one in tried if Reason.REST.value not in one] or tried
                broken = [one for one in tried if not one & _OF_TIME] or tried
            if not all(one & rules for one in broken):
                return False
        return True

    def _all(self, part: Part) -> Iterator[Inserted]:
        for line, person, shift in self.lines():
            yield from self.insertions(part, person, line, shift)

    def _has_room(self, visit: Visit) -> bool:
        """Return whether the roster has room for a visit with what begins as one with it."""
        return any(self._choices(visit, set()))

    def _choices(self, visit: Visit, rules: set[str]) -> Iterator[tuple[Inserted, ...]]:
        """Yield places for all parts at one start that break no rule but the ones given."""
        visits = (visit, *mates(self.scenario, visit))
        parts = [part for one in visits for part in _parts(one)]
        if len(parts) == 1:
            yield from ((one,) for one in self._all(parts[0]) if one.broken <= rules)
            return
        starts = {
            one.start
            for part in parts
            for one in self._all(part)
            if one.broken <= OF_PARTNERS | rules
        }
        for start in sorted(starts):
            found = [list(self._at(part, start, rules)) for part in parts]
            for choice in product(*found):
                if len({one.route.caregiver for one in choice}) < len(choice):
                    continue
                plan = self.with_routes(
                    tuple(one.route for one in choice), {one.id for one in visits}
                )
                broken = {
                    one.rule.value for one in verify(self.scenario, plan, self.roads).violations
                }
                if broken <= rules:
                    yield choice

    def _at(self, part: Part, start: int, rules: set[str]) -> Iterator[Inserted]:
        for line, person, shift in self.lines():
            for one in self.insertions(part, person, line, shift, start):
                if one.broken <= OF_PARTNERS | rules:
                    yield one


def _parts(visit: Visit) -> list[Part]:
    return [Part(visit, carer) for carer in range(1, len(visit.carers) + 1)]


def _is_clean(one: Inserted) -> bool:
    return one.broken <= OF_PARTNERS


def _on_common_days(scenario: Scenario, visit: Visit) -> Visit:
    """Return the visit on the days on which what begins as one with it may be as well."""
    days = set(scenario.horizon.dates())
    for one in (visit, *mates(scenario, visit)):
        days &= set(one.dates) or days
        if one.pin is not None and one.pin.date is not None:
            days &= {one.pin.date}
    return visit if not days else visit.model_copy(update={"dates": tuple(sorted(days))})
