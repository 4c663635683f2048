"""Tables as Parquet, by DuckDB (the extra ``analytics``), from the JSON Lines that were written before.

One thread, a fixed order and fixed settings: equal rows and an equal DuckDB make equal bytes. It may open
nothing but the folder that it works in, loads no extension, and reaches no network.
"""

from pathlib import Path
from types import TracebackType
from typing import Self

from newsrepo.errors import UnableError
from newsrepo.exports.model import Table

MEMORY = "192MB"
_LONGEST = 16 << 20
"""Bytes of one line. A file has at most 1 MiB, and no byte of it becomes more than four: a quotation mark
in JSON that stands as a text in JSON."""

_GROUP = 65_536
_GROUP_OF_TEXTS = 2048
"""Rows that are held until they are written: of bodies, which may be large, as few as there may be."""


class Press:
    """A DuckDB that turns JSON Lines in one folder into Parquet there. Use in a ``with`` block."""

    def __init__(self, folder: Path, content: str) -> None:
        """``content`` is what the files follow from, and told in each. Raises UnableError without DuckDB."""
        try:
            import duckdb
        except ImportError as error:
            raise UnableError(
                "Parquet needs the extra `analytics`: duckdb", "pip install 'newsrepo[analytics]'"
            ) from error
        self.version = duckdb.__version__
        self._fault = duckdb.Error
        self._content = content
        self._db = duckdb.connect(
            ":memory:",
            config={
                "threads": 1,
                "memory_limit": MEMORY,
                "temp_directory": "",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        self._db.execute(f"SET allowed_directories = [{_quoted(f'{folder}/')}]")
        self._db.execute("SET enable_external_access = false")
        self._db.execute("SET lock_configuration = true")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def write(self, table: Table, lines: Path, path: Path) -> None:
        """Write the table whose rows stand in ``lines``. Raises UnableError."""
        columns = ", ".join(f'"{c.name}": {_quoted(c.type.sql)}' for c in table.columns)
        rows = _GROUP_OF_TEXTS if any(c.name == "body" for c in table.columns) else _GROUP
        try:
            self._db.execute(
                f"COPY (SELECT * FROM read_json({_quoted(str(lines))}, format = 'newline_delimited', "  # noqa: S608 - every part is quoted or our own
                f"maximum_object_size = {_LONGEST}, columns = {{{columns}}})) TO {_quoted(str(path))} "
                f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {rows}, "
                f"KV_METADATA {{newsrepo: {_quoted(f'derived from {self._content}')}}})"
            )
        except self._fault as error:
            said = " ".join(str(error).split())[:300]
            raise UnableError(
                f"DuckDB cannot write the table {table.name}: {said}", "nothing was written"
            ) from error


def _quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
