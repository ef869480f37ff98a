"""A body that holds several documents, taken apart without reading them."""

from __future__ import annotations

from collections.abc import Mapping
from json import JSONDecodeError, JSONDecoder
from json.decoder import WHITESPACE  # type: ignore[attr-defined]

from optimizer.errors import Fault, InvalidDocument

_DECODER = JSONDecoder()


def documents_in(
    body: bytes, names: tuple[str, ...], optional: tuple[str, ...] = ()
) -> Mapping[str, str]:
    """Return the documents in a body such as ``{"scenario": {...}, "plan": {...}}``, as texts.

    Each text is as it was sent, so that its own reader finds every fault in it. Those that are
    `optional` may be left out.

    Raises
    ------
    InvalidDocument
        If it is no such object.
    """
    found: dict[str, str] = {}
    try:
        text = body.decode("utf-8-sig")
        place = _after("{", text, 0)
        while True:
            name, place = _DECODER.raw_decode(text, _blank(text, place))
            start = _blank(text, _after(":", text, place))
            _, place = _DECODER.raw_decode(text, start)
            if name not in (*names, *optional) or name in found:
                message = f"is a field too many; the body holds {' and '.join(names)}, once each"
                message += f", and may hold {', '.join(optional)}." if optional else "."
                raise InvalidDocument([Fault(path="", code="unknown-field", message=message)])
            found[name] = text[start:place]
            place = _blank(text, place)
            if text[place : place + 1] != ",":
                break
            place += 1
        place = _blank(text, _after("}", text, place))
        if place != len(text):
            raise JSONDecodeError("extra data", text, place)
    except RecursionError as error:
        message = "is nested too deeply, which no document of this interface is."
        fault = Fault(path="", code="too-deep", message=message)
        raise InvalidDocument([fault], "body") from error
    except (ValueError, TypeError) as error:
        message = f"is no JSON object of {' and '.join(names)}; check commas, quotes and brackets."
        fault = Fault(path="", code="bad-json", message=message)
        raise InvalidDocument([fault], "body") from error
    missing = [name for name in names if name not in found]
    if missing:
        raise InvalidDocument(
            [
                Fault(path=name, code="missing-field", message="is missing; add it.")
                for name in missing
            ],
            "body",
        )
    return found


def _blank(text: str, place: int) -> int:
    return int(WHITESPACE.match(text, place).end())


def _after(sign: str, text: str, place: int) -> int:
    place = _blank(text, place)
    if text[place : place + 1] != sign:
        raise JSONDecodeError(f"expected {sign}", text, place)
    return place + 1


def under(document: str, error: InvalidDocument) -> InvalidDocument:
    """Return an error of one of a body's documents, each place with the document's name."""
    faults = [
        fault.model_copy(update={"path": f"{document}: {fault.path}"}) for fault in error.faults
    ]
    return InvalidDocument(faults, error.source)
