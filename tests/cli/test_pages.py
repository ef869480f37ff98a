"""The commands of the front pages do what the pages show.

Each page's commands are run in its order and in one folder, as somebody does who tries them. A
search by the clock is replaced by one of so many steps, which gives the same roster everywhere,
and a mended roster is searched for more shortly;
``make``, ``curl`` and ``homecare serve`` are held by `tests.cli.test_demo` and
`tests.service.api.test_first_contact`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.cli.conftest import Run

INSTEAD = {
    "--seconds 30": "--iterations 20000 --seed 1 --proof 0",
    "--now 06:30": "--now 06:30 --iterations 1000",
}
"What stands in the test for what stands on the page."
ELSEWHERE = ("homecare serve",)
"Commands that do not end by themselves."
GAP = re.compile(r"\s*(\.\.\.|…+)\s*")


@dataclass(frozen=True)
class Shown:
    """A command of a page and what the page shows of its answer, which may be nothing."""

    command: str
    lines: tuple[str, ...]


def commands(page: str) -> Iterator[Shown]:
    """Yield the `homecare` commands of a page; a block without a language is an answer."""
    text = (ROOT / page).read_text(encoding="utf-8")
    told: list[Shown] = []
    for language, block in re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if language == "sh":
            lines = block.replace("\\\n", " ")  # A command may go over several lines.
            found = re.findall(r"^homecare .*?(?=\s+#|$)", lines, re.MULTILINE)
            told += [Shown(one, ()) for one in found if not one.startswith(ELSEWHERE)]
        elif not language:
            told[-1] = Shown(told[-1].command, tuple(block.splitlines()))
    yield from told


def form_of(line: str) -> re.Pattern[str]:
    """Return a pattern of a line: any numbers and ids, any end where the page leaves it out."""
    is_cut = line.endswith(("...", "…"))
    line = re.sub(r"(\.\.\.|…+)$", "", line).strip()
    parts = re.split(r"([A-Z]\d{3,}[\d-]*(?:[,、，] ?[A-Z]\d{3,}[\d-]*)*|\d+)", line)
    form = "".join(r"[\w, 、，-]+?" if n % 2 else re.escape(one) for n, one in enumerate(parts))
    return re.compile(form if is_cut else form + "$")


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_commands_of_a_page_answer_as_it_shows(
    page: str, homecare: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command succeeds, writes what it names, and its answer has every line shown."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")  # What a reader has at hand.
    shown = list(commands(page))
    assert len(shown) >= 7
    for one in shown:
        command = one.command
        for there, here in INSTEAD.items():
            command = command.replace(there, here)
        arguments = shlex.split(command)[1:]
        code, out, err = homecare(*arguments)
        assert code == 0, (command, err)
        named = [b for a, b in pairwise(arguments) if a == "-o"]
        assert [name for name in named if not Path(name).is_file()] == []
        answered = [line.strip() for line in out.splitlines()]
        missing = [
            line
            for line in one.lines
            if not GAP.fullmatch(line) and not any(form_of(line).match(a) for a in answered)
        ]
        assert not missing, "\n".join([command, *missing])


def test_a_line_that_is_not_answered_is_seen() -> None:
    """Numbers and ids may differ, words may not; what is cut off may go on."""
    form = form_of("  Closest: G016, 39 min from home, who has C0089-0303-1, C0123-0303-1 ...")
    assert form.match("Closest: G002, 7 min from home, who has C0001-0303-2 at that time.")
    assert not form.match("Closest: G002, 7 h from home, who has C0001-0303-2 at that time.")
    assert not form_of("needed 35 h").match("needed 35 h 20 min")
