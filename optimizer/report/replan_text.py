"""A repair as a planner reads it: proposals side by side, then whom to call and what to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimizer.domain.client import Gender
from optimizer.formats.names import NOBODY, Kind, Names
from optimizer.i18n import Lang, listed, sentence
from optimizer.replan import (
    CALLED,
    Appointment,
    Change,
    ChangeKind,
    Errand,
    Proposal,
    Repair,
    errands,
)
from optimizer.report.wording import clock, signed
from optimizer.units import MS_PER_MINUTE


def repair_text(
    found: Repair,
    chosen: Proposal,
    number: int,
    *,
    lang: Lang,
    whole: bool,
    names: Names = NOBODY,
) -> Iterator[str]:
    """Yield the lines about a repair.

    Parameters
    ----------
    found
        What has been proposed.
    chosen, number
        The proposal told in full, perhaps without what was refused, and its number from 1.
    lang
        Language of all words.
    whole
        Whether all proposals are told before.
    names
        Who is behind the pseudonyms; without them people are told by pseudonym.
    """
    if found.situation.fixed:
        yield sentence(lang, "replan.fixed", count=len(found.situation.fixed))
    if not any(proposal.changes for proposal in (*found.proposals, chosen)):
        yield sentence(lang, "replan.nothing")
        return
    if whole:
        for place, proposal in enumerate(found.proposals, start=1):
            yield from _figures(found, proposal, place, lang)
    else:
        yield from _figures(found, chosen, number, lang)
    yield ""
    yield sentence(lang, "replan.chosen", number=number)
    yield from _calls(found, chosen, lang, names)


def client_words(found: Repair, change: Change, *, lang: Lang, names: Names = NOBODY) -> str:
    """Return what is said to a client about one change."""
    before, after = change.before, change.after
    key = change.kind.value
    if before is None and after is None:
        key = "not_possible"
    elif before is not None and after is not None and before.start == after.start:
        key = "same_time" if before.date == after.date else key
    words = sentence(
        lang,
        f"replan.client.{key}",
        client=names.called(Kind.CLIENT, change.client),
        before="" if before is None else people_of(before, lang, names),
        after="" if after is None else people_of(after, lang, names),
        start="" if after is None else moment_of(found, after),
        start_before="" if before is None else moment_of(found, before),
    )
    gender = _unmet_gender(found, change)
    return words if gender is None else words + sentence(lang, f"replan.client.wishes.{gender}")


def _unmet_gender(found: Repair, change: Change) -> Gender | None:
    """Return the gender that a client wishes for where somebody new is of another one."""
    scenario, after = found.scenario, change.after
    wish = next((one.gender_wish for one in scenario.clients if one.id == change.client), None)
    if wish is None or after is None:
        return None
    known = () if change.before is None else change.before.caregivers
    gender = {one.id: one.gender for one in scenario.caregivers}
    new = [who for who in after.caregivers if who not in known]
    return wish.gender if any(gender.get(who) is not wish.gender for who in new) else None


def carer_words(found: Repair, errand: Errand, *, lang: Lang, names: Names = NOBODY) -> str:
    """Return what is said to a caregiver about all changes of one day."""
    parts = [
        sentence(lang, f"replan.carer.{key}", places=listed(lang, places))
        for key, places in (
            ("takes", [_place(found, one, one.after, lang, names) for one in errand.takes]),
            ("moves", [_place(found, one, one.after, lang, names) for one in errand.moves]),
            ("gives", [_place(found, one, one.before, lang, names) for one in errand.gives]),
        )
        if places
    ]
    said = sentence(lang, "replan.carer.and").join(parts)
    return sentence(
        lang,
        "replan.carer.says",
        caregiver=names.called(Kind.CAREGIVER, errand.caregiver),
        parts=said,
    )


def people_of(one: Appointment, lang: Lang, names: Names) -> str:
    """Return who comes, by name where there is one."""
    return listed(lang, [names.called(Kind.CAREGIVER, who) for who in one.caregivers])


def _place(found: Repair, change: Change, one: Appointment | None, lang: Lang, names: Names) -> str:
    """Return client and time of an appointment, with the time before where it moves."""
    client = names.called(Kind.CLIENT, change.client)
    start = "" if one is None else moment_of(found, one)
    if change.before is None or one is None or one is change.before:
        return sentence(lang, "replan.carer.place", client=client, start=start)
    if set(one.caregivers) != set(change.before.caregivers):
        return sentence(lang, "replan.carer.place", client=client, start=start)
    before = moment_of(found, change.before)
    return sentence(lang, "replan.carer.moved", client=client, start=start, start_before=before)


def carers_to_call(found: Repair, changes: Sequence[Change]) -> tuple[Errand, ...]:
    """Return what to tell each caregiver but those who are absent."""
    away = found.situation.absent
    return tuple(one for one in errands(changes) if one.caregiver not in away)


def clients_to_call(changes: Sequence[Change]) -> list[str]:
    """Return the clients who have to be called, each once."""
    return list(dict.fromkeys(one.client for one in changes if one.kind in CALLED))


def _figures(found: Repair, proposal: Proposal, number: int, lang: Lang) -> Iterator[str]:
    tpm = found.scenario.ticks_per_minute
    terms = [
        f"{sentence(lang, f'term.{term.value}')} {signed(amount / tpm)}"
        for term, amount in proposal.terms.items()
    ]
    yield sentence(
        lang,
        "replan.title",
        number=number,
        aim=sentence(lang, f"replan.aim.{proposal.aim.value}"),
        calls=proposal.calls,
        clients=len(clients_to_call(proposal.changes)),
        caregivers=len(carers_to_call(found, proposal.changes)),
        difference=signed(proposal.difference / tpm),
        terms=listed(lang, terms) or sentence(lang, "replan.no_terms"),
    )
    if proposal.lost:
        yield sentence(lang, "replan.lost", visits=listed(lang, proposal.lost))
    if proposal.gained:
        yield sentence(lang, "replan.gained", visits=listed(lang, proposal.gained))


def _calls(found: Repair, chosen: Proposal, lang: Lang, names: Names) -> Iterator[str]:
    told = [change for change in chosen.changes if change.kind in CALLED]
    for group in dict.fromkeys(change.group for change in told):
        yield sentence(lang, "replan.group", group=group)
        for change in told:
            if change.group == group:
                yield f"  {change.visit}  {client_words(found, change, lang=lang, names=names)}"
    people = carers_to_call(found, chosen.changes)
    if people:
        yield sentence(lang, "replan.caregivers")
    for errand in people:
        yield "  " + carer_words(found, errand, lang=lang, names=names)
    shifted = sum(change.kind is ChangeKind.SHIFTED for change in chosen.changes)
    if shifted:
        minutes = found.scenario.policy.disruption_tolerance // MS_PER_MINUTE
        yield sentence(lang, "replan.shifted", count=shifted, minutes=minutes)


def moment_of(found: Repair, one: Appointment) -> str:
    """Return the time of a visit, with its day where there are several."""
    time = clock(one.start)
    return time if found.scenario.horizon.days == 1 else f"{one.date.isoformat()} {time}"
