"""Bodies of requests: read in pieces up to a limit, JSON only, packed ones unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from json import JSONDecodeError, JSONDecoder
from json.decoder import WHITESPACE  # type: ignore[attr-defined]
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError

from optimizer.errors import Fault, InvalidDocument
from service.api.faults import BodyTooLarge, WrongMediaType
from service.api.parts import parts_of
from service.api.problems import of_validation

_M = TypeVar("_M", bound=BaseModel)


async def read_body(request: Request) -> bytes:
    """Return the body of a request.

    Raises
    ------
    BodyTooLarge
        If it is larger than the setting allows, as it comes or unpacked; the rest is not read.
    WrongMediaType
        If it is not called JSON, or packed in another way than gzip.
    """
    limit = parts_of(request).settings.max_body_bytes
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise WrongMediaType
    packing = request.headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"identity", "gzip"}:
        raise WrongMediaType("The body may be packed with gzip only.")
    if int(request.headers.get("content-length") or 0) > limit:
        raise _too_large(limit)
    unpack = _unpacker(limit) if packing == "gzip" else None
    pieces, size = [], 0
    async for piece in request.stream():
        content = piece if unpack is None else unpack(piece)
        size += len(content)
        if size > limit:
            raise _too_large(limit)
        pieces.append(content)
    return b"".join(pieces)


Body = Annotated[bytes, Depends(read_body)]
"The body of a request, for a route; put it behind the caller, so that strangers send nothing."


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(
        f"A body may have {limit} bytes, unpacked.", limit="max_body_bytes", value=limit
    )


def _unpacker(limit: int) -> Callable[[bytes], bytes]:
    inflater = zlib.decompressobj(wbits=31)
    seen = 0

    def unpack(piece: bytes) -> bytes:
        nonlocal seen
        try:
            content = inflater.decompress(piece, limit + 1 - min(seen, limit))
        except zlib.error as error:
            raise WrongMediaType("The body is called gzip, but cannot be unpacked.") from error
        seen += len(content)
        if inflater.unconsumed_tail:
            raise _too_large(limit)
        return content

    return unpack


MODELS: dict[str, type[BaseModel]] = {}
"The records that bodies are read as, by name, for the contract."


def body_of(model: type[_M]) -> Any:
    """Return the dependency that reads a small body as a record.

    Types are taken at their word, as in documents: the text ``"2"`` is no number.
    """
    MODELS[model.__name__] = model

    def read(body: Body) -> _M:
        try:
            return model.model_validate_json(body, strict=True)
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False, include_context=False)
            raise of_validation(
                [{**each, "loc": ("body", *each["loc"])} for each in details]
            ) from error

    return Depends(read)


_DECODER = JSONDecoder()


def documents_in(body: bytes, names: tuple[str, ...]) -> Mapping[str, str]:
    """Return the documents in a body such as ``{"scenario": {...}, "plan": {...}}``, as texts.

    Each text is as it was sent, so that its own reader finds every fault in it.

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
            if name not in names or name in found:
                message = f"is a field too many; the body holds {' and '.join(names)}, once each."
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
