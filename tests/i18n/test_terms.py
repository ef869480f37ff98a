"""Chinese texts keep to the glossary: its words, and its way with numbers."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
HAN = "[\u4e00-\u9fff]"
TABLE_HEAD = "| 中文 | not used |\n|---|---|\n"


def _rows() -> list[tuple[list[str], list[str]]]:
    """Return the words that are used, and those that are not, of each row of the glossary."""
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = page.split(TABLE_HEAD)[1].split("\n\n")[0].splitlines()
    cells = [[cell.strip().split("，") for cell in row.strip("| ").split("|")] for row in rows]
    return [(used, unused) for used, unused in cells]


def _chinese(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Yield all texts in a document that hold Han characters, with their places."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _chinese(inner, f"{place} {key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _chinese(inner, place)
    elif isinstance(value, str) and re.search(HAN, value):
        yield place, value


def texts() -> list[tuple[str, str]]:
    """Return every Chinese text of the project with its place."""
    found: list[tuple[str, str]] = []
    for path in sorted((ROOT / "optimizer" / "i18n").glob("*zh.json")):
        found += _chinese(json.loads(path.read_text(encoding="utf-8")), path.name)
    for path in sorted((ROOT / "optimizer" / "needs").glob("*.toml")):
        found += _chinese(tomllib.loads(path.read_text(encoding="utf-8")), path.name)
    page = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    found += [(f"README line {n}", line) for n, line in enumerate(page.splitlines(), 1)]
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").split(TABLE_HEAD)[0]
    found += [
        ("glossary", cells[2].strip())
        for line in glossary.splitlines()
        if len(cells := line.split("|")) == 5
    ]
    return found


def test_words_that_are_not_used_do_not_occur() -> None:
    """No Chinese text has a word of the right column of the glossary's last table."""
    rows = _rows()
    used = sorted({word for row, _ in rows for word in row}, key=len, reverse=True)
    breaches = []
    for place, text in texts():
        rest = text
        for word in used:
            rest = rest.replace(word, "|")
        breaches += [f"{place}: {word}: {text}" for _, row in rows for word in row if word in rest]
    assert breaches == []


def test_the_table_is_read() -> None:
    """The word for roster is in it, and texts of every kind are found."""
    assert (["护理员"], ["护工"]) in _rows()
    places = " ".join(place for place, _ in texts())
    for source in ("zh.json", "faults.zh.json", "rules.toml", "README line", "glossary"):
        assert source in places


def test_numbers_stand_apart_from_chinese() -> None:
    """Between a number or Latin word and a Han character stands a blank; none before %."""
    joined = re.compile(f"[0-9A-Za-z]{HAN}|{HAN}[0-9A-Za-z]|[0-9}}] +%")
    breaches = [
        f"{place}: {match.group()}: {text}"
        for place, text in texts()
        if (match := joined.search(re.sub(r"`[^`]*`|\(.*?\)|https?://\S+", "", text)))
    ]
    assert breaches == []


def test_lengths_of_time_have_one_form() -> None:
    """No text writes minutes as 分 or hours and minutes like a time of the day."""
    wrong = re.compile(r"\d+ ?分(?![钟值数项])|时:分")
    allowed = re.compile(r"0 分|3 分|\d+ 分、合计 91 分|91 分|28 分|\} 分")
    breaches = [
        f"{place}: {text}" for place, text in texts() if wrong.search(allowed.sub("", text))
    ]
    assert breaches == []
