"""From a body to what is worked out from it, in a thread or a child of the right kind."""

from __future__ import annotations

from collections.abc import Callable
from threading import Semaphore
from typing import TypeVar

from optimizer.i18n import Lang
from service.api.parts import Parts
from service.auth.permissions import Principal
from service.documents.work import Sent
from service.documents.workroom import LARGE, SMALL

Made = TypeVar("Made")
Written = TypeVar("Written")


async def work_out(
    parts: Parts,
    caller: Principal,
    function: Callable[[Sent], Made],
    text: bytes,
    *,
    lang: Lang = "en",
    names: tuple[str, ...] = (),
) -> Made:
    """Return what a function makes of a body; large ones have their turn one after the other.

    Raises
    ------
    HomecareError
        What the function raises, or that it takes too much.
    TooBusy
        If too many are waiting.
    """
    heads = parts.bulkheads
    head = heads.documents if len(text) < LARGE else heads.large
    sent = Sent(text, parts.document_limits, lang, names)
    return await head.run(caller.organisation, parts.workroom.do, function, sent, len(text))


async def work_out_and_write(
    parts: Parts,
    caller: Principal,
    function: Callable[[Sent], Made],
    text: bytes,
    write: Callable[[Made], Written],
) -> Written:
    """Return what is written of what a function makes of a body.

    Small bodies are read by the thread that writes, since the way to another one and back takes
    as long as to read them; of these threads only a few read at a time.

    Raises
    ------
    HomecareError
        What the functions raise, or that it takes too much.
    TooBusy
        If too many are waiting.
    """
    writing = parts.bulkheads.writes.run
    if len(text) >= SMALL:
        made = await work_out(parts, caller, function, text)
        return await writing(caller.organisation, write, made)
    sent = Sent(text, parts.document_limits)

    def read_and_write() -> Written:
        with _READING:
            found = function(sent)
        return write(found)

    return await writing(caller.organisation, read_and_write)


_READING = Semaphore(2)
"Else the threads would take the interpreter from whoever answers, more of them than of documents."
