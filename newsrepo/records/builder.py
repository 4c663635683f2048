"""The strict YAML builder: parser events become texts, lists and mappings, and nothing is ever guessed.

Two readings of the same events: ``plain`` is quick and gives up (None) at the first oddity; ``nodes`` keeps
the place of everything and tells every fault. They agree on which texts are well formed.
"""

import unicodedata
from importlib import import_module
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from newsrepo.records.syntax import syntax_fault
from newsrepo.records.text import FORBIDDEN, MAX_FAULTS, character_fault, is_clean

try:
    _CParser: Any = import_module("yaml._yaml").CParser
except ImportError:  # the C library is optional in PyYAML; its events are the same, only slower
    _CParser = None

MAX_DEPTH: Final = 16
"""How deep lists and mappings may stand in one another."""

MAX_KEY: Final = 200
"""The longest key, in characters."""


class _PureParser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
    """PyYAML's own parser down to events, for machines without the C library."""

    def __init__(self, text: str) -> None:
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)


def _parser(text: str, pure: bool = False) -> Any:
    return _PureParser(text) if pure or _CParser is None else _CParser(text)


def plain(text: str, *, pure: bool = False) -> dict[str, Any] | None:
    """The mapping that ``text`` holds, as dicts, lists and texts; None if anything in it is not plain.

    ``text`` has passed the text gate; what escapes bring in is checked here.
    """
    if "\t" in text:  # the two parsers disagree on where a tab may stand, and a reader cannot see it
        return None
    escapes = "\\" in text
    root: dict[str, Any] | None = None
    stack: list[Any] = []
    here: Any = None
    key: str | None = None
    documents = 0
    value: Any
    try:
        get = _parser(text, pure).get_event
        while True:
            event = get()
            kind = event.__class__
            if kind is ScalarEvent:
                if event.anchor is not None or event.tag is not None:
                    return None
                value = event.value
                if escapes and event.style == '"' and not is_clean(value):
                    return None
                if here.__class__ is list:
                    here.append(value)
                elif here is None:
                    return None
                elif key is None:
                    if value in here or len(value) > MAX_KEY or (value == "<<" and not event.style):
                        return None
                    key = value
                else:
                    here[key] = value
                    key = None
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                if event.anchor is not None or event.tag is not None or len(stack) >= MAX_DEPTH:
                    return None
                value = {} if kind is MappingStartEvent else []
                if here.__class__ is list:
                    here.append(value)
                elif here is None:
                    if kind is SequenceStartEvent:
                        return None
                    root = value
                elif key is None:
                    return None
                else:
                    here[key] = value
                    key = None
                stack.append(here)
                here = value
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                here = stack.pop()
                key = None
            elif kind is StreamEndEvent:
                return {} if root is None else root
            elif kind is AliasEvent:
                return None
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1 or event.version or event.tags:
                    return None
    except (yaml.YAMLError, ValueError):
        return None


class Node:
    """A value with its place: a text, a list of nodes, a mapping of (key, place, node), or nothing usable."""

    __slots__ = ("col", "items", "line", "pairs", "plain", "text")

    def __init__(self, line: int, col: int) -> None:
        self.line = line
        self.col = col
        self.text: str | None = None
        self.plain = False
        self.items: list[Node] | None = None
        self.pairs: dict[str, tuple[int, int, Node]] | None = None

    @property
    def is_void(self) -> bool:
        """Whether a fault has already been told here, so that nothing more is asked of it."""
        return self.text is None and self.items is None and self.pairs is None


class Fault:
    """A fault of the YAML at a line and column, both from 1."""

    __slots__ = ("col", "hint", "line", "message", "rule")

    def __init__(self, rule: str, line: int, col: int, message: str, hint: str) -> None:
        self.rule = rule
        self.line = line
        self.col = col
        self.message = message
        self.hint = hint


def quoted(text: str, limit: int = 60) -> str:
    """File text for a message: shortened, escaped, in quotes."""
    short = text if len(text) <= limit else text[: limit - 1] + "…"
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in short)
    return f"'{shown}'"


_TAG_HINT = "remove it: all values are read as the format says, not as YAML guesses"
_ALIAS_HINT = "write the value out where it is needed"
_CORE = "tag:yaml.org,2002:"


def _short(tag: str) -> str:
    """A tag as files write it: the reader gives ``!!str`` in its long form."""
    return f"!!{tag.removeprefix(_CORE)}" if tag.startswith(_CORE) else tag


class _Nodes:
    """Builds nodes out of events, telling faults and going on wherever the events do."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.root: Node | None = None
        self.stack: list[Node | None] = []
        self.here: Node | None = None
        # The key that waits for its value; its name is None when the value is to be dropped.
        self.key: tuple[str | None, int, int] | None = None
        self.skip = 0  # depth inside a mapping or list that stands where a key should

    def fault(self, rule: str, line: int, col: int, message: str, hint: str) -> None:
        self.faults.append(Fault(rule, line, col, message, hint))

    def properties(self, event: Any, line: int, col: int) -> None:
        if event.anchor is not None:
            self.fault("yaml-anchor", line, col, f"anchors (&{event.anchor}) are not allowed", _ALIAS_HINT)
        if getattr(event, "tag", None) is not None:
            self.fault(
                "yaml-tag", line, col, f"the tag {quoted(_short(event.tag))} is not allowed", _TAG_HINT
            )

    def scalar_faults(self, event: Any, line: int, col: int) -> None:
        value = event.value
        if event.style != '"' or is_clean(value):
            return
        for char in dict.fromkeys(FORBIDDEN.findall(value)):
            fault = character_fault(char)
            self.fault(fault.rule, line, col, f"{fault.message} (written as an escape)", fault.hint)
        if FORBIDDEN.search(value) is None and not unicodedata.is_normalized("NFC", value):
            self.fault(
                "not-nfc", line, col, "the text is not in Unicode normal form C", "write whole characters"
            )

    def put(self, node: Node) -> None:
        """Hand a finished or opened node to where the events stand."""
        here = self.here
        if here is None:
            self.root = node
        elif here.items is not None:
            here.items.append(node)
        elif self.key is not None and here.pairs is not None:
            name, line, col = self.key
            self.key = None
            if name is None:
                return
            if name in here.pairs:
                first = here.pairs[name][0]
                self.fault(
                    "duplicate-key",
                    line,
                    col,
                    f"the key {quoted(name)} stands twice: in line {first} and in line {line}",
                    "keep one of the two; a list takes several values",
                )
            else:
                here.pairs[name] = (line, col, node)

    def wants_key(self) -> bool:
        return self.here is not None and self.here.pairs is not None and self.key is None

    def scalar(self, event: Any, line: int, col: int) -> None:
        self.properties(event, line, col)
        self.scalar_faults(event, line, col)
        value = event.value
        if self.wants_key():
            name: str | None = value
            if value == "<<" and not event.style:
                self.fault("merge-key", line, col, "merge keys (<<) are not allowed", _ALIAS_HINT)
                name = None
            if len(value) > MAX_KEY:
                self.fault(
                    "key-too-long",
                    line,
                    col,
                    f"this key has {len(value)} characters, more than {MAX_KEY}",
                    "shorten it",
                )
            self.key = (name, line, col)
            return
        node = Node(line, col)
        node.text = value
        node.plain = not event.style
        self.put(node)

    def open(self, event: Any, line: int, col: int) -> bool:
        """Enter a mapping or list; False when it stands too deep."""
        self.properties(event, line, col)
        if len(self.stack) >= MAX_DEPTH:
            self.fault(
                "too-deep",
                line,
                col,
                f"lists and mappings stand more than {MAX_DEPTH} deep in one another",
                "flatten them",
            )
            return False
        if self.wants_key():
            self.fault(
                "complex-key",
                line,
                col,
                "a list or mapping stands where a key should be",
                "write a plain key",
            )
            self.skip = 1
            return True
        node = Node(line, col)
        if event.__class__ is MappingStartEvent:
            node.pairs = {}
        else:
            node.items = []
        self.put(node)
        self.stack.append(self.here)
        self.here = node
        self.key = None
        return True

    def close(self) -> None:
        self.here = self.stack.pop()
        self.key = None


def nodes(text: str, first_line: int = 1, *, pure: bool = False) -> tuple[Node | None, list[Fault]]:
    """The root node of ``text`` with places, and every fault of its YAML.

    ``first_line`` is the line of the file on which ``text`` begins. The root is None when the text cannot be
    read to its end; an empty text is an empty mapping.
    """
    build = _Nodes()
    if "\t" in text:
        for row, line_text in enumerate(text.split("\n"), first_line):
            at = line_text.find("\t")
            if at >= 0:
                build.fault(
                    "yaml-syntax",
                    row,
                    at + 1,
                    "a tab stands in the YAML",
                    "write spaces, or \\t in double quotes",
                )
            if len(build.faults) > MAX_FAULTS:
                break
        text = text.replace("\t", " ")
    documents = 0
    try:
        get = _parser(text, pure).get_event
        while True:
            event = get()
            kind = event.__class__
            mark = event.start_mark
            line, col = mark.line + first_line, mark.column + 1
            if build.skip:
                if kind is MappingStartEvent or kind is SequenceStartEvent:
                    build.skip += 1
                    if build.skip + len(build.stack) > MAX_DEPTH:
                        return None, build.faults
                elif kind is MappingEndEvent or kind is SequenceEndEvent:
                    build.skip -= 1
                    if not build.skip:
                        build.key = (None, line, col)  # its value is read and dropped
            elif kind is ScalarEvent:
                build.scalar(event, line, col)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                if not build.open(event, line, col):
                    return None, build.faults
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                build.close()
            elif kind is AliasEvent:
                build.fault(
                    "yaml-alias", line, col, f"aliases (*{event.anchor}) are not allowed", _ALIAS_HINT
                )
                if build.wants_key():
                    build.key = (None, line, col)
                else:
                    build.put(Node(line, col))
            elif kind is DocumentStartEvent:
                documents += 1
                if event.version or event.tags:
                    build.fault("yaml-directive", line, col, "YAML directives are not allowed", "remove it")
                if documents > 1:
                    build.fault(
                        "several-documents",
                        line,
                        col,
                        "a second YAML document begins here",
                        "keep one document to a file: remove the line `---` or `...`",
                    )
                    return None, build.faults
            elif kind is StreamEndEvent:
                break
    except (yaml.YAMLError, ValueError) as error:
        rule, line, col, message, hint = syntax_fault(error, text)
        build.faults.append(Fault(rule, line + first_line - 1, col, message, hint))
        return None, build.faults
    root = build.root
    if root is None:
        root = Node(first_line, 1)
        root.pairs = {}
    return root, build.faults
