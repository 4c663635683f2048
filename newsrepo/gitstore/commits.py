"""What a commit object says: its tree and its date. Everything else in it proves nothing and is not read."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from newsrepo.errors import UnableError
from newsrepo.gitstore.objects import Objects
from newsrepo.gitstore.snapshot import Tip
from newsrepo.ids import Oid, is_oid

_LIMIT: Final = 1 << 20
_COMMITTER: Final = re.compile(rb"^committer [^\n]*> (-?[0-9]{1,18}) [+-][0-9]{4,6}$", re.MULTILINE)


def parse_commit(commit: Oid, data: bytes) -> Tip:
    """The tip that a commit's bytes describe. Raises UnableError when they are malformed."""
    head = data.partition(b"\n\n")[0]
    when = _COMMITTER.search(head)
    tree = head[5 : head.find(b"\n")].decode("ascii", "replace")
    if not head.startswith(b"tree ") or not is_oid(tree) or when is None:
        raise UnableError(f"commit {commit} is malformed", "run `git fsck`")
    try:
        committed = datetime.fromtimestamp(int(when[1]), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UnableError(f"commit {commit} has the impossible date {when[1].decode()}", "") from error
    return Tip(commit, Oid(tree), committed)


def read_tip(objects: Objects, commit: Oid) -> Tip:
    """The tip at a commit, by full id. Raises UnableError when it is missing, no commit, or malformed."""
    return next(read_tips(objects, (commit,)))


def read_tips(objects: Objects, commits: Iterable[Oid]) -> Iterator[Tip]:
    """The tips at several commits, in the order asked; raises as ``read_tip``."""
    for blob in objects.read(commits, _LIMIT, "commit"):
        yield parse_commit(blob.oid, blob.data or b"")
