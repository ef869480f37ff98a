"""The one place where an error becomes words and an exit code."""

from __future__ import annotations

import os
import traceback

from optimizer.commands.exit_code import ExitCode
from optimizer.commands.terminal import answer_json, tell, tell_faults
from optimizer.errors import HomecareError, InvalidDocument
from optimizer.i18n import Lang, sentence, translated


def report_failure(error: Exception, *, as_json: bool, lang: Lang) -> int:
    """Tell what went wrong and return the exit code.

    A user's mistake never shows a stack trace; a defect shows one only with
    ``HOMECARE_DEBUG=1`` in the environment.

    Parameters
    ----------
    error
        What was raised.
    as_json
        Whether to answer with ``{"error": {"code", "message", "faults"}}`` on standard
        output instead of words on standard error.
    lang
        Language of the words.
    """
    if os.environ.get("HOMECARE_DEBUG") == "1":
        tell("".join(traceback.format_exception(error)).rstrip())
    code, message, exit_code = _described(error, lang)
    faults = error.faults if isinstance(error, InvalidDocument) else ()
    if as_json:
        rows = [fault.model_dump() for fault in faults]
        answer_json({"error": {"code": code, "message": message, "faults": rows}})
    else:
        tell(message)
        tell_faults(faults, lang=lang)
    return exit_code


def report_usage(message: str, hint: str, *, as_json: bool) -> int:
    """Tell that the command line cannot be understood and return the exit code.

    Parameters
    ----------
    message
        What is wrong, one sentence.
    hint
        How the command is used; shown only to people.
    as_json
        As in `report_failure`.
    """
    if as_json:
        answer_json({"error": {"code": "bad-usage", "message": message, "faults": []}})
    else:
        tell("\n".join(part for part in (hint, message) if part))
    return ExitCode.BAD_USAGE


def report_abort(*, lang: Lang) -> int:
    """Tell that the user has aborted the command and return the exit code."""
    tell(sentence(lang, "error.aborted"))
    return ExitCode.ABORTED


def _described(error: Exception, lang: Lang) -> tuple[str, str, int]:
    if isinstance(error, InvalidDocument):
        heading = sentence(lang, "fault.heading", source=error.source, count=len(error.faults))
        return error.code, heading, error.exit_code
    if isinstance(error, HomecareError) and error.exit_code != ExitCode.INTERNAL:
        return error.code, translated(lang, error.args[0]), error.exit_code
    if isinstance(error, HomecareError):
        return error.code, sentence(lang, "error.report", error=error), ExitCode.INTERNAL
    first_line = f"{type(error).__name__}: {error}".splitlines()[0]
    return "internal", sentence(lang, "error.report", error=first_line), ExitCode.INTERNAL
