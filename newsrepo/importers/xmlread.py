"""Reads the XML of strangers, item by item: no entities, nothing fetched, nothing without bound.

A feed or an export is a root, often one ``channel`` in it, and in that many items. They are handed out one
at a time as small trees, so that a file of any length needs the memory of one item. Where the text is no
XML, the item that holds the fault is given up, the fault is told with its line, and reading goes on at the
next item. The parser is expat, which loads nothing from outside; one that declares entities is refused.
"""

import html.entities
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from newsrepo.importers.decoding import Told, decoded

MAX_ITEM = 16 << 20
"""The most characters of text and attributes that one item may have."""
MAX_NODES = 200_000
MAX_DEPTH = 200
MAX_FAULTS = 1000

_NAMESPACES = {
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/xml/1998/namespace": "xml",
}
_WORDPRESS = re.compile(r"http://wordpress\.org/export/[0-9.]+/(excerpt/)?")
_USUAL = {
    name: name
    for name in ("atom", "content", "dc", "dcterms", "excerpt", "itunes", "media", "rdf", "wp", "xml")
}
_NEXT = re.compile(rb"<(?:item|entry|atom:entry|rss:item)[\s>]")


class RefusedError(Exception):
    """The whole document is not to be read; ``line`` says where that shows."""

    def __init__(self, line: int, fact: str) -> None:
        super().__init__(fact)
        self.line = line
        self.fact = fact


class _BrokenError(Exception):
    """One item cannot be kept."""


class Node:
    """An element: its name with the usual prefix of its namespace, and in ``parts`` texts and elements."""

    __slots__ = ("attributes", "line", "name", "parts")

    def __init__(self, name: str, attributes: Mapping[str, str], line: int) -> None:
        self.name = name
        self.attributes = attributes
        self.line = line
        self.parts: list[str | Node] = []

    def all(self, *names: str) -> "Iterator[Node]":
        """The child elements of these names, in order."""
        return (part for part in self.parts if isinstance(part, Node) and part.name in names)

    def first(self, *names: str) -> "Node | None":
        """The first child element that has one of these names; earlier names go before."""
        return next((found for name in names for found in self.all(name)), None)

    @property
    def text(self) -> str:
        """The text of the element and all within it."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    def get(self, *names: str) -> str:
        """The text of the first child of these names that has any, without blanks around it."""
        return next((text for name in names for n in self.all(name) if (text := n.text.strip())), "")

    @property
    def markup(self) -> str:
        """What stands within: as it is where it is text, written out where it is elements."""
        if not any(isinstance(part, Node) for part in self.parts):
            return self.text
        return "".join(escape(part) if isinstance(part, str) else part.outer for part in self.parts)

    @property
    def outer(self) -> str:
        """The element itself as HTML."""
        name = self.name.rpartition(":")[2]
        given = "".join(
            f" {key}={quoteattr(value)}" for key, value in self.attributes.items() if key.isalpha()
        )
        inner = "".join(escape(part) if isinstance(part, str) else part.outer for part in self.parts)
        return f"<{name}{given}>{inner}</{name}>"


def nodes(file: IO[bytes], told: Told) -> Iterator[Node]:
    """First the root, then its channel if it has one (both without what is in them), then what these hold.

    ``told`` hears of faults by line. Raises RefusedError for a document that declares entities or is no XML.
    """
    reader = _Reader(told)
    for chunk in decoded(file, told):
        reader.feed(chunk)
        yield from reader.take()
        if reader.done:
            return
    reader.close()
    yield from reader.take()


class _Reader:
    """One document being read, through as many parsers as it has faults."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._ready: list[Node] = []
        self._holders: list[tuple[str, Mapping[str, str]]] = []  # root and channel, as they were written
        self._stack: list[Node] = []
        self._spaces: list[dict[str, str]] = [dict(_USUAL)]
        self._depth = self._size = self._count = self._faults = 0
        self._base = 1  # the line on which what this parser reads begins
        self._before = 0  # bytes fed to this parser before the present piece
        self._seeking = False
        self._tail = b""
        self.done = False
        self._parser = self._fresh()

    def take(self) -> list[Node]:
        ready, self._ready = self._ready, []
        return ready

    # -- feeding -----------------------------------------------------------------------------------------

    def feed(self, chunk: str) -> None:
        data = chunk.encode()
        while data and not self.done:
            if self._seeking:
                data = self._seek(data)
                continue
            try:
                self._parser.Parse(data, False)
            except (expat.ExpatError, _BrokenError) as error:
                data = self._fault(data, error)
            else:
                self._before += len(data)
                data = b""

    def close(self) -> None:
        if self._seeking or self.done:
            return
        try:
            self._parser.Parse(b"", True)
        except (expat.ExpatError, _BrokenError) as error:
            self._fault(b"", error)

    def _fault(self, data: bytes, error: Exception) -> bytes:
        """Tell of a fault, and go on after it in ``data``."""
        parser = self._parser
        if isinstance(error, expat.ExpatError):
            at, line = parser.ErrorByteIndex, parser.ErrorLineNumber
            fact = expat.ErrorString(error.code)
        else:
            at, line, fact = parser.CurrentByteIndex, parser.CurrentLineNumber, str(error)
        line += self._base - 1
        if not self._holders:
            raise RefusedError(line, f"it is no XML that could be read ({fact})")
        self._faults += 1
        if self._faults > MAX_FAULTS:
            self._told("import-unreadable", line, f"more than {MAX_FAULTS} faults: the rest was not read")
            self.done = True
            return b""
        began = f", in what begins on line {self._stack[0].line}" if self._stack else ""
        self._told("import-unreadable", line, f"{fact}{began}; what holds the fault was left out")
        self._base = line
        self._seeking, self._tail = True, b""
        return data[max(0, at - self._before) :] if at >= self._before else data

    def _seek(self, data: bytes) -> bytes:
        """Look for the next item; when it is found, a new parser begins there."""
        data, self._tail = self._tail + data, b""
        found = _NEXT.search(data)
        if found is None:
            keep = data.rfind(b"<")
            cut = keep if keep >= 0 and len(data) - keep < 16 else len(data)
            self._base += data.count(b"\n", 0, cut)
            self._tail = data[cut:]
            return b""
        self._base += data.count(b"\n", 0, found.start())
        self._seeking = False
        self._stack, self._spaces, self._depth = [], [dict(_USUAL)], 0
        self._size = self._count = self._before = 0
        again, self._holders = self._holders, []
        ready, self._ready = self._ready, []
        self._parser = self._fresh()
        for name, attributes in again:
            tag = f"<{name}{''.join(f' {k}={quoteattr(v)}' for k, v in attributes.items())}>".encode()
            self._parser.Parse(tag, False)
            self._before += len(tag)
        self._ready = ready  # without root and channel a second time
        return data[found.start() :]

    # -- expat -------------------------------------------------------------------------------------------

    def _fresh(self) -> Any:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.ordered_attributes = False
        # Names such as &nbsp; are told to us instead of being faults. Nothing is ever loaded for them.
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE)
        parser.UseForeignDTD(True)
        parser.ExternalEntityRefHandler = self._elsewhere
        parser.SkippedEntityHandler = self._skipped
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        return parser

    def _elsewhere(self, context: str, *_: object) -> int:
        """What a document says is defined elsewhere is nothing, so that its names come to ``_skipped``."""
        self._parser.ExternalEntityParserCreate(context).Parse(b"", True)
        return 1

    def _line(self) -> int:
        line: int = self._parser.CurrentLineNumber
        return self._base + line - 1

    def _doctype(self, _name: str, _system: str | None, _public: str | None, internal: bool) -> None:
        if internal:
            raise RefusedError(self._line(), "it declares its own document type, which no feed needs")

    def _entity(self, *_: object) -> None:
        raise RefusedError(self._line(), "it declares entities, which no feed needs")

    def _skipped(self, name: str, parameter: bool) -> None:
        if not parameter:
            self._characters(html.entities.html5.get(f"{name};", f"&{name};"))

    def _named(self, name: str) -> str:
        prefix, colon, local = name.rpartition(":")
        space = self._spaces[-1].get(prefix, "" if not colon else "?")
        return f"{space}:{local}" if space else local

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        spaces = self._spaces[-1]
        if any(key.startswith("xmlns") for key in attributes):
            spaces = dict(spaces)
            for key, value in attributes.items():
                if key == "xmlns" or key.startswith("xmlns:"):
                    spaces[key[6:]] = _prefix(value)
        self._spaces.append(spaces)
        self._depth += 1
        self._size += len(name) + sum(len(key) + len(value) for key, value in attributes.items())
        self._count += 1
        if self._depth > MAX_DEPTH:
            raise _BrokenError(f"elements stand more than {MAX_DEPTH} deep in one another")
        self._bound()
        node = Node(self._named(name), attributes, self._line())
        if self._depth == len(self._holders) + 1 and (
            not self._holders or (len(self._holders) == 1 and node.name == "channel" and self._is_rss())
        ):
            self._holders.append((name, attributes))
            self._ready.append(node)
            self._size = self._count = 0
            return
        if self._stack:
            self._stack[-1].parts.append(node)
        self._stack.append(node)

    def _is_rss(self) -> bool:
        return self._holders[0][0].rpartition(":")[2].lower() != "rdf"

    def _end(self, _name: str) -> None:
        self._spaces.pop()
        self._depth -= 1
        if not self._stack:
            return
        node = self._stack.pop()
        if not self._stack:
            self._ready.append(node)
            self._size = self._count = 0

    def _characters(self, text: str) -> None:
        if self._stack:
            self._size += len(text)
            self._bound()
            self._stack[-1].parts.append(text)

    def _bound(self) -> None:
        if self._size > MAX_ITEM or self._count > MAX_NODES:
            raise _BrokenError(f"an item of more than {MAX_ITEM >> 20} Mi characters or {MAX_NODES} elements")


def _prefix(uri: str) -> str:
    """The usual prefix of a namespace; ``?`` for one that means nothing here."""
    found = _NAMESPACES.get(uri.lower())
    if found is not None:
        return found
    match = _WORDPRESS.fullmatch(uri)
    if match is not None:
        return "excerpt" if match[1] else "wp"
    return "" if not uri else "?"
