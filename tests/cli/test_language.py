"""Which language is spoken."""

from __future__ import annotations

import pytest

from optimizer.commands.language import language_of_arguments, language_of_environment


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, "en"),  # nothing is known
        ({"LANG": "zh_CN.UTF-8"}, "zh"),  # a Chinese shell
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),  # LC_ALL goes before LANG
        ({"LANG": "de_DE.UTF-8"}, "en"),  # a language without sentences
        ({"LC_ALL": "", "LANG": "zh_TW"}, "zh"),  # empty means unset
    ],
)
def test_the_shell_decides(environment: dict[str, str], lang: str) -> None:
    """The first variable that is set counts."""
    assert language_of_environment(environment) == lang


@pytest.mark.parametrize(
    ("arguments", "lang"),
    [
        (["solve", "--lang", "zh"], "zh"),  # two words
        (["solve", "--lang=zh"], "zh"),  # one word
        (["solve", "--lang", "en"], "en"),  # said, too
    ],
)
def test_arguments_decide_before_the_shell(
    arguments: list[str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the rest of the arguments is faulty."""
    monkeypatch.setenv("LC_ALL", "C" if lang == "zh" else "zh_CN")
    assert language_of_arguments(arguments) == lang
