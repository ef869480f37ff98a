"""The engine that fills the templates of pages; loaded when the first page is made."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from jinja2 import Environment as Templates


@cache
def template_engine() -> Templates:
    """Return the engine; everything it fills in is escaped."""
    # A solve that writes no page need not wait for the template engine.
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415

    engine = Environment(
        loader=PackageLoader("optimizer.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    engine.globals.update(asset=asset, policy=content_policy)
    return engine


def content_policy(style: str, script: str = "") -> Markup:
    """Return the content security policy of a page that may use one style and one script only.

    Parameters
    ----------
    style, script
        What stands in the page's elements, to the letter; without a script nothing may run.
    """
    allowed = [f"default-src 'none'; style-src {_digest(style)}"]
    if script:
        allowed.append(f"script-src {_digest(script)}")
    return Markup("; ".join([*allowed, "base-uri 'none'", "form-action 'none'"]))


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def asset(name: str) -> Markup:
    """Return one of our own style or script files, which need no escaping."""
    path = files("optimizer.report").joinpath("templates", name)
    return Markup(path.read_text(encoding="utf-8"))
