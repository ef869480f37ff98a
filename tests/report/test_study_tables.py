"""The tables of a study: figures, who goes without, causes, assumptions."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest

from optimizer.report.study_tables import (
    study_archive,
    study_parquet,
    study_tables,
    study_workbook,
)
from tests.report.test_study_page import DAYS, SWUNG


def test_each_arm_has_its_figures() -> None:
    """A row per arm, with means and ranges as the outcome has them."""
    figures = study_tables(DAYS, lang="en")["figures"]
    assert list(figures["imagined"]) == ["as it is", "Half away", "Four more"]
    assert list(figures["visits not made: mean"]) == [arm.unserved.mean for arm in DAYS.arms]
    assert figures["against as it is: mean"].isna().tolist() == [True, False, False]


def test_what_is_withheld_is_empty() -> None:
    """Groups of few people have a row without numbers."""
    groups = study_tables(DAYS, lang="en")["who goes without"]
    few = groups[groups["group"].str.startswith("Guisi")]
    assert len(few) > 0
    assert few["visits not made"].isna().all()


def test_the_workbook_is_the_same_every_time() -> None:
    """Same bytes, a sheet per table, headings in the reader's language."""
    written = study_workbook(DAYS, lang="zh")
    assert written == study_workbook(DAYS, lang="zh")
    sheets = pd.read_excel(io.BytesIO(written), sheet_name=None, engine="calamine")
    assert list(sheets) == ["数字", "谁的服务落空", "原因", "假设"]


def test_the_archive_holds_every_table() -> None:
    """A CSV file per table, which reads back as the table."""
    tables = study_tables(DAYS, lang="en")
    with zipfile.ZipFile(io.BytesIO(study_archive(DAYS, lang="en"))) as archive:
        assert set(archive.namelist()) == {f"{name}.csv" for name in tables}
        causes = pd.read_csv(archive.open("causes.csv"), encoding="utf-8-sig")
    assert list(causes["visits not made"]) == list(tables["causes"]["visits not made"])


def test_parquet_holds_the_same_tables() -> None:
    """A file per table with the columns of the workbook, and the same bytes each time."""
    pytest.importorskip("pyarrow")
    made = study_parquet(DAYS, lang="en")
    assert made == study_parquet(DAYS, lang="en")
    tables = study_tables(DAYS, lang="en")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.namelist() == [f"{name}.parquet" for name in tables]
        for name, table in tables.items():
            read = pd.read_parquet(io.BytesIO(archive.read(f"{name}.parquet")))
            assert list(read.columns) == list(table.columns)
            assert len(read) == len(table)


def test_varied_assumptions_are_a_table() -> None:
    """With both ends of each range and what changes there."""
    outcome = DAYS.model_copy(update={"tornado": SWUNG})
    table = study_tables(outcome, lang="en")["assumptions varied"]
    assert list(table["lower end"]) == [25, 50]
    assert list(table["visits more at the upper end: mean"]) == [9, 0]
