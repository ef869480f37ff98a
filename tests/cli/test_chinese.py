"""The command line in Chinese: help, faulty calls and faulty files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typer

from optimizer import cli
from optimizer.commands.chinese import all_commands, chinese_usage, command_line_words
from tests.cli.conftest import Run

HAN = re.compile(r"[\u4e00-\u9fff]")


def test_every_help_text_has_its_chinese() -> None:
    """Each command, argument and option is explained in Chinese, and nothing else is."""
    texts = {
        getattr(owner, field)
        for command in all_commands(typer.main.get_command(cli.app))
        for owner in (command, *command.params)
        for field in ("help", "epilog")
        if getattr(owner, field, None)
    }
    assert texts == command_line_words()["help"].keys()


@pytest.mark.parametrize("command", [("solve",), ("explain",), ("service", "keys", "create")])
def test_help_is_spoken(homecare: Run, command: tuple[str, ...]) -> None:
    """With --lang zh only names, values and file endings are left in Latin letters."""
    code, out, _ = homecare(*command, "--lang", "zh", "--help")
    assert code == 0
    assert out.startswith("用法：")
    for english in ("Usage", "Options", "Arguments", "default", "required", "Show this"):
        assert english not in out


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("solve",), "缺少参数 'SCENARIO'。"),  # nothing to read
        (("solve", "x", "--nope"), "没有选项 --nope。"),  # nothing like it
        (("solve", "x", "--second", "3"), "没有选项 --second（相近的有："),  # something like it
        (("frob",), "没有命令 'frob'。"),  # no command
        (("solv",), "没有命令 'solv'，是否应为 'solve'？"),  # one like it
        (("verify", "a", "b", "c"), "多余的参数：c。"),  # one too many
        (("solve", "x", "--seconds", "abc"), "'--seconds' 的值无效：须是数字。"),  # no number
        (("solve", "x", "--seconds", "0"), "'--seconds' 的值无效：不得小于 0.01。"),  # too small
        (("solve", "x", "--engine", "foo"), "'foo' 不在可选值"),  # none of the list
        (("solve", "x", "--seed"), "选项 '--seed' 需要一个值。"),  # no value
        (("convert", "x"), "缺少参数 'OUT'。"),  # half a call
    ],
)
def test_faulty_calls_are_told(homecare: Run, call: tuple[str, ...], said: str) -> None:
    """Exit 2 and one Chinese sentence."""
    code, _, err = (
        homecare(*call, "--lang=zh")
        if call[-1] != "--seed"
        else homecare(call[0], call[1], "--lang=zh", call[2])
    )
    assert code == 2
    assert said in err


def test_an_unknown_message_is_shown_as_it_is() -> None:
    """What the library may say in some later version is not lost."""
    assert chinese_usage("Something new.") == "Something new."


def test_faults_of_a_file_are_told(homecare: Run, village_file: Path, tmp_path: Path) -> None:
    """Each line is Chinese, with the place as it stands in the file."""
    document = json.loads(village_file.read_text(encoding="utf-8"))
    document["visits"][0]["client"] = "C9"
    document["clients"][0]["home"]["lat"] = 121.7
    faulty = tmp_path / "faulty.json"
    faulty.write_text(json.dumps(document), encoding="utf-8")
    code, _, err = homecare("solve", faulty, "--lang", "zh")
    assert code == 3
    assert "faulty.json：错误 2 处" in err
    assert "visits[0].client（V0001）：引用了未列出的服务对象 C9；请补充或更正编号。" in err
    assert "clients[0].home.lat（C0001）：为 121.7，但不得大于 90；经纬度是否写反了？" in err
    _, out, _ = homecare("solve", faulty, "--lang", "zh", "--json")
    assert not HAN.search(json.loads(out)["error"]["faults"][0]["message"])


def test_broken_rules_are_told(homecare: Run, village_file: Path, plan_file: Path) -> None:
    """Every line says in Chinese what is wrong and by how much; no place in the file."""
    _, out, _ = homecare("verify", village_file, plan_file, "--lang", "zh")
    lines = out.split("违反的规则\n")[1].split("\n\n")[0].splitlines()
    assert lines
    assert all(HAN.search(line) and "routes[" not in line for line in lines)
