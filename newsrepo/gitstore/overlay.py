"""A snapshot as it would be with some files written: what a change would make of it, before it is made."""

from collections.abc import Iterable, Iterator, Mapping

from newsrepo.gitstore.snapshot import READ_LIMIT, REGULAR, Blob, Entry, Snapshot, Tip, blob_id, content_key
from newsrepo.ids import Oid
from newsrepo.location import Finding


class OverlaySnapshot:
    """``base`` with ``files`` in it, over its own or beside them. Their names are taken as they are."""

    def __init__(self, base: Snapshot, files: Mapping[str, bytes], algorithm: str = "sha1") -> None:
        self._base = base
        written = {path: blob_id(data, algorithm) for path, data in files.items()}
        self._blobs = {written[path]: data for path, data in files.items()}
        entries = {entry.path: entry for entry in base.entries}
        for path, data in files.items():
            mode = entries[path].mode if path in entries else REGULAR
            entries[path] = Entry(path, mode, written[path], len(data))
        self.entries = tuple(entries[path] for path in sorted(entries))
        self.key = content_key(self.entries)
        self.dirty = base.dirty or bool(files)

    @property
    def label(self) -> str:
        return self._base.label

    @property
    def tip(self) -> Tip | None:
        return self._base.tip

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self._base.findings

    def read(self, oids: Iterable[Oid], limit: int = READ_LIMIT) -> Iterator[Blob]:
        """Blobs in the order asked. Raises UnableError for one that neither has."""
        for oid in oids:
            data = self._blobs.get(oid)
            if data is None:
                yield from self._base.read([oid], limit)
            else:
                yield Blob(oid, len(data), data if len(data) <= limit else None)
