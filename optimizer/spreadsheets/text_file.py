"""Files of comma-separated values: their encoding, their separator, their cells."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

from optimizer.formats.names import COLUMNS as NAME_COLUMNS
from optimizer.spreadsheets.sheets import Sheet, SheetRow

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = (",", ";", "\t", "|")
_LINES_LOOKED_AT = 20
NAMES_BEGIN = ",".join(NAME_COLUMNS[:3])


def decode_table(raw: bytes) -> str:
    """Return a text file as text.

    A byte-order mark decides; without one, UTF-8 if all of it is that, UTF-16 if every other
    byte of its beginning is zero, and else GB18030, which holds GBK and GB2312.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace").removeprefix("\ufeff")
    beginning = raw[:400]
    if beginning.count(0) * 3 > len(beginning):
        little = beginning[1::2].count(0) >= beginning[::2].count(0)
        return raw.decode("utf-16-le" if little else "utf-16-be", errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def separator_of(text: str) -> str:
    """Return the separator of the cells: the one that cuts most lines into equally many."""
    lines = [line for line in text.splitlines()[:_LINES_LOOKED_AT] if line.strip()]

    def worth(separator: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator)]
        widest = max(counts, default=1)
        return (counts.count(widest) if widest > 1 else 0), widest

    return max(_SEPARATORS, key=worth)


def is_names_file(raw: bytes) -> bool:
    """Return whether a file is one of the names behind pseudonyms, which is no table to import."""
    return decode_table(raw[:400]).startswith(NAMES_BEGIN)


def sheet_of_text(raw: bytes, path: Path) -> Sheet:
    """Return the sheet in a file of separated values; every cell is text."""
    text = decode_table(raw)
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        separator, text, skipped = first.strip()[-1], rest, 1
    else:
        separator, skipped = separator_of(text), 0
    # Zeros, as of a file of another kind, would end the reader with an error.
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator)
    rows = []
    number = skipped
    for cells in reader:
        number += 1
        values = tuple(cell.strip() or None for cell in cells)
        if any(value is not None for value in values):
            rows.append(SheetRow(number, values))
    return Sheet(path.stem, tuple(rows))
