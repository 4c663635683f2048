"""Text search, made when somebody searches: whoever never looks for a word never pays for finding one.

Only texts that the search tables do not hold yet are read, whatever view they came with first.
"""

from collections.abc import Iterable, Iterator, Mapping

from newsrepo.commons import words
from newsrepo.commons.model import Work
from newsrepo.commons.store import Store
from newsrepo.gitstore.snapshot import Snapshot
from newsrepo.ids import Oid
from newsrepo.records import split
from newsrepo.records.text import MAX_TEXT

BATCH_BYTES = 16 << 20
BATCH_TEXTS = 4000

Text = tuple[Oid, str, str, str]
"""A blob, and the title, summary and body to find it by."""


def search(store: Store, snapshot: Snapshot, works: Mapping[Oid, Work], expression: str) -> list[Oid]:
    """Those of the works, given by version, that an FTS5 expression matches; they are made findable first.

    Raises UnableError when a text cannot be read.
    """
    sought = store.sought()
    missing = [work for version, work in works.items() if version not in sought]
    if missing:
        for batch in _batches(_texts(snapshot, missing)):
            with store.writing():
                store.add_texts(batch)
        store.seal_search()
        sought = store.sought()
    found = store.search(expression)
    return [version for version in works if sought[version] in found]


def _texts(snapshot: Snapshot, works: list[Work]) -> Iterator[Text]:
    blobs = snapshot.read([work.version for work in works], MAX_TEXT)
    for work, blob in zip(works, blobs, strict=True):
        halves = split(blob.data) if blob.data is not None else None
        body = halves.body.decode("utf-8", "replace") if halves is not None else ""
        yield work.version, words.spaced(work.title), words.spaced(work.summary), words.spaced(body)


def _batches(texts: Iterable[Text]) -> Iterator[list[Text]]:
    batch: list[Text] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text[3])
        if size > BATCH_BYTES or len(batch) >= BATCH_TEXTS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
