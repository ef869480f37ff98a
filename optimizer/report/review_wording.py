"""Rules in the words in which somebody signs them: what they ask of a client, and what for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from optimizer.i18n import Lang, listed, sentence
from optimizer.needs import Book
from optimizer.needs.alerts import alert_of
from optimizer.needs.catalogue import DayWindow, Service, Wording, requirement
from optimizer.needs.conditions import ANY, LISTED, Test
from optimizer.needs.examples import Example
from optimizer.needs.required import Demand
from optimizer.needs.rules import (
    EVERY_SERVICE,
    Add,
    Change,
    Contraindication,
    Follow,
    Impossible,
    NeedRule,
)
from optimizer.needs.scales import load_scales
from optimizer.report import needs_wording
from optimizer.report.wording import duration
from optimizer.units import MS_PER_MINUTE, format_clock

Worded = Wording | Service | NeedRule | Contraindication | Impossible
"What has words in both languages."
_PLAIN = frozenset({"tier", "age", "weight_kg", "under_age", "floor_without_lift"})
"Kinds of test that ask for a number."
_SOURCES = {"judgement": "judgement", "public text": "public_text"}
"Sources that are no standard."
_ALL_DAY = 12 * 60 * MS_PER_MINUTE
"A gap of so much is no limit within a day."


def said(lang: Lang, wording: Worded) -> str:
    """Return words in a language."""
    return wording.zh if lang == "zh" else wording.en


def sources(lang: Lang, rule: NeedRule | Contraindication | Impossible) -> Iterator[str]:
    """Yield where a rule is from, if it says so."""
    words = [
        sentence(lang, f"review.source.{_SOURCES[one]}") if one in _SOURCES else one
        for one in rule.sources
    ]
    if words:
        yield sentence(lang, "review.sources", sources=sentence(lang, "list.comma").join(words))


def code_words(lang: Lang, book: Book, code: str) -> str:
    """Return the words of a code; the code itself where it has none."""
    if code == ANY:
        return sentence(lang, "review.any")
    known = book.rules.words.get(code)
    return code if known is None else said(lang, known)


def asked(lang: Lang, book: Book, test: Test) -> str:
    """Return what a test asks of a client."""
    if test.any_of:
        return sentence(lang, "review.any_of", tests=_joined(lang, book, test.any_of, "review.or"))
    if test.all_of:
        return _joined(lang, book, test.all_of, "review.and")
    if len(test.none_of) == 1 and test.none_of[0].item is not None:
        return _item(lang, book, test.none_of[0], is_not=True)
    if test.none_of:
        key = "review.none_of" if len(test.none_of) > 1 else "review.not"
        return sentence(lang, key, tests=_joined(lang, book, test.none_of, "list.comma"))
    value = getattr(test, test.asks)
    if test.asks in _PLAIN:
        return sentence(lang, f"review.test.{test.asks}", number=value)
    if test.item is not None:
        return _item(lang, book, test)
    if test.risk_events is not None:
        what = (
            sentence(lang, "review.any") if test.kind is None else code_words(lang, book, test.kind)
        )
        words = sentence(lang, "review.test.risk_events", number=value, what=what)
    else:
        words = _coded(lang, book, test.asks, value)
    details = sentence(lang, "list.comma").join(_details(lang, book, test))
    return sentence(lang, "review.detailed", words=words, details=details) if details else words


def _coded(lang: Lang, book: Book, kind: str, code: str) -> str:
    """Return a test that asks for a code, or for anything of its kind."""
    if kind not in LISTED:
        key = f"review.some.{kind}" if code == ANY else f"review.test.{kind}"
        return sentence(lang, key, what=code_words(lang, book, code))
    name = sentence(lang, f"review.list.{kind}")
    if code == ANY:
        return sentence(lang, "review.some.listed", list=name)
    return sentence(lang, "review.test.listed", list=name, what=code_words(lang, book, code))


def all_asked(lang: Lang, book: Book, tests: Sequence[Test]) -> str:
    """Return what several tests ask together."""
    if len(tests) == 1 and tests[0].any_of:
        return _joined(lang, book, tests[0].any_of, "review.or")
    return _joined(lang, book, tests, "review.and")


def _joined(lang: Lang, book: Book, tests: Iterable[Test], word: str) -> str:
    return sentence(lang, word).join(asked(lang, book, test) for test in tests)


def _item(lang: Lang, book: Book, test: Test, *, is_not: bool = False) -> str:
    item = test.item or ""
    most = load_scales()["gbt42195"].items.get(item, 0)
    low = 0 if test.at_least is None else test.at_least
    high = most if test.at_most is None else test.at_most
    if is_not and (low, high) == (0, most):
        return sentence(lang, "review.unscored", what=code_words(lang, book, item))
    return sentence(
        lang,
        "review.test.item_not" if is_not else "review.test.item",
        what=code_words(lang, book, item),
        points=str(low) if low == high else f"{low}–{high}",
        most=most,
    )


def _details(lang: Lang, book: Book, test: Test) -> Iterator[str]:
    """Yield what narrows a test down."""
    numbers = ("min_stage", "within_days", "min_size_cm")
    for name in numbers:
        if getattr(test, name) is not None:
            yield sentence(lang, f"review.detail.{name}", number=getattr(test, name))
    for name in ("undated", "unstaged", "strained"):
        if getattr(test, name):
            yield sentence(lang, f"review.detail.{name}")
    for name in ("meal", "present"):
        if getattr(test, name) is not None:
            yield sentence(lang, f"review.{name}.{getattr(test, name)}")
    if test.site is not None:
        yield code_words(lang, book, test.site)
    if test.kind is not None and test.risk_events is None:
        yield code_words(lang, book, test.kind)


def effects(lang: Lang, book: Book, rule: NeedRule) -> Iterator[str]:
    """Yield everything that a rule leads to, a line each."""
    for add in rule.adds:
        yield _add(lang, book, add)
    for change in rule.changes:
        yield _change(lang, book, change)
    for follow in rule.follows:
        yield _follow(lang, book, follow)
    if rule.blocks:
        yield sentence(lang, "review.blocks")
    if rule.session is not None:
        yield sentence(
            lang,
            "review.session",
            starts=format_clock(rule.session.starts),
            lasts=duration(lang, rule.session.lasts),
            way=duration(lang, rule.session.way),
        )
    if rule.flags:
        marks = [code_words(lang, book, flag.value) for flag in rule.flags]
        yield sentence(lang, "review.flags", marks=listed(lang, marks))
    if rule.first_in_pairs is not None:
        who = needs_wording.qualification(lang, requirement(rule.first_in_pairs))
        yield sentence(lang, "review.first_in_pairs", who=who)
    if rule.few_carers > 1:
        yield sentence(lang, "review.few_carers", times=rule.few_carers)
    if rule.most_carers is not None:
        yield sentence(lang, "review.most_carers", count=rule.most_carers)
    if rule.out_of_scope:
        yield sentence(lang, "review.out_of_scope")
    if rule.notes:
        yield needs_wording.cautions(lang, book, rule.notes)
    if rule.alert is not None:
        alert = alert_of(book, rule.alert)
        words, do = needs_wording.alert(lang, alert), needs_wording.to_do(lang, alert)
        yield sentence(lang, "list.semicolon").join(filter(None, (words, do)))


def _add(lang: Lang, book: Book, add: Add) -> str:
    words = sentence(
        lang,
        "review.add",
        service=needs_wording.service(lang, book, add.service),
        days=add.days,
        times=add.per_day,
    )
    more = [sentence(lang, f"review.window.{name}") for name in add.windows[: add.per_day]]
    if add.ordered:
        more.append(sentence(lang, "review.ordered"))
    if add.kinds:
        kinds = [sentence(lang, f"review.kind.{kind}") for kind in add.kinds]
        more.append(sentence(lang, "review.kinds", kinds=listed(lang, kinds)))
    if add.session:
        more.append(sentence(lang, "review.as_long"))
    if add.after_session:
        more.append(sentence(lang, "review.after_session"))
    if add.medicines:
        more.append(sentence(lang, "review.medicines"))
    if add.when:
        more.append(sentence(lang, "review.if", tests=all_asked(lang, book, add.when)))
    return sentence(lang, "list.semicolon").join((words, *more))


def _change(lang: Lang, book: Book, change: Change) -> str:
    every = EVERY_SERVICE in change.services
    services = (
        [sentence(lang, "review.every")]
        if every
        else [needs_wording.service(lang, book, code) for code in change.services]
    )
    what = []
    if change.needs is not None:
        who = needs_wording.qualification(lang, requirement(change.needs))
        what.append(sentence(lang, "review.by", who=who))
    if change.minutes_percent != 100:
        what.append(sentence(lang, "review.longer", percent=change.minutes_percent))
    if change.window_minutes is not None:
        widest = duration(lang, change.window_minutes)
        moments = [sentence(lang, f"review.window.{name}") for name in change.windows]
        when = {"moments": sentence(lang, "list.comma").join(moments)} if moments else {}
        key = "review.narrow_at" if moments else "review.narrow"
        what.append(sentence(lang, key, duration=widest, **when))
    return sentence(lang, "list.labelled", what=listed(lang, services), more=listed(lang, what))


def _follow(lang: Lang, book: Book, follow: Follow) -> str:
    key = "review.follow"
    if follow.max_gap >= _ALL_DAY:
        key = "review.follow_later"
    elif follow.min_gap == 0:
        key = "review.follow_soon"
    words = sentence(
        lang,
        key,
        first=needs_wording.service(lang, book, follow.first),
        second=needs_wording.service(lang, book, follow.second),
        least=duration(lang, follow.min_gap),
        most=duration(lang, follow.max_gap),
    )
    if follow.together is None:
        return words
    more = sentence(lang, f"review.together.{follow.together}")
    return sentence(lang, "list.semicolon").join((words, more))


def example(lang: Lang, book: Book, one: Example) -> str:
    """Return an example: what is known of a client, and what follows."""
    seen = _told_once(one.seen)
    known = all_asked(lang, book, seen) if seen else sentence(lang, "review.nothing")
    required = one.required
    follows = [_demand(lang, book, demand) for demand in required.demands]
    follows += [needs_wording.alert(lang, alert_of(book, code)) for code, _ in required.alerts]
    if not follows:
        follows = [sentence(lang, "review.no_service")]
    return sentence(
        lang,
        "review.example",
        known=known,
        follows=sentence(lang, "list.semicolon").join(follows),
    )


def _told_once(tests: Sequence[Test]) -> list[Test]:
    """Return tests without those that a later one asks more closely."""
    found: dict[object, Test] = {}
    for test in tests:
        found[test.condition or test.item or test] = test
    return list(found.values())


def _demand(lang: Lang, book: Book, demand: Demand) -> str:
    who = [needs_wording.qualification(lang, need) for need in demand.requirements]
    return sentence(
        lang,
        "review.demand",
        service=needs_wording.service(lang, book, demand.service),
        days=len(demand.days),
        times=len(demand.windows),
        duration=duration(lang, demand.minutes * MS_PER_MINUTE),
        who=listed(lang, who),
    )


def service_lines(lang: Lang, book: Book, code: str, service: Service) -> Iterator[str]:
    """Yield what the catalogue says of a service."""
    who = needs_wording.qualification(lang, requirement(service.needs))
    yield sentence(lang, "review.service", duration=duration(lang, service.minutes), who=who)
    yield sentence(lang, "list.semicolon").join(_window(one) for one in service.windows)
    if service.two_carers:
        tests = _joined(lang, book, service.two_carers, "review.or")
        yield sentence(lang, "review.two_carers", tests=tests)
    for row in book.catalogue.two_carers:
        if code in row.services:
            words = sentence(lang, "review.two_carers", tests=all_asked(lang, book, row.when))
            yield sentence(lang, "review.row", words=words, row=row.id)
    if service.after_meal:
        yield sentence(lang, "review.after_meal", duration=duration(lang, service.after_meal))
    if service.nurse_only:
        yield sentence(lang, "review.nurse_only")
    if service.excludes:
        others = [needs_wording.service(lang, book, code) for code in service.excludes]
        yield sentence(lang, "review.excludes", services=listed(lang, others))


def _window(window: DayWindow) -> str:
    return f"{format_clock(window.earliest)}–{format_clock(window.latest)}"
