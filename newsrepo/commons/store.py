"""The one SQLite file behind the index: facts by blob, parts by digest, text search; each row checks itself.

It is a cache. Every value carries a checksum over its name and its bytes, so what comes out is what was put
in, or DamagedError is raised, and then the whole file is thrown away and made again from the repository.
"""

import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from zlib import crc32

import newsrepo
from newsrepo.ids import Kind, Oid

try:
    import fcntl
except ImportError:  # Windows: opening and discarding are not serialised there
    fcntl = None  # type: ignore[assignment]  # the module itself is the flag

BUSY_SECONDS = 20.0
_CHUNK = 500

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE fact (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, oid TEXT NOT NULL, data BLOB NOT NULL, UNIQUE (kind, oid)
) STRICT;
CREATE TABLE part (
    role TEXT NOT NULL, key TEXT NOT NULL, used INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (role, key)
) STRICT;
CREATE TABLE print (
    scheme TEXT NOT NULL, oid TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (scheme, oid)
) STRICT, WITHOUT ROWID;
CREATE TABLE sought (id INTEGER PRIMARY KEY, oid TEXT NOT NULL UNIQUE) STRICT;
CREATE VIRTUAL TABLE search USING fts5 (
    title, summary, body, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO search (search, rank) VALUES ('hashsize', 16000000);
"""


class DamagedError(Exception):
    """Something came out of the file that was not put in."""


DAMAGE = (sqlite3.Error, DamagedError, UnicodeDecodeError, MemoryError)
"""What a damaged file can make SQLite raise: also text that is none, and lengths beyond all memory."""


class PartMissingError(Exception):
    """A part is not there (any more); it can be made again."""


@cache
def stamp() -> str:
    """What must be equal for a file to be of use: the schema, the program, and every line that parses."""
    digest = hashlib.blake2b(_SCHEMA.encode(), digest_size=16)
    root = Path(newsrepo.__file__).parent
    for path in sorted([*root.glob("records/*.py"), *root.glob("commons/*.py"), *root.glob("*.py")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"newsrepo {newsrepo.__version__} {sys.byteorder} {digest.hexdigest()}"


def _sealed(name: str, data: bytes) -> bytes:
    return crc32(data, crc32(name.encode())).to_bytes(4, "little") + data


def _opened(name: str, sealed: object) -> bytes:
    if not isinstance(sealed, bytes) or len(sealed) < 4:
        raise DamagedError(name)
    data = sealed[4:]
    if crc32(data, crc32(name.encode())) != int.from_bytes(sealed[:4], "little"):
        raise DamagedError(name)
    return data


def _furnish(db: sqlite3.Connection) -> None:
    db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}")
    db.execute("INSERT INTO meta VALUES ('stamp', ?)", (stamp(),))
    db.execute("COMMIT")


class Store:
    """An open index file, or one in memory. Every method may raise sqlite3.Error or DamagedError."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._sought: dict[Oid, int] | None = None
        self._used = 0
        self.was_damaged = False
        """Whether what stood there before was no index of any version, and had to go."""
        with self._opening():
            self._db = self._connect()

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def _opening(self) -> Iterator[None]:
        """Nobody opens the file while somebody discards it: a fresh file must not meet a stale journal."""
        if self.path is None or fcntl is None:
            yield
            return
        handle = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _connect(self) -> sqlite3.Connection:
        if self.path is not None:
            if not self._usable(self.path):
                self._unlink()
            if not self.path.exists():
                self._begin(self.path)
        db = sqlite3.connect(
            ":memory:" if self.path is None else self.path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            db.execute("PRAGMA trusted_schema = OFF")
            db.execute("PRAGMA cell_size_check = ON")
            db.execute("PRAGMA cache_size = -16000")
            db.execute("PRAGMA synchronous = NORMAL")
            if self.path is None:
                _furnish(db)
        except BaseException:
            db.close()
            raise
        return db

    def _begin(self, path: Path) -> None:
        """Put an empty index in place, whole: who is killed meanwhile leaves nothing that looks damaged."""
        fresh = path.with_name(f"{path.name}.new")
        for suffix in ("", "-journal", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                os.unlink(f"{fresh}{suffix}")
        db = sqlite3.connect(fresh, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            _furnish(db)
            db.execute("PRAGMA journal_mode = WAL")
        finally:
            db.close()
        os.replace(fresh, path)

    def _usable(self, path: Path) -> bool:
        """Whether the file is absent, empty, or one of ours of just this version."""
        try:
            if not path.stat().st_size:
                self._unlink()
                return True
        except FileNotFoundError:
            return True
        db = sqlite3.connect(path, timeout=BUSY_SECONDS)
        try:
            return bool(db.execute("SELECT value FROM meta WHERE name = 'stamp'").fetchone() == (stamp(),))
        except DAMAGE as error:
            if is_refusal(error):
                raise
            self.was_damaged = True
            return False
        finally:
            db.close()

    def _unlink(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                os.unlink(f"{self.path}{suffix}")

    def discard(self) -> None:
        """Throw the file away and begin an empty one."""
        self._db.close()
        self._sought = None
        with self._opening():
            if self.path is not None:
                self._unlink()
            self._db = self._connect()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, kept whole or not at all."""
        self._db.execute("BEGIN IMMEDIATE")
        self._used = 0
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # Facts: what one blob says, read as one kind of file.

    def known(self, kind: Kind, oids: Sequence[Oid]) -> set[Oid]:
        """Those of the blobs that have a fact."""
        found: set[Oid] = set()
        for start in range(0, len(oids), _CHUNK):
            some = oids[start : start + _CHUNK]
            marks = ",".join("?" * len(some))
            sql = f"SELECT oid FROM fact WHERE kind = ? AND oid IN ({marks})"  # noqa: S608 - question marks only
            found.update(oid for (oid,) in self._db.execute(sql, (kind.value, *some)))
        return found

    def facts(self, kind: Kind, oids: Iterable[Oid]) -> Iterator[bytes]:
        """The facts of these blobs, in this order, a bounded number at a time. All must be known."""
        wanted = list(oids)
        for start in range(0, len(wanted), _CHUNK):
            some = wanted[start : start + _CHUNK]
            marks = ",".join("?" * len(some))
            sql = f"SELECT oid, data FROM fact WHERE kind = ? AND oid IN ({marks})"  # noqa: S608 - as above
            rows = dict(self._db.execute(sql, (kind.value, *some)).fetchall())
            for oid in some:
                yield _opened(f"{kind.value} {oid}", rows.get(oid))

    def add_facts(self, rows: Iterable[tuple[Kind, Oid, bytes]]) -> None:
        """Keep what blobs say. Inside ``writing``."""
        self._db.executemany(
            "INSERT OR IGNORE INTO fact (kind, oid, data) VALUES (?, ?, ?)",
            [(kind.value, oid, _sealed(f"{kind.value} {oid}", data)) for kind, oid, data in rows],
        )

    def fact_count(self) -> int:
        """About how many facts there are, never fewer."""
        (last,) = self._db.execute("SELECT max(id) FROM fact").fetchone()
        return last if isinstance(last, int) else 0

    # Parts: what follows from facts, by the digest of all that it follows from.

    def part(self, role: str, key: str) -> bytes:
        """Raises PartMissingError."""
        row = self._db.execute("SELECT data FROM part WHERE role = ? AND key = ?", (role, key)).fetchone()
        if row is None:
            raise PartMissingError(f"{role} {key}")
        return _opened(f"{role} {key}", row[0])

    def has_part(self, role: str, key: str) -> bool:
        sql = "SELECT 1 FROM part WHERE role = ? AND key = ?"
        return self._db.execute(sql, (role, key)).fetchone() is not None

    def add_part(self, role: str, key: str, data: bytes) -> None:
        """Inside ``writing``; the newest of its role is the one used last."""
        if not self._used:  # once a transaction: it means going through all of them
            (last,) = self._db.execute("SELECT coalesce(max(used), 0) FROM part").fetchone()
            self._used = last if isinstance(last, int) else 0
        self._used += 1
        self._db.execute(
            "INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?)",
            (role, key, self._used, _sealed(f"{role} {key}", data)),
        )

    def parts(self, role: str) -> list[str]:
        """The keys of the parts of a role, the oldest first."""
        rows = self._db.execute("SELECT key FROM part WHERE role = ? ORDER BY used, key", (role,))
        keys = [key for (key,) in rows]
        if not all(isinstance(key, str) for key in keys):
            raise DamagedError(role)
        return keys

    def drop_parts(self, role: str, keys: Iterable[str]) -> None:
        """Inside ``writing``."""
        self._db.executemany("DELETE FROM part WHERE role = ? AND key = ?", [(role, key) for key in keys])

    # Prints: what a floor above works out of one text, by the name of its scheme.

    def prints(self, scheme: str, oids: Sequence[Oid]) -> dict[Oid, bytes]:
        """The prints of those of the blobs that have one."""
        found: dict[Oid, bytes] = {}
        for start in range(0, len(oids), _CHUNK):
            some = oids[start : start + _CHUNK]
            marks = ",".join("?" * len(some))
            sql = f"SELECT oid, data FROM print WHERE scheme = ? AND oid IN ({marks})"  # noqa: S608 - as above
            for oid, data in self._db.execute(sql, (scheme, *some)):
                found[oid] = _opened(f"{scheme} {oid}", data)
        return found

    def add_prints(self, scheme: str, rows: Iterable[tuple[Oid, bytes]]) -> None:
        """Keep what was worked out; what is kept of another scheme's name stays. Inside ``writing``."""
        self._db.executemany(
            "INSERT OR REPLACE INTO print VALUES (?, ?, ?)",
            [(scheme, oid, _sealed(f"{scheme} {oid}", data)) for oid, data in rows],
        )

    # Text search. FTS5 keeps no checksums of its own, so one over its tables is kept beside them.

    def _search_sum(self) -> tuple[str, dict[Oid, int]]:
        """The checksum, and the number of each text in the search tables: part of what is summed."""
        numbers = []
        total = 0
        for number, block in self._db.execute("SELECT id, block FROM search_data ORDER BY id"):
            if not isinstance(block, bytes):
                raise DamagedError("search")
            total = crc32(block, total)
            numbers.append((number, len(block)))
        places = self._db.execute("SELECT segid, term, pgno FROM search_idx ORDER BY segid, term").fetchall()
        sought: dict[Oid, int] = dict(self._db.execute("SELECT oid, id FROM sought ORDER BY id").fetchall())
        return f"{crc32(repr((numbers, places, sought)).encode(), total):08x}", sought

    def sought(self) -> dict[Oid, int]:
        """The blobs that text search knows, by number; verified when first asked, and after ``forget``."""
        if self._sought is None:
            self._db.execute("BEGIN")
            try:
                row = self._db.execute("SELECT value FROM meta WHERE name = 'search'").fetchone()
                total, sought = self._search_sum()
            finally:
                self._db.execute("ROLLBACK")
            if row is None:
                if sought:
                    raise DamagedError("search")
            elif row not in ((total,), ("",)):  # empty: whoever added texts has not come to its end
                raise DamagedError("search")
            self._sought = sought
        return self._sought

    def add_texts(self, texts: Iterable[tuple[Oid, str, str, str]]) -> None:
        """Let blobs be found by title, summary and body; known ones stay as they are. Inside ``writing``."""
        self._sought = None
        self._db.execute("INSERT OR REPLACE INTO meta VALUES ('search', '')")
        for oid, title, summary, body in texts:
            done = self._db.execute("INSERT OR IGNORE INTO sought (oid) VALUES (?)", (oid,))
            if done.rowcount == 1:
                self._db.execute(
                    "INSERT INTO search (rowid, title, summary, body) VALUES (?, ?, ?, ?)",
                    (done.lastrowid, title, summary, body),
                )

    def seal_search(self) -> None:
        """Keep the checksum of the search tables, which changed."""
        with self.writing():
            total, self._sought = self._search_sum()
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('search', ?)", (total,))

    def search(self, expression: str) -> set[int]:
        """The numbers of the texts that an FTS5 expression matches."""
        sql = "SELECT rowid FROM search WHERE search MATCH ?"
        return {number for (number,) in self._db.execute(sql, (expression,))}


def is_refusal(error: Exception) -> bool:
    """Whether the surroundings refuse (rights, disk, another writer), as against a damaged file."""
    if isinstance(error, OSError):
        return True
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return code in {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_AUTH,
        sqlite3.SQLITE_NOLFS,
    }
