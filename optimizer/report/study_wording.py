"""Edits, shocks and arms of a study in a person's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from optimizer.domain.edit import (
    AddOrganisation,
    Caregivers,
    CaregiversAway,
    Clients,
    ClientsAway,
    ClosedHours,
    ClosedTown,
    Demand,
    DropOrganisation,
    Edit,
    ExtraVisits,
    Hire,
    MoreCaregivers,
    MoreEntitlement,
    OpeningHours,
    OtherMode,
    Price,
    RuleOff,
    ServicesOff,
    ShiftHours,
    TravelTime,
    Wage,
)
from optimizer.domain.shock import FluWave, Shock
from optimizer.domain.study import BASE, Arm, Study, Words
from optimizer.i18n import Lang, has_sentence, listed, sentence
from optimizer.needs import Book, default_book
from optimizer.report.needs_wording import qualification, services
from optimizer.report.wording import MINUS, duration, town
from optimizer.shortfall.shocks import arms_of, edits_of
from optimizer.units import MS_PER_MINUTE, format_clock


def words_in(lang: Lang, words: Words | None) -> str | None:
    """Return what somebody wrote, in a language or else in the other one; None if nothing."""
    if words is None:
        return None
    first, second = (words.zh, words.en) if lang == "zh" else (words.en, words.zh)
    return first or second


def arm_label(lang: Lang, study: Study, name: str) -> str:
    """Return what a person calls an arm: its own label, or what is imagined in it."""
    arm = next(one for one in arms_of(study) if one.name == name)
    if name == BASE:
        return sentence(lang, "arm.base")
    label = words_in(lang, arm.label)
    if label is not None:
        return label
    own = arm_words(lang, arm)
    if arm.follows is None or arm.follows == BASE:
        return own
    before = arm_label(lang, study, arm.follows)
    return sentence(lang, "arm.follows", before=before, edits=own)


def arm_words(lang: Lang, arm: Arm, book: Book | None = None) -> str:
    """Return what an arm itself imagines, all edits and shocks in one line."""
    said = [edit_words(lang, edit, book) for edit in arm.edits]
    said += [shock_words(lang, shock, book) for shock in arm.shocks]
    return sentence(lang, "list.semicolon").join(said) or sentence(lang, "arm.base")


def shock_words(lang: Lang, shock: Shock, book: Book | None = None) -> str:
    """Return a shock's name and the edits that it stands for."""
    name = sentence(lang, f"shock.{shock.kind}")
    said = [edit_words(lang, edit, book) for edit in edits_of(shock)]
    if isinstance(shock, FluWave):
        said.append(sentence(lang, "edit.chance.sick", points=_plain(shock.sick)))
        said.append(sentence(lang, "edit.chance.hospital", points=_plain(shock.hospital)))
    return sentence(lang, "arm.shock", shock=name, edits=listed(lang, said))


def edit_words(lang: Lang, edit: Edit, book: Book | None = None) -> str:
    """Return what is different, in one clause.

    Parameters
    ----------
    lang
        Language of the words.
    edit
        The edit.
    book
        The catalogue that names services; that of the package if not given.
    """
    return _WORDS[type(edit)](lang, edit, book or default_book())


def caregivers_words(lang: Lang, of: Caregivers) -> str:
    """Return which caregivers are meant."""
    which: list[str] = []
    if of.origin is not None:
        which.append(sentence(lang, f"who.origin.{of.origin.value}"))
    if of.town is not None:
        which.append(sentence(lang, "who.lives", town=town(lang, of.town)))
    if of.organisation is not None:
        which.append(sentence(lang, "who.organisation", organisation=of.organisation))
    if of.qualification is not None:
        which.append(_skill(lang, of.qualification, of.level))
    if of.mode is not None:
        which.append(sentence(lang, f"mode.{of.mode.value}"))
    if of.volunteer is not None:
        which.append(sentence(lang, "who.volunteer" if of.volunteer else "who.paid"))
    if of.ids:
        which.append(sentence(lang, "who.some_ids", count=len(of.ids)))
    return _who(lang, "who.caregivers", which)


def clients_words(lang: Lang, of: Clients) -> str:
    """Return which clients are meant."""
    which: list[str] = []
    if of.town is not None:
        which.append(sentence(lang, "who.lives", town=town(lang, of.town)))
    if of.category is not None:
        which.append(category(lang, of.category))
    if of.other_category is not None:
        name = category(lang, of.other_category)
        which.append(sentence(lang, "who.other_category", category=name))
    if of.need_tier is not None:
        which.append(sentence(lang, "who.need_tier", tier=of.need_tier))
    if of.organisation is not None:
        which.append(sentence(lang, "who.chosen", organisation=of.organisation))
    if of.flag is not None:
        which.append(sentence(lang, f"who.flag.{of.flag.value}"))
    if of.ids:
        which.append(sentence(lang, "who.some_ids", count=len(of.ids)))
    return _who(lang, "who.clients", which)


def category(lang: Lang, code: str) -> str:
    """Return the name of a category of clients; the code itself where none is known."""
    key = f"category.{code}"
    return sentence(lang, key) if has_sentence(key) else code


def percent(value: float) -> str:
    """Return a share, such as "39%"."""
    return f"{_plain(value)}%"


def _who(lang: Lang, key: str, which: Sequence[str]) -> str:
    who = sentence(lang, key)
    return sentence(lang, "who.some", who=who, which=listed(lang, which)) if which else who


def _skill(lang: Lang, code: str, level: int | None) -> str:
    key = f"skill.{code}"
    if level is not None and has_sentence(f"{key}.{level}"):
        return sentence(lang, f"{key}.{level}")
    name = sentence(lang, key) if has_sentence(key) else code
    return name if level is None else sentence(lang, "who.level", code=name, level=level)


def _plain(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _change(value: float) -> str:
    """Return a change with its sign, such as "+6%"."""
    return f"{'+' if value >= 0 else MINUS}{percent(abs(value))}"


def _drop(lang: Lang, edit: DropOrganisation, _: Book) -> str:
    key = "edit.drop_organisation" + (".joining" if edit.joining else "")
    return sentence(lang, key, organisation=edit.organisation, percent=percent(edit.joining))


def _add(lang: Lang, edit: AddOrganisation, _: Book) -> str:
    count = len(edit.caregivers)
    if not count:
        return sentence(lang, "edit.add_organisation.alone", organisation=edit.organisation.id)
    return sentence(lang, "edit.add_organisation", organisation=edit.organisation.id, count=count)


def _away(lang: Lang, edit: CaregiversAway, _: Book) -> str:
    who = caregivers_words(lang, edit.of)
    if edit.count is not None:
        return sentence(lang, "edit.caregivers_away.count", count=edit.count, who=who)
    key = "edit.caregivers_away" + (".least" if edit.least_trained_first else "")
    return sentence(lang, key, percent=percent(edit.percent or 0), who=who)


def _hire(lang: Lang, edit: Hire, _: Book) -> str:
    which = [] if edit.qualification is None else [qualification(lang, edit.qualification)]
    if edit.origin is not None:
        which.append(sentence(lang, f"who.origin.{edit.origin.value}"))
    if edit.town is not None:
        which.append(sentence(lang, "who.lives", town=town(lang, edit.town)))
    if edit.organisation is not None:
        which.append(sentence(lang, "who.organisation", organisation=edit.organisation))
    which += [f"{format_clock(shift.start)}–{format_clock(shift.end)}" for shift in edit.shifts]
    if not which:
        return sentence(lang, "edit.hire.any", count=edit.count)
    return sentence(lang, "edit.hire", count=edit.count, which=listed(lang, which))


def _more(lang: Lang, edit: MoreCaregivers, _: Book) -> str:
    who = caregivers_words(lang, edit.of)
    return sentence(lang, "edit.more_caregivers", percent=percent(edit.percent), who=who)


def _demand(lang: Lang, edit: Demand, _: Book) -> str:
    key = "edit.demand" if edit.percent >= 0 else "edit.demand.fewer"
    share = percent(abs(edit.percent))
    return sentence(lang, key, percent=share, who=clients_words(lang, edit.of))


def _wage(lang: Lang, edit: Wage, _: Book) -> str:
    who = caregivers_words(lang, edit.of)
    return sentence(lang, "edit.wage", change=_change(edit.percent), who=who)


def _entitlement(lang: Lang, edit: MoreEntitlement, _: Book) -> str:
    fields = {"change": _change(edit.percent), "who": clients_words(lang, edit.of)}
    if edit.payer is None:
        return sentence(lang, "edit.entitlement", **fields)
    return sentence(lang, "edit.entitlement.payer", payer=edit.payer, **fields)


def _price(lang: Lang, edit: Price, _: Book) -> str:
    return sentence(lang, "edit.price", change=_change(edit.percent))


def _shifts(lang: Lang, edit: ShiftHours, _: Book) -> str:
    who = caregivers_words(lang, edit.of)
    earlier, later = _plain(edit.earlier), _plain(edit.later)
    if not edit.earlier and edit.later > 0:
        return sentence(lang, "edit.shift_hours.later", who=who, later=later)
    return sentence(lang, "edit.shift_hours", who=who, earlier=earlier, later=later)


def _opening(lang: Lang, edit: OpeningHours, _: Book) -> str:
    times = {"opens": format_clock(edit.opens), "closes": format_clock(edit.closes)}
    return sentence(lang, "edit.opening_hours", who=caregivers_words(lang, edit.of), **times)


def _closing(lang: Lang, edit: ClosedHours, _: Book) -> str:
    times = {"start": format_clock(edit.start), "end": format_clock(edit.end)}
    return sentence(lang, "edit.closed_hours", who=caregivers_words(lang, edit.of), **times)


def _rule(lang: Lang, edit: RuleOff, _: Book) -> str:
    length = duration(lang, edit.minutes * MS_PER_MINUTE)
    rule = sentence(lang, f"explain.rule.{edit.rule.value}", duration=length)
    if edit.contract is None:
        return sentence(lang, "edit.rule_off", rule=rule)
    return sentence(lang, "edit.rule_off.contract", rule=rule, contract=edit.contract)


def _travel(lang: Lang, edit: TravelTime, _: Book) -> str:
    which = [] if edit.mode is None else [sentence(lang, f"mode.{edit.mode.value}")]
    if edit.town is not None:
        which.append(town(lang, edit.town))
    if not which:
        return sentence(lang, "edit.travel_time", change=_change(edit.percent))
    told = listed(lang, which)
    return sentence(lang, "edit.travel_time.some", change=_change(edit.percent), which=told)


def _mode(lang: Lang, edit: OtherMode, _: Book) -> str:
    was, becomes = (sentence(lang, f"mode.{one.value}") for one in (edit.was, edit.becomes))
    return sentence(lang, "edit.other_mode", was=was, becomes=becomes)


def _closed(lang: Lang, edit: ClosedTown, _: Book) -> str:
    return sentence(lang, "edit.closed_town", town=town(lang, edit.town))


def _off(lang: Lang, edit: ServicesOff, book: Book) -> str:
    return sentence(lang, "edit.services_off", services=services(lang, book, edit.services))


def _extra(lang: Lang, edit: ExtraVisits, book: Book) -> str:
    return sentence(
        lang,
        "edit.extra_visits",
        service=services(lang, book, (edit.service,)),
        percent=percent(edit.percent),
        who=clients_words(lang, edit.of),
    )


def _gone(lang: Lang, edit: ClientsAway, _: Book) -> str:
    who = clients_words(lang, edit.of)
    return sentence(lang, "edit.clients_away", percent=percent(edit.percent), who=who)


_WORDS: Mapping[type, Callable[[Lang, Any, Book], str]] = {
    DropOrganisation: _drop,
    AddOrganisation: _add,
    CaregiversAway: _away,
    Hire: _hire,
    MoreCaregivers: _more,
    Demand: _demand,
    Wage: _wage,
    MoreEntitlement: _entitlement,
    Price: _price,
    ShiftHours: _shifts,
    OpeningHours: _opening,
    ClosedHours: _closing,
    RuleOff: _rule,
    TravelTime: _travel,
    OtherMode: _mode,
    ClosedTown: _closed,
    ServicesOff: _off,
    ExtraVisits: _extra,
    ClientsAway: _gone,
}


def each_edit(lang: Lang, edits: Sequence[Edit]) -> Iterator[str]:
    """Yield the words of some edits."""
    for edit in edits:
        yield edit_words(lang, edit)
