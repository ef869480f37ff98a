"""Whether one edit can be made of a scenario: what it names is there, and somebody is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from optimizer.domain.edit import (
    AddOrganisation,
    Caregivers,
    CaregiversAway,
    Clients,
    ClosedHours,
    DropOrganisation,
    Edit,
    ExtraVisits,
    Hire,
    OpeningHours,
    OtherMode,
    RuleOff,
    ServicesOff,
)
from optimizer.domain.relaxed_rule import RelaxedRule
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import Sentence, either, say
from optimizer.needs import Book
from optimizer.shortfall.edits import caregivers_meant, clients_meant
from optimizer.units import format_clock

MOST_NAMED = 12
"Known names that are listed beside an unknown one."


def check_edit(edit: Edit, place: str, scenario: Scenario, book: Book) -> Iterator[Fault]:
    """Yield what is wrong with one edit.

    Parameters
    ----------
    edit
        Without faults of its fields.
    place
        Where it stands in the study.
    scenario
        As it is when the edit is made, after those before it; with its visits.
    book
        Catalogue and rules of the district.
    """
    before = 0
    for fault in _of_names(edit, place, scenario, book):
        before += 1
        yield fault
    own = _OWN.get(type(edit))
    if own is not None:
        for fault in own(edit, place, scenario):
            before += 1
            yield fault
    if not before:
        yield from _of_those_meant(edit, place, scenario)


def _of_names(edit: Edit, place: str, scenario: Scenario, book: Book) -> Iterator[Fault]:
    """Yield names that the scenario does not have."""
    known = _Known(scenario, book)
    of: object = getattr(edit, "of", None)
    at = {"": edit, ".of": of} if isinstance(of, Caregivers | Clients) else {"": edit}
    for step, record in at.items():
        for field, check in _NAMED.items():
            name = getattr(record, field, None)
            if isinstance(name, str) and not (isinstance(edit, AddOrganisation)):
                yield from check(known, name, f"{place}{step}.{field}")
    if isinstance(of, Caregivers):
        ids = {one.id for one in scenario.caregivers}
        yield from _ids(of.ids, ids, f"{place}.of.ids", "caregiver")
        if of.level is not None and of.qualification is None:
            message = say("fault.level-of-nothing")
            yield finding(f"{place}.of.level", FaultCode.LEVEL_OF_NOTHING, message)
    if isinstance(of, Clients):
        ids = {one.id for one in scenario.clients}
        yield from _ids(of.ids, ids, f"{place}.of.ids", "client")
    wanted = getattr(edit, "qualification", None)
    if wanted is not None and not isinstance(wanted, str):
        yield from known.qualification(wanted.code, f"{place}.qualification.code")
    services = edit.services if isinstance(edit, ServicesOff) else ()
    for number, code in enumerate(services):
        yield from known.service(code, f"{place}.services[{number}]")


def _ids(ids: Iterable[str], known: Iterable[str], place: str, kind: str) -> Iterator[Fault]:
    codes = {"caregiver": FaultCode.UNKNOWN_CAREGIVER, "client": FaultCode.UNKNOWN_CLIENT}
    sentences: Mapping[str, Callable[[str], Sentence]] = {
        "caregiver": lambda name: say("fault.unknown-caregiver", name=name),
        "client": lambda name: say("fault.unknown-client", name=name),
    }
    there = frozenset(known)
    for number, name in enumerate(ids):
        if name not in there:
            yield finding(f"{place}[{number}]", codes[kind], sentences[kind](name))


class _Known:
    """The names of a scenario, looked up when asked for."""

    def __init__(self, scenario: Scenario, book: Book) -> None:
        self._scenario = scenario
        self._book = book

    def organisation(self, name: str, place: str) -> Iterator[Fault]:
        """Yield a fault if the scenario has no such organisation."""
        names = {one.id for one in self._scenario.organisations}
        yield from _one_of(
            name, names, place, "fault.unknown-organisation.study", FaultCode.UNKNOWN_ORGANISATION
        )

    def town(self, name: str, place: str) -> Iterator[Fault]:
        """Yield a fault if no client lives in the town."""
        names = {one.town for one in self._scenario.clients if one.town is not None}
        yield from _one_of(name, names, place, "fault.unknown-town", FaultCode.UNKNOWN_TOWN)

    def category(self, name: str, place: str) -> Iterator[Fault]:
        """Yield a fault if no client is of the category."""
        names = {one.category for one in self._scenario.clients if one.category is not None}
        yield from _one_of(name, names, place, "fault.unknown-category", FaultCode.UNKNOWN_CATEGORY)

    def qualification(self, name: str, place: str) -> Iterator[Fault]:
        """Yield a fault if nobody holds the qualification and no visit asks for it."""
        names = {held.code for one in self._scenario.caregivers for held in one.qualifications}
        names |= {
            asked.code
            for visit in self._scenario.visits
            for carer in visit.carers
            for asked in carer.qualifications
        }
        yield from _one_of(
            name, names, place, "fault.unknown-qualification", FaultCode.UNKNOWN_QUALIFICATION
        )

    def payer(self, name: str, place: str) -> Iterator[Fault]:
        """Yield a fault if the payer grants nobody anything."""
        names = {each.payer for one in self._scenario.clients for each in one.entitlements}
        yield from _one_of(name, names, place, "fault.unknown-payer.study", FaultCode.UNKNOWN_PAYER)

    def contract(self, name: str, place: str) -> Iterator[Fault]:
        """Yield a fault if there is no such contract."""
        names = {one.id for one in self._scenario.contracts}
        yield from _one_of(name, names, place, "fault.unknown-contract", FaultCode.UNKNOWN_CONTRACT)

    def service(self, name: str, place: str) -> Iterator[Fault]:
        """Yield a fault if neither the catalogue nor a visit has the service."""
        names = set(self._book.catalogue.services)
        names |= {code for visit in self._scenario.visits for code in visit.services}
        if name not in names:
            message = say("fault.unknown-service", code=name)
            yield finding(place, FaultCode.UNKNOWN_SERVICE, message)

    def caregiver(self, name: str, place: str) -> Iterator[Fault]:
        """Yield a fault if there is no such caregiver."""
        if all(one.id != name for one in self._scenario.caregivers):
            message = say("fault.unknown-caregiver", name=name)
            yield finding(place, FaultCode.UNKNOWN_CAREGIVER, message)


_NAMED: Mapping[str, Callable[[_Known, str, str], Iterator[Fault]]] = {
    "organisation": _Known.organisation,
    "town": _Known.town,
    "category": _Known.category,
    "other_category": _Known.category,
    "qualification": _Known.qualification,
    "payer": _Known.payer,
    "contract": _Known.contract,
    "service": _Known.service,
    "like": _Known.caregiver,
}
"By field, what its value has to name."


def _one_of(
    name: str, names: Iterable[str], place: str, key: str, code: FaultCode
) -> Iterator[Fault]:
    known = sorted(names)
    if name in known:
        return
    if not known:
        yield finding(
            place, code, say(f"{key}-none" if key.endswith("study") else f"{key}.none", name=name)
        )
        return
    told = either(known[:MOST_NAMED])
    yield finding(place, code, say(key, name=name, known=told))


def _of_away(edit: CaregiversAway, place: str, scenario: Scenario) -> Iterator[Fault]:
    if (edit.percent is None) == (edit.count is None):
        yield finding(place, FaultCode.SHARE_OR_NUMBER, say("fault.share-or-number"))
        return
    number = len(caregivers_meant(scenario, edit.of))
    if edit.count is not None and 0 < number < edit.count:
        message = say("fault.too-few-meant", count=number, wanted=edit.count)
        yield finding(f"{place}.count", FaultCode.TOO_FEW_MEANT, message)


def _of_new(edit: AddOrganisation, place: str, scenario: Scenario) -> Iterator[Fault]:
    taken = [
        ("organisation.id", edit.organisation.id, {one.id for one in scenario.organisations}),
        *_with_places("contracts", edit.contracts, {one.id for one in scenario.contracts}),
        *_with_places("caregivers", edit.caregivers, {one.id for one in scenario.caregivers}),
    ]
    for step, name, ids in taken:
        if name in ids:
            message = say("fault.duplicate-id.in-use", name=name)
            yield finding(f"{place}.{step}", FaultCode.DUPLICATE_ID, message)
        ids.add(name)
    employers: dict[str, list[str | None]] = {
        "contracts": [one.organisation for one in edit.contracts],
        "caregivers": [one.organisation for one in edit.caregivers],
    }
    for what, names in employers.items():
        for number, employer in enumerate(names):
            if employer != edit.organisation.id:
                message = say("fault.unknown-organisation.new", name=edit.organisation.id)
                where = f"{place}.{what}[{number}].organisation"
                yield finding(where, FaultCode.UNKNOWN_ORGANISATION, message)


def _with_places(
    what: str, records: Iterable[Any], ids: set[str]
) -> list[tuple[str, str, set[str]]]:
    return [(f"{what}[{number}].id", one.id, ids) for number, one in enumerate(records)]


def _of_hire(edit: Hire, place: str, scenario: Scenario) -> Iterator[Fault]:
    dates = scenario.horizon.dates()
    for number, shift in enumerate(edit.shifts):
        where = f"{place}.shifts[{number}]"
        if shift.start >= shift.end:
            message = say(
                "fault.shift-reversed", start=format_clock(shift.start), end=format_clock(shift.end)
            )
            yield finding(where, FaultCode.SHIFT_REVERSED, message)
        if shift.date not in dates:
            message = say(
                "fault.date-outside-horizon", day=shift.date, first=dates[0], last=dates[-1]
            )
            yield finding(f"{where}.date", FaultCode.DATE_OUTSIDE_HORIZON, message)


def _of_opening(edit: OpeningHours, place: str, _: Scenario) -> Iterator[Fault]:
    if edit.opens >= edit.closes:
        yield _reversed(f"{place}.closes", edit.opens, edit.closes)


def _of_closing(edit: ClosedHours, place: str, _: Scenario) -> Iterator[Fault]:
    if edit.start >= edit.end:
        yield _reversed(f"{place}.end", edit.start, edit.end)


def _of_extra(edit: ExtraVisits, place: str, _: Scenario) -> Iterator[Fault]:
    if edit.window.earliest > edit.window.latest:
        yield _reversed(f"{place}.window", edit.window.earliest, edit.window.latest)
    if edit.minutes == 0:
        message = say("fault.empty-duration")
        yield finding(f"{place}.minutes", FaultCode.EMPTY_DURATION, message)


def _reversed(place: str, earliest: int, latest: int) -> Fault:
    message = say(
        "fault.window-reversed", earliest=format_clock(earliest), latest=format_clock(latest)
    )
    return finding(place, FaultCode.WINDOW_REVERSED, message)


def _of_rule(edit: RuleOff, place: str, _: Scenario) -> Iterator[Fault]:
    of_contracts = {RelaxedRule.CONTRACT_AREA, RelaxedRule.CONTRACT_CAP}
    if edit.contract is not None and edit.rule not in of_contracts:
        message = say("fault.contract-of-no-rule", rule=edit.rule.value)
        yield finding(f"{place}.contract", FaultCode.CONTRACT_OF_NO_RULE, message)


def _of_mode(edit: OtherMode, place: str, scenario: Scenario) -> Iterator[Fault]:
    if all(one.mode is not edit.was for one in scenario.caregivers):
        message = say("fault.nobody-meant.mode", mode=edit.was.value)
        yield finding(f"{place}.was", FaultCode.NOBODY_MEANT, message)


_OWN: Mapping[type, Callable[[Any, str, Scenario], Iterator[Fault]]] = {
    CaregiversAway: _of_away,
    AddOrganisation: _of_new,
    Hire: _of_hire,
    OpeningHours: _of_opening,
    ClosedHours: _of_closing,
    ExtraVisits: _of_extra,
    RuleOff: _of_rule,
    OtherMode: _of_mode,
}


def _of_those_meant(edit: Edit, place: str, scenario: Scenario) -> Iterator[Fault]:
    """Yield a fault where an edit is about nobody."""
    of: object = getattr(edit, "of", None)
    if isinstance(of, Caregivers) and not caregivers_meant(scenario, of):
        key = "fault.nobody-meant.caregivers"
        if of.origin is not None and all(one.origin is None for one in scenario.caregivers):
            key = "fault.nobody-meant.origin"
        yield finding(f"{place}.of", FaultCode.NOBODY_MEANT, say(key))
    if isinstance(of, Clients) and not clients_meant(scenario, of):
        message = say("fault.nobody-meant.clients")
        yield finding(f"{place}.of", FaultCode.NOBODY_MEANT, message)
    if isinstance(edit, DropOrganisation):
        of = Caregivers(organisation=edit.organisation)
        contracts = any(one.organisation == edit.organisation for one in scenario.contracts)
        if not contracts and not caregivers_meant(scenario, of):
            message = say("fault.nobody-meant.caregivers")
            yield finding(place, FaultCode.NOBODY_MEANT, message)
