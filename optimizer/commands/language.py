"""Which language to speak when nobody says."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Literal

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
    """Return the language that was asked for, else that of the shell."""
    return language_of_environment() if lang is None else lang
