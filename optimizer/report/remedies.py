"""What would serve the visits that a roster leaves out, tried and found clean by the verifier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from optimizer.domain.policy import Priority
from optimizer.domain.visit import Visit
from optimizer.explanation import Fix, Insertions, PlanState, fixes
from optimizer.report.audience import Audience
from optimizer.report.roster import Roster

MOST_VISITS = 20
"Visits for which changes are tried, the most urgent first; each takes some hundredths of a second."
_MOST_FIXES = 2
"Changes told of each, the smallest first."


def by_priority(roster: Roster) -> list[tuple[Visit, str]]:
    """Return visits not served with the code of their reason, the most urgent first."""
    ranks = list(Priority)
    return sorted(roster.unserved, key=lambda one: ranks.index(one[0].priority))


def remedies(roster: Roster, audience: Audience) -> Mapping[str, tuple[Fix, ...]]:
    """Return the smallest changes that would serve the most urgent visits left out, by visit.

    Empty for a roster that breaks rules, and where the problem is not at hand.
    """
    left = by_priority(roster)[:MOST_VISITS]
    if roster.prepared is None or roster.violations or not left:
        return {}
    prepared = roster.prepared
    insertions = Insertions(PlanState.of(prepared.scenario, roster.plan, prepared.matrices))
    return {
        visit.id: tuple(_named(one, audience) for one in fixes(insertions, visit)[:_MOST_FIXES])
        for visit, _ in left
    }


def _named(fix: Fix, audience: Audience) -> Fix:
    return replace(
        fix,
        caregiver=audience.caregiver(fix.caregiver),
        carers=tuple(audience.caregiver(one) for one in fix.carers),
        like=None if fix.like is None else audience.caregiver(fix.like),
    )
