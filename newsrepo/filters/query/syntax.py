"""The query as a frozen tree with one canonical text: what the parser makes and everything else reads."""

from enum import StrEnum

from msgspec import Struct

from newsrepo.ids import AxisId, ContingentId, RaterId
from newsrepo.records.scalars import Day, Decimal, Span


class Key(StrEnum):
    """The closed set of ``key:value``."""

    AUTHOR = "author"
    BASED_ON = "based-on"
    BY = "by"
    IN = "in"
    IS = "is"
    LANG = "lang"
    PLACE = "place"
    SINCE = "since"
    TOPIC = "topic"
    UNRATED = "unrated"
    UNTIL = "until"


class State(StrEnum):
    """The closed set of ``is:``."""

    ABRIDGEMENT = "abridgement"
    COMPILATION = "compilation"
    CORRECTION = "correction"
    DERIVED = "derived"
    ORIGINAL = "original"
    QUOTE = "quote"
    RATED = "rated"
    REWRITE = "rewrite"
    SUMMARY = "summary"
    TRANSLATION = "translation"
    UNRATED = "unrated"
    USABLE = "usable"
    WITHDRAWN = "withdrawn"
    WITHHELD = "withheld"


class Op(StrEnum):
    """How a score is compared with a number."""

    AT_LEAST = ">="
    MORE = ">"
    AT_MOST = "<="
    LESS = "<"
    EQUAL = "="
    OTHER = "!="


class Node(Struct, frozen=True):
    """A part of a query. ``str()`` gives its canonical text."""


class Word(Node, frozen=True):
    """A bare word, searched for in the text."""

    text: str

    def __str__(self) -> str:
        return self.text


class Phrase(Node, frozen=True):
    """Words in this order, searched for in the text."""

    text: str

    def __str__(self) -> str:
        return quoted(self.text)


class Tag(Node, frozen=True):
    """``key:value`` where the value is a name or a text."""

    key: Key
    value: str

    def __str__(self) -> str:
        return f"{self.key}:{value(self.value)}"


class When(Node, frozen=True):
    """``since:`` or ``until:`` a day, or a length of time before today; both ends included."""

    key: Key
    when: Day | Span

    def __str__(self) -> str:
        return f"{self.key}:{self.when}"


class AxisRef(Node, frozen=True):
    """``[C/]AXIS[@C[/RATER]]``: an axis, and whose ratings on it; without ``@`` those that are trusted."""

    axis: AxisId
    contingent: ContingentId | None = None
    rater: RaterId | None = None

    def __str__(self) -> str:
        voice = self.rater or self.contingent
        return f"{self.axis}@{voice}" if voice else self.axis


class Unrated(Node, frozen=True):
    """``unrated:AXIS``: nobody asked about has rated the work on it."""

    axis: AxisRef

    def __str__(self) -> str:
        return f"{Key.UNRATED}:{self.axis}"


class Comparison(Node, frozen=True):
    """``AXIS OP NUMBER``; neither true nor false of an unrated work."""

    axis: AxisRef
    op: Op
    number: Decimal

    def __str__(self) -> str:
        return f"{self.axis}{self.op}{self.number}"


class Not(Node, frozen=True):
    """``-part``."""

    part: Node

    def __str__(self) -> str:
        inner = f"({self.part})" if isinstance(self.part, And | Or) else str(self.part)
        return f"-{inner}"


class And(Node, frozen=True):
    """Parts side by side; no parts at all hold of everything. Make it with ``conjunction``."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(f"({p})" if isinstance(p, Or) else str(p) for p in self.parts)


class Or(Node, frozen=True):
    """Parts joined by ``OR``, two or more. Make it with ``disjunction``."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(str(p) for p in self.parts)


EVERYTHING = And(())
"""The empty query."""


def conjunction(parts: tuple[Node, ...]) -> Node:
    """The parts joined by *and*, nested ones flattened; a single part is itself."""
    flat: tuple[Node, ...] = ()
    for part in parts:
        flat += part.parts if isinstance(part, And) else (part,)
    return flat[0] if len(flat) == 1 else And(flat)


def disjunction(parts: tuple[Node, ...]) -> Node:
    """The parts joined by *or*, nested ones flattened; a single part is itself."""
    flat: tuple[Node, ...] = ()
    for part in parts:
        flat += part.parts if isinstance(part, Or) else (part,)
    return flat[0] if len(flat) == 1 else Or(flat)


class Query(Struct, frozen=True, eq=False):
    """A query that was read. ``columns`` are those of its leaves, in order; only the root makes it equal."""

    root: Node
    columns: tuple[int, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Query) and other.root == self.root

    def __hash__(self) -> int:
        return hash(self.root)

    def __str__(self) -> str:
        return str(self.root)

    def leaves(self) -> tuple[tuple[Node, int], ...]:
        """Every leaf, left to right, with its column (0 where the query was not read from text)."""
        found: list[Node] = []
        stack = [self.root]
        while stack:
            node = stack.pop()
            if isinstance(node, And | Or):
                stack += reversed(node.parts)
            elif isinstance(node, Not):
                stack.append(node.part)
            else:
                found.append(node)
        columns = self.columns if len(self.columns) == len(found) else (0,) * len(found)
        return tuple(zip(found, columns, strict=True))


def quoted(text: str) -> str:
    """``text`` in double quotes, with quotes and backslashes escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def value(text: str) -> str:
    """``text`` as the value of a key: bare when it can be, quoted otherwise."""
    bare = text and not any(c.isspace() or c in '"()' for c in text)
    return text if bare else quoted(text)
