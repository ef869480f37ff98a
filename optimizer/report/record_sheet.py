"""What a health record says beside assessments and diagnoses, for whoever goes there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from optimizer.domain.health import (
    Condition,
    DeviceDetail,
    Dwelling,
    FamilyCarer,
    HealthRecord,
    Medicine,
    Wound,
)
from optimizer.i18n import Lang, listed, sentence
from optimizer.needs import Book
from optimizer.report.review_wording import code_words
from optimizer.report.wording import duration
from optimizer.units import format_clock


def record_sheet(lang: Lang, book: Book, record: HealthRecord) -> Iterator[str]:
    """Yield a line for each part of a record that is filled in.

    Parameters
    ----------
    lang
        Language of all words.
    book
        Its rules give codes their words.
    record
        The record; assessments, diagnoses and plain lists of codes are told by what follows
        from them.
    """
    parts: dict[str, Iterable[str]] = {
        "insulin": (_insulin(lang, one) for one in record.conditions if one.insulin),
        "session": (_session(lang, book, one) for one in record.conditions if one.starts),
        "medicines": (_medicine(lang, book, one) for one in record.medicines),
        "devices": (_device(lang, book, one) for one in record.device_details),
        "wounds": (_wound(lang, book, one) for one in record.wounds),
        "night": (code_words(lang, book, code) for code in record.night_needs),
        "family": (_carer(lang, book, one) for one in record.family),
        "guardian": () if record.guardian is None else (code_words(lang, book, record.guardian),),
        "dwelling": () if record.dwelling is None else (_dwelling(lang, book, record.dwelling),),
    }
    for name, found in parts.items():
        told = [one for one in found if one]
        if told:
            yield sentence(
                lang,
                "list.labelled",
                what=sentence(lang, f"record.{name}"),
                more=sentence(lang, "list.semicolon").join(told),
            )


def _line(lang: Lang, *parts: str) -> str:
    return sentence(lang, "list.comma").join(part for part in parts if part)


def _days(lang: Lang, weekdays: Iterable[int]) -> str:
    return listed(lang, [sentence(lang, f"record.weekday.{day}") for day in weekdays])


def _insulin(lang: Lang, condition: Condition) -> str:
    return listed(
        lang,
        [
            sentence(
                lang,
                "record.dose",
                kind=sentence(lang, f"record.insulin.{dose.kind}"),
                moment=sentence(lang, f"record.moment.{dose.moment}"),
            )
            for dose in condition.insulin
        ],
    )


def _session(lang: Lang, book: Book, condition: Condition) -> str:
    starts = "" if condition.starts is None else format_clock(condition.starts)
    lasts = "" if condition.lasts is None else duration(lang, condition.lasts)
    what = code_words(lang, book, condition.code)
    return _line(lang, what, _days(lang, condition.weekdays), starts, lasts)


def _medicine(lang: Lang, book: Book, medicine: Medicine) -> str:
    times = listed(lang, [format_clock(time) for time in medicine.times])
    return _line(
        lang,
        f"{code_words(lang, book, medicine.code)} {times}",
        "" if medicine.meal is None else sentence(lang, f"review.meal.{medicine.meal}"),
        sentence(lang, "record.exact") if medicine.exact else "",
        "" if medicine.helped else sentence(lang, "record.alone"),
    )


def _device(lang: Lang, book: Book, detail: DeviceDetail) -> str:
    last, due, limit = detail.last_changed, detail.next_change, detail.limit_kg
    return _line(
        lang,
        code_words(lang, book, detail.device),
        "" if detail.kind is None else code_words(lang, book, detail.kind),
        "" if last is None else sentence(lang, "record.last_changed", day=last),
        "" if due is None else sentence(lang, "record.next_change", day=due),
        "" if limit is None else sentence(lang, "record.limit", kg=limit),
    )


def _wound(lang: Lang, book: Book, wound: Wound) -> str:
    return _line(
        lang,
        code_words(lang, book, wound.kind),
        "" if wound.site is None else code_words(lang, book, wound.site),
        "" if wound.stage is None else sentence(lang, "record.stage", stage=wound.stage),
        "" if wound.size_cm is None else sentence(lang, "record.size", cm=wound.size_cm),
        "" if wound.since is None else sentence(lang, "record.since", day=wound.since),
    )


def _carer(lang: Lang, book: Book, carer: FamilyCarer) -> str:
    skills = listed(lang, [code_words(lang, book, skill) for skill in carer.skills])
    return _line(
        lang,
        code_words(lang, book, carer.who),
        listed(lang, [sentence(lang, f"record.present.{part}") for part in carer.present]),
        _days(lang, carer.weekdays),
        sentence(lang, "record.skills", skills=skills) if skills else "",
        sentence(lang, "record.strained") if carer.strained else "",
    )


def _dwelling(lang: Lang, book: Book, dwelling: Dwelling) -> str:
    floor, bathroom = dwelling.floor, dwelling.bathroom
    words = "" if bathroom is None else code_words(lang, book, bathroom)
    return _line(
        lang,
        "" if floor is None else sentence(lang, "record.floor", floor=floor),
        sentence(lang, "record.lift" if dwelling.lift else "record.no_lift"),
        sentence(lang, "record.bathroom", bathroom=words) if words else "",
    )
