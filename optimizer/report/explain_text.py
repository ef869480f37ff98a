"""Explanations as a person reads them: sentences from codes and fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from optimizer.domain.policy import Term
from optimizer.domain.visit import Requirement
from optimizer.explanation import (
    Against,
    Alternatives,
    CarerReasons,
    Fix,
    FixKind,
    Option,
    PlanState,
    VisitReasons,
)
from optimizer.i18n import Lang, listed, sentence
from optimizer.replan import ReplanAnswer, Replanned
from optimizer.report.needs_wording import qualification
from optimizer.report.wording import clock, duration, signed, window
from optimizer.units import MS_PER_MINUTE, to_ms

_NEAREST = 2
"Caregivers closest to coming who are named per carer."
_OPTIONS = 10
"Other caregivers named for one stop."
_MOVES = 5
"Moved stops named when everybody is planned again."
_OF_THE_VISIT = {FixKind.BEGIN_LATER, FixKind.BEGIN_EARLIER, FixKind.SHORTER}
"Changes that concern no caregiver; whoever comes is named."


def reasons_text(
    state: PlanState, found: VisitReasons, fixes: Sequence[Fix], *, lang: Lang
) -> Iterator[str]:
    """Yield the lines about a visit that is left unserved.

    Parameters
    ----------
    state
        The plan.
    found, fixes
        What is known of the visit, and what would serve it.
    lang
        Language of all words.
    """
    visit = state.index.visit[found.visit]
    dates = [day.isoformat() for day in state.index.allowed_dates(visit)]
    days = listed(lang, dates) or "–"
    yield sentence(
        lang, "explain.visit", visit=visit.id, client=visit.client, dates=days, window=window(visit)
    )
    yield "  " + sentence(lang, f"explain.standing.{found.standing}")
    for opening in found.openings:
        yield "  " + sentence(
            lang,
            "explain.opening",
            caregiver=opening.caregiver,
            start=clock(opening.start),
            date=opening.date.isoformat(),
        )
    if found.openings:
        return
    for carer in found.carers:
        yield from _carer(state, carer, len(found.carers) > 1, lang)
    for rival in found.rivals:
        yield "  " + sentence(
            lang,
            "explain.rival",
            caregiver=rival.caregiver,
            visits=listed(lang, list(rival.visits)),
        )
    yield from ("  " + fix_words(fix, lang=lang) for fix in fixes)
    if not fixes:
        yield "  " + sentence(lang, "explain.no_fix")


def _carer(state: PlanState, carer: CarerReasons, is_one_of_two: bool, lang: Lang) -> Iterator[str]:
    if is_one_of_two:
        yield "  " + sentence(lang, "explain.carer", carer=carer.carer, visit=carer.visit)
    for obstacle, count in carer.counts.items():
        words = sentence(lang, f"explain.obstacle.{obstacle}")
        yield "  " + sentence(lang, "explain.group", count=count, obstacle=words)
    for one in carer.against[:_NEAREST]:
        if one.obstacle is not None and one.travel is not None:
            yield "  " + _nearest(state, one, lang)


def _nearest(state: PlanState, one: Against, lang: Lang) -> str:
    way = duration(lang, to_ms(one.travel or 0, state.scenario.ticks_per_minute))
    if one.busy_with:
        busy = listed(lang, list(one.busy_with))
        return sentence(lang, "explain.busy", caregiver=one.caregiver, way=way, visits=busy)
    words = sentence(lang, f"explain.obstacle.{one.obstacle}")
    return sentence(lang, "explain.nearest", caregiver=one.caregiver, way=way, obstacle=words)


def fix_words(fix: Fix, *, lang: Lang) -> str:
    """Return one fix as a sentence."""
    skills = _skills(fix.qualifications, lang)
    if fix.like is not None and skills:
        skills = sentence(lang, "explain.skills_more", skills=skills)
    return sentence(
        lang,
        f"explain.fix.{fix.kind}",
        duration=duration(lang, (fix.minutes or 0) * MS_PER_MINUTE),
        caregiver=_people(fix, lang),
        like=fix.like,
        skills=skills,
        date=fix.date.isoformat(),
        start=clock(fix.start),
    )


def _people(fix: Fix, lang: Lang) -> str:
    """Return whom a sentence names: both of two where the change is of the visit."""
    if fix.kind not in _OF_THE_VISIT or len(fix.carers) == 1:
        return fix.caregiver
    return sentence(lang, "explain.and", first=fix.carers[0], second=fix.carers[1])


def _skills(asked: Sequence[Requirement], lang: Lang) -> str:
    return listed(lang, [qualification(lang, one) for one in asked])


def alternatives_text(state: PlanState, found: Alternatives, *, lang: Lang) -> Iterator[str]:
    """Yield the lines about a stop and who else could make it.

    Parameters
    ----------
    state
        The plan.
    found
        What is known of the stop.
    lang
        Language of all words.
    """
    yield from _responsible(state, found, lang)
    yield sentence(
        lang,
        "explain.stop",
        visit=found.visit,
        caregiver=found.caregiver,
        start=clock(found.start),
        date=found.date.isoformat(),
    )
    if not found.can_leave:
        yield "  " + sentence(lang, "explain.cannot_leave")
        return
    for option in found.options[:_OPTIONS]:
        yield "  " + _option(state, option, lang)
    if not found.options:
        yield "  " + sentence(lang, "explain.no_option")
    counts: dict[str, int] = {}
    for one in found.barred:
        counts[str(one.obstacle)] = counts.get(str(one.obstacle), 0) + 1
    for obstacle, count in sorted(counts.items(), key=lambda each: -each[1]):
        words = sentence(lang, f"explain.obstacle.{obstacle}")
        yield "  " + sentence(lang, "explain.group", count=count, obstacle=words)


def _responsible(state: PlanState, found: Alternatives, lang: Lang) -> Iterator[str]:
    """Yield who answers for the client of a stop, where somebody does who still works here."""
    client = state.index.client[state.index.visit[found.visit].client]
    own = client.responsible
    if own is None or own.caregiver not in state.index.caregiver:
        return
    visits = {one.id for one in state.scenario.visits if one.client == client.id}
    made = sum(
        stop.visit in visits
        for route in state.plan.routes
        if route.caregiver == own.caregiver
        for stop in route.stops
    )
    due = len(visits) * own.min_share // 100
    names = {"caregiver": own.caregiver, "client": client.id}
    yield sentence(lang, "explain.responsible", **names, made=made, visits=len(visits), due=due)


def _option(state: PlanState, option: Option, lang: Lang) -> str:
    tpm = state.scenario.ticks_per_minute
    return sentence(
        lang,
        "explain.option",
        caregiver=option.caregiver,
        start=clock(option.start),
        difference=signed(option.difference / tpm),
        terms=terms_words(option.terms, tpm, lang),
    )


def terms_words(terms: Mapping[Term, int], ticks_per_minute: int, lang: Lang) -> str:
    """Return differences of cost terms in minutes of travel."""
    words = [
        f"{sentence(lang, f'term.{term}')} {signed(amount / ticks_per_minute)}"
        for term, amount in terms.items()
    ]
    return listed(lang, words) or "–"


def replan_text(state: PlanState, found: ReplanAnswer, *, lang: Lang) -> Iterator[str]:
    """Yield the lines about a visit with everybody planned anew.

    Parameters
    ----------
    state
        The plan.
    found
        What was found.
    lang
        Language of all words.
    """
    best = found.best
    if best is None:
        yield "  " + sentence(lang, "explain.replan.none", tried=found.tried)
    elif best.fix is None:
        yield "  " + sentence(lang, "explain.replan.alone")
    else:
        words = fix_words(best.fix, lang=lang)
        key = "explain.replan.fix" if best.is_smaller else "explain.replan.same"
        yield "  " + sentence(lang, key, fix=words)
    if best is not None:
        tpm = state.scenario.ticks_per_minute
        terms = terms_words(best.terms, tpm, lang)
        cost = signed(best.difference / tpm, 0)
        yield "    " + sentence(lang, "explain.replan.cost", difference=cost, terms=terms)
        yield from (f"    {line}" for line in _others(best, lang))
    if not found.is_complete:
        yield "    " + sentence(lang, "explain.replan.cut", tried=found.tried)


def _others(best: Replanned, lang: Lang) -> Iterator[str]:
    """Yield who else is concerned by planning anew."""
    moved = [
        sentence(
            lang,
            "explain.replan.move",
            visit=move.visit,
            before=move.before,
            after=move.after,
            start_before=clock(move.start_before),
            start_after=clock(move.start_after),
        )
        for move in best.moved[:_MOVES]
    ]
    if moved:
        count = len(best.moved)
        moves = sentence(lang, "list.semicolon").join(moved)
        yield sentence(lang, "explain.replan.moved", count=count, moves=moves)
    else:
        yield sentence(lang, "explain.replan.nobody")
    if best.lost:
        yield sentence(lang, "explain.replan.lost", visits=listed(lang, list(best.lost)))
    if best.gained:
        yield sentence(lang, "explain.replan.gained", visits=listed(lang, list(best.gained)))
