"""What changed since a commit: record paths with both blobs, other files by name, and which lines are new.

Paths and ids only: no guess at renames, no diff driver, no attribute of anybody's tree has a say.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from newsrepo.checks.changes import Change, change
from newsrepo.errors import UnableError
from newsrepo.gitstore.snapshot import Entry, Snapshot, Tip
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.ids import Oid


class Compared(Struct, frozen=True):
    """A snapshot beside the commit that it is compared with.

    ``base`` is that commit and ``before`` its files, ``target`` the tip of the branch that the change is
    meant for; all None before the first commit. ``others`` are the changed files that are no records,
    ``cut`` when not all of these are named.
    """

    base: Tip | None
    before: Snapshot | None
    target: Tip | None
    changes: tuple[Change, ...]
    others: tuple[str, ...] = ()
    cut: bool = False


def compare(work: Workspace, snapshot: Snapshot, since: str) -> Compared:
    """A snapshot since it parted from the branch ``since``; empty: since the commit that it stands on.

    Raises UsageError or UnableError when ``since`` names no commit or the two have none in common.
    """
    repository = work.repository
    head = snapshot.tip
    if not since:
        before = None if head is None else repository.at(head.commit)
        return Compared(head, before, head, _changes(before, snapshot))
    target = repository.tip(since)
    if target is None or head is None:
        raise UnableError("there is no commit yet", "commit something first: `git commit`")
    meeting = repository.merge_base(target.commit, head.commit)
    if meeting is None:
        shallow = "fetch the whole history: `git fetch --unshallow`, or `fetch-depth: 0` in a workflow"
        raise UnableError(
            f"{since} and what is checked have no commit in common here",
            shallow if repository.shallow else "give the branch that the change is meant for",
        )
    before = repository.at(meeting)
    others = repository.apart(before.tip.tree, head.tree)
    return Compared(
        before.tip, before, target, _changes(before, snapshot), others=others.paths, cut=others.cut
    )


def _changes(before: Snapshot | None, after: Snapshot) -> tuple[Change, ...]:
    entries = before.entries if before is not None else ()
    return tuple(change(path, was, now) for path, was, now in differences(entries, after.entries))


def differences(
    before: Iterable[Entry], after: Iterable[Entry]
) -> Iterator[tuple[str, "Oid | None", "Oid | None"]]:
    """Paths whose file came, went, or differs in content or mode, with both blobs; in order of path."""
    was = {entry.path: entry for entry in before}
    now = {entry.path: entry for entry in after}
    for path in sorted(was.keys() | now.keys()):
        one, other = was.get(path), now.get(path)
        if one is None or other is None or (one.oid, one.mode) != (other.oid, other.mode):
            yield path, None if one is None else one.oid, None if other is None else other.oid


def new_lines(old: bytes, new: bytes) -> frozenset[int]:
    """The numbers, from 1, of lines of ``new`` that ``old`` does not hold as often. Takes linear time.

    Lines that only moved are not new.
    """
    left = Counter(old.split(b"\n"))
    found = set()
    for number, line in enumerate(new.split(b"\n"), 1):
        if left[line] > 0:
            left[line] -= 1
        else:
            found.add(number)
    return frozenset(found)
