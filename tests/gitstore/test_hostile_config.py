"""A repository whose own configuration names programs: none of them ever runs."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hermetic import put, run_git

from newsrepo.gitstore import Repository


@pytest.fixture
def trapped(
    make_repo: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, Path]:
    """A repository in which everything that can name a program names one that leaves a marker."""
    root = make_repo({"articles/abc/2026/x/index.md": "text\n", "newsrepo.yaml": "n\n"})
    marker = tmp_path / "marker"
    trap = tmp_path / "trap.sh"
    trap.write_text(f'#!/bin/sh\necho "$0 $*" >> {marker}\ncat\n')
    trap.chmod(0o755)
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for hook in (
        "post-index-change",
        "post-checkout",
        "reference-transaction",
        "fsmonitor-watchman",
        "pre-commit",
    ):
        (hooks / hook).symlink_to(trap)
    (root / ".git/hooks").mkdir(exist_ok=True)
    (root / ".git/hooks/post-index-change").symlink_to(trap)
    put(
        root,
        {".gitattributes": "* filter=evil diff=evil merge=evil\n", ".git/info/attributes": "* filter=evil\n"},
    )
    settings = {
        "core.fsmonitor": trap,
        "core.hooksPath": hooks,
        "core.pager": trap,
        "core.editor": trap,
        "core.sshCommand": trap,
        "core.askPass": trap,
        "core.gitProxy": trap,
        "core.alternateRefsCommand": trap,
        "pager.ls-files": trap,
        "pager.cat-file": trap,
        "pager.config": trap,
        "diff.external": trap,
        "diff.evil.textconv": trap,
        "diff.evil.command": trap,
        "filter.evil.clean": trap,
        "filter.evil.smudge": trap,
        "filter.evil.process": trap,
        "filter.evil.required": "true",
        "merge.evil.driver": trap,
        "credential.helper": f"!{trap}",
        "gpg.program": trap,
        "alias.ls-files": f"!{trap}",
        "alias.cat-file": f"!{trap}",
        "uploadpack.packObjectsHook": trap,
        "remote.origin.url": f"ext::{trap}",
        "remote.origin.promisor": "true",
        "remote.origin.uploadpack": trap,
        "extensions.partialClone": "origin",
    }
    run_git(root, "config", "core.repositoryFormatVersion", "1")
    for key, value in settings.items():
        run_git(root, "config", key, str(value))
    for name in (
        "GIT_SSH_COMMAND",
        "GIT_EXTERNAL_DIFF",
        "GIT_ASKPASS",
        "GIT_PAGER",
        "PAGER",
        "GIT_EDITOR",
        "EDITOR",
    ):
        monkeypatch.setenv(name, str(trap))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("GIT_TRACE", str(marker))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(trap))
    assert not marker.exists()
    return root, marker


def _bytes(root: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in root.rglob("*") if p.is_file() and "newsrepo" not in p.parts}


def test_no_marker_and_not_a_byte_changed(trapped: tuple[Path, Path]) -> None:
    root, marker = trapped
    put(root, {"articles/abc/2026/x/index.md": "changed\n", ".gitignore": "x\n"})
    before = _bytes(root)
    with Repository.discover(root) as repository:
        for snapshot in (
            repository.worktree(),
            repository.staged(),
            repository.at("main"),
            repository.at("HEAD"),
        ):
            assert len(snapshot.entries) == 2
            assert snapshot.key
            assert snapshot.tip
            assert isinstance(snapshot.dirty, bool)
            assert len(list(snapshot.read([e.oid for e in snapshot.entries] * 60))) == 120
        assert repository.worktree_stamp().value
        assert repository.config("remote.origin.url")
        assert repository.algorithm == "sha1"
        with pytest.raises(Exception, match="partial clone"):
            list(repository.worktree().read([repository.at("main").entries[0].oid.replace("0", "1")]))
    assert _bytes(root) == before
    repository.set_config("newsrepo.contingent", "abc")
    assert not marker.exists()
    del os.environ[
        "GIT_TRACE"
    ]  # GitPython asks git for its version when imported, in the user's own surroundings
    assert dict(repository.refs()).keys() == {"refs/heads/main"}
    assert not marker.exists()


def test_the_trap_would_have_caught_an_unguarded_git(trapped: tuple[Path, Path]) -> None:
    root, marker = trapped
    os.environ.pop("GIT_DIR")
    os.environ.pop("GIT_WORK_TREE")
    os.environ.pop("GIT_OBJECT_DIRECTORY")
    os.environ.pop("GIT_INDEX_FILE")
    os.environ.pop("GIT_TRACE")
    put(root, {"articles/abc/2026/x/index.md": "changed\n"})
    with suppress(AssertionError):  # the trap speaks no protocol, so git may give up
        run_git(root, "status", "--short")
    assert marker.exists()


def test_replace_refs_do_not_change_what_an_id_names(make_repo: Callable[..., Path]) -> None:
    root = make_repo({"articles/x.md": "true\n"})
    true = run_git(root, "rev-parse", "HEAD:articles/x.md")
    false = run_git(root, "hash-object", "-w", "--stdin", data=b"false\n")
    run_git(root, "replace", true, false)
    snapshot = Repository.discover(root).at("main")
    assert [b.data for b in snapshot.read([e.oid for e in snapshot.entries])] == [b"true\n"]
