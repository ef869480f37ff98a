"""Whom the arms of a study hire, kind by kind, and whether they could serve what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.domain.visit import Requirement
from optimizer.i18n import Lang, listed, sentence
from optimizer.report.needs_wording import held, qualification
from optimizer.report.study_wording import arm_label
from optimizer.shortfall import HiredInArm, Newcomers, Outcome
from optimizer.units import format_clock

UNKNOWN = "-"
"What tables name where a visit asks for nothing."


def hired_sentences(outcome: Outcome, hired: HiredInArm, *, lang: Lang) -> Iterator[str]:
    """Yield who is hired in an arm, and that none of them could make what is left out there.

    Parameters
    ----------
    outcome
        What the study came to.
    hired
        Whom the arm hires.
    lang
        Language of the sentences.
    """
    label = arm_label(lang, outcome.study, hired.arm)
    groups = sentence(lang, "list.semicolon").join(_group(lang, one) for one in hired.groups)
    yield sentence(lang, "study.hired", arm=label, who=groups)
    missing = _missing(outcome, hired.arm)
    if missing and not hired.serves.intersection(missing):
        asked = [_asked(lang, one) for one in missing]
        yield sentence(lang, "study.hired.in_vain", asked=listed(lang, asked))


def _group(lang: Lang, group: Newcomers) -> str:
    words = [held(lang, one) for one in group.grade] or [sentence(lang, "study.hired.unskilled")]
    if group.organisation is not None:
        words.append(sentence(lang, "who.organisation", organisation=group.organisation))
    words += [f"{format_clock(one.start)}–{format_clock(one.end)}" for one in group.shifts]
    return sentence(lang, "study.hired.group", count=group.count, which=listed(lang, words))


def _missing(outcome: Outcome, arm: str) -> tuple[str, ...]:
    """Return what the visits ask for that are left out in an arm; withheld figures count."""
    found: dict[str, None] = {}
    for one in outcome.arms:
        if one.arm == arm:
            for share in one.tables.by_qualification:
                if share.visits is None or share.visits > 0:
                    found.update(dict.fromkeys(share.names))
    return tuple(found)


def _asked(lang: Lang, name: str) -> str:
    if name == UNKNOWN:
        return sentence(lang, "study.hired.nothing_asked")
    code, _, level = name.partition("/")
    return qualification(lang, Requirement(code=code, level=int(level or 1)))
