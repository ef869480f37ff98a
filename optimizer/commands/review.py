"""``homecare needs --review``: catalogue and rules as a booklet to be signed."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from rich.text import Text

from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs, write_text
from optimizer.commands.terminal import answer
from optimizer.errors import UsageError
from optimizer.formats.book import read_book
from optimizer.i18n import Lang, say, sentence
from optimizer.report.review import booklet, review_page, review_text
from optimizer.report.views import PAGE


def check_use(scenario: Path | None, *, review: bool, asks_for_more: bool) -> None:
    """Make sure that there is either a scenario or the booklet to be shown.

    Parameters
    ----------
    scenario
        The scenario, if there is one.
    review
        Whether the booklet is asked for.
    asks_for_more
        Whether something is asked for that the booklet does not have.

    Raises
    ------
    UsageError
        If there is neither or both.
    """
    if review == (scenario is not None) or (review and asks_for_more):
        raise UsageError(say("usage.review_or_file"))


def review_of_book(
    *,
    catalogue: Path | None,
    rules: Path | None,
    output: Path | None,
    lang: Lang,
) -> int:
    """Show all rules and services with places to sign; return the exit code.

    Parameters
    ----------
    catalogue, rules
        A district's own files; those of the package if not given.
    output
        Where to write the page to be printed; on standard output as text if not given.
    lang
        Language of the booklet.

    Raises
    ------
    UsageError
        If the output cannot be written, or is no page.
    """
    if output is not None:
        if not output.name.lower().endswith(PAGE.ending):
            raise UsageError(say("usage.review_page", path=output, ending=PAGE.ending))
        check_outputs([output], inputs=[catalogue, rules])
    today = datetime.now().astimezone().date()
    made = booklet(read_book(catalogue, rules), today, lang=lang)
    if output is None:
        sys.stdout.write(review_text(made, lang=lang) + "\n")
    else:
        write_text(output, review_page(made, lang=lang))
        answer(Text(sentence(lang, "cli.written", path=output)))
    return ExitCode.OK
