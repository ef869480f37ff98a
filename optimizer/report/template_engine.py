"""The engine that fills the templates of pages; loaded when the first page is made."""

from __future__ import annotations

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
    engine.globals["asset"] = _asset
    return engine


def _asset(name: str) -> Markup:
    """Return one of our own style or script files, which need no escaping."""
    path = files("optimizer.report").joinpath("templates", name)
    return Markup(path.read_text(encoding="utf-8"))
