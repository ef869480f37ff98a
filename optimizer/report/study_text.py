"""What a study came to, as a person reads it: three sentences, a number, a table, the causes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.domain.study import BASE
from optimizer.domain.uncertainty import Drawn
from optimizer.i18n import Lang, Sentence, listed, sentence, translated
from optimizer.report.hired_text import UNKNOWN, hired_sentences
from optimizer.report.shock_list import assumption_words
from optimizer.report.study_wording import arm_label, category, words_in
from optimizer.report.wording import MINUS, reason, signed, town
from optimizer.shortfall import ArmOutcome, Ended, Figure, HiredInArm, Outcome

MOST_CAUSES = 3
"Causes told of each arm."

_COLUMNS = ("arm", "caregivers", "visits", "unserved", "range", "critical", "clients", "hours",
            "more", "proven")  # fmt: skip


def study_text(
    outcome: Outcome,
    repairs: Sequence[str] = (),
    hired: Sequence[HiredInArm] = (),
    *,
    lang: Lang,
) -> Iterator[RenderableType]:
    """Yield the parts of an answer.

    Parameters
    ----------
    outcome
        What the study came to.
    repairs
        What edits left dangling, as sentences that can be said in either language.
    hired
        Whom arms hire.
    lang
        Language of all words.
    """
    asked = words_in(lang, outcome.study.question)
    if asked is not None:
        yield Text(sentence(lang, "study.question", question=asked))
    for line in sentences(outcome, lang=lang):
        yield Text(line)
    yield arms_table(outcome, lang=lang)
    yield from _causes(outcome, lang)
    for one in hired:
        yield Text(" ".join(hired_sentences(outcome, one, lang=lang)))
    yield from _mended(outcome, repairs, lang)
    yield from _notes(outcome, lang)


def sentences(outcome: Outcome, *, lang: Lang) -> Iterator[str]:
    """Yield three sentences (as it is, as imagined, whom it hits or what helps) and a number."""
    few = sentence(lang, "study.below_one")
    for line in _sentences(outcome, lang):
        # Chinese sets figures apart by blanks, and these are words.
        yield line.replace(f" {few}", few) if lang == "zh" else line


def _sentences(outcome: Outcome, lang: Lang) -> Iterator[str]:
    base = outcome.arms[0]
    last = [one for one in outcome.arms if one.year == outcome.arms[-1].year]
    yield _as_it_is(base, lang)
    imagined = [one for one in last if one.arm != BASE]
    later = next((one for one in last if one.arm == BASE and one.year is not None), None)
    if later is not None and all(_mean(one) <= _mean(later) for one in imagined):
        yield from _as_it_goes_on(outcome, later, imagined, lang)
        return
    if not imagined:
        return
    worst = max(imagined, key=_mean)
    yield _as_imagined(outcome, worst, lang)
    remedies = [one for one in imagined if _follows(outcome, one.arm, worst.arm)]
    yield _what_helps(outcome, worst, remedies, lang)
    yield _number(outcome, worst, lang)


def _as_it_goes_on(
    outcome: Outcome, later: ArmOutcome, imagined: Sequence[ArmOutcome], lang: Lang
) -> Iterator[str]:
    """Yield what the last year brings if nothing changes but the years, and what helps."""
    yield sentence(
        lang,
        "study.goes_on",
        year=later.year,
        visits=whole(lang, later.visits),
        unserved=whole(lang, later.unserved.mean),
        critical=whole(lang, later.critical.mean),
        clients=whole(lang, later.clients.mean),
        low=_of_days(later.unserved.p10),
        high=_of_days(later.unserved.p90),
    )
    yield _what_helps(outcome, later, imagined, lang)
    yield _number(outcome, later, lang)


def _what_helps(
    outcome: Outcome, worst: ArmOutcome, remedies: Sequence[ArmOutcome], lang: Lang
) -> str:
    """Return which remedy helps most; where none saves a visit, whom it hits."""
    best = min(remedies, key=_mean, default=worst)
    if _mean(worst) - _mean(best) < 1:
        return _whom(worst, lang)
    return sentence(
        lang,
        "study.remedy",
        arm=arm_label(lang, outcome.study, best.arm),
        unserved=whole(lang, best.unserved.mean),
        critical=whole(lang, best.critical.mean),
    )


def whole(lang: Lang, mean: float) -> str:
    """Return a mean of visits or people as a whole number; a person can count no halves."""
    if 0 < mean < 0.5:
        return sentence(lang, "study.below_one")
    # A mean that is corrected for luck may come out below nothing.
    return f"{max(0, math.floor(mean + 0.5)):,}"


def changed(mean: float, decimals: int = 0) -> str:
    """Return a change with its sign; a change that rounds to nothing has none."""
    rounded = math.floor(mean * 10**decimals + 0.5) / 10**decimals
    return signed(rounded, decimals) if rounded else f"{0:.{decimals}f}"


def _mean(arm: ArmOutcome) -> float:
    return arm.unserved.mean


def _follows(outcome: Outcome, name: str, other: str) -> bool:
    """Return whether an arm imagines something on top of another one."""
    before = {arm.name: arm.follows for arm in outcome.study.arms}
    while (found := before.get(name)) is not None:
        if found == other:
            return True
        name = found
    return False


def _as_it_is(base: ArmOutcome, lang: Lang) -> str:
    return sentence(
        lang,
        "study.as_it_is" if base.year is None else "study.as_it_is.year",
        year=base.year,
        caregivers=whole(lang, base.caregivers),
        visits=whole(lang, base.visits),
        unserved=whole(lang, base.unserved.mean),
        low=_of_days(base.unserved.p10),
        high=_of_days(base.unserved.p90),
    )


def _as_imagined(outcome: Outcome, arm: ArmOutcome, lang: Lang) -> str:
    return sentence(
        lang,
        "study.as_imagined",
        arm=_in_year(lang, arm_label(lang, outcome.study, arm.arm), arm.year),
        visits=whole(lang, arm.visits),
        unserved=whole(lang, arm.unserved.mean),
        critical=whole(lang, arm.critical.mean),
        clients=whole(lang, arm.clients.mean),
        low=_of_days(arm.unserved.p10),
        high=_of_days(arm.unserved.p90),
    )


def _in_year(lang: Lang, label: str, year: int | None) -> str:
    if year is None:
        return label
    return sentence(lang, "study.page.tornado_year", arm=label, year=year)


def _whom(arm: ArmOutcome, lang: Lang) -> str:
    if arm.worst_town is None and arm.worst_category is None:
        return sentence(lang, "study.nobody_hit")
    undelivered = f"{100 * arm.gaps.undelivered:.0f}%"
    hit = []
    if arm.worst_town is not None and arm.worst_town != UNKNOWN:
        hit.append(town(lang, arm.worst_town))
    if arm.worst_category is not None and arm.worst_category != UNKNOWN:
        hit.append(category(lang, arm.worst_category))
    if not hit:
        return sentence(lang, "study.undelivered", undelivered=undelivered)
    return sentence(lang, "study.whom", whom=listed(lang, hit), undelivered=undelivered)


def _number(outcome: Outcome, arm: ArmOutcome, lang: Lang) -> str:
    figure = arm.against_base or arm.unserved
    rise = figure.mean >= 0
    limits = (figure.low, figure.high) if rise else (_negated(figure.high), _negated(figure.low))
    key = f"study.number.{'more' if rise else 'fewer'}"
    if arm.against_base is None:
        key = "study.number.year"
    number = f"{math.floor(abs(figure.mean) + 0.5):,}"
    low, high = limits
    if low is None or high is None:
        fields = {"year": arm.year, "number": number, "days": outcome.replications}
        return sentence(lang, f"{key}_alone", **fields)
    return sentence(
        lang,
        key,
        year=arm.year,
        number=number,
        low=f"{math.floor(low if arm.against_base else max(0, low)):,}".replace("-", MINUS),
        high=f"{math.ceil(high):,}".replace("-", MINUS),
        days=outcome.replications,
    )


def uncertainty_sentences(outcome: Outcome, *, lang: Lang) -> Iterator[str]:
    """Yield what was done about assumptions that are not known: nothing, drawn, varied."""
    drawn = outcome.study.drawn
    key = "study.fixed" if drawn is Drawn.NO else f"study.drawn.{drawn.value}"
    yield sentence(lang, key)
    tornado = outcome.tornado
    if tornado is None:
        return
    arm = _in_year(lang, arm_label(lang, outcome.study, tornado.arm), tornado.year)
    told = [
        sentence(
            lang,
            "study.varied.one",
            what=assumption_words(lang, one.of),
            low=f"{one.low:g}".replace("-", MINUS),
            high=f"{one.high:g}".replace("-", MINUS),
            at_low=changed(one.at_low.mean),
            at_high=changed(one.at_high.mean),
        )
        for one in tornado.swings[:MOST_CAUSES]
        if one.width >= 1
    ]
    fields = {"arm": arm, "days": tornado.replications}
    if not told:
        yield sentence(lang, "study.varied.none", **fields)
        return
    which = sentence(lang, "list.semicolon").join(told)
    unserved = whole(lang, tornado.unserved)
    yield sentence(lang, "study.varied", unserved=unserved, which=which, **fields)


def _negated(value: float | None) -> float | None:
    return None if value is None else -value


def _of_days(value: float) -> str:
    """Return a percentile of days as whole visits."""
    return f"{math.floor(value + 0.5):,}"


def arms_table(outcome: Outcome, *, lang: Lang) -> Table:
    """Return one row per arm, and per year of a study of years."""
    table = Table(title=sentence(lang, "study.title", study=outcome.study.id))
    for name in _COLUMNS:
        justify: Literal["left", "right"] = "left" if name == "arm" else "right"
        table.add_column(sentence(lang, f"study.column.{name}"), justify=justify, overflow="fold")
    for arm in outcome.arms:
        label = arm_label(lang, outcome.study, arm.arm)
        if arm.year is not None:
            label = sentence(lang, "list.in_brackets", what=label, more=arm.year)
        table.add_row(
            label,
            whole(lang, arm.caregivers),
            whole(lang, arm.visits),
            whole(lang, arm.unserved.mean),
            f"{_of_days(arm.unserved.p10)}–{_of_days(arm.unserved.p90)}",
            whole(lang, arm.critical.mean),
            whole(lang, arm.clients.mean),
            f"{arm.unmet_minutes.mean / 60:.1f}",
            _against(arm.against_base),
            "–" if arm.proven is None else f"≥ {math.floor(arm.proven + 1e-9)}",
        )
    return table


def _against(figure: Figure | None) -> str:
    return "–" if figure is None else signed(math.floor(figure.mean + 0.5), 0)


def _causes(outcome: Outcome, lang: Lang) -> Iterator[RenderableType]:
    """Yield, per arm, which parts of the visits not made are left out for which reason."""
    for arm in outcome.arms:
        every = sum(one.visits for one in arm.causes)
        told = [
            sentence(
                lang,
                "study.cause",
                share=f"{100 * one.visits / every:.0f}%",
                cause=reason(lang, one.cause).rstrip(".。"),
            )
            for one in sorted(arm.causes, key=lambda one: -one.visits)[:MOST_CAUSES]
            if one.visits > 0
        ]
        if told:
            label = arm_label(lang, outcome.study, arm.arm)
            causes = sentence(lang, "list.semicolon").join(told)
            yield Text(sentence(lang, "study.causes", arm=label, causes=causes))


def _mended(outcome: Outcome, repairs: Sequence[str], lang: Lang) -> Iterator[RenderableType]:
    """Yield what was mended in each arm; those that follow another one have the same and more."""
    first = {arm.name for arm in outcome.study.arms if arm.follows is None}
    told: dict[str, list[str]] = defaultdict(list)
    for repair in repairs:
        if isinstance(repair, Sentence) and repair.fields["arm"] in first:
            words = translated(lang, repair.fields["repair"]).rstrip(".。")
            told[str(repair.fields["arm"])].append(words)
    for name, every in told.items():
        label = arm_label(lang, outcome.study, name)
        mended = sentence(lang, "list.semicolon").join(every)
        yield Text(sentence(lang, "study.mended", arm=label, repairs=mended))


def _notes(outcome: Outcome, lang: Lang) -> Iterator[RenderableType]:
    """Yield what has to be known beside the figures: how sure, what is assumed."""
    money = outcome.arms[0].gaps.money
    if money:
        yield Text(sentence(lang, "study.money", hours=f"{money / 60:,.0f}"))
    if outcome.ended is Ended.STOPPED:
        yield Text(sentence(lang, "study.stopped", days=outcome.replications))
    yield Text(sentence(lang, "study.found"))
    for line in uncertainty_sentences(outcome, lang=lang):
        yield Text(line)
    yield Text(sentence(lang, "study.assumed", sick=f"{outcome.study.assumptions.sick:g}%"))
