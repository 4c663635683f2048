"""Every ref that a clone knows, its own and those fetched from others' homes, read through one process.

Signed records prove themselves, so that it does not matter who carries them: they are looked for in all refs.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from newsrepo.errors import UnableError
from newsrepo.gitstore.objects import Objects
from newsrepo.gitstore.past import past
from newsrepo.gitstore.runner import Git
from newsrepo.gitstore.snapshot import READ_LIMIT, Blob
from newsrepo.gitstore.tree import Start, TreeReader, Walked
from newsrepo.ids import Oid

if TYPE_CHECKING:
    from newsrepo.gitstore.homestore import HomeStore
    from newsrepo.gitstore.repository import Repository

_COMMAND: Final = (
    "log",
    "--no-walk=unsorted",
    "--all",
    "--decorate=full",
    "--decorate-refs=HEAD",
    "--decorate-refs=refs/*",  # else git names branches and tags alone
    "--format=%H %T %D",
    "--no-color",
    "--no-mailmap",
    "--no-notes",
    "--no-show-signature",
)
_ROW: Final = re.compile(r"([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ?([^\n]*)")
_HOME: Final = re.compile(r"refs/newsrepo/(homes|seen)/([a-z0-9-]+)(?:/[0-9a-f]+)?")
_NOT_LOOKED_AT: Final = ("refs/stash", "refs/notes/", "refs/replace/", "refs/newsrepo/")
_PREFIXES: Final = ("refs/heads/", "refs/remotes/", "refs/")


class Ref(Struct, frozen=True):
    """One ref: what it is called (``main``, ``origin/main``, ``abc@3f2a9c1d``), its commit and root tree.

    ``current`` is false of a tip that a home has moved on from.
    """

    label: str
    commit: Oid
    tree: Oid
    current: bool = True


class Everywhere:
    """The refs of one clone and of the homes fetched into it, with all that they hold."""

    def __init__(self, repository: "Repository", store: "HomeStore | None") -> None:
        self._repository = repository
        self._store = store

    @cached_property
    def refs(self) -> tuple[Ref, ...]:
        """All of them, those that stand now first; ordered by label. Raises UnableError."""
        found = {(ref.label, ref.commit): ref for ref in self._of(self._repository.git_dir, _own)}
        if self._store is not None:
            for ref in self._of(self._store.path, _homes):
                known = found.get((ref.label, ref.commit))
                if known is None or ref.current:
                    found[ref.label, ref.commit] = ref
        return tuple(sorted(found.values(), key=lambda ref: (not ref.current, ref.label, ref.commit)))

    def _of(self, git_dir: Path, named: Callable[[Oid, Oid, list[str]], Iterator[Ref]]) -> Iterator[Ref]:
        _, out = Git(str(git_dir), str(git_dir)).run(*_COMMAND)
        for match in _ROW.finditer(out.decode("utf-8", "replace")):
            names = [name.removeprefix("tag: ") for name in match[3].split(", ")]
            yield from named(Oid(match[1]), Oid(match[2]), names)

    def walk(
        self, refs: Iterable[Ref], wanted: Callable[[str], bool], *, once: bool = False
    ) -> Iterator[tuple[Ref, Walked | UnableError]]:
        """The files of each ref in the folders that are ``wanted``; equal trees are walked once.

        With ``once`` a folder that several refs have alike is told of the first of them alone.
        """
        asked = list(refs)
        trees = list(dict.fromkeys(ref.tree for ref in asked))
        walks = self._trees.walk_all([Start(tree, "", wanted) for tree in trees], once=once)
        by_tree = dict(zip(trees, walks, strict=True))
        for ref in asked:
            yield ref, by_tree[ref.tree]

    def read(self, oids: Iterable[Oid], limit: int = READ_LIMIT) -> Iterator[Blob]:
        """Blobs by id, in the order asked."""
        return self._objects.read(oids, limit)

    def ever(self, path: str) -> frozenset[Oid]:
        """Every blob that stood at ``path`` anywhere in the history of these refs, as far as it is here."""
        own = [ref.commit for ref in self._of(self._repository.git_dir, _own)]
        found = past(self._repository.common_dir, own, path)
        if self._store is not None:
            found |= past(self._store.path, [ref.commit for ref in self._of(self._store.path, _homes)], path)
        return found

    @cached_property
    def _objects(self) -> Objects:
        if self._store is not None:
            return self._store.objects
        common = str(self._repository.common_dir)
        return Objects(
            Git(common, common), shallow=self._repository.shallow, partial=self._repository.partial
        )

    @cached_property
    def _trees(self) -> TreeReader:
        return TreeReader(self._objects)


def _own(commit: Oid, tree: Oid, names: list[str]) -> Iterator[Ref]:
    """The refs of the user's own repository at a commit; HEAD only where no branch names it."""
    branches = [name.removeprefix("HEAD -> ") for name in names if name and name != "HEAD"]
    for name in branches:
        if name.startswith(_NOT_LOOKED_AT) or name.endswith("/HEAD"):
            continue
        prefix = next(p for p in (*_PREFIXES, "") if name.startswith(p))
        yield Ref(name.removeprefix(prefix), commit, tree)
    if not branches:
        yield Ref("HEAD", commit, tree)


def _homes(commit: Oid, tree: Oid, names: list[str]) -> Iterator[Ref]:
    """The tips of others' homes at a commit, those that stand now and those seen before."""
    for name in names:
        match = _HOME.fullmatch(name)
        if match is not None:
            yield Ref(f"{match[2]}@{commit[:8]}", commit, tree, current=match[1] == "homes")
