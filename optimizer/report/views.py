"""The forms in which a roster is drawn for the eye: written, and never read again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from optimizer.i18n.catalogue import Lang
from optimizer.report.page import roster_page, roster_picture
from optimizer.report.roster import Roster


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """One form.

    Attributes
    ----------
    ending
        How the names of its files end.
    draw
        Returns a file's text, for a reader of a language.
    needs_routes
        Whether nothing can be drawn of a plan without routes.
    """

    ending: str
    draw: Callable[[Roster, Lang], str]
    needs_routes: bool = False


PAGE = View(ending=".html", draw=lambda roster, lang: roster_page(roster, lang=lang))
PICTURE = View(
    ending=".svg",
    draw=lambda roster, lang: roster_picture(roster, lang=lang),
    needs_routes=True,
)
VIEWS = (PAGE, PICTURE)


def view_named(name: str) -> View | None:
    """Return the view that the ending of a file's name asks for."""
    return next((view for view in VIEWS if name.lower().endswith(view.ending)), None)
