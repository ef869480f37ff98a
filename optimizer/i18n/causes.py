"""Why a file cannot be read or written, or is no JSON: what a system says in English only."""

from __future__ import annotations

import errno
import json

from optimizer.i18n.saying import Sentence, say

_OF_FILES = {
    errno.ENOENT: "cause.absent",
    errno.EACCES: "cause.no-right",
    errno.EPERM: "cause.no-right",
    errno.EISDIR: "cause.is-a-folder",
    errno.ENOTDIR: "cause.no-folder",
    errno.ENOSPC: "cause.full",
    errno.EROFS: "cause.read-only",
    errno.ENAMETOOLONG: "cause.long-name",
    errno.ELOOP: "cause.links",
}
_OF_JSON = {
    "Expecting value": "cause.value",
    "Expecting property name enclosed in double quotes": "cause.name",
    "Expecting ':' delimiter": "cause.colon",
    "Expecting ',' delimiter": "cause.comma",
    "Illegal trailing comma before end of object": "cause.trailing-comma",
    "Illegal trailing comma before end of array": "cause.trailing-comma",
    "Unterminated string starting at": "cause.open-text",
    "Invalid control character at": "cause.control-character",
    "Extra data": "cause.extra",
}
"""By the words of `json.JSONDecodeError.msg`."""


def cause_of_refusal(error: OSError) -> Sentence | str:
    """Return why the system refuses a file; in its own words where these are rare."""
    number = error.errno
    key = _OF_FILES.get(0 if number is None else number)
    return str(error.strerror or error) if key is None else say(key)


def cause_of_bad_json(error: json.JSONDecodeError) -> Sentence | str:
    """Return what is wrong at the place where a text ceases to be JSON."""
    if error.msg.startswith("Invalid \\"):
        return say("cause.escape")
    key = _OF_JSON.get(error.msg)
    return error.msg.lower() if key is None else say(key)
