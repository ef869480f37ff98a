"""From a body to what is worked out from it, in a thread or a child of the right kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from optimizer.i18n import Lang
from service.api.parts import Parts
from service.auth.permissions import Principal
from service.documents.work import Sent
from service.documents.workroom import LARGE

Made = TypeVar("Made")


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
