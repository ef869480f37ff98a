"""A study as one page that loads nothing from elsewhere: what was asked, what follows, how sure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from optimizer.domain.assumption import Assumptions
from optimizer.domain.shock import SHOCKS
from optimizer.domain.study import BASE
from optimizer.domain.uncertainty import Drawn
from optimizer.i18n import Lang, sentence
from optimizer.report import study_charts as charts
from optimizer.report.shock_list import (
    Parameter,
    assumption_words,
    basis_words,
    kind_of,
    parameters_of,
    range_words,
)
from optimizer.report.study_text import changed, sentences, uncertainty_sentences, whole
from optimizer.report.study_wording import arm_label, arm_words, category, words_in
from optimizer.report.template_engine import template_engine
from optimizer.report.wording import MINUS, signed, town
from optimizer.shortfall import ArmOutcome, Ended, Figure, Outcome
from optimizer.shortfall.shocks import arms_of
from optimizer.shortfall.uncertainty import all_assumed, ranges_of, values_of

MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class Remedy:
    """An arm that follows another, and what it makes good.

    Attributes
    ----------
    label, what
        What a person calls it, and what it consists of.
    before, after
        Visits not made a day without and with it.
    better
        The change in whole visits, with its sign.
    """

    label: str
    what: str
    before: str
    after: str
    better: str


@dataclass(frozen=True, slots=True)
class Row:
    """One arm, and year, of the table of figures; texts as they are shown."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One line of the table of who goes without; texts as they are shown."""

    name: str
    visits: str
    hours: str
    share: str


@dataclass(frozen=True, slots=True)
class Changed:
    """An assumption as this study has it."""

    parameter: Parameter
    value: str
    known: str = ""
    "Its range, where this study draws or varies it."


@dataclass(frozen=True, slots=True)
class Swing:
    """One line of the table of varied assumptions; texts as they are shown."""

    name: str
    cells: tuple[str, ...]
    basis: str


COLUMNS = ("arm", "caregivers", "visits", "unserved", "range", "critical", "clients", "hours",
           "more", "proven")  # fmt: skip
"Of the table of arms, as on a terminal."


def study_page(outcome: Outcome, *, lang: Lang) -> str:
    """Return the page of a study as HTML.

    Parameters
    ----------
    outcome
        What the study came to; small cells are withheld already.
    lang
        Language of all words.
    """

    def t(key: str, **fields: object) -> str:
        return sentence(lang, key, **fields)

    last = _last_year(outcome)
    hit = max(last, key=lambda arm: arm.unserved.mean)
    told = list(sentences(outcome, lang=lang))
    varied = outcome.tornado
    return (
        template_engine()
        .get_template("study.html.j2")
        .render(
            lang=lang,
            t=t,
            title=words_in(lang, outcome.study.question) or outcome.study.id,
            study=outcome.study,
            sentences=told[:3],
            number=told[3] if len(told) > 3 else "",
            arms=charts.arm_bars(lang, outcome, last),
            has_proof=any(arm.proven for arm in last),
            changes=charts.change_bars(lang, outcome, last),
            years=charts.years_chart(lang, outcome),
            hit=arm_label(lang, outcome.study, hit.arm),
            causes=charts.cause_bars(lang, hit),
            towns=charts.share_bars(lang, hit, of_towns=True),
            categories=charts.share_bars(lang, hit, of_towns=False),
            heat=charts.heat_map(lang, hit),
            remedies=tuple(_remedies(lang, outcome, last)),
            columns=[sentence(lang, f"study.column.{name}") for name in COLUMNS],
            rows=tuple(_row(lang, outcome, arm) for arm in outcome.arms),
            groups=tuple(_groups(lang, hit)),
            facts=tuple(_facts(lang, outcome, hit)),
            assumptions=tuple(_assumptions(lang, outcome)),
            known_note=_known_note(lang, outcome),
            tornado=None if varied is None else charts.tornado_bars(lang, varied),
            tornado_note=_tornado_note(lang, outcome),
            swings=tuple(_swings(lang, outcome)),
            uncertainty=list(uncertainty_sentences(outcome, lang=lang))[:1],
            outcome=outcome,
            track=charts.TRACK,
            width=charts.WIDTH,
            cell=charts.CELL,
        )
    )


def _last_year(outcome: Outcome) -> tuple[ArmOutcome, ...]:
    """Return the arms of the last year, or all of a study of days."""
    year = outcome.arms[-1].year
    return tuple(arm for arm in outcome.arms if arm.year == year)


def _remedies(lang: Lang, outcome: Outcome, arms: Sequence[ArmOutcome]) -> Iterator[Remedy]:
    """Yield what is tried on top of what hurts, what makes most good first."""
    by_name = {arm.arm: arm for arm in arms}
    found: list[tuple[float, Remedy]] = []
    for arm in arms_of(outcome.study):
        # Over years the scenario as it goes on is what is to be mended.
        is_of_base = arm.follows == BASE and outcome.arms[0].year is None
        if arm.follows is None or is_of_base or arm.name not in by_name:
            continue
        before, after = by_name[arm.follows], by_name[arm.name]
        change = after.unserved.mean - before.unserved.mean
        remedy = Remedy(
            label=arm_label(lang, outcome.study, arm.name),
            what=arm_words(lang, arm),
            before=whole(lang, before.unserved.mean),
            after=whole(lang, after.unserved.mean),
            better=signed(math.floor(change + 0.5), 0),
        )
        found.append((change, remedy))
    yield from (remedy for _, remedy in sorted(found, key=lambda one: one[0]))


def _row(lang: Lang, outcome: Outcome, arm: ArmOutcome) -> Row:
    label = arm_label(lang, outcome.study, arm.arm)
    if arm.year is not None:
        label = sentence(lang, "list.in_brackets", what=label, more=arm.year)
    against = arm.against_base
    return Row(
        label,
        (
            whole(lang, arm.caregivers),
            whole(lang, arm.visits),
            whole(lang, arm.unserved.mean),
            f"{whole(lang, arm.unserved.p10)}–{whole(lang, arm.unserved.p90)}",
            whole(lang, arm.critical.mean),
            whole(lang, arm.clients.mean),
            f"{arm.unmet_minutes.mean / MINUTES_PER_HOUR:,.0f}",
            "–" if against is None else signed(math.floor(against.mean + 0.5), 0),
            "–" if arm.proven is None else f"≥ {math.floor(arm.proven + 1e-9)}",
        ),
    )


def _groups(lang: Lang, arm: ArmOutcome) -> Iterator[Group]:
    """Yield towns and categories with what they go without; small groups are withheld."""
    for table, name in ((arm.tables.by_town, town), (arm.tables.by_category, category)):
        for one in table:
            if one.visits is None or one.minutes is None:
                withheld = sentence(lang, "study.page.withheld")
                yield Group(name(lang, one.names[0]), withheld, withheld, withheld)
                continue
            share = f"{100 * one.minutes / one.asked:.0f}%" if one.asked else "–"
            hours = f"{one.minutes / MINUTES_PER_HOUR:,.1f}"
            yield Group(name(lang, one.names[0]), whole(lang, one.visits), hours, share)


def _facts(lang: Lang, outcome: Outcome, arm: ArmOutcome) -> Iterator[str]:
    """Yield what has to be known beside the picture, in sentences."""
    yield sentence(
        lang,
        "study.page.undelivered",
        share=f"{100 * arm.gaps.undelivered:.0f}%",
        hours=f"{arm.gaps.people / MINUTES_PER_HOUR:,.0f}",
    )
    if arm.gaps.money:
        yield sentence(lang, "study.money", hours=f"{arm.gaps.money / MINUTES_PER_HOUR:,.0f}")
    twice = arm.hit_twice
    if twice.several_visits:
        yield sentence(lang, "study.page.several", clients=whole(lang, twice.several_visits))
    if twice.money_and_people:
        yield sentence(lang, "study.page.both", clients=whole(lang, twice.money_and_people))
    if twice.in_half_of_futures:
        yield sentence(lang, "study.page.often", clients=twice.in_half_of_futures)
    # Of years the futures looked at again are the worst of all years, not of this one.
    for worst in arm.worst[:1] if arm.year is None else ():
        key = "study.page.worst" if worst.proven else "study.page.worst_found"
        yield sentence(
            lang,
            key,
            unserved=worst.unserved,
            critical=worst.critical,
            proven=worst.proven or 0,
        )
    if outcome.ended is Ended.STOPPED:
        yield sentence(lang, "study.stopped", days=outcome.replications)


def _assumptions(lang: Lang, outcome: Outcome) -> Iterator[Changed]:
    """Yield every assumption with the value it has in this study, and ranges of parameters."""
    study = outcome.study
    ranges = {one.of: one for one in ranges_of(study)} if _is_uncertain(outcome) else {}
    known = {of: range_words(lang, one.low, one.high) for of, one in ranges.items()}
    for one in parameters_of(lang, Assumptions, "assumption"):
        value = getattr(study.assumptions, one.name)
        yield Changed(one, f"{value:g}", known.get(one.name, ""))
    for record in SHOCKS:
        kind = kind_of(record)
        for one in parameters_of(lang, record, f"shock.{kind}"):
            of = f"{kind}.{one.name}"
            if of in known:
                words = replace(one, meaning=assumption_words(lang, of))
                yield Changed(words, f"{values_of(study, of)[0]:g}", known[of])


def _is_uncertain(outcome: Outcome) -> bool:
    return outcome.study.drawn is not Drawn.NO or outcome.tornado is not None


def _known_note(lang: Lang, outcome: Outcome) -> str:
    """Return what the study did with ranges; nothing where it did nothing."""
    if not _is_uncertain(outcome):
        return ""
    drawn, varied = outcome.study.drawn is not Drawn.NO, outcome.tornado is not None
    done = "both" if drawn and varied else "drawn" if drawn else "varied"
    return sentence(lang, "study.page.known_note", done=sentence(lang, f"study.done.{done}"))


def _tornado_note(lang: Lang, outcome: Outcome) -> str:
    tornado = outcome.tornado
    if tornado is None:
        return ""
    arm = arm_label(lang, outcome.study, tornado.arm)
    if tornado.year is not None:
        arm = sentence(lang, "study.page.tornado_year", arm=arm, year=tornado.year)
    unserved = whole(lang, tornado.unserved)
    days = tornado.replications
    return sentence(lang, "study.page.tornado_note", arm=arm, unserved=unserved, days=days)


def _swings(lang: Lang, outcome: Outcome) -> Iterator[Swing]:
    """Yield each varied assumption with its value, its ends and what changes there."""
    known = all_assumed()
    for one in () if outcome.tornado is None else outcome.tornado.swings:
        basis = known[one.of].basis
        ends = []
        for end, figure in ((one.low, one.at_low), (one.high, one.at_high)):
            ends += [_number(end), _range_of(figure)]
        yield Swing(
            assumption_words(lang, one.of),
            (_number(one.value), *ends),
            basis_words(lang, basis),
        )


def _number(value: float) -> str:
    return f"{value:g}".replace("-", MINUS)


def _range_of(figure: Figure) -> str:
    """Return a change in visits with what its mean lies between."""
    mean = changed(figure.mean, 1)
    if figure.low is None or figure.high is None or figure.low == figure.high:
        return mean
    return f"{mean} ({changed(figure.low, 1)} … {changed(figure.high, 1)})"
