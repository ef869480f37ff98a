"""Bodies of requests: read in pieces up to a limit, JSON only, packed ones unpacked."""

from __future__ import annotations

import asyncio
import zlib
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from service.api.faults import BodyTooLarge, BodyTooSlow, RequestError, WrongMediaType
from service.api.parts import parts_of
from service.api.problems import of_validation
from service.api.room import Place
from service.auth.permissions import Principal

_M = TypeVar("_M", bound=BaseModel)


async def read_body(request: Request) -> bytes:
    """Return the body of a request, for which there is room until the request is answered.

    Raises
    ------
    BodyTooLarge
        If it is larger than the setting allows, as it comes or unpacked; the rest is not read.
    BodyTooSlow
        If it does not come in time.
    RequestError
        If the connection is closed before its end: that is no defect of the service.
    WrongMediaType
        If it is not called JSON, or packed in another way than gzip, or not one whole gzip file.
    TooBusy
        If too many large bodies are held already, by the caller's organisation or by all.
    """
    parts = parts_of(request)
    limit = parts.settings.max_body_bytes
    media_type = _one(request, "content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise WrongMediaType
    packing = _one(request, "content-encoding", "identity").strip().lower()
    if packing not in {"identity", "gzip"}:
        raise WrongMediaType("The body may be packed with gzip only.")
    if _announced(request) > limit:
        raise _too_large(limit)
    caller: Principal | None = getattr(request.state, "caller", None)
    # `RequestFrame` leaves it: a dependency that does so itself costs each request a task's switch.
    place = parts.room.place("" if caller is None else caller.organisation)
    request.state.place = place
    try:
        async with asyncio.timeout(parts.settings.body_seconds):
            return await _content(request, limit, place, is_packed=packing == "gzip")
    except TimeoutError as error:
        raise BodyTooSlow(
            f"A body has {parts.settings.body_seconds:g} seconds to come.",
            limit="body_seconds",
            value=parts.settings.body_seconds,
        ) from error
    except ClientDisconnect as error:
        raise RequestError("The connection was closed before all of the body had come.") from error


def _one(request: Request, name: str, usual: str) -> str:
    """Return a header that has one value; more lines of it are a list, which nothing here takes."""
    lines = request.headers.getlist(name) or [usual]
    return lines[0] if len(lines) == 1 else ", "


Body = Annotated[bytes, Depends(read_body)]
"The body of a request, for a route; put it behind the caller, so that strangers send nothing."


async def _content(request: Request, limit: int, place: Place, *, is_packed: bool) -> bytes:
    unpacker = Unpacker(limit) if is_packed else None
    pieces, packed, size = [], 0, 0
    async for piece in request.stream():
        packed += len(piece)
        content = piece if unpacker is None else unpacker.unpack(piece)
        size += len(content)
        if max(packed, size) > limit:
            raise _too_large(limit)
        await place.take(len(content))
        pieces.append(content)
    if unpacker is not None:
        unpacker.finish()
    return b"".join(pieces)


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "0")
    return int(length) if length.isascii() and length.isdigit() else 0


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(
        f"A body may have {limit} bytes, unpacked.", limit="max_body_bytes", value=limit
    )


class Unpacker:
    """Unpacks one gzip file that comes in pieces: whole, and with nothing behind it.

    Parameters
    ----------
    limit
        Bytes that it may have unpacked.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._inflater = zlib.decompressobj(wbits=31)
        self._seen = 0

    def unpack(self, piece: bytes) -> bytes:
        """Return what a piece holds.

        Raises
        ------
        BodyTooLarge
            If all pieces together hold too much.
        WrongMediaType
            If it is no gzip, or comes behind the end.
        """
        if piece and self._inflater.eof:
            raise WrongMediaType(_BEHIND)
        room = self._limit + 1 - min(self._seen, self._limit)
        try:
            content = self._inflater.decompress(piece, room)
        except zlib.error as error:
            raise WrongMediaType("The body is called gzip, but cannot be unpacked.") from error
        self._seen += len(content)
        if self._inflater.unconsumed_tail:
            raise _too_large(self._limit)
        if self._inflater.unused_data:
            raise WrongMediaType(_BEHIND)
        return content

    def finish(self) -> None:
        """See that the end has come.

        Raises
        ------
        WrongMediaType
            If it has not.
        """
        if not self._inflater.eof:
            raise WrongMediaType("The body is called gzip, but ends too early.")


_BEHIND = "The body is called gzip, but something stands behind its end."


MODELS: dict[str, type[BaseModel]] = {}
"The records that bodies are read as, by name, for the contract."


SMALL = 100_000
"Bytes of a body that is read as a record, where nothing else is said."


def body_of(model: type[_M], *, most_bytes: int = SMALL) -> Any:
    """Return the dependency that reads a small body as a record.

    Types are taken at their word, as in documents: the text ``"2"`` is no number.

    Parameters
    ----------
    model
        The record.
    most_bytes
        How long its text may be: until it is read nobody else is answered.
    """
    MODELS[model.__name__] = model

    async def read(body: Body) -> _M:
        if len(body) > most_bytes:
            raise _too_large(most_bytes)
        try:
            return model.model_validate_json(body, strict=True)
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False, include_context=False)
            raise of_validation(
                [{**each, "loc": ("body", *each["loc"])} for each in details]
            ) from error

    return Depends(read)
