"""Read and write what is asked of a scenario: the file of a shortfall study."""

from __future__ import annotations

import json
from pathlib import Path

from optimizer.domain.study import Study
from optimizer.formats.document import Content
from optimizer.formats.files import read_bytes, write_bytes
from optimizer.formats.reading import whole_record


def read_study(path: str | Path) -> Study:
    """Read a study from a ``.json``, ``.json.gz`` or ``.json.xz`` file.

    Raises
    ------
    UnreadableFile
        If the file cannot be read or unpacked.
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all faults of its fields; whether they fit a scenario is another question.
    """
    path = Path(path)
    return parse_study(read_bytes(path), path.name)


def parse_study(text: Content, source: str = "document", *, most: int | None = None) -> Study:
    """Return the study in a JSON document.

    Parameters
    ----------
    text
        The document; bytes are UTF-8.
    source
        File name or other origin, for the heading of errors.
    most
        Number of faults after which reading stops (and tells one more); None for all of them.

    Raises
    ------
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all faults of its fields.
    """
    return whole_record(Study, text, source, most=most)


def write_study(study: Study, path: str | Path) -> None:
    """Write a study to a ``.json``, ``.json.gz`` or ``.json.xz`` file.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    write_bytes(Path(path), format_study(study).encode())


def format_study(study: Study) -> str:
    """Return a study as JSON: of each record what is not the default."""
    content = {
        "format": study.format,
        "version": study.version,
        **study.model_dump(mode="json", exclude_defaults=True),
    }
    content["arms"] = [
        {
            **written,
            **{
                name: [
                    {"kind": one.kind, **each}
                    for one, each in zip(getattr(arm, name), written[name], strict=True)
                ]
                for name in ("edits", "shocks")
                if name in written
            },
        }
        for arm, written in zip(study.arms, content["arms"], strict=True)
    ]
    if "horizon" in content:
        content["horizon"] = {"kind": study.horizon.kind, **content["horizon"]}
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
