"""A study on disk: what is there stays, what is torn is cut, what is sealed shows any change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.errors import InternalError, UnreadableFile, UsageError
from optimizer.shortfall.rows import canonical
from optimizer.shortfall.study_folder import JOURNAL, RESULTS, SEAL, StudyFolder, broken_seals

MANIFEST = {"study": "one", "seed": 1}


def row(number: int, unserved: int = 0) -> bytes:
    """Return a row as bytes."""
    return canonical({"key": f"{number:06d}/base/short", "unserved": unserved}).encode()


def begun(path: Path, count: int) -> None:
    """Write a folder with some rows, as if its process had ended at once."""
    with StudyFolder.opened(path, MANIFEST) as folder:
        folder.commit(map(row, range(count)))


@pytest.mark.parametrize("cut", [1, 9, 40, 50])
def test_a_torn_last_line_is_cut_off(tmp_path: Path, cut: int) -> None:
    """Wherever the last write ended, all rows before it are there and the next ones fit on."""
    begun(tmp_path, 3)
    journal = tmp_path / JOURNAL
    journal.write_bytes(journal.read_bytes()[:-cut])
    with StudyFolder.opened(tmp_path, MANIFEST) as folder:
        assert set(folder.rows.values()) == {row(0), row(1)}
        assert folder.commit([row(2), row(3)]) == 2
    with StudyFolder.opened(tmp_path, MANIFEST) as folder:
        assert sorted(folder.rows.values()) == [row(0), row(1), row(2), row(3)]


def test_a_changed_row_is_not_believed(tmp_path: Path) -> None:
    """A row under a checksum that is not its own is done again, and so is all behind it."""
    begun(tmp_path, 3)
    journal = tmp_path / JOURNAL
    journal.write_bytes(journal.read_bytes().replace(b"000001/base", b"000009/base"))
    with StudyFolder.opened(tmp_path, MANIFEST) as folder:
        assert list(folder.rows.values()) == [row(0)]


def test_a_row_comes_once(tmp_path: Path) -> None:
    """The same bytes again are no second row; other bytes under the same key are a defect."""
    with StudyFolder.opened(tmp_path, MANIFEST) as folder:
        assert folder.commit([row(0), row(0)]) == 1
        assert folder.commit([row(0)]) == 0
        with pytest.raises(InternalError, match="000000/base/short"):
            folder.commit([row(0, unserved=1)])
    assert (tmp_path / JOURNAL).read_bytes().count(b"\n") == 1


def test_another_study_is_refused_by_name(tmp_path: Path) -> None:
    """Whoever resumes with another seed is told what differs, and nothing is touched."""
    begun(tmp_path, 2)
    before = (tmp_path / JOURNAL).read_bytes()
    with pytest.raises(UsageError, match="another study: seed differ"):
        StudyFolder.opened(tmp_path, {**MANIFEST, "seed": 2})
    assert (tmp_path / JOURNAL).read_bytes() == before


def test_one_process_has_a_study(tmp_path: Path) -> None:
    """While it is open nobody else opens it; afterwards anybody may."""
    with (
        StudyFolder.opened(tmp_path, MANIFEST),
        pytest.raises(UsageError, match="another process"),
    ):
        StudyFolder.opened(tmp_path, MANIFEST)
    StudyFolder.opened(tmp_path, MANIFEST).close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file in the way is an error of the input."""
    (tmp_path / "file").write_text("")
    with pytest.raises(UnreadableFile):
        StudyFolder.opened(tmp_path / "file", MANIFEST)


def sealed(path: Path, order: list[int]) -> None:
    """Write and seal a folder whose rows come in some order."""
    with StudyFolder.opened(path, MANIFEST) as folder:
        folder.commit(map(row, order))
        folder.note_timing({"work": "one", "seconds": len(order) / 7})
        folder.write("plans/usual.json", b"{}")
        folder.seal({"answer": 42})


def test_the_order_of_rows_leaves_no_trace(tmp_path: Path) -> None:
    """Results and seal are the same bytes, in the order of the keys."""
    sealed(tmp_path / "a", [0, 1, 2])
    sealed(tmp_path / "b", [2, 0, 1])
    for name in (RESULTS, SEAL):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    lines = (tmp_path / "a" / RESULTS).read_bytes().splitlines()
    assert lines == [row(0), row(1), row(2)]
    assert json.loads((tmp_path / "a" / SEAL).read_bytes())["rows"] == 3


def test_a_seal_tells_what_was_changed(tmp_path: Path) -> None:
    """Each sealed file that is changed or gone is named; timings are under no seal."""
    sealed(tmp_path, [0, 1])
    assert broken_seals(tmp_path) == ()
    (tmp_path / "timings.jsonl").write_text("")
    assert broken_seals(tmp_path) == ()
    results = tmp_path / RESULTS
    results.write_bytes(results.read_bytes().replace(b'"unserved":0', b'"unserved":1', 1))
    (tmp_path / "plans" / "usual.json").unlink()
    assert set(broken_seals(tmp_path)) == {RESULTS, "plans/usual.json"}


def test_without_a_seal_nothing_is_said(tmp_path: Path) -> None:
    """A study that has not ended is not called intact."""
    begun(tmp_path, 1)
    with pytest.raises(UnreadableFile, match="no seal"):
        broken_seals(tmp_path)
