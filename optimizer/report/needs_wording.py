"""Needs, visits and their reasons in a person's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from optimizer.domain.caregiver import Qualification
from optimizer.domain.visit import Requirement, Trace, Visit
from optimizer.i18n import Lang, has_sentence, listed, sentence
from optimizer.needs import Book, ClientNeeds, Gap
from optimizer.needs.catalogue import Alert
from optimizer.needs.required import CARE_PLAN
from optimizer.needs.rules import Contraindication, NeedRule
from optimizer.needs.scales import load_scales
from optimizer.report.wording import duration, window
from optimizer.units import MS_PER_MINUTE

_RAISED = {
    "coma": "needs.raised_coma",
    "mental": "needs.raised_mental",
    "risk_events": "needs.raised_risk_events",
}

_LOWEST_GRADE = 6
"Level 1 of a care worker is grade 5, level 5 is grade 1."
_GRADED = "C"
"The qualification whose levels are those grades."


def service(lang: Lang, book: Book, code: str) -> str:
    """Return the name of a service; the code itself where the catalogue lacks it."""
    found = book.catalogue.services.get(code)
    if found is None:
        return code
    return found.zh if lang == "zh" else found.en


def services(lang: Lang, book: Book, codes: Iterable[str]) -> str:
    """Return the names of some services, such as those of a visit."""
    return listed(lang, [service(lang, book, code) for code in codes])


def qualification(lang: Lang, need: Requirement) -> str:
    """Return who may do something, such as "a nurse"."""
    key, grade = f"qualification.{need.code}", f"grade.{_LOWEST_GRADE - need.level}"
    name = need.code
    if need.code == _GRADED and has_sentence(grade):
        return sentence(lang, key, grade=sentence(lang, grade))
    if need.code != _GRADED and has_sentence(key):
        name = sentence(lang, key)
    if need.level == 1:
        return name
    return sentence(lang, "qualification.other", code=name, level=need.level)


def held(lang: Lang, one: Qualification) -> str:
    """Return what somebody is who holds a qualification, such as "nurse"."""
    key, grade = f"qualification.held.{one.code}", f"grade.{_LOWEST_GRADE - one.level}"
    if one.code == _GRADED and has_sentence(grade):
        return sentence(lang, key, grade=sentence(lang, grade))
    if one.code != _GRADED and one.level == 1 and has_sentence(key):
        return sentence(lang, key)
    return sentence(lang, "qualification.other", code=one.code, level=one.level)


def visit(lang: Lang, book: Book, one: Visit) -> str:
    """Return what a visit is: its services, by whom, and when it begins."""
    who = [qualification(lang, need) for carer in one.carers for need in carer.qualifications]
    return sentence(
        lang,
        "needs.visit",
        services=services(lang, book, one.services),
        who=listed(lang, who),
        window=window(one),
        duration=duration(lang, sum(carer.minutes for carer in one.carers[:1])),
    )


def reasons(lang: Lang, book: Book, traces: tuple[Trace, ...]) -> Iterator[str]:
    """Yield why a visit exists: rule, day of the record, and the rule's id, one per trace."""
    rules: dict[str, NeedRule | Contraindication] = {rule.id: rule for rule in book.rules.rules}
    for trace in traces:
        day = "" if trace.recorded_on is None else trace.recorded_on.isoformat()
        if trace.rule == CARE_PLAN:
            yield sentence(lang, "needs.because_plan", day=day)
            continue
        rule = rules.get(trace.rule)
        words = trace.rule if rule is None else (rule.zh if lang == "zh" else rule.en)
        if not day:
            key = "needs.because_undated"
        elif all(field.startswith("assessments") for field in trace.fields):
            key = "needs.because_assessment"
        else:
            key = "needs.because_record"
        reason = sentence(lang, key, rule=words, day=day, id=trace.rule)
        yield sentence(lang, "needs.unsigned", reason=reason) if trace.unsigned else reason


def signed(lang: Lang, book: Book, day: date) -> str:
    """Return how many rules somebody has signed."""
    rules = book.rules
    entries = [one.id for one in rules.rules] + [one.id for one in rules.contraindications]
    count = sum(rules.approval_of(entry, day) is not None for entry in entries)
    return sentence(lang, "needs.signed", version=rules.version, signed=count, rules=len(entries))


def refusal(lang: Lang, book: Book, code: str, rule_id: str) -> str:
    """Return why a service that was asked for must not be given."""
    rule = next(rule for rule in book.rules.contraindications if rule.id == rule_id)
    words = rule.zh if lang == "zh" else rule.en
    return sentence(
        lang, "needs.refused", service=service(lang, book, code), rule=words, id=rule_id
    )


def cautions(lang: Lang, book: Book, codes: tuple[str, ...]) -> str:
    """Return what whoever goes there has to mind, as one line."""
    found = [book.rules.notes.get(code) for code in codes]
    words = [
        code if note is None else (note.zh if lang == "zh" else note.en)
        for code, note in zip(codes, found, strict=True)
    ]
    return sentence(lang, "needs.notes", notes=listed(lang, words))


def alert(lang: Lang, one: Alert) -> str:
    """Return an alert in words, with its severity."""
    words = one.zh if lang == "zh" else one.en
    return sentence(lang, "needs.alert", severity=severity(lang, one), alert=words)


def severity(lang: Lang, one: Alert) -> str:
    """Return how urgent an alert is."""
    return sentence(lang, f"severity.{one.severity}")


def to_do(lang: Lang, one: Alert) -> str:
    """Return what is to be done about an alert; empty if nobody has written it down."""
    if one.do is None:
        return ""
    return one.do.zh if lang == "zh" else one.do.en


def tier(lang: Lang, needs: ClientNeeds) -> str:
    """Return the need tier and what it follows from."""
    facts = needs.facts
    if facts.base_tier is None and not facts.raised:
        return sentence(lang, "needs.tier_unknown", tier=facts.tier)
    parts = [sentence(lang, "needs.tier", tier=facts.tier, name=_tier_name(lang, facts.tier))]
    if facts.scheme is not None:
        scale = load_scales()[facts.scheme]
        parts.append(scale.zh if lang == "zh" else scale.en)
    parts += [sentence(lang, _RAISED[raised]) for raised in facts.raised]
    if facts.out_of_date:
        parts.append(sentence(lang, "needs.out_of_date"))
    return sentence(lang, "needs.comma").join(parts)


def _tier_name(lang: Lang, number: int) -> str:
    return sentence(lang, f"tier.{number}")


def figures(lang: Lang, needed: int, entitled: int) -> str:
    """Return needed, paid for and cut, given in minutes within four weeks."""
    return sentence(
        lang,
        "needs.figures",
        needed=_hours(lang, needed),
        entitled=_hours(lang, entitled),
        cut=_hours(lang, needed - entitled),
    )


def gap(lang: Lang, figure: Gap) -> tuple[str, ...]:
    """Return the three figures of a roster, the gap in money apart from the gap in people."""
    return (
        sentence(
            lang,
            "needs.gap",
            needed=_hours(lang, figure.needed),
            entitled=_hours(lang, figure.entitled),
            served=_hours(lang, figure.served),
        ),
        sentence(lang, "needs.gap_money", minutes=_hours(lang, figure.in_money)),
        sentence(lang, "needs.gap_people", minutes=_hours(lang, figure.in_people)),
    )


def _hours(lang: Lang, minutes: int) -> str:
    return duration(lang, minutes * MS_PER_MINUTE)
