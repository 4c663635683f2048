"""Edits that put a file's bytes in order and decide nothing for its author: pure, small, and proved after.

Every mend is held to one test when it is done: read again, the file has no fault that it did not have before,
and where it held a record it holds the same one. What does not pass is refused with the reason.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Set
from itertools import islice

from msgspec import Struct

from newsrepo.ids import Kind
from newsrepo.records import types as t
from newsrepo.records.builder import Node, nodes
from newsrepo.records.parse import parse_record, split
from newsrepo.records.shape import MARKDOWN, TYPES
from newsrepo.records.write import write

SIGNED = frozenset([Kind.OPENING, Kind.BALLOT, Kind.CLOSING, Kind.ENACTS])
"""Kinds whose bytes are signed, or bound by a hash that is: one byte more would undo them."""

_MARK = "\ufeff"
_OURS, _THEIRS = re.compile(rb"^<{7} ", re.MULTILINE), re.compile(rb"^>{7} ", re.MULTILINE)
_HASH = re.compile(r"(?:(?<=\s)|^)#", re.MULTILINE)
_HASHES = 50
"""How many marks of a comment are looked at; a file with more is left to its author."""


class Done(Struct, frozen=True):
    """One mend: the rule that it satisfies, and what was done."""

    rule: str
    told: str


class Refused(Struct, frozen=True):
    """A rule that asks for a mend that cannot be made safely, and why."""

    rule: str
    why: str


class Mended(Struct, frozen=True):
    """A file's bytes after all mends that were safe; equal to those before when ``done`` is empty."""

    data: bytes
    done: tuple[Done, ...]
    refused: tuple[Refused, ...]


class _File(Struct, frozen=True):
    kind: Kind
    path: str
    hashes: Mapping[str, str]


class _RefusalError(Exception):
    """A mend that would have to guess."""


def has_conflict(data: bytes) -> bool:
    """Whether a merge left its marks in the file, so that it is two texts at once."""
    return _OURS.search(data) is not None and _THEIRS.search(data) is not None


def mend(kind: Kind, data: bytes, path: str, rules: Set[str], hashes: Mapping[str, str]) -> Mended:
    """``data`` with those of ``rules`` satisfied that can be, by the smallest edits that do it.

    ``hashes`` are the SHA-256 of the files beside an article, by name. Rules that are not among MENDS are
    passed over. Never raises, whatever the bytes.
    """
    asked = [rule for rule in MENDS if rule in rules]
    if not asked:
        return Mended(data, (), ())
    if kind not in TYPES or kind in SIGNED:
        return _all(data, asked, "its exact bytes are signed, or named by their hash")
    if has_conflict(data):
        return _all(data, asked, "a merge left its conflict marks in the file")
    file = _File(kind, path, hashes)
    done: list[Done] = []
    refused: list[Refused] = []
    for rule in asked:
        try:
            made, told = MENDS[rule](_text(data), file)
            after = made.encode()
            if after == data or not _is_sound(kind, path, data, after):
                raise _RefusalError("no small edit does it without changing something else")  # noqa: TRY301 - one way out for all refusals
        except _RefusalError as error:
            refused.append(Refused(rule, str(error)))
        else:
            data = after
            done.append(Done(rule, told))
    return Mended(data, tuple(done), tuple(refused))


def _all(data: bytes, rules: list[str], why: str) -> Mended:
    return Mended(data, (), tuple(Refused(rule, why) for rule in rules))


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise _RefusalError("the file is not UTF-8, so its characters are not known") from None


def _is_sound(kind: Kind, path: str, before: bytes, after: bytes) -> bool:
    """Whether the edit brought no fault in and left the record, if there was one, as it was."""
    old, new = parse_record(kind, before, path), parse_record(kind, after, path)
    # Compared as written: the order of ratings says nothing.
    if old.record is not None and (new.record is None or write(new.record) != write(old.record)):
        return False
    return Counter((f.rule, f.message) for f in new.findings) <= Counter(
        (f.rule, f.message) for f in old.findings
    )


# -- the mends: each gives the text anew and says what it did, or refuses ------------------------------------


def _without_mark(text: str, _: _File) -> tuple[str, str]:
    if not text.startswith(_MARK):
        raise _RefusalError("it stands within the text, where it may be meant to keep words together")
    return text.removeprefix(_MARK), "removed the byte order mark"


def _line_ends(text: str, _: _File) -> tuple[str, str]:
    pairs = text.count("\r\n")
    single = text.count("\r") - pairs
    if single and "\n" in text:
        raise _RefusalError("some carriage returns stand alone among line feeds, and may not be line ends")
    number = pairs or single
    ends = "line end" if number == 1 else "line ends"
    return text.replace("\r\n", "\n").replace("\r", "\n"), f"turned {number} {ends} into LF"


def _normal_form(text: str, _: _File) -> tuple[str, str]:
    return unicodedata.normalize("NFC", text), "wrote the same characters in Unicode normal form C"


def _bare_marker(text: str, file: _File) -> tuple[str, str]:
    first, end, rest = text.partition("\n")
    if file.kind not in MARKDOWN or first.rstrip(" \t") != "---":
        raise _RefusalError("what stands after the marker is not only blank")
    return f"---{end}{rest}", "removed the blanks after the opening `---`"


def _canonical(text: str, file: _File) -> tuple[str, str]:
    record = parse_record(file.kind, text.encode(), file.path).record
    if not isinstance(record, t.Ratings):
        raise _RefusalError("the file has other faults, which come first")
    if _has_comment(text, file, record):
        raise _RefusalError("it has comments, which the canonical form has no place for")
    return write(record).decode(), "wrote the ratings one a line, ordered by article"


def _has_comment(text: str, file: _File, record: t.Record) -> bool:
    """Whether ``text`` has a comment: a text behind ``#`` that may be any other without a change."""
    found = list(islice((match.end() for match in _HASH.finditer(text)), _HASHES + 1))
    return len(found) > _HASHES or any(
        parse_record(file.kind, f"{text[:at]}x{text[at:]}".encode(), file.path).record == record
        for at in found
    )


def _pinned(text: str, file: _File) -> tuple[str, str]:
    if file.kind is not Kind.ARTICLE:
        raise _RefusalError("it is no article")
    named = []
    for name, line, col, value in _unpinned(text):
        if name not in file.hashes:
            raise _RefusalError(f"{name!r} is not beside the text, or is not what its name says")
        text = _with_hash(text, name, line, col, value, file.hashes[name])
        named.append(name)
    if not named:
        raise _RefusalError("the front matter has other faults, which come first")
    return text, f"wrote the SHA-256 of {', '.join(named)}"


def _unpinned(text: str) -> list[tuple[str, int, int, Node]]:
    """Media entries with a file and no hash, last first: the name, the place of its key, and its value."""
    halves = split(text.encode())
    root = nodes(halves.front.decode(), 2)[0] if halves else None
    entry = root.pairs.get("media") if root is not None and root.pairs else None
    found = []
    for item in (entry[2].items if entry else None) or ():
        pairs = item.pairs or {}
        if "file" in pairs and "sha256" not in pairs:
            line, col, value = pairs["file"]
            if value.text:
                found.append((value.text, line, col, value))
    return found[::-1]


def _with_hash(text: str, name: str, line: int, col: int, value: Node, digest: str) -> str:
    """``text`` with a hash behind the name: on a line of its own, or within the braces that it stands in."""
    lines = text.split("\n")
    here = lines[line - 1]
    raw = here[value.col - 1 :] if value.line == line else ""
    written = next((form for form in (name, f"'{name}'", f'"{name}"') if raw.startswith(form)), "")
    if not written:
        raise _RefusalError("the name of the file is not written on one line")
    end = value.col - 1 + len(written)
    if here[end:].lstrip(" ").startswith((",", "}")):
        lines[line - 1] = f"{here[:end]}, sha256: {digest}{here[end:]}"
    else:
        lines.insert(line, f"{' ' * (col - 1)}sha256: {digest}")
    return "\n".join(lines)


_Mender = Callable[[str, _File], tuple[str, str]]

MENDS: Mapping[str, _Mender] = {
    "byte-order-mark": _without_mark,
    "carriage-return": _line_ends,
    "not-nfc": _normal_form,
    "front-matter-marker": _bare_marker,
    "media-hash": _pinned,
    "not-canonical": _canonical,
}
"""The rules that an edit within the file can satisfy without deciding anything, in the order of mending."""
