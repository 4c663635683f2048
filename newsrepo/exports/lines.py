"""Rows as JSON Lines: one object a line, every column in every row, in the table's own order."""

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from newsrepo.exports.model import Row, Table

_EVERY = 1000


def write_lines(table: Table, rows: Iterable[Row], path: Path, tick: Callable[[int], None]) -> int:
    """Write rows to a new file and say how many; ``tick`` hears now and then of how many more."""
    encode = msgspec.json.Encoder().encode_into
    names = tuple(column.name for column in table.columns)
    count = 0
    line = bytearray()
    with open(path, "xb", buffering=1 << 20) as file:
        for row in rows:
            if count == 0 and tuple(row) != names:
                raise TypeError(f"a row of {table.name} with other columns: {', '.join(row)}")
            encode(row, line)
            line += b"\n"
            file.write(line)
            count += 1
            if count % _EVERY == 0:
                tick(_EVERY)
    tick(count % _EVERY)
    return count
