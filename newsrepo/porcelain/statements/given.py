"""Files handed over on the command line: ballots from a letter, another clone's folder, an unpacked archive.

Where each belongs is read off its path if that ends as in a commons, else off what it says. What it says of
itself proves nothing; its signature does.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.files import read_plain
from newsrepo.ids import Kind
from newsrepo.records import Place, parse, place
from newsrepo.records import types as t

LIMIT = 8 << 20
MOST = 1_000_000
"""Files of one folder that are looked at."""

_NAMED = {"newsrepo.yaml": "newsrepo.yaml", "roll.yaml": "statements/roll.yaml"}
_KINDS = (Kind.BALLOT, Kind.CLOSING, Kind.OPENING)


class Given(Struct, frozen=True):
    """A file that was given: the path where it would lie in a commons, its bytes, and where it came from."""

    path: str
    data: bytes | None
    signature: bytes | None
    source: str


def read_given(paths: Sequence[Path]) -> Iterator[Given]:
    """The records among some files and folders, in order. Links are not followed.

    Raises UsageError for a path that is not there, or a file that is no record of a vote.
    """
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            for file in _files(path):
                found = _read(file)
                if found is not None:
                    yield found
        elif os.path.lexists(path):
            one = path.with_name(path.name.removesuffix(".sig")) if path.name.endswith(".sig") else path
            found = _read(one if os.path.lexists(one) else path)
            if found is None:
                raise UsageError(
                    f"{str(path)!r} is no opening, ballot, closing, statement, charter or roll",
                    "give such files with their .sig beside them, or the folder that holds them",
                )
            yield found
        else:
            raise UsageError(f"no such file: {str(path)!r}", "give files or folders with records of votes")


def _files(folder: Path) -> Iterator[Path]:
    """The files that may be records below a folder; a signature only where it stands alone."""
    number = 0
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        there = set(names)
        for name in sorted(names):
            alone = name.endswith(".yaml.sig") and name.removesuffix(".sig") not in there
            if alone or name.endswith((".yaml", ".md")):
                number += 1
                if number > MOST:
                    raise UnableError(f"{str(folder)!r} holds more than {MOST} files", "give a smaller one")
                yield Path(top, name)


def _read(path: Path) -> Given | None:
    if path.name.endswith(".sig"):
        where = _by_path(path.with_name(path.name.removesuffix(".sig")))
        return None if where is None else Given(where, None, _bytes(path), str(path))
    where = _by_path(path)
    if where is None and not path.name.endswith(".yaml"):
        return None
    data = _bytes(path)
    where = where or _by_content(data)
    if where is None:
        return None
    signature = path.with_name(f"{path.name}.sig")
    return Given(where, data, _bytes(signature) if os.path.lexists(signature) else None, str(path))


def _bytes(path: Path) -> bytes:
    try:
        return read_plain(path, LIMIT)
    except OSError as error:
        raise UnableError(
            f"cannot read {str(path)!r}: {error.strerror}", "give plain files that you may read"
        ) from None


def _by_path(path: Path) -> str | None:
    """The longest end of a path that is one in a commons."""
    parts = Path(os.path.abspath(path)).parts
    for at in range(len(parts)):
        if parts[at] == "statements":
            end = "/".join(parts[at:])
            found = place(end)
            if isinstance(found, Place) and found.kind not in (Kind.IGNORED, Kind.DISSENT):
                return end
    return _NAMED.get(path.name)


def _by_content(data: bytes) -> str | None:
    for kind in _KINDS:
        record = parse(kind, data, "").record
        if isinstance(record, t.Opening):
            return f"{_folder(record)}/opening.yaml"
        if isinstance(record, t.Ballot):
            return f"{_folder(record)}/ballots/{record.voter}/{record.number}.yaml"
        if isinstance(record, t.Closing):
            return f"{_folder(record)}/closings/{record.teller}/{record.round}.yaml"
    return None


def _folder(record: t.Opening | t.Ballot | t.Closing) -> str:
    return f"statements/{record.statement.removeprefix('statement:')}"
