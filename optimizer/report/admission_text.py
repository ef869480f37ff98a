"""Who is admitted, in words: a line per client, then sums."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from optimizer.i18n import Lang, listed, sentence
from optimizer.purchase import Admission, Eligibility, clients_without_need
from optimizer.report.cascade_text import category_name, loss_name
from optimizer.report.wording import number


def admission_text(admission: Admission, *, lang: Lang, clients: Collection[str] = ()) -> str:
    """Return what an office has found of each client.

    Parameters
    ----------
    admission
        With an office.
    lang
        Language of all words.
    clients
        Only the lines of these; all if empty. Sums are always those of all.
    """
    return "\n".join(_lines(admission, lang, clients))


def _lines(admission: Admission, lang: Lang, clients: Collection[str]) -> Iterator[str]:
    office = admission.office
    if office is None:
        return
    days = admission.scenario.horizon.dates()
    yield sentence(
        lang,
        "office.admit.heading",
        office=office.id,
        clients=len(admission.found),
        day=days[0],
        payer=office.payer,
    )
    unknown = clients_without_need(admission)
    for found in admission.found.values():
        if not clients or found.client in clients:
            line = _line(admission, found, days, lang)
            is_unknown = found.client in unknown
            yield line + (sentence(lang, "office.admit.unknown") if is_unknown else "")
    yield ""
    counted = Counter(
        None if one.category is None else one.category.code for one in admission.found.values()
    )
    for category in office.categories:
        if counted[category.code]:
            yield sentence(
                lang,
                "office.admit.sum",
                category=category_name(office, category.code, lang),
                clients=counted[category.code],
                minutes=number(counted[category.code] * category.monthly_minutes),
            )
    if counted[None]:
        yield sentence(lang, "office.admit.sum_none", clients=counted[None])
    if admission.refused:
        yield sentence(lang, "office.admit.refused", visits=len(admission.refused))


def _line(admission: Admission, found: Eligibility, days: tuple[dt.date, ...], lang: Lang) -> str:
    if found.category is None:
        why = why_not(admission, found, lang)
        return sentence(lang, "office.admit.none", client=found.client, why=why)
    lost = next(((day, code) for day in days if (code := found.loss_on(day)) is not None), None)
    return sentence(
        lang,
        "office.admit.fits",
        client=found.client,
        category=category_name(admission.office, found.category.code, lang),
        track=sentence(lang, f"office.track.{found.category.track}"),
        minutes=number(found.category.monthly_minutes),
        starts=""
        if found.starts is None
        else sentence(lang, "office.admit.starts", day=found.starts),
        state=""
        if lost is None
        else sentence(lang, "office.admit.state", day=lost[0], code=loss_name(lang, lost[1])),
        copay=sentence(lang, "office.admit.copay") if found.is_critical_only else "",
        waits=sentence(lang, "office.admit.waits") if found.is_waiting else "",
        basis="" if found.is_tested else sentence(lang, "office.admit.recorded"),
    )


def why_not(admission: Admission, found: Eligibility, lang: Lang) -> str:
    """Return the first condition that fails of each category that does not fit."""
    return listed(
        lang,
        [
            sentence(
                lang,
                "office.admit.why",
                category=category_name(admission.office, code, lang),
                unfit=sentence(lang, f"office.unfit.{unfit}"),
            )
            for code, unfit in found.unfit.items()
        ],
    )


def admission_document(admission: Admission) -> dict[str, Any]:
    """Return what an office has found as it is written with ``--json``."""
    days = admission.scenario.horizon.dates()
    return {
        "office": None if admission.office is None else admission.office.id,
        "day": str(days[0]),
        "clients": [_document(one, days) for one in admission.found.values()],
        "refused": list(admission.refused),
    }


def _document(found: Eligibility, days: tuple[dt.date, ...]) -> dict[str, Any]:
    return {
        "client": found.client,
        "category": None if found.category is None else found.category.code,
        "track": None if found.category is None else str(found.category.track),
        "monthly_minutes": 0 if found.category is None else found.category.monthly_minutes,
        "tested": found.is_tested,
        "starts": None if found.starts is None else str(found.starts),
        "critical_only": found.is_critical_only,
        "waiting": found.is_waiting,
        "unfit": {code: str(unfit) for code, unfit in found.unfit.items()},
        "lost": {str(day): str(code) for day in days if (code := found.loss_on(day)) is not None},
    }
