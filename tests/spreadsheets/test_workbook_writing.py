"""Our own workbook helps whoever fills it in: drop-downs, checks, explanations."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from optimizer.formats.names import NOBODY
from optimizer.i18n import Lang
from optimizer.spreadsheets import scenario_tables, template_tables, workbook_bytes
from tests.report.village import village
from tests.spreadsheets.workbooks import TODAY


def parts(raw: bytes) -> dict[str, str]:
    """Return the parts of a workbook as text."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {
            name: archive.read(name).decode("utf-8")
            for name in archive.namelist()
            if name.endswith(".xml")
        }


@pytest.mark.parametrize(("lang", "clients"), [("zh", "服务对象"), ("en", "Clients")])
def test_the_template_helps(lang: Lang, clients: str) -> None:
    """Clients and means of travel are chosen from lists, dates are checked, headings explained."""
    told = parts(workbook_bytes(template_tables(lang, TODAY), lang))
    rules = " ".join(
        rule
        for name, text in told.items()
        if name.startswith("xl/worksheets/sheet")
        for rule in re.findall(r"<dataValidation .*?</dataValidation>", text)
    )
    assert f"'{clients}'!$B$2:$B$" in rules
    assert ("步行" if lang == "zh" else "walk") in rules
    assert 'type="date"' in rules
    assert 'type="decimal"' in rules
    assert 'errorStyle="warning"' in rules
    comments = " ".join(text for name, text in told.items() if name.startswith("xl/comments"))
    assert "8:30" in comments


def test_people_without_names_are_chosen_by_pseudonym() -> None:
    """The list of the drop-down is the column that visits name people by."""
    told = parts(workbook_bytes(scenario_tables(village(), NOBODY, "en"), "en"))
    assert any("'Clients'!$A$2:$A$" in text for text in told.values())


def test_what_is_ours_is_hidden() -> None:
    """The version, and what no column shows, stand in hidden rows and columns."""
    told = parts(workbook_bytes(scenario_tables(village(), NOBODY, "en"), "en"))
    assert 'hidden="1"' in told["xl/worksheets/sheet1.xml"]
    assert "_version" in told["xl/sharedStrings.xml"]
