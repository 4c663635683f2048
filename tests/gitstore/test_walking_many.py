"""Many trees walked side by side: each as if alone, only where asked for, and none stopped by another."""

import os
from pathlib import Path

from hermetic import commit_all, put, run_git

from newsrepo.errors import UnableError
from newsrepo.gitstore import folders
from newsrepo.gitstore.budget import Caps
from newsrepo.gitstore.objects import Objects
from newsrepo.gitstore.repository import Repository
from newsrepo.gitstore.runner import Git
from newsrepo.gitstore.tree import Start, TreeReader, Walked
from newsrepo.ids import Oid


def trees(root: Path, *contents: dict[str, str]) -> list[Oid]:
    """One commit for each set of files, each on top of the one before; their root trees."""
    found = []
    for files in contents:
        put(root, files)
        commit_all(root)
        found.append(Oid(run_git(root, "rev-parse", "HEAD^{tree}")))
    return found


def reader(root: Path, caps: Caps = Caps()) -> TreeReader:  # noqa: B008 - a frozen value
    git = Git(str(root), str(root / ".git"))
    return TreeReader(Objects(git, shallow=False, partial=False), caps)


def test_each_is_walked_as_if_alone(make_repo):
    root = make_repo({"articles/a/2026/x/index.md": "1", "README": "no record"})
    one, two = trees(
        root, {"articles/b/2026/y/index.md": "2"}, {"newsrepo.yaml": "3", "articles/b/link.md": "4"}
    )
    both = reader(root).walk_all([Start(one, "one"), Start(two, "two")])
    for tree, label, walked in ((one, "one", both[0]), (two, "two", both[1])):
        assert isinstance(walked, Walked)
        assert (walked.entries, walked.findings) == reader(root).walk(tree, label)
    with Repository.discover(root) as repository:
        assert tuple(repository.at("HEAD").entries) == both[1].entries


def test_only_wanted_folders_are_entered(make_repo):
    root = make_repo({"articles/a/x.md": "1", "articles/b/y.md": "2", "articles/b/deep/z.md": "3"})
    (tree,) = trees(root, {"comments/a/w.md": "4"})
    asked = []

    def wanted(folder: str) -> bool:
        asked.append(folder)
        return folder in ("articles", "articles/b")

    (walked,) = reader(root).walk_all([Start(tree, "", wanted)])
    assert [e.path for e in walked.entries] == ["articles/b/y.md"]
    assert sorted(asked) == ["articles", "articles/a", "articles/b", "articles/b/deep", "comments"]


def test_what_one_has_entered_the_next_need_not(make_repo):
    root = make_repo({"articles/a/x.md": "1"})
    one, two = trees(root, {"articles/b/y.md": "2"}, {"articles/c/z.md": "3"})
    first, second = reader(root).walk_all([Start(one, ""), Start(two, "")], once=True)
    assert [e.path for e in first.entries] == ["articles/a/x.md", "articles/b/y.md"]
    assert [e.path for e in second.entries] == ["articles/c/z.md"]


def test_one_that_fails_stops_no_other(make_repo):
    root = make_repo({"articles/a/x.md": "1"})
    (tree,) = trees(root, {"articles/b/y.md": "2"})
    blob = Oid(run_git(root, "rev-parse", "HEAD:articles/b/y.md"))
    missing, good, wrong = reader(root).walk_all(
        [Start(Oid("1" * 40), "missing"), Start(tree, "good"), Start(blob, "wrong")]
    )
    assert isinstance(missing, UnableError)
    assert isinstance(wrong, UnableError)
    assert [e.path for e in good.entries] == ["articles/a/x.md", "articles/b/y.md"]


def test_the_caps_hold_for_each_by_itself(make_repo):
    root = make_repo({f"articles/a/{n}.md": str(n) for n in range(30)})
    few = Oid(run_git(root, "rev-parse", "HEAD^{tree}"))
    (many,) = trees(root, {f"articles/b/{n}.md": str(n) for n in range(30)})
    walked = reader(root, Caps(entries=40)).walk_all([Start(many, "many"), Start(few, "few")])
    assert [f.rule for f in walked[0].findings] == ["too-many-entries"]
    assert walked[0].findings[0].location.source == "many"
    assert (len(walked[1].entries), walked[1].findings) == (30, ())


def test_ratings_count_apart_and_hide_nothing_else(make_repo):
    files = {f"ratings/a/r{n}/2026-01.yaml": str(n) for n in range(30)}
    root = make_repo({**files, "articles/a/2026/x/index.md": "1"})
    whole = Oid(run_git(root, "rev-parse", "HEAD^{tree}"))
    (walked,) = reader(root, Caps(entries=10)).walk_all([Start(whole, "")])
    assert isinstance(walked, Walked)
    assert (len(walked.entries), walked.findings) == (31, ())
    (walked,) = reader(root, Caps(ratings=20)).walk_all([Start(whole, "")])
    assert isinstance(walked, Walked)
    assert [e.path for e in walked.entries] == ["articles/a/2026/x/index.md"]
    assert [f.rule for f in walked.findings] == ["too-many-entries"]
    assert walked.findings[0].message.startswith("under ratings/, more than 20 entries")
    walk = folders.Walk(os.fsencode(root) + b"/", Caps(entries=10, ratings=20))
    walk.run()
    assert [path for path, _ in walk.files] == ["articles/a/2026/x/index.md"]
    assert [f.rule for f in walk.findings] == ["too-many-entries"]
