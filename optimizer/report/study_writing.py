"""A study as a file: a page, a workbook or tables, as the ending of its name says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from optimizer.errors import UsageError
from optimizer.formats.files import write_bytes
from optimizer.i18n import Lang, say
from optimizer.report.archive import check_parquet
from optimizer.report.study_page import study_page
from optimizer.report.study_tables import study_archive, study_parquet, study_workbook
from optimizer.shortfall import Outcome

_Make = Callable[[Outcome, Lang], bytes]

_FORMS: Mapping[str, _Make] = MappingProxyType(
    {
        ".html": lambda outcome, lang: study_page(outcome, lang=lang).encode("utf-8"),
        ".xlsx": lambda outcome, lang: study_workbook(outcome, lang=lang),
        ".parquet.zip": lambda outcome, lang: study_parquet(outcome, lang=lang),
        ".zip": lambda outcome, lang: study_archive(outcome, lang=lang),
    }
)


def check_study_form(path: Path) -> None:
    """Make sure that a file's name asks for a form of a study.

    Raises
    ------
    UsageError
        If it ends in none of .html, .xlsx, .zip and .parquet.zip, or in the last and pyarrow is
        not installed.
    """
    ending = _ending(path)
    if ending == ".parquet.zip":
        check_parquet()
    if ending is None:
        raise UsageError(say("usage.simulate.report", path=path, known=tuple(_FORMS)))


def write_study(outcome: Outcome, path: Path, *, lang: Lang) -> None:
    """Write a study in the form that the file's name asks for.

    Parameters
    ----------
    outcome
        What the study came to.
    path
        The file, already checked by `check_study_form`.
    lang
        Language of all words.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    write_bytes(path, _FORMS[_ending(path) or ".zip"](outcome, lang))


def _ending(path: Path) -> str | None:
    """Return which of the known endings a file's name has: the longest one."""
    return next((one for one in _FORMS if path.name.lower().endswith(one)), None)
