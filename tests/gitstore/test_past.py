"""Every blob that a file ever was, also on the side of a merge that lost and before it was removed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git

from newsrepo.gitstore.past import past
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


def test_only_full_ids(make_repo: Callable[..., Path]):
    with pytest.raises(ValueError, match="full commit ids"):
        past(make_repo({"a": "x"}) / ".git", [Oid("--output=x")], "a")
