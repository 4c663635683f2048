"""A folder of an export is there whole or not at all, and takes the place of nothing but one of ours."""

import json
import os
from pathlib import Path

import pytest

from newsrepo.errors import LockedError, UnableError, UsageError
from newsrepo.exports.folder import MARK, is_ours, replacing, seal


def write(target: Path, **files: str) -> None:
    with replacing(target) as folder:
        for name, text in files.items():
            (folder / name).write_text(text)
        seal(folder, {"export": "test"})


def listing(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.name != MARK}


def test_an_export_takes_the_place_of_an_earlier_one_whole(tmp_path: Path) -> None:
    target = tmp_path / "new" / "data"
    write(target, a="1", b="2")
    write(target, b="3")
    assert listing(target) == {"b": "3"}
    assert os.listdir(target.parent) == ["data"]
    said = json.loads((target / MARK).read_text())
    assert (said["derived"], said["files"]["b"]["bytes"]) == (True, 1)


@pytest.mark.parametrize("before", [False, True])
def test_a_failure_leaves_what_stood_there(tmp_path: Path, before: bool) -> None:
    target = tmp_path / "data"
    if before:
        write(target, a="1")
    with pytest.raises(UnableError, match="No such file"):
        write(target, **{"a": "half", "no/such": "folder"})
    assert os.listdir(tmp_path) == (["data"] if before else [])
    assert not before or listing(target) == {"a": "1"}


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnableError, match="space"), replacing(tmp_path / "data"):
        raise OSError(28, "No space left on device")
    assert os.listdir(tmp_path) == []


def foreign(tmp_path: Path, kind: str) -> Path:
    target = tmp_path / "data"
    if kind == "file":
        target.write_text("mine")
        return target
    if kind == "link":
        write(tmp_path / "real", a="1")
        target.symlink_to("real")
        return target
    target.mkdir()
    if kind == "other files":
        (target / "thesis.txt").write_text("mine")
        return target
    write(target, a="1")
    if kind == "one more file":
        (target / "thesis.txt").write_text("mine")
    elif kind == "a folder":
        (target / "a").unlink()
        (target / "a").mkdir()
    elif kind == "a link":
        (target / "a").unlink()
        (target / "a").symlink_to("/etc/passwd")
    elif kind == "another's mark":
        (target / MARK).write_text('{"generator": "other", "files": {"a": {}}}')
    elif kind == "a broken mark":
        (target / MARK).write_text("[" * 100_000)
    return target


@pytest.mark.parametrize(
    "kind",
    [
        "file", "link", "other files", "one more file", "a folder", "a link", "another's mark", "a broken mark",
    ],
)  # fmt: skip
def test_what_is_not_ours_is_left_alone(tmp_path: Path, kind: str) -> None:
    target = foreign(tmp_path, kind)
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    assert not is_ours(target)
    with pytest.raises(UsageError, match="will not export"), replacing(target):
        pass
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


def test_two_runs_do_not_meet_in_one_folder(tmp_path: Path) -> None:
    target = tmp_path / "data"
    with replacing(target) as folder:
        with pytest.raises(LockedError), replacing(target):
            pass
        (folder / "a").write_text("1")
        seal(folder, {})
    assert listing(target) == {"a": "1"}


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    gone = tmp_path / ".data.newsrepo-999999999-0123abcd"
    alive = tmp_path / f".data.newsrepo-{os.getpid()}-0123abcd"
    for folder in (gone, alive):
        folder.mkdir()
        (folder / "half").write_text("x")
    write(tmp_path / "data", a="1")
    assert sorted(os.listdir(tmp_path)) == [alive.name, "data"]
