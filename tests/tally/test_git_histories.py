"""What people do to history leaves a result as it is: signatures are files, and commits prove nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git
from polls import Poll, equal

from newsrepo.gitstore.repository import Repository
from newsrepo.tally.evidence import Signed
from newsrepo.tally.gather import gather
from newsrepo.tally.statement import Judgement

POLL = Poll(equal("abc", "lmn", "xyz"))
FOLDER = f"statements/{POLL.slug}"
BALLOTS = POLL.votes("yyn")
CLOSINGS = POLL.certify(BALLOTS, tellers=("abc", "lmn"))


def _pair(path: str, one: Signed) -> dict[str, bytes | str]:
    return {path: one.data or b"", f"{path}.sig": one.signature or b""}


OPENED = {f"{FOLDER}/statement.md": POLL.text} | _pair(f"{FOLDER}/opening.yaml", POLL.opening)
VOTED = [
    _pair(f"{FOLDER}/ballots/{name}/1.yaml", one) for name, one in zip(POLL.weights, BALLOTS, strict=True)
]
CLOSED = [
    _pair(f"{FOLDER}/closings/{name}/{number}.yaml", CLOSINGS[2 * (number - 1) + at])
    for number in (1, 2)
    for at, name in enumerate(("abc", "lmn"))
]


@pytest.fixture
def root(make_repo: Callable[..., Path]) -> Path:
    """A repository with the vote opened on `main`, then voted and closed in seven commits on `votes`."""
    made = make_repo(OPENED)
    run_git(made, "checkout", "--quiet", "-b", "votes")
    for files in (*VOTED, *CLOSED):
        put(made, files)
        commit_all(made)
    run_git(made, "checkout", "--quiet", "main")
    return made


def judged(where: Path, ref: str = "HEAD") -> Judgement:
    """What the files of a ref come to, read as blobs."""
    snapshot = Repository.discover(where).at(ref)
    carried = [(entry.path, entry.oid, "main") for entry in snapshot.entries]
    (files,) = gather(carried, lambda oids: (blob.data for blob in snapshot.read(oids))).values()
    return POLL.judge(files)


def test_before_and_after_voting(root: Path) -> None:
    assert judged(root, "main").state == "open"
    assert judged(root, "votes").sentence == (
        "carried: 2 of 3 cast, 2 x 3 >= 2 x 3; quorum 3 of 3, more than half"
    )


def test_a_squash_merge(root: Path) -> None:
    wanted = judged(root, "votes")
    run_git(root, "merge", "--quiet", "--squash", "votes")
    commit_all(root)
    assert judged(root) == wanted


def test_a_rebase(root: Path) -> None:
    wanted = judged(root, "votes")
    put(root, {"README.md": "Something else.\n"})
    commit_all(root)
    run_git(root, "rebase", "--quiet", "main", "votes")
    assert judged(root) == wanted


def test_cherry_picks_in_another_order(root: Path) -> None:
    wanted = judged(root, "votes")
    commits = run_git(root, "rev-list", "main..votes").split()
    for commit in commits:
        # Closings look alike, and git would take some folders for renamed copies of others.
        settings = ("-c", "merge.renames=false", "-c", "merge.directoryRenames=false")
        run_git(root, *settings, "cherry-pick", commit, GIT_COMMITTER_DATE="2001-01-01T00:00:00+00:00")
    assert judged(root) == wanted


def test_a_shallow_clone(root: Path, tmp_path: Path) -> None:
    wanted = judged(root, "votes")
    url = root.as_uri()
    run_git(tmp_path, "clone", "--quiet", "--depth", "1", "--branch", "votes", url, "shallow")
    assert judged(tmp_path / "shallow") == wanted


def test_line_endings_of_a_working_tree_do_not_matter(root: Path) -> None:
    """A checkout with CR LF cannot be verified; the blobs can, and those are read."""
    wanted = judged(root, "votes")
    run_git(root, "config", "core.autocrlf", "true")
    run_git(root, "checkout", "--quiet", "votes")
    assert judged(root) == wanted
