"""Files in TOML, which people write by hand, as the JSON that everything else is read from."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from optimizer.formats.codes import FaultCode
from optimizer.formats.document import TOO_DEEP, Content, decode, refusal
from optimizer.i18n import say


def as_json(raw: bytes, path: Path) -> Content:
    """Return the content of a file as JSON: as it is if its name says so, else read as TOML.

    Times and dates of TOML become text.

    Raises
    ------
    InvalidDocument
        If it is no TOML.
    """
    if ".json" in path.suffixes[-2:]:
        return raw
    text = decode(raw, path.name)
    if not text.strip():
        raise refusal(FaultCode.EMPTY_DOCUMENT, say("fault.empty-document"), path.name)
    try:
        return json.dumps(tomllib.loads(text), ensure_ascii=False, default=str)
    except RecursionError as error:
        raise refusal(FaultCode.TOO_DEEP, TOO_DEEP, path.name) from error
    except ValueError as error:
        words = "".join(c for c in str(error) if c.isprintable()).removesuffix(".")
        message = say("fault.bad-toml", why=words[:1].lower() + words[1:])
        raise refusal(FaultCode.BAD_TOML, message, path.name) from error
