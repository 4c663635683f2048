"""Bytes to records: the quick way for files in order, the telling way for all others."""

from msgspec import Struct

from newsrepo.ids import Kind
from newsrepo.location import Finding, Location
from newsrepo.records import types as t
from newsrepo.records.builder import Fault, Node, nodes, plain
from newsrepo.records.faults import shape_faults
from newsrepo.records.lines import plain_lines
from newsrepo.records.media import MediaFacts
from newsrepo.records.partial import Partial, partial_record
from newsrepo.records.ratings import canonical_ratings
from newsrepo.records.rules import broken_rules
from newsrepo.records.shape import BODY, MARKDOWN, TYPES, convert
from newsrepo.records.text import MAX_FAULTS, MAX_FRONT, decode, decode_clean, line_col
from newsrepo.records.write import normal_body, write


class Parsed(Struct, frozen=True, gc=False):
    """What one file holds: its record, or the findings why there is none.

    ``record`` is None exactly when a finding is an error (or the kind holds no record). ``data`` are the
    bytes that were parsed, in which places are found when they are asked for, not before; ``media`` are the
    facts of a media file. ``partial`` is what can be said of a text with faults, for rules that look further.
    """

    kind: Kind
    path: str
    record: t.Record | None
    findings: tuple[Finding, ...]
    data: bytes
    media: MediaFacts | None = None
    partial: Partial | None = None

    def at(self, *keys: str | int) -> tuple[int, int]:
        """Line and column of a field, named as in the file: ``at("media", 0, "alt")``."""
        return locate(self.kind, self.data, *keys)

    def location(self, *keys: str | int) -> Location:
        """The same as a Location in this file."""
        return Location(self.path, *self.at(*keys))


class Halves(Struct, frozen=True):
    """A Markdown file in two: the YAML between the markers, and every byte after the end marker's line.

    ``line`` is the line of the file on which ``body`` begins, ``offset`` its first byte.
    """

    front: bytes
    body: bytes
    line: int
    offset: int


def split(data: bytes) -> Halves | None:
    """The halves of a Markdown file, or None when it has no well-formed front matter."""
    if not data.startswith(b"---\n"):
        return None
    end = data.find(b"\n---\n", 3)
    if end < 0:
        if not data.endswith(b"\n---") or len(data) < 8:
            return None
        end = len(data) - 4
    offset = min(end + 5, len(data))
    return Halves(data[4 : end + 1], data[offset:], data.count(b"\n", 0, offset) + 1, offset)


def _split_text(text: str) -> tuple[str, str] | None:
    """Front matter and body of a text that has both markers."""
    if not text.startswith("---\n"):
        return None
    end = text.find("\n---\n", 3)
    if end < 0:
        if not text.endswith("\n---") or len(text) < 8:
            return None
        end = len(text) - 4
    return text[4 : end + 1], text[end + 5 :]


def record_type(kind: Kind, path: str) -> type[t.Record]:
    """The record type of a kind; for ``enacts`` the path tells. Raises KeyError for kinds without records."""
    if kind is Kind.ENACTS:
        return t.Roll if path.endswith("roll.yaml") else t.Charter
    return TYPES[kind]


def parse_record(kind: Kind, data: bytes, path: str) -> Parsed:
    """The record of a text kind. Never raises, whatever the bytes."""
    cls = record_type(kind, path)
    text = decode_clean(data)
    if text is not None and cls is t.Ratings:
        ratings = canonical_ratings(text)
        if ratings is not None:
            return Parsed(kind, path, ratings, (), data)
    record = None if text is None else _quick(cls, kind in MARKDOWN, text)
    partial: Partial | None
    if record is not None:
        broken = broken_rules(record)
        if not broken:
            return Parsed(kind, path, record, (), data)
        root = _root(kind, data)
        faults = [Fault(b.rule, *_walk(root, b.keys), b.message, b.hint) for b in broken]
        partial = Partial(record, frozenset(), {})
    else:
        faults, partial = _slow(cls, kind in MARKDOWN, data)
        if not faults:
            # Cannot happen while the two readings agree, which a property test watches over.
            faults = [
                Fault("unreadable-file", 1, 1, "the file cannot be read as a record", "please report this")
            ]
    return Parsed(kind, path, None, _findings(faults, path), data, partial=partial)


def _quick(cls: type[t.Record], markdown: bool, text: str) -> t.Record | None:
    """The record of a text that has passed the gate, or None when anything about it is odd."""
    body = ""
    if markdown:
        halves = _split_text(text)
        if halves is None:
            return None
        text, body = halves
        if len(text) > MAX_FRONT // 4 and len(text.encode()) > MAX_FRONT:
            return None
    tree = plain_lines(text)
    if tree is None:
        tree = plain(text)
    if tree is None:
        return None
    if markdown:
        if BODY in tree:
            return None
        tree[BODY] = normal_body(body)
    return convert(cls, tree)


def _slow(cls: type[t.Record], markdown: bool, data: bytes) -> tuple[list[Fault], Partial | None]:
    text, found = decode(data)
    whole = _unmended(data, text) if found else ""
    faults = [Fault(f.rule, *line_col(whole, f.offset), f.message, f.hint) for f in found]
    if not text and data:
        return faults, None
    first_line = 1
    body = ""
    if markdown:
        halves = _split_text(text)
        if halves is None:
            return [*faults, _unsplit(text)], None
        text, body = halves
        first_line = 2
        size = len(text.encode())
        if size > MAX_FRONT:
            fact = f"the front matter has {size} bytes, more than {MAX_FRONT} (64 KiB)"
            return [*faults, Fault("front-matter-too-large", 1, 1, fact, "move text into the body")], None
    root, broken = nodes(text, first_line)
    faults += broken
    if root is None:
        return faults, None
    faults += shape_faults(cls, root)
    partial = partial_record(cls, root, normal_body(body)) if faults else None
    if partial is not None:
        for b in broken_rules(partial.record, partial.unknown):
            faults.append(Fault(b.rule, *_walk(root, partial.keys(b.keys)), b.message, b.hint))
    return faults, partial


def _unmended(data: bytes, mended: str) -> str:
    """The text to which the gate's offsets belong."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace") if mended else ""


def _unsplit(text: str) -> Fault:
    first = text.partition("\n")[0]
    if first.rstrip() != "---":
        return Fault(
            "missing-front-matter",
            1,
            1,
            "the file does not begin with front matter",
            "begin it with a line `---`, then `key: value` lines, then a line `---`",
        )
    if first != "---":
        return Fault("front-matter-marker", 1, 4, "something stands after `---`", "leave nothing after it")
    return Fault(
        "unclosed-front-matter",
        1,
        1,
        "the front matter that opens here has no end marker",
        "put a line `---`, exactly so, between the `key: value` lines and the text",
    )


def _findings(faults: list[Fault], path: str) -> tuple[Finding, ...]:
    unique = {(f.line, f.col, f.rule, f.message): f for f in faults}
    ordered = [unique[key] for key in sorted(unique)]
    found = [Finding(f.rule, Location(path, f.line, f.col), f.message, f.hint) for f in ordered[:MAX_FAULTS]]
    beyond = len(ordered) - MAX_FAULTS
    if beyond > 0:
        last = ordered[MAX_FAULTS]
        found.append(
            Finding(
                "too-many-faults",
                Location(path, last.line, last.col),
                f"{beyond} more faults of this file are not shown",
                "mend the first ones and check again",
            )
        )
    return tuple(found)


# -- places ----------------------------------------------------------------------------------------------


def _root(kind: Kind, data: bytes) -> Node | None:
    text, _ = decode(data)
    first_line = 1
    if kind in MARKDOWN:
        halves = _split_text(text)
        if halves is None or len(halves[0]) > MAX_FRONT:
            return None
        text = halves[0]
        first_line = 2
    return nodes(text, first_line)[0]


def _walk(root: Node | None, keys: tuple[str | int, ...]) -> tuple[int, int]:
    """The place of a field, or of the nearest thing around it that is there."""
    if root is None:
        return (1, 1)
    place = (root.line, root.col)
    node = root
    for key in keys:
        if node.pairs is not None and key in node.pairs:
            line, col, node = node.pairs[str(key)]
            place = (line, col) if node.text is None else (node.line, node.col)
        elif node.items is not None and isinstance(key, int) and 0 <= key < len(node.items):
            node = node.items[key]
            place = (node.line, node.col)
        else:
            break
    return place


def locate(kind: Kind, data: bytes, *keys: str | int) -> tuple[int, int]:
    """Line and column, from 1, of a field of a file's bytes; of what stands around it when it is absent.

    A list or mapping is pointed at by its key. ``locate(kind, data)`` is where the record begins.
    """
    return _walk(_root(kind, data), keys)


def body_line(data: bytes) -> int:
    """The line of the file on which a Markdown record's ``body`` begins, its leading empty lines skipped."""
    halves = split(data)
    if halves is None:
        return 1
    return halves.line + len(halves.body) - len(halves.body.lstrip(b"\n"))


def is_canonical(kind: Kind, data: bytes, path: str = "") -> bool:
    """Whether ``data`` is the one canonical text of the record it holds."""
    if kind is not Kind.ENACTS and kind not in TYPES:
        return False
    record = parse_record(kind, data, path).record
    return record is not None and write(record) == data
