"""Words in cells: yes and no, choices, lists, codes, qualifications and services."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from optimizer.needs import default_book
from optimizer.spreadsheets.codes import CellFault
from optimizer.spreadsheets.sheets import Value
from optimizer.spreadsheets.unreadable import UnreadableCell, shown
from optimizer.spreadsheets.words import document, fold, meanings, plain, word_set

_SEPARATORS = re.compile(r"[;；、,，|\n\r]+|\s/\s")
_STRONG = re.compile(r"[;；、|\n\r]+")
_CODE = re.compile(r"[\w.:+-]{1,40}")
_GRADED = re.compile(r"([A-Z]{1,4})(?:/([1-9]))?")

Grade = tuple[str, int]
"Code of a qualification and its level."


def text_of(value: Value) -> str:
    """Return a cell as one line of text; a whole number without its decimals."""
    if isinstance(value, float) and not isinstance(value, bool) and value == int(value):
        return str(int(value))
    return " ".join(plain(str(value)).split())


def read_list(value: Value) -> tuple[str, ...]:
    """Return the entries of a list in a cell, each once, in order."""
    parts = (part.strip() for part in _SEPARATORS.split(plain(text_with_lines(value))))
    return tuple(dict.fromkeys(part for part in parts if part))


def text_with_lines(value: Value) -> str:
    """Return a cell as text with its line breaks."""
    return value if isinstance(value, str) else text_of(value)


def read_yes_no(value: Value) -> bool:
    """Return whether a cell says yes.

    Raises
    ------
    UnreadableCell
        If it says neither.
    """
    if isinstance(value, bool):
        return value
    word = fold(text_of(value))
    if word in word_set("yes"):
        return True
    if word in word_set("no"):
        return False
    raise UnreadableCell(CellFault.BAD_WORD, "sheets.no_yes_no", value=shown(value))


def read_active(value: Value) -> bool:
    """Return whether a row is in force: yes, or a word such as "启用"; "停用" is not.

    Raises
    ------
    UnreadableCell
        If it cannot be told.
    """
    word = fold(text_of(value))
    if word in word_set("active"):
        return True
    return False if word in word_set("inactive") else read_yes_no(value)


def read_presence(value: Value) -> bool:
    """Return whether somebody is there: "休" and "unavailable" mean that nobody is.

    Raises
    ------
    UnreadableCell
        If it cannot be told.
    """
    word = fold(text_of(value))
    if word in word_set("present"):
        return True
    return False if word in word_set("away") else read_yes_no(value)


def read_choice(section: str, value: Value) -> str:
    """Return the code that a word means.

    Parameters
    ----------
    section
        A section of ``words.toml``.
    value
        The cell.

    Raises
    ------
    UnreadableCell
        If the word means none.
    """
    found = meanings(section).get(fold(text_of(value)))
    if found is None:
        known = tuple(document("words")[section])
        raise UnreadableCell(CellFault.BAD_WORD, "sheets.no_word", value=shown(value), known=known)
    return found


def read_choices(section: str, value: Value) -> tuple[str, ...]:
    """Return the codes that the words of a list mean, as `read_choice`."""
    return tuple(dict.fromkeys(read_choice(section, part) for part in read_list(value)))


def read_code(value: Value) -> str:
    """Return a code: a word whose blanks and unusual signs have become ``_``.

    Raises
    ------
    UnreadableCell
        If nothing is left, or too much.
    """
    code = re.sub(r"[^\w.:+-]+", "_", unicodedata.normalize("NFKC", text_of(value))).strip("_")
    if not _CODE.fullmatch(code):
        raise UnreadableCell(CellFault.BAD_CODE, "sheets.no_code", value=shown(value))
    return code


def read_codes(value: Value) -> tuple[str, ...]:
    """Return the codes of a list, as `read_code`."""
    return tuple(read_code(part) for part in read_list(value))


def read_living(value: Value) -> str:
    """Return a living situation: a known one by its code, or a code made of the word."""
    return meanings("living").get(fold(text_of(value))) or read_code(value)


def read_qualifications(value: Value) -> tuple[Grade, ...]:
    """Return the qualifications in a cell: by name, as ``C/2``, or codes made of other words."""
    found: dict[str, int] = {}
    for part in read_list(value):
        code, level = _grade(part)
        found[code] = max(level, found.get(code, 1))
    return tuple(found.items())


def read_services(value: Value) -> tuple[str, ...]:
    """Return the services in a cell: of the catalogue by name or code, else codes made of words."""
    # The name of a service may have a comma in it: "washing, oral care and dressing".
    parts = [part.strip() for part in _STRONG.split(plain(text_with_lines(value)))]
    found: list[str] = []
    for part in filter(None, parts):
        named = service_named(part)
        if named is not None:
            found.append(named)
        else:
            found += (service_named(each) or read_code(each) for each in read_list(part))
    return tuple(dict.fromkeys(found))


def service_named(text: str) -> str | None:
    """Return the service of the catalogue that has this name or code, if any."""
    return _services().get(fold(text))


def read_number(value: Value) -> float:
    """Return a number; in a text the comma may be that of the decimals.

    Raises
    ------
    UnreadableCell
        If it is none.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = plain(str(value)).replace(" ", "").replace("\u00a0", "")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    text = text.rstrip("°度元%岁次人级").lstrip("¥￥")
    if re.fullmatch(r"[+-]?\d+(?:[.,]\d+)?", text) and isinstance(value, str):
        return float(text.replace(",", "."))
    raise UnreadableCell(CellFault.BAD_NUMBER, "sheets.no_number", value=shown(value))


def read_count(value: Value) -> int:
    """Return a whole number, 0 or more.

    Raises
    ------
    UnreadableCell
        If it is none.
    """
    number = read_number(value)
    if number < 0 or number != int(number):
        raise UnreadableCell(CellFault.BAD_NUMBER, "sheets.no_count", value=shown(value))
    return int(number)


def read_fen(value: Value) -> int:
    """Return an amount of yuan in fen.

    Raises
    ------
    UnreadableCell
        If it is none, or less than nothing.
    """
    number = read_number(value)
    if number < 0:
        raise UnreadableCell(CellFault.BAD_NUMBER, "sheets.no_count", value=shown(value))
    return round(number * 100)


def read_carers(value: Value) -> int:
    """Return how many carers a cell asks for: a number, or yes for two.

    Raises
    ------
    UnreadableCell
        If it is neither one nor two.
    """
    if isinstance(value, str) and fold(value) in {*word_set("yes"), *word_set("no")} - {"1", "0"}:
        return 2 if read_yes_no(value) else 1
    if isinstance(value, bool):
        return 2 if value else 1
    number = read_count(value)
    if number > 2:
        raise UnreadableCell(CellFault.BAD_NUMBER, "sheets.many_carers", value=number)
    return max(1, number)


def joined(parts: Iterable[str]) -> str:
    """Return a list as a cell of our own workbook holds it."""
    return "; ".join(parts)


def _grade(part: str) -> Grade:
    code = meanings("qualifications").get(fold(part))
    found = _GRADED.fullmatch(part)
    if found is not None and (code is None or part in document("words")["qualifications"]):
        return found[1], int(found[2] or 1)
    if code is None:
        name, slash, level = part.rpartition("/")
        if slash and level.isdecimal() and 1 <= int(level) <= 9:
            return read_code(name), int(level)
        return read_code(part), 1
    name, _, level = code.partition("/")
    return name, int(level or 1)


@cache
def _services() -> dict[str, str]:
    services = default_book().catalogue.services
    found = {fold(code): code for code in services}
    for code, service in services.items():
        for name in (service.en, service.zh):
            found.setdefault(fold(name), code)
    for code, names in document("words")["services"].items():
        for name in names:
            found.setdefault(fold(name), code)
    return found
