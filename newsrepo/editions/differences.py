"""What differs between an edition in somebody's folder and what it should be, file by file.

The folder is not trusted: no link in it is followed, and a file that has not the right size is not read.
"""

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import msgspec

from newsrepo.editions.manifest import NAME, SIGNATURE, Derived, Manifest
from newsrepo.gitstore.inside import Inside, chunks, look_inside, open_inside, read_inside

SPARE = 10_000
"""Names beyond those it should hold that are looked at in a folder."""

SHOWN = 10
"""Changed texts of which the first line that differs is told."""

_TEXTS = (".html", ".xml", ".json", ".md", ".css", ".svg", ".txt", ".vtt", ".opml")
_LONGEST_TEXT = 16 << 20
_WIDTH = 100


class Way(StrEnum):
    """In which way something differs from what it should be."""

    MISSING = "missing"
    EXTRA = "extra"
    CHANGED = "changed"
    UNPROVEN = "unproven"


class Difference(NamedTuple):
    """One file that is not as it should be.

    ``line`` counts from one, 0 where there is none to tell; ``found`` and ``made`` are then that line as it
    stands in the folder and as it should be, about where they differ. ``fact`` says what there is to say.
    """

    way: Way
    path: str
    line: int = 0
    found: str = ""
    made: str = ""
    fact: str = ""


def against_manifest(folder: Path, manifest: Manifest, leave: Collection[str] = ()) -> list[Difference]:
    """What differs between a folder and the hashes in its own manifest, in order of path."""
    there = _look(folder, manifest, leave)
    found = list(_strangers(there, manifest))
    for path, sha256 in sorted(manifest.hashes.items()):
        fact = _absent(there, path)
        if fact is not None:
            found.append(fact)
        elif _sha256(folder, path) != sha256:
            found.append(Difference(Way.CHANGED, path, fact="its hash is not the one in the manifest"))
    return found


def against_rebuilt(
    folder: Path, said: Manifest, rebuilt: Path, made: Manifest, leave: Collection[str] = ()
) -> list[Difference]:
    """What differs between a folder, whose manifest is ``said``, and the same edition made anew.

    What other versions of tools made than are here is compared by content: where it differs, that proves
    nothing (``Way.UNPROVEN``) as long as it is what its own manifest lists.
    """
    listed = msgspec.structs.replace(made, derived={**said.derived, **made.derived})
    there = _look(folder, listed, leave)
    found = list(_strangers(there, listed))
    texts = 0
    for path, sha256 in sorted(made.files.items()):
        absent = _absent(there, path)
        if absent is not None:
            found.append(absent)
        elif there.files[path] != (rebuilt / path).stat().st_size or _sha256(folder, path) != sha256:
            texts += 1
            found.append(_changed(folder, rebuilt, path, tell=texts <= SHOWN))
    for path in sorted(listed.derived):
        found += _derived(folder, there, path, said, made)
    return found


def fields(said: Manifest, made: Manifest) -> Iterator[str]:
    """What two manifests say differently of what an edition was made from: names of fields, in order."""
    for name in said.__struct_fields__:
        if name not in ("files", "derived") and getattr(said, name) != getattr(made, name):
            yield name


def _look(folder: Path, manifest: Manifest, leave: Collection[str]) -> Inside:
    return look_inside(folder, len(manifest.hashes) + SPARE, leave)


def _strangers(there: Inside, manifest: Manifest) -> Iterator[Difference]:
    """Files that no manifest lists."""
    known = manifest.hashes.keys() | {NAME, SIGNATURE}
    for path in sorted(there.files.keys() - known):
        yield Difference(Way.EXTRA, path, fact="the manifest does not list it")
    for path in sorted(there.odd.keys() - known):
        yield Difference(Way.EXTRA, path, fact=there.odd[path])
    if not there.whole:
        yield Difference(Way.EXTRA, "", fact=f"more than {SPARE} other names: not all were looked at")


def _absent(there: Inside, path: str) -> Difference | None:
    if path in there.files:
        return None
    if path in there.odd:
        return Difference(Way.CHANGED, path, fact=there.odd[path])
    return Difference(Way.MISSING, path)


def _derived(folder: Path, there: Inside, path: str, said: Manifest, made: Manifest) -> Iterable[Difference]:
    """Whether a file that tools make is as it should be, as far as these very tools are here."""
    told, here = said.derived.get(path), made.derived.get(path)
    sha256 = _sha256(folder, path) if path in there.files else ""
    if here is not None and sha256 == here.sha256:
        return
    strange = _strange(told, made) if told is not None else _strange(here, said)
    if told is not None and sha256 != told.sha256:
        yield _absent(there, path) or Difference(
            Way.CHANGED, path, fact="its hash is not the one in the manifest"
        )
    elif strange:
        yield Difference(Way.UNPROVEN, path, fact=f"only {strange} makes it so: other versions may differ")
    elif told is None:
        yield _absent(there, path) or Difference(Way.CHANGED, path, fact="the manifest does not list it")
    elif here is None:
        yield Difference(Way.EXTRA, path, fact=f"{_tools(told.tools)} makes no such file here")
    else:
        yield Difference(Way.CHANGED, path, fact=f"{_tools(here.tools)} makes another here")


def _strange(file: Derived | None, other: Manifest) -> str:
    """The tools that made a file, in words, where the other manifest knows nothing made by just these."""
    if file is None or any(file.tools == known.tools for known in other.derived.values()):
        return ""
    return _tools(file.tools)


def _tools(names: tuple[str, ...]) -> str:
    return " with ".join(names)


def _sha256(folder: Path, path: str) -> str:
    """The hash of a file; empty where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with open_inside(folder, path) as file:
            for part in chunks(file):
                digest.update(part)
    except OSError:
        return ""
    return digest.hexdigest()


def _changed(folder: Path, rebuilt: Path, path: str, *, tell: bool) -> Difference:
    plain = Difference(Way.CHANGED, path)
    if not tell or not path.endswith(_TEXTS) or os.stat(rebuilt / path).st_size > _LONGEST_TEXT:
        return plain
    try:
        found, made = read_inside(folder, path, _LONGEST_TEXT), (rebuilt / path).read_bytes()
    except OSError as error:
        return plain._replace(fact=error.strerror or "")
    line = 1 + made.count(b"\n", 0, _same(found, made))
    lines = [_line(data, line) for data in (found, made)]
    at = max(0, _same(*lines) - _WIDTH // 3)
    found_line, made_line = (_excerpt(text, at) for text in lines)
    return plain._replace(line=line, found=found_line, made=made_line)


def _same(one: bytes, other: bytes) -> int:
    """How many bytes at the beginning are the same."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _line(data: bytes, number: int) -> bytes:
    lines = data.split(b"\n", number)
    return lines[number - 1] if len(lines) >= number else b""


def _excerpt(line: bytes, at: int) -> str:
    return line[at : at + _WIDTH].decode("utf-8", "replace")
