"""What a roster charges to whom, as tables that somebody else can add up again."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from optimizer.domain.client import EntitlementUnit
from optimizer.i18n import Lang, sentence
from optimizer.needs import Book
from optimizer.report import needs_wording as wording
from optimizer.report.archive import csv_archive
from optimizer.report.audience import Audience
from optimizer.report.burdens import GroupedBy, duties_of, left_out_of
from optimizer.report.continuity import continuity_of
from optimizer.report.roster import Roster
from optimizer.units import MS_PER_MINUTE, format_clock
from optimizer.verification import Account, Charge, WorkDay, account

if TYPE_CHECKING:
    import pandas as pd

Rows = Iterable[Sequence[Any]]

_STOPS = (
    "visit", "date", "start", "client", "services", "carer", "caregiver", "organisation",
    "minutes", "contract", "yuan", "surcharges", "lent", "lending_yuan", "payer",
)  # fmt: skip
_CLIENTS = ("client", "town", "visits", "minutes", "yuan", "unserved")
_CONTINUITY = (
    "client", "stops", "caregivers", "caregivers_cap", "main", "by_main", "by_two", "on_time",
    "responsible", "by_responsible", "due_responsible",
)  # fmt: skip
_PURSES = ("client", "payer", "unit", "period", "begins", "granted", "used", "left")
_CONTRACTS = (
    "contract", "organisation", "purchaser", "funding", "visits", "visits_used", "visits_cap",
    "minutes", "minutes_used", "minutes_cap", "yuan", "yuan_used", "yuan_cap", "share",
    "share_promised", "minutes_owed",
)  # fmt: skip
_ORGANISATIONS = ("organisation", "caregivers", "visits", "minutes", "yuan", "lent_minutes",
                  "lending_yuan")  # fmt: skip
_DAYS = (
    "caregiver", "date", "visits", "visits_cap", "minutes", "work", "work_norm", "work_cap",
)  # fmt: skip
_WEEKS = (
    "caregiver", "week", "days", "days_cap", "work", "work_norm", "work_cap",
)  # fmt: skip
_LEFT_OUT = ("by", "value", "wanted", "unserved", "unserved_percent")
_DUTIES = ("caregiver", "days", "evenings", "weekend_days", "visits", "hard")


def account_tables(roster: Roster, lang: Lang) -> dict[str, pd.DataFrame]:
    """Return the tables of a roster's account by their headings, in the order they are read.

    Money is in yuan and exact to the fen, care in minutes. Each stop is one row of the first
    table; all others add up from it, or from the work of the days.

    Parameters
    ----------
    roster
        The roster; a plan that breaks rules is charged all the same.
    lang
        Language of headings and words.
    """
    # Half a second that only whoever asks for accounts needs.
    import pandas as pd  # noqa: PLC0415

    made = account(roster.scenario, roster.plan)
    tables: list[tuple[str, Sequence[str], Rows]] = [
        ("stops", _STOPS, (_stop(one, lang, roster.book) for one in made.charges)),
        ("clients", _CLIENTS, _clients(roster, made)),
        ("continuity", _CONTINUITY, _continuity(roster)),
        ("purses", _PURSES, _purses(roster, made, lang)),
        ("contracts", _CONTRACTS, _contracts(roster, made)),
        ("organisations", _ORGANISATIONS, _organisations(roster, made)),
        ("days", _DAYS, _days(roster, made)),
        ("weeks", _WEEKS, _weeks(roster, made)),
        ("left_out", _LEFT_OUT, _left_out(roster, lang)),
        ("duties", _DUTIES, (astuple(one) for one in duties_of(roster))),
    ]
    return {
        sentence(lang, f"account.table.{name}"): pd.DataFrame(
            list(rows), columns=[sentence(lang, f"account.column.{head}") for head in heads]
        )
        for name, heads, rows in tables
    }


def account_workbook(roster: Roster, _audience: Audience, lang: Lang) -> bytes:
    """Return the tables as a workbook, a sheet each; the same roster gives the same bytes."""
    import pandas as pd  # noqa: PLC0415 (as above)

    target = io.BytesIO()
    with pd.ExcelWriter(target, engine="xlsxwriter") as writer:
        writer.book.set_properties({"created": pd.Timestamp(2026, 1, 1).to_pydatetime()})
        for title, table in account_tables(roster, lang).items():
            table.to_excel(writer, sheet_name=title, index=False)
            sheet = writer.sheets[title]
            sheet.freeze_panes(1, 1)
            sheet.autofit()
    return target.getvalue()


def account_archive(roster: Roster, _audience: Audience, lang: Lang) -> bytes:
    """Return the tables as CSV, and the stops of each contract in a file of its own."""
    tables = account_tables(roster, lang)
    stops = tables[sentence(lang, "account.table.stops")]
    column = sentence(lang, "account.column.contract")
    own = {
        f"{column}-{contract.id}": stops[stops[column] == contract.id]
        for contract in roster.scenario.contracts
    }
    return csv_archive({**tables, **own})


def _stop(one: Charge, lang: Lang, book: Book) -> Sequence[Any]:
    payers = dict.fromkeys(purse.payer for purse in one.purses)
    return (
        one.visit, one.date.isoformat(), format_clock(one.start), one.client,
        wording.services(lang, book, one.services), one.carer, one.caregiver, one.organisation,
        _minutes(one.care), one.contract, _yuan(one.fen), " ".join(one.surcharges) or None,
        int(one.is_lent),
        _yuan(one.lending_fen), " ".join(payers) or None,
    )  # fmt: skip


def _clients(roster: Roster, made: Account) -> Rows:
    of = _grouped(made.charges, lambda one: one.client)
    left: dict[str, int] = defaultdict(int)
    for visit, _ in roster.unserved:
        left[visit.client] += 1
    for client in roster.scenario.clients:
        own = of.get(client.id, ())
        if own or left[client.id]:
            yield (
                client.id, client.town, _visits(own), _care(own), _yuan(sum(c.fen for c in own)),
                left[client.id],
            )  # fmt: skip


def _continuity(roster: Roster) -> Rows:
    for one in continuity_of(roster):
        yield (
            one.client, one.stops, one.caregivers, one.most, one.main,
            *(round(100 * part / one.stops, 1) for part in (one.by_main, one.by_two)),
            round(100 * one.on_time / one.timed, 1) if one.timed else None,
            one.responsible,
            *((one.by_responsible, one.due) if one.responsible else (None, None)),
        )  # fmt: skip


def _purses(roster: Roster, made: Account, lang: Lang) -> Rows:
    used: dict[tuple[str, int], dict[Any, int]] = defaultdict(lambda: defaultdict(int))
    for one in made.charges:
        for purse in one.purses:
            used[one.client, purse.position][purse.begins] += purse.amount
    for client in roster.scenario.clients:
        for position, granted in enumerate(client.entitlements):
            for begins, amount in sorted(used[client.id, position].items()):
                unit = granted.unit
                scale = MS_PER_MINUTE if unit is EntitlementUnit.MINUTES else 1
                is_begun = begins <= roster.scenario.horizon.start
                spent = amount + (granted.used * scale if is_begun else 0)
                cap = granted.cap * scale
                yield (
                    client.id, granted.payer, sentence(lang, f"account.unit.{unit}"),
                    sentence(lang, f"account.period.{granted.period}"), begins.isoformat(),
                    *(_in_unit(unit, number) for number in (cap, spent, cap - spent)),
                )  # fmt: skip


def _contracts(roster: Roster, made: Account) -> Rows:
    of = _grouped(made.charges, lambda one: one.contract)
    total = sum(one.care for one in made.charges if one.contract is not None)
    for contract in roster.scenario.contracts:
        own = of.get(contract.id, ())
        care = sum(one.care for one in own)
        yield (
            contract.id, contract.organisation, contract.purchaser,
            " ".join(contract.funding) or None, _visits(own), contract.used_visits,
            contract.cap_visits, _minutes(care), _minutes(contract.used),
            None if contract.cap is None else _minutes(contract.cap),
            _yuan(sum(one.fen for one in own)), _yuan(contract.used_fen),
            None if contract.cap_fen is None else _yuan(contract.cap_fen),
            round(100 * care / total, 1) if total else None, contract.min_share or None,
            _minutes(contract.owed),
        )  # fmt: skip


def _organisations(roster: Roster, made: Account) -> Rows:
    of = _grouped(made.charges, lambda one: one.organisation)
    for body in roster.scenario.organisations:
        own = of.get(body.id, ())
        lent = [one for one in own if one.is_lent]
        yield (
            body.id, sum(one.organisation == body.id for one in roster.scenario.caregivers),
            _visits(own), _care(own), _yuan(sum(one.fen for one in own)), _care(lent),
            _yuan(sum(one.lending_fen for one in lent)),
        )  # fmt: skip


def _days(roster: Roster, made: Account) -> Rows:
    for day in made.days:
        person = roster.caregivers[day.caregiver]
        yield (
            day.caregiver, day.date.isoformat(), day.stops, person.visits_per_day,
            _minutes(day.care), _minutes(day.work), _limit(person.day_minutes),
            _limit(person.day_minutes_limit),
        )  # fmt: skip


def _weeks(roster: Roster, made: Account) -> Rows:
    weeks: dict[tuple[str, Any], list[WorkDay]] = defaultdict(list)
    for day in made.days:
        weeks[day.caregiver, day.date.isocalendar()[:2]].append(day)
    for (caregiver, (year, week)), days in weeks.items():
        person = roster.caregivers[caregiver]
        yield (
            caregiver, f"{year}-W{week:02}", len(days), 7 - person.days_off,
            _minutes(sum(day.work for day in days)), _limit(person.week_minutes),
            _limit(person.week_minutes_limit),
        )  # fmt: skip


def _left_out(roster: Roster, lang: Lang) -> Rows:
    for one in left_out_of(roster):
        yield (
            sentence(lang, f"account.by.{one.by}"),
            sentence(lang, f"priority.{one.value}") if one.by is GroupedBy.PRIORITY else one.value,
            one.visits, one.unserved, round(100 * one.unserved / one.visits, 1),
        )  # fmt: skip


def _grouped(
    charges: Iterable[Charge], key: Callable[[Charge], str | None]
) -> Mapping[str | None, Sequence[Charge]]:
    groups: dict[str | None, list[Charge]] = defaultdict(list)
    for one in charges:
        groups[key(one)].append(one)
    return groups


def _visits(charges: Iterable[Charge]) -> int:
    """Count visits, each by its first carer: as contracts count them."""
    return sum(one.carer == 1 for one in charges)


def _care(charges: Iterable[Charge]) -> int | float:
    return _minutes(sum(one.care for one in charges))


def _in_unit(unit: EntitlementUnit, number: int) -> int | float:
    if unit is EntitlementUnit.MINUTES:
        return _minutes(number)
    return _yuan(number) if unit is EntitlementUnit.FEN else number


def _minutes(ms: int) -> int | float:
    whole, rest = divmod(ms, MS_PER_MINUTE)
    return whole if rest == 0 else round(ms / MS_PER_MINUTE, 3)


def _yuan(fen: int) -> float:
    return fen / 100


def _limit(ms: int | None) -> int | float | None:
    return None if ms is None else _minutes(ms)
