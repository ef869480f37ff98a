"""Which language to speak when nobody says."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Literal

_OF_GROUP: ContextVar[Literal["en", "zh"] | None] = ContextVar("language of group", default=None)
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of_environment(environment: Mapping[str, str] = os.environ) -> Literal["en", "zh"]:
    """Return the language of the shell: Chinese if it asks for it, English otherwise."""
    for name in _VARIABLES:
        value = environment.get(name)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def language_of_arguments(arguments: Sequence[str]) -> Literal["en", "zh"]:
    """Return the language that raw arguments ask for, also where they are faulty."""
    joined = " ".join(arguments).replace("--lang=", "--lang ")
    if "--lang zh" in joined:
        return "zh"
    return "en" if "--lang en" in joined else language_of_environment()


def chosen_language(lang: Literal["en", "zh"] | None) -> Literal["en", "zh"]:
    """Return the language that was asked for, by a command or its group, else that of the shell."""
    return lang or _OF_GROUP.get() or language_of_environment()


def choose_for_group(lang: Literal["en", "zh"]) -> None:
    """Remember the language that a group of commands was asked for."""
    _OF_GROUP.set(lang)


def forget_group() -> None:
    """Forget the language of the group, before the next command of this process."""
    _OF_GROUP.set(None)
