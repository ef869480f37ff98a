"""What health records ask for, as JSON, for the command line and the service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from optimizer.domain.visit import Trace, Visit
from optimizer.i18n.catalogue import Lang
from optimizer.needs import Book, ClientNeeds, Needs, Raised, alerts_of
from optimizer.report import needs_wording as wording
from optimizer.report.record_sheet import record_sheet
from optimizer.units import MS_PER_MINUTE, format_clock


def needs_document(needs: Needs, shown: Sequence[ClientNeeds], *, lang: Lang) -> dict[str, Any]:
    """Return what was derived as a JSON document.

    Parameters
    ----------
    needs
        What was derived; the sums are those of all clients.
    shown
        Clients to list.
    lang
        Language of the sentences; codes are the same in both.
    """
    return {
        "scenario": needs.scenario.id,
        "catalogue": needs.book.catalogue.version,
        "rules": needs.book.rules.version,
        "minutes_in_four_weeks": _minutes(needs.clients),
        "alerts": [alert_row(one, lang) for one in alerts_of(needs.book, needs.clients)],
        "clients": [_client(needs.book, one, lang) for one in shown],
    }


def alerts_document(needs: Needs, *, lang: Lang) -> dict[str, Any]:
    """Return the alerts of all clients, and of how many there was something to look at."""
    return {
        "examined": len(needs.clients),
        "alerts": [alert_row(one, lang) for one in alerts_of(needs.book, needs.clients)],
    }


def alert_row(raised: Raised, lang: Lang) -> dict[str, str]:
    """Return an alert without the rule it follows from, which may be about a diagnosis."""
    return {
        "client": raised.client,
        "alert": raised.code,
        "severity": raised.alert.severity,
        "sentence": wording.alert(lang, raised.alert),
        "to_do": wording.to_do(lang, raised.alert),
    }


def _minutes(clients: Sequence[ClientNeeds]) -> dict[str, int]:
    return {
        "needed": sum(one.needed for one in clients),
        "entitled": sum(one.entitled for one in clients),
        "cut": sum(one.cut for one in clients),
    }


def _client(book: Book, one: ClientNeeds, lang: Lang) -> dict[str, Any]:
    needed = one.requirements
    return {
        "client": one.client,
        "need_tier": one.facts.tier,
        "raised": list(one.facts.raised),
        "minutes_in_four_weeks": _minutes((one,)),
        "services": [
            {
                "service": funded.demand.service,
                "minutes": funded.demand.minutes,
                "carers": len(funded.demand.requirements),
                "times_a_day": len(funded.demand.windows),
                "days_needed": len(funded.demand.days),
                "days_entitled": len(funded.days),
                "priority": funded.demand.priority.value,
                "trace": _traces(book, funded.demand.traces, lang),
            }
            for funded in one.funded
        ],
        "refused": [
            {"service": refused.service, "rule": refused.contraindication}
            for refused in needed.refusals
        ],
        "alerts": [
            {**alert_row(raised, lang), "rule": raised.trace.rule}
            for raised in alerts_of(book, (one,))
        ],
        "notes": list(needed.notes),
        "sheet": list(record_sheet(lang, book, one.facts.record)),
        "visits": [_visit(book, visit, lang) for visit in one.visits],
    }


def _visit(book: Book, visit: Visit, lang: Lang) -> dict[str, Any]:
    return {
        "visit": visit.id,
        "dates": [day.isoformat() for day in visit.dates],
        "services": list(visit.services),
        "earliest": format_clock(visit.window.earliest),
        "latest": format_clock(visit.window.latest),
        "minutes": [carer.minutes // MS_PER_MINUTE for carer in visit.carers],
        "priority": visit.priority.value,
        "payer": visit.payer,
        "sentence": wording.visit(lang, book, visit),
        "trace": _traces(book, visit.trace, lang),
    }


def _traces(book: Book, traces: tuple[Trace, ...], lang: Lang) -> list[dict[str, Any]]:
    return [
        {
            "rule": trace.rule,
            "fields": list(trace.fields),
            "recorded_on": None if trace.recorded_on is None else trace.recorded_on.isoformat(),
            "unsigned": trace.unsigned,
            "sentence": words,
        }
        for trace, words in zip(traces, wording.reasons(lang, book, traces), strict=True)
    ]
