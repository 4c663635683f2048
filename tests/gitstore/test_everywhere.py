"""Every ref of a clone and of the homes in its store, each by its name; what is no ref of anybody's is left out."""

from collections.abc import Callable
from pathlib import Path

from hermetic import commit_all, put, run_git

from newsrepo.gitstore.everywhere import Everywhere, Ref
from newsrepo.gitstore.homestore import HomeStore
from newsrepo.gitstore.repository import Repository
from newsrepo.gitstore.tree import Walked

BALLOT = "statements/abc/peace/ballots/lmn/1.yaml"


def everywhere(root: Path) -> Everywhere:
    repository = Repository.discover(root)
    return Everywhere(repository, HomeStore.open(repository))


def labels(refs: tuple[Ref, ...]) -> list[str]:
    return [ref.label for ref in refs]


def test_an_empty_repository_has_none(make_repo: Callable[..., Path]) -> None:
    assert everywhere(make_repo(commit=False)).refs == ()


def test_branches_remotes_tags_and_a_detached_head(make_repo: Callable[..., Path]) -> None:
    root = make_repo({BALLOT: "one"})
    first = run_git(root, "rev-parse", "HEAD")
    run_git(root, "tag", "-a", "v1", "-m", "v1")
    run_git(root, "update-ref", "refs/remotes/origin/main", first)
    run_git(root, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    run_git(root, "update-ref", "refs/pull/7/head", first)
    run_git(root, "tag", "a-tree", f"{first}^{{tree}}")
    run_git(root, "checkout", "--quiet", "--detach")
    put(root, {BALLOT: "two"})
    second = commit_all(root)
    put(root, {BALLOT: "three"})
    run_git(root, "stash", "--quiet")
    run_git(root, "notes", "add", "-m", "a note")
    found = everywhere(root).refs
    assert labels(found) == ["HEAD", "main", "origin/main", "pull/7/head", "tags/v1"]
    assert {ref.commit for ref in found} == {first, second}


def test_a_linked_worktree_sees_its_own_head(make_repo: Callable[..., Path], tmp_path: Path) -> None:
    root = make_repo({BALLOT: "one"})
    linked = tmp_path / "linked"
    run_git(root, "worktree", "add", "--quiet", "--detach", str(linked))
    put(linked, {BALLOT: "two"})
    second = commit_all(linked)
    assert [(ref.label, ref.commit) for ref in everywhere(linked).refs if ref.label == "HEAD"] == [
        ("HEAD", second)
    ]


def test_homes_and_what_they_moved_on_from(make_repo: Callable[..., Path]) -> None:
    root = make_repo({BALLOT: "one"})
    first = run_git(root, "rev-parse", "HEAD")
    put(root, {BALLOT: "two"})
    second = commit_all(root)
    store = HomeStore.create(Repository.discover(root)).path
    run_git(root, "push", "--quiet", str(store), "HEAD:refs/newsrepo/homes/lmn")
    for commit in (first, second):
        run_git(root, "push", "--quiet", str(store), f"{commit}:refs/newsrepo/seen/lmn/{commit}")
    there = everywhere(root)
    assert [(ref.label, ref.current) for ref in there.refs] == [
        (f"lmn@{second[:8]}", True),
        ("main", True),
        (f"lmn@{first[:8]}", False),
    ]
    texts = {}
    for ref, walked in there.walk(there.refs, lambda folder: folder.startswith("statements")):
        assert isinstance(walked, Walked)
        (entry,) = walked.entries
        texts[ref.label] = next(there.read([entry.oid])).data
    assert texts == {f"lmn@{second[:8]}": b"two", "main": b"two", f"lmn@{first[:8]}": b"one"}
    assert len(there.ever(BALLOT)) == 2
