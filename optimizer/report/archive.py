"""Tables as CSV or Parquet files in one archive, the same bytes for the same tables."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING

from optimizer.errors import UsageError
from optimizer.i18n import say

if TYPE_CHECKING:
    import pandas as pd

_CREATED = (1980, 1, 1, 0, 0, 0)
"Time of every file in an archive, whenever it is made."


def csv_archive(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Return an archive with one CSV file per table, named after its heading.

    The files are UTF-8 with a mark of the encoding, which spreadsheet programs ask for.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables.items():
            text = table.to_csv(index=False, lineterminator="\n")
            archive.writestr(zipfile.ZipInfo(f"{name}.csv", _CREATED), text.encode("utf-8-sig"))
    return target.getvalue()


def check_parquet() -> None:
    """Make sure before long work that Parquet files can be written.

    Raises
    ------
    UsageError
        If pyarrow is not installed.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise UsageError(say("usage.no_pyarrow"))


def parquet_archive(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Return an archive with one Parquet file per table, named after its heading.

    Raises
    ------
    UsageError
        If pyarrow is not installed.
    """
    check_parquet()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, table in tables.items():
            content = io.BytesIO()
            table.to_parquet(content, engine="pyarrow", index=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.parquet", _CREATED), content.getvalue())
    return target.getvalue()
