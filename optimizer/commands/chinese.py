"""The command line in Chinese: help and what is wrong with a call.

English help stands beside the arguments, where typer wants it. The Chinese texts are found
by the English ones in ``i18n/command_line.zh.json``; a test fails when one is missing.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

_HEADINGS = {
    r"^Usage: ": "用法：",
    r"^Arguments:$": "参数：",
    r"^Options:$": "选项：",
    r"^Commands:$": "命令：",
    r"\[OPTIONS\]": "[选项]",
    r"COMMAND \[ARGS\]\.\.\.": "命令 [参数]...",
    r"\[default:\s+": "[默认：",
    r"\brequired\]": "必填]",
    r"Show this message and exit\.": "显示本说明。",
}
"What the library writes by itself into a page of help."


@functools.cache
def command_line_words() -> dict[str, dict[str, str]]:
    """Return the Chinese of ``help`` texts and of ``usage`` errors by the English."""
    path = files("optimizer.i18n").joinpath("command_line.zh.json")
    words: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return words


def speak_chinese(command: Any) -> None:
    """Make a command and all its subcommands tell their help in Chinese.

    Parameters
    ----------
    command
        The command as typer builds it; it is changed.
    """
    for one in all_commands(command):
        for owner in (one, *one.params):
            for field in ("help", "epilog"):
                text = getattr(owner, field, None)
                if text is not None:
                    setattr(owner, field, chinese_help(text))
        one.get_help = _translating(one.get_help)
        one.get_usage = _translating(one.get_usage)


def all_commands(command: Any) -> Iterator[Any]:
    """Yield a command and everything below it."""
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from all_commands(below)


def chinese_help(text: str) -> str:
    """Return a help text in Chinese; one that nobody has translated as it is."""
    return command_line_words()["help"].get(text, text)


def chinese_usage(message: str) -> str:
    """Return what the library says of a faulty call in Chinese, or as it is."""
    for english, chinese in command_line_words()["usage"].items():
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(english))
        match = re.fullmatch(pattern, message)
        if match is not None:
            return chinese.format(**match.groupdict())
    return message


def _translating(make: Callable[[Any], str]) -> Callable[[Any], str]:
    def translated(context: Any) -> str:
        text = make(context)
        for english, chinese in _HEADINGS.items():
            text = re.sub(english, chinese, text, flags=re.MULTILINE)
        return text

    return translated
