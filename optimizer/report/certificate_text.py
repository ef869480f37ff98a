"""Certificates as a person reads them: what to read aloud, and the table to add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from optimizer.certificate import Certificate, Form, UnservedProof
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.i18n import Lang, sentence
from optimizer.report.wording import clock, duration, number, window
from optimizer.units import MS_PER_MINUTE, to_ms


def certificate_text(scenario: Scenario, proof: UnservedProof, *, lang: Lang) -> RenderableType:
    """Return certificates for printing with rich: each with its sentences and its table.

    Parameters
    ----------
    scenario
        The scenario that they speak of.
    proof
        The certificates.
    lang
        Language of all words.
    """
    index = ScenarioIndex.of(scenario)
    parts: list[RenderableType] = [Text(total_words(proof, lang=lang), style="bold")]
    for part in proof.parts:
        parts.append(Text(""))
        parts += [Text(line) for line in certificate_words(scenario, part, lang=lang)]
        parts.append(Padding(_visits(index, part, lang), (0, 0, 0, 2)))
        if part.form is Form.WEEKS:
            parts.append(Padding(_people(index, part, lang), (0, 0, 0, 2)))
        elif part.form is not Form.ALONE:
            parts.append(Padding(_shifts(index, part, lang), (0, 0, 0, 2)))
    return Group(*parts)


def total_words(proof: UnservedProof, *, lang: Lang) -> str:
    """Return the one sentence that all certificates come to."""
    if not proof.least_unserved:
        return sentence(lang, "certificate.none")
    return sentence(lang, "certificate.total", count=proof.least_unserved)


def certificate_words(scenario: Scenario, part: Certificate, *, lang: Lang) -> Iterator[str]:
    """Yield the sentences of one certificate, to be read aloud."""
    tpm = scenario.ticks_per_minute
    amounts = {
        name: _amount(lang, part.form, value, tpm)
        for name, value in (("asked", part.asked), ("given", part.given), ("missing", part.missing))
    }
    form: str = part.form
    fields: dict[str, object] = {"visits": len(part.visits), **amounts}
    if part.interval is not None:
        form = "interval"
        fields |= {
            "date": part.interval.date.isoformat(),
            "begin": clock(part.interval.begin),
            "end": clock(part.interval.end),
        }
    yield sentence(
        lang,
        f"certificate.form.{form}",
        **fields,
        scale=part.scale,
    )
    yield sentence(lang, "certificate.so", count=part.least_unserved)


def _amount(lang: Lang, form: Form, value: int, tpm: int) -> str:
    """Return hours and minutes of working time, rounded up, or a plain number."""
    if form not in (Form.HOURS, Form.WEEKS):
        return str(value)
    minutes = -(-to_ms(value, tpm) // MS_PER_MINUTE)
    return duration(lang, minutes * MS_PER_MINUTE)


def _head(form: Form) -> str:
    heads = {Form.HOURS: "hours", Form.WEEKS: "hours", Form.DUAL_WEIGHTS: "points"}
    return heads.get(form, "count")


def _visits(index: ScenarioIndex, part: Certificate, lang: Lang) -> Table:
    tpm = index.scenario.ticks_per_minute
    table = Table(box=None, pad_edge=False)
    for name in ("visit", "client", "window"):
        table.add_column(sentence(lang, f"certificate.head.{name}"))
    table.add_column(sentence(lang, "certificate.head.care"), justify="right")
    table.add_column(sentence(lang, f"certificate.head.{_head(part.form)}"), justify="right")
    for one in part.visits:
        visit = index.visit.get(one.visit)
        amount = _amount(lang, part.form, one.amount, tpm)
        if visit is None:
            table.add_row(one.visit, "–", "–", "–", amount)
        else:
            table.add_row(one.visit, visit.client, window(visit), _care(visit, one.carers), amount)
    table.add_row(
        sentence(lang, "certificate.sum"),
        *("", "", ""),
        _amount(lang, part.form, part.asked, tpm),
        style="bold",
    )
    return table


def _care(visit: Visit, carers: Iterable[int]) -> str:
    """Return the shortest acceptable care of some carers in minutes."""
    needs = [visit.carers[carer - 1] for carer in carers if carer <= len(visit.carers)]
    least = (need.minutes if need.shortest is None else need.shortest for need in needs)
    return " + ".join(number(ms / MS_PER_MINUTE) for ms in least)


def _shifts(index: ScenarioIndex, part: Certificate, lang: Lang) -> Table:
    tpm = index.scenario.ticks_per_minute
    table = Table(box=None, pad_edge=False)
    for name in ("caregiver", "date", "shift"):
        table.add_column(sentence(lang, f"certificate.head.{name}"))
    table.add_column(sentence(lang, "certificate.head.most"), justify="right")
    for one in part.caregivers:
        shifts = index.shifts_on(one.caregiver, one.date)[one.shift : one.shift + 1]
        hours = "".join(f"{clock(shift.start)}–{clock(shift.end)}" for shift in shifts) or "–"
        amount = _amount(lang, part.form, one.amount, tpm)
        table.add_row(one.caregiver, one.date.isoformat(), hours, amount)
    table.add_row(
        sentence(lang, "certificate.sum"),
        "",
        "",
        _amount(lang, part.form, part.given, tpm),
        style="bold",
    )
    return table


def _people(index: ScenarioIndex, part: Certificate, lang: Lang) -> Table:
    """Return what caregivers give at most over the horizon: shifts in hours, then within limits."""
    tpm = index.scenario.ticks_per_minute
    table = Table(box=None, pad_edge=False)
    for name in ("caregiver", "shifts", "all_shifts", "within_limits"):
        table.add_column(
            sentence(lang, f"certificate.head.{name}"),
            justify="left" if name == "caregiver" else "right",
        )
    for one in part.people:
        own = [shift.amount for shift in part.caregivers if shift.caregiver == one.caregiver]
        table.add_row(
            one.caregiver,
            str(len(own)),
            _amount(lang, part.form, sum(own), tpm),
            _amount(lang, part.form, one.amount, tpm),
        )
    table.add_row(
        sentence(lang, "certificate.sum"),
        "",
        "",
        _amount(lang, part.form, part.given, tpm),
        style="bold",
    )
    return table
