"""All rules and services as a booklet that a head nurse reads and signs: text and page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from optimizer.i18n import Lang, sentence
from optimizer.needs import Book
from optimizer.needs.examples import examples_of
from optimizer.needs.rules import Contraindication, Impossible
from optimizer.needs.sign_off import Signable
from optimizer.report import review_wording as wording
from optimizer.report.needs_wording import service as service_name
from optimizer.report.needs_wording import severity, to_do
from optimizer.report.template_engine import template_engine


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule or service of the booklet.

    Attributes
    ----------
    code
        Its id.
    title
        Its sentence or name.
    lines
        What it says, and examples.
    signed
        By whom and when; empty if by nobody.
    to_sign
        Whether there is something to sign.
    """

    code: str
    title: str
    lines: tuple[str, ...]
    signed: str = ""
    to_sign: bool = True


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the booklet."""

    title: str
    note: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Booklet:
    """Everything there is to sign, in one language.

    Attributes
    ----------
    title
        Its name.
    lines
        Author, version, day of review and signatures of both files, and what signing means.
    chapters
        Rules, what must not be given, what a record cannot say, alerts, services.
    """

    title: str
    lines: tuple[str, ...]
    chapters: tuple[Chapter, ...]


def booklet(book: Book, day: date, *, lang: Lang) -> Booklet:
    """Return the booklet of a catalogue and rules.

    Parameters
    ----------
    book
        Catalogue and rules.
    day
        Signatures that hold on this day are shown.
    lang
        Language of all words.
    """
    makers = {
        "rules": _rules(book, day, lang),
        "bars": _bars(book, day, lang),
        "impossible": _impossible(book, lang),
        "alerts": _alerts(book, lang),
        "services": _services(book, day, lang),
    }
    return Booklet(
        title=sentence(lang, "review.title"),
        lines=tuple(_head(book, lang)),
        chapters=tuple(
            Chapter(
                sentence(lang, f"review.head.{name}"),
                sentence(lang, f"review.note.{name}"),
                tuple(entries),
            )
            for name, entries in makers.items()
        ),
    )


def review_text(one: Booklet, *, lang: Lang) -> str:
    """Return the booklet as text with places to sign."""
    lines = [one.title, "", *one.lines]
    for chapter in one.chapters:
        lines += ["", chapter.title, chapter.note]
        for entry in chapter.entries:
            lines += ["", f"{entry.code}  {entry.title}", *(f"    {line}" for line in entry.lines)]
            if entry.to_sign:
                lines.append("    " + (entry.signed or sentence(lang, "review.sign_here")))
    lines += ["", sentence(lang, "review.sign_all"), sentence(lang, "review.sign_here")]
    return "\n".join(lines)


def review_page(one: Booklet, *, lang: Lang) -> str:
    """Return the booklet as a page to be printed; it loads nothing from elsewhere."""
    return (
        template_engine()
        .get_template("review.html.j2")
        .render(
            booklet=one,
            lang=lang,
            sign_here=sentence(lang, "review.sign_here"),
            sign_all=sentence(lang, "review.sign_all"),
        )
    )


def _head(book: Book, lang: Lang) -> Iterator[str]:
    for name, file in (("catalogue", book.catalogue), ("rules", book.rules)):
        yield sentence(
            lang,
            "review.file",
            name=sentence(lang, f"review.file.{name}"),
            version=file.version,
            author=file.author or sentence(lang, "review.unknown"),
            review_on=file.review_on or sentence(lang, "review.unknown"),
        )
        for approval in file.approvals:
            yield "  " + sentence(
                lang, "review.approval", by=approval.by, on=approval.on, version=approval.version
            )
    yield sentence(lang, "review.meaning")


def _signed(file: Signable, code: str, day: date, lang: Lang) -> str:
    approval = file.approval_of(code, day)
    if approval is None:
        return ""
    return sentence(
        lang, "review.approval", by=approval.by, on=approval.on, version=approval.version
    )


def _rules(book: Book, day: date, lang: Lang) -> Iterator[Entry]:
    for rule in book.rules.rules:
        lines = [sentence(lang, "review.when", tests=wording.all_asked(lang, book, rule.when))]
        lines += wording.effects(lang, book, rule)
        lines += dict.fromkeys(
            wording.example(lang, book, example) for example in examples_of(rule, book)
        )
        lines += wording.sources(lang, rule)
        signed = _signed(book.rules, rule.id, day, lang)
        yield Entry(rule.id, wording.said(lang, rule), tuple(lines), signed)


def _bars(book: Book, day: date, lang: Lang) -> Iterator[Entry]:
    for rule in book.rules.contraindications:
        bars = [service_name(lang, book, code) for code in rule.bars]
        lines = (
            *_when(book, rule, lang),
            sentence(lang, "review.bars", services=sentence(lang, "list.comma").join(bars)),
            *wording.sources(lang, rule),
        )
        signed = _signed(book.rules, rule.id, day, lang)
        yield Entry(rule.id, wording.said(lang, rule), lines, signed)


def _impossible(book: Book, lang: Lang) -> Iterator[Entry]:
    for rule in book.rules.impossible:
        odd = (sentence(lang, "review.only_warn"),) if rule.only_warn else ()
        lines = (*_when(book, rule, lang), *odd, *wording.sources(lang, rule))
        yield Entry(rule.id, wording.said(lang, rule), lines, to_sign=False)


def _when(book: Book, rule: Contraindication | Impossible, lang: Lang) -> Iterable[str]:
    yield sentence(lang, "review.when", tests=wording.all_asked(lang, book, rule.when))


def _alerts(book: Book, lang: Lang) -> Iterator[Entry]:
    for code, alert in {**book.rules.alerts, **book.catalogue.alerts}.items():
        lines = tuple(filter(None, (severity(lang, alert), to_do(lang, alert))))
        yield Entry(code, wording.said(lang, alert), lines, to_sign=False)


def _services(book: Book, day: date, lang: Lang) -> Iterator[Entry]:
    for code, service in book.catalogue.services.items():
        lines = tuple(wording.service_lines(lang, book, code, service))
        signed = _signed(book.catalogue, code, day, lang)
        yield Entry(code, wording.said(lang, service), lines, signed)
