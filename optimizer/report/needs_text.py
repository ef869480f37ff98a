"""Needs as a person reads them on a terminal: who needs what, who pays, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimizer.i18n import Lang, listed, sentence
from optimizer.needs import SEVERITIES, Book, ClientNeeds, Needs, Raised, alerts_of
from optimizer.report import needs_wording as wording
from optimizer.report.record_sheet import record_sheet
from optimizer.report.wording import duration, number
from optimizer.units import MS_PER_MINUTE

_NAMED = 10
"Clients with an alert that are named; the others are counted."


def needs_text(needs: Needs, clients: Sequence[ClientNeeds], *, lang: Lang) -> str:
    """Return all lines about some clients, and the sum of all.

    Parameters
    ----------
    needs
        All needs of a scenario.
    clients
        Those to write about one by one.
    lang
        Language of all words.
    """
    lines = [line for one in clients for line in (*_client(needs, one, lang), "")]
    return "\n".join((*lines, *_total(needs, lang)))


def _client(needs: Needs, one: ClientNeeds, lang: Lang) -> Iterator[str]:
    book = needs.book
    yield f"{one.client}  {wording.tier(lang, one)}"
    yield "  " + wording.figures(lang, one.needed, one.entitled)
    for line in record_sheet(lang, book, one.facts.record):
        yield "  " + line
    for raised in alerts_of(book, (one,)):
        yield from _alert(lang, book, raised)
    for refused in one.requirements.refusals:
        yield "  " + wording.refusal(lang, book, refused.service, refused.contraindication)
    for funded in one.funded:
        demand = funded.demand
        yield "  " + sentence(
            lang,
            "needs.demand",
            service=wording.service(lang, book, demand.service),
            duration=duration(lang, demand.minutes * MS_PER_MINUTE),
            carers=len(demand.requirements),
            times=len(demand.windows),
            paid=len(funded.days),
            days=len(demand.days),
        )
    if one.requirements.notes:
        yield "  " + wording.cautions(lang, book, one.requirements.notes)
    for visit in one.visits:
        day = "" if len(visit.dates) != 1 else f"{visit.dates[0].isoformat()} "
        yield f"  {visit.id}  {day}{wording.visit(lang, book, visit)}"
        # A rule may have looked at several fields; to a reader its reason is one.
        for reason in dict.fromkeys(wording.reasons(lang, book, visit.trace)):
            yield f"      {reason}"


def _alert(lang: Lang, book: Book, raised: Raised) -> Iterator[str]:
    why = sentence(lang, "list.semicolon").join(wording.reasons(lang, book, (raised.trace,)))
    words = wording.alert(lang, raised.alert)
    yield "  " + sentence(lang, "list.in_brackets", what=words, more=why)
    what = wording.to_do(lang, raised.alert)
    if what:
        yield "    " + sentence(lang, "needs.to_do", do=what)


def _total(needs: Needs, lang: Lang) -> Iterator[str]:
    needed = sum(one.needed for one in needs.clients)
    entitled = sum(one.entitled for one in needs.clients)
    visits = sum(len(one.visits) for one in needs.clients)
    yield sentence(lang, "needs.total", clients=number(len(needs.clients)), visits=number(visits))
    yield "  " + wording.figures(lang, needed, entitled)
    yield "  " + wording.signed(lang, needs.book, needs.scenario.horizon.start)
    raised = alerts_of(needs.book, needs.clients)
    for severity in SEVERITIES:
        told = [one for one in raised if one.alert.severity == severity]
        if told:
            yield "  " + sentence(
                lang,
                "needs.alerts",
                severity=wording.severity(lang, told[0].alert),
                count=len({one.client for one in told}),
                clients=_some(lang, list(dict.fromkeys(one.client for one in told))),
            )


def _some(lang: Lang, names: Sequence[str]) -> str:
    """Return the first names of a list, and how many more there are."""
    words = listed(lang, list(names[:_NAMED]))
    rest = len(names) - _NAMED
    return words if rest <= 0 else f"{words} {sentence(lang, 'list.more', count=rest)}"
