"""Keeps what is worked out of texts by floors above: a text is looked at once ever, whatever view it is in.

What is worked out, and what of it, is the caller's business; here it is bytes under the name of its scheme
and the blob id of the text.
"""

from collections.abc import Callable, Iterable, Iterator

from newsrepo.commons.groups import Head
from newsrepo.commons.index import articles_key
from newsrepo.commons.store import PartMissingError, Store
from newsrepo.gitstore.snapshot import Snapshot
from newsrepo.ids import Oid
from newsrepo.records import body_text
from newsrepo.records.text import MAX_TEXT

BATCH = 1000
KEPT = 4
"""How many of the latest views' answers stay of each kind."""


def prints(
    store: Store, snapshot: Snapshot, scheme: str, oids: Iterable[Oid], make: Callable[[str], bytes]
) -> dict[Oid, bytes]:
    """What ``make`` says of the body of each of these Markdown files, made where it is not kept yet.

    Files too large, or without a body, get what ``make`` says of an empty text. Raises UnableError when the
    repository cannot be read.
    """
    wanted = list(dict.fromkeys(oids))
    found = store.prints(scheme, wanted)
    missing = [oid for oid in wanted if oid not in found]
    for start in range(0, len(missing), BATCH):
        some = missing[start : start + BATCH]
        made = {oid: make(body) for oid, body in bodies(snapshot, some)}
        with store.writing():
            store.add_prints(scheme, made.items())
        found |= made
    return found


def bodies(snapshot: Snapshot, oids: Iterable[Oid]) -> Iterator[tuple[Oid, str]]:
    """The bodies of Markdown files, in the order asked; empty for those too large and those without one."""
    for blob in snapshot.read(oids, MAX_TEXT):
        yield blob.oid, (body_text(blob.data) or "") if blob.data is not None else ""


def remembered(store: Store, head: Head, name: str, make: Callable[[], bytes]) -> bytes:
    """What ``make`` answers for what stands under ``articles/`` in a view: it may look at nothing else."""
    key = articles_key(head)
    answer = recall(store, name, key)
    if answer is None:
        answer = make()
        keep(store, name, key, answer)
    return answer


def recall(store: Store, name: str, key: str) -> bytes | None:
    """The answer that was kept under a name for a view of this key."""
    try:
        return store.part("answer", f"{name} {key}")
    except PartMissingError:
        return None


def keep(store: Store, name: str, key: str, answer: bytes) -> None:
    """Keep an answer, and let go of those by this kind of name that are old; its first word is the kind."""
    with store.writing():
        store.add_part("answer", f"{name} {key}", answer)
        same = [k for k in store.parts("answer") if k.partition(" ")[0] == name.partition(" ")[0]]
        store.drop_parts("answer", same[:-KEPT])
