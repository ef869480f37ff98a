"""The forms in which a roster is drawn for the eye: written, and never read again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from optimizer.i18n.catalogue import Lang
from optimizer.report.accounts import account_archive, account_workbook
from optimizer.report.audience import Audience
from optimizer.report.calendars import calendar, calendars
from optimizer.report.day_sheets import day_sheets_page
from optimizer.report.geojson import roster_geojson
from optimizer.report.letters import letters_page
from optimizer.report.page import roster_page, roster_picture
from optimizer.report.roster import Roster
from optimizer.report.roster_workbook import roster_workbook


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """One form.

    Attributes
    ----------
    ending
        How the names of its files end.
    draw
        Returns a file's content, with what an audience may be told, for a reader of a language.
    needs_routes
        Whether nothing can be drawn of a plan without routes.
    """

    ending: str
    draw: Callable[[Roster, Audience, Lang], str | bytes]
    needs_routes: bool = False


PAGE = View(
    ending=".html", draw=lambda roster, told, lang: roster_page(roster, lang=lang, audience=told)
)
PICTURE = View(
    ending=".svg",
    draw=lambda roster, _, lang: roster_picture(roster, lang=lang),
    needs_routes=True,
)
WORKBOOK = View(ending=".xlsx", draw=roster_workbook)
DAY_SHEETS = View(ending="sheets.html", draw=day_sheets_page)
LETTERS = View(ending="letters.html", draw=letters_page)
CALENDAR = View(ending=".ics", draw=calendar)
CALENDARS = View(ending=".ics.zip", draw=calendars)
ACCOUNTS = View(ending="accounts.xlsx", draw=account_workbook)
ACCOUNT_TABLES = View(ending="accounts.zip", draw=account_archive)
MAP = View(ending=".geojson", draw=roster_geojson)
VIEWS = (
    PAGE,
    PICTURE,
    WORKBOOK,
    DAY_SHEETS,
    LETTERS,
    CALENDAR,
    CALENDARS,
    MAP,
    ACCOUNTS,
    ACCOUNT_TABLES,
)


def view_named(name: str) -> View | None:
    """Return the view that the ending of a file's name asks for; the longest ending counts."""
    found = [view for view in VIEWS if name.lower().endswith(view.ending)]
    return max(found, key=lambda view: len(view.ending), default=None)
