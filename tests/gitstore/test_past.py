"""Every blob that a file ever was, also on the side of a merge that lost and before it was removed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git

from newsrepo.gitstore.past import past, steps, texts
from newsrepo.gitstore.snapshot import blob_id
from newsrepo.ids import Oid


def test_all_that_a_file_ever_was(make_repo: Callable[..., Path]):
    root = make_repo({"a": "one\n", "b": "other\n"})
    run_git(root, "checkout", "-q", "-b", "side")
    put(root, {"a": "side\n"})
    commit_all(root)
    run_git(root, "checkout", "-q", "main")
    put(root, {"a": "two\n"})
    commit_all(root)
    run_git(root, "merge", "-q", "-s", "ours", "side", "-m", "Ours")
    (root / "a").unlink()
    commit_all(root)
    head = Oid(run_git(root, "rev-parse", "HEAD"))
    found = past(root / ".git", [head], "a")
    assert found == {blob_id(text) for text in (b"one\n", b"side\n", b"two\n")}
    side = Oid(run_git(root, "rev-parse", "side"))
    assert past(root / ".git", [side, side], "a") == {blob_id(b"one\n"), blob_id(b"side\n")}
    assert past(root / ".git", [head], "none") == frozenset()
    assert past(root / ".git", [], "a") == frozenset()


def test_all_that_several_files_ever_were(make_repo: Callable[..., Path]):
    root = make_repo({"a/x": "one\n", "a/y": "other\n", "b": "else\n", "c": "not asked\n"})
    put(root, {"a/x": "two\n"})
    commit_all(root)
    (root / "a/x").unlink()
    commit_all(root)
    head = Oid(run_git(root, "rev-parse", "HEAD"))
    assert texts(root / ".git", head, ["a", "b", "none"]) == {
        "a/x": (blob_id(b"two\n"), blob_id(b"one\n")),
        "a/y": (blob_id(b"other\n"),),
        "b": (blob_id(b"else\n"),),
    }
    assert texts(root / ".git", head, []) == {}


def test_only_full_ids(make_repo: Callable[..., Path]):
    with pytest.raises(ValueError, match="full commit ids"):
        past(make_repo({"a": "x"}) / ".git", [Oid("--output=x")], "a")


def test_the_states_of_files_one_after_the_other(make_repo: Callable[..., Path]):
    root = make_repo({"a": "one\n", "b": "one\n"})
    since = Oid(run_git(root, "rev-parse", "HEAD"))
    for files in ({"a": "two\n"}, {"c": "else\n"}, {"a": "three\n", "b": "three\n"}):
        put(root, files)
        commit_all(root)
    (root / "b").unlink()
    commit_all(root)
    tip = Oid(run_git(root, "rev-parse", "HEAD"))
    two, three = blob_id(b"two\n"), blob_id(b"three\n")
    states = ({"a": two}, {"a": three, "b": three}, {"a": three})
    assert steps(root / ".git", since, tip, ["a", "b"], most=9) == states
    assert steps(root / ".git", since, tip, ["a", "b"], most=2) == states[1:]
    assert steps(root / ".git", tip, tip, ["a", "b"], most=9) == ()
    with pytest.raises(ValueError, match="full commit ids"):
        steps(root / ".git", Oid("--output=x"), tip, ["a"], most=9)
