"""Tables as CSV files in one archive, the same bytes for the same tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING

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
