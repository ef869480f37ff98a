"""Why a file is refused is said in the reader's language."""

from __future__ import annotations

import errno
import json

import pytest

from optimizer.i18n import cause_of_bad_json, cause_of_refusal, translated


@pytest.mark.parametrize(
    ("number", "en", "zh"),
    [
        (
            errno.ENOENT,
            "No such file or directory; check its name and folder",
            "没有这个文件或文件夹；请检查名称和所在文件夹",
        ),
        (errno.EACCES, "Permission denied; check its rights", "没有权限；请检查其权限"),
        (errno.EISDIR, "Is a directory; give the name of a file", "这是文件夹；请给出文件名"),
        (
            errno.ENOSPC,
            "No space left on device; make room, or use another disk",
            "磁盘空间已满；请腾出空间，或改用其他磁盘",
        ),
    ],
)
def test_what_a_system_refuses_is_said_in_both_languages(number: int, en: str, zh: str) -> None:
    """The common refusals keep their English words, have Chinese ones, and say what to do."""
    cause = cause_of_refusal(OSError(number, "words of the system"))
    assert (translated("en", cause), translated("zh", cause)) == (en, zh)


def test_rare_refusals_keep_the_words_of_the_system() -> None:
    """What has no sentence of its own is shown as the system says it, in any language."""
    for error in (OSError(errno.EDOM, "out of domain"), OSError("out of domain")):
        assert translated("zh", cause_of_refusal(error)) == "out of domain"


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ('{"id": }', "此处应有一个值"),
        ("{id: 1}", "此处应有双引号中的字段名"),
        ('{"id" 1}', "此处应有冒号"),
        ('{"id": 1 "version": 2}', "此处应有逗号"),
        ('{"id": "day', "此处开始的文字缺少右引号"),
        ('{"id": "day\n"}', "文字中有换行或控制字符"),
        ('{"id": "\\day"}', "反斜杠之后的字符无效"),
        ('{"id": 1} {}', "文件内容结束之后还有多余内容"),
    ],
)
def test_what_is_no_json_is_said_in_chinese(text: str, zh: str) -> None:
    """Each way in which a text can cease to be JSON has Chinese words."""
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(text)
    assert translated("zh", cause_of_bad_json(caught.value)) == zh
