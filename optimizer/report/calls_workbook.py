"""The list of calls as a workbook: whom to call, what was and what is, and what to say."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.formats.names import Kind, Names
from optimizer.i18n import Lang, sentence
from optimizer.replan import CALLED, Appointment, Proposal, Repair
from optimizer.report.replan_text import (
    carer_words,
    carers_to_call,
    client_words,
    moment_of,
    people_of,
)
from optimizer.report.sheet_pages import Row, workbook_of

_CLIENTS = (
    "calls.done", "col.client", "printed.id", "printed.phone", "calls.before", "calls.after",
    "calls.say", "calls.group", "col.visit",
)  # fmt: skip
_CAREGIVERS = (
    "calls.done", "col.caregiver", "printed.id", "printed.phone", "col.date", "calls.say",
)  # fmt: skip
_OTHERS = ("col.client", "printed.id", "calls.before", "calls.after", "calls.group", "col.visit")


def calls_workbook(found: Repair, chosen: Proposal, names: Names, lang: Lang) -> bytes:
    """Return the calls of a proposal as a workbook.

    Parameters
    ----------
    found, chosen
        What has been proposed, and the proposal that was taken.
    names
        Who is behind the pseudonyms.
    lang
        Language of all words.
    """
    pages = (
        ("calls.to_clients", _CLIENTS, _clients(found, chosen, names, lang)),
        ("calls.to_caregivers", _CAREGIVERS, _caregivers(found, chosen, names, lang)),
        ("calls.without", _OTHERS, _others(found, chosen, names, lang)),
    )
    return workbook_of(pages, lang)


def _clients(found: Repair, chosen: Proposal, names: Names, lang: Lang) -> Iterator[Row]:
    for one in chosen.changes:
        if one.kind in CALLED:
            yield (
                "", names.called(Kind.CLIENT, one.client), one.client,
                names.get(Kind.CLIENT, one.client).phone,
                _told(found, one.before, names, lang), _told(found, one.after, names, lang),
                client_words(found, one, lang=lang, names=names), one.group, one.visit,
            )  # fmt: skip


def _caregivers(found: Repair, chosen: Proposal, names: Names, lang: Lang) -> Iterator[Row]:
    for one in carers_to_call(found, chosen.changes):
        yield (
            "", names.called(Kind.CAREGIVER, one.caregiver), one.caregiver,
            names.get(Kind.CAREGIVER, one.caregiver).phone, one.date,
            carer_words(found, one, lang=lang, names=names),
        )  # fmt: skip


def _others(found: Repair, chosen: Proposal, names: Names, lang: Lang) -> Iterator[Row]:
    """Yield the changes that nobody has to be called about."""
    for one in chosen.changes:
        if one.kind not in CALLED:
            yield (
                names.called(Kind.CLIENT, one.client), one.client,
                _told(found, one.before, names, lang), _told(found, one.after, names, lang),
                one.group, one.visit,
            )  # fmt: skip


def _told(found: Repair, one: Appointment | None, names: Names, lang: Lang) -> str:
    if one is None:
        return sentence(lang, "replan.no_appointment")
    people, start = people_of(one, lang, names), moment_of(found, one)
    return sentence(lang, "replan.appointment", caregivers=people, start=start)
