"""Sanitised HTML as a small tree of plain values, for sinks that are not HTML.

The tree holds nothing that a typesetter would take for a command: text is text, and every node has one of
the kinds below. What nests too deeply for a page is shown without its own frame, its words all there.

A node is a dict. Blocks: ``p``, ``h`` (level ``n``), ``ul``, ``ol`` (``start``), ``li``, ``quote``, ``pre``
(text ``s``), ``hr``, ``table`` (``n`` columns, rows of cells in ``rows``, the first ``head`` of them titles),
``notes``, ``note`` (its number ``s``), ``pic`` (the key ``s`` of a figure). Inlines: ``em``, ``strong``,
``del``, ``code``, ``sup``, ``small``, ``a`` (address ``u``), ``br``, and text, which is a plain string.
All but those with ``s`` and ``hr``, ``br`` and ``table`` hold their children in ``c``.
"""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

Node = dict[str, Any]
Child = Node | str

DEEPEST = 7
"""How many frames may stand in each other: paper has no room for more, and Typst no stack."""

_SPACE = re.compile(r"[ \t\r\n\f]+")
_FLOW = frozenset(("", "ul", "ol", "li", "quote", "notes", "note"))
_KINDS = {
    "p": "p", "ul": "ul", "ol": "ol", "li": "li", "blockquote": "quote",
    "em": "em", "strong": "strong", "del": "del", "code": "code", "sup": "sup", "small": "small",
}  # fmt: skip
_INLINE = frozenset(("em", "strong", "del", "code", "sup", "small", "a"))
_SIDES = {"mid": "center", "end": "end"}
_HEADING = re.compile(r"h[2-6]")


def tree(html: str) -> list[Node]:
    """The blocks of a text that ``markdown.render`` made.

    A picture's slot holds ``<img src="KEY">`` and becomes a ``pic`` node. Linear in the text.
    """
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return list(_settled(builder.root))


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: Node = {"t": "", "c": []}
        self.open: list[tuple[str, Node]] = [("", self.root)]
        self.frames = 0

    @property
    def here(self) -> Node:
        return self.open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "img":
            self.here.setdefault("c", []).append({"t": "pic", "s": given.get("src", "")})
        elif tag in ("br", "hr"):
            self.here.setdefault("c", []).append({"t": tag})
        else:
            node = self._node(tag, given)
            if node is None or self.frames >= DEEPEST:
                node = self.here  # its children are its parent's
            else:
                self.here.setdefault("c", []).append(node)
                self.frames += 1
            self.open.append((tag, node))

    def _node(self, tag: str, given: dict[str, str]) -> Node | None:
        if tag in _KINDS:
            node: Node = {"t": _KINDS[tag], "c": []}
            if tag == "ol":
                start = given.get("start", "1")
                node["start"] = int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1
            return node
        if _HEADING.fullmatch(tag):
            return {"t": "h", "n": int(tag[1]), "c": []}
        if tag == "a":
            href = given.get("href", "")
            return {"t": "a", "u": href, "c": []} if href else None
        if tag in ("table", "tr", "pre"):
            return {"t": tag, "c": []}
        if tag in ("td", "th"):
            return {"t": "cell", "side": _SIDES.get(given.get("class", ""), "start"), "c": []}
        if tag == "div" and given.get("class") in ("notes", "note"):
            return {"t": given["class"], "c": []}
        return None

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and self.open[-1][0] == tag:
            _, node = self.open.pop()
            if node is not self.here:
                self.frames -= 1

    def handle_data(self, data: str) -> None:
        self.here.setdefault("c", []).append(data)


def _settled(node: Node) -> Iterator[Node]:
    """The blocks inside ``node``: loose words gathered into paragraphs, pictures set apart."""
    words: list[Child] = []
    for child in node["c"]:
        if isinstance(child, str) or child["t"] in _INLINE or child["t"] == "br":
            words.append(child)
            continue
        yield from _paragraph(words)
        words = []
        yield from _block(child)
    yield from _paragraph(words)


def _block(node: Node) -> Iterator[Node]:
    kind = node["t"]
    if kind == "p":
        yield from _paragraph(node["c"])
    elif kind == "h":
        made = list(_paragraph(node["c"]))
        for block in made:
            yield {"t": "h", "n": node["n"], "c": block["c"]} if block["t"] == "p" else block
    elif kind == "pre":
        text = "".join(_words(node["c"])).rstrip("\n")
        if text.strip():
            yield {"t": "pre", "s": text.expandtabs(4)}
    elif kind in ("ul", "ol"):
        items = [
            {"t": "li", "c": list(_settled(child))}
            for child in node["c"]
            if isinstance(child, dict) and child["t"] == "li"
        ]
        loose = [c for c in node["c"] if not (isinstance(c, dict) and c["t"] == "li")]
        items = [item for item in items if item["c"]]
        if items:
            yield {**node, "c": items}
        yield from _settled({"c": loose})
    elif kind == "table":
        yield from _table(node)
    elif kind == "note":
        inside = list(_settled(node))
        number = ""
        first = inside[0]["c"][0] if inside and inside[0]["t"] == "p" else ""
        if isinstance(first, dict) and first["t"] == "sup":
            number = "".join(_words(first["c"]))
            rest = inside[0]["c"][1:]
            inside = [{"t": "p", "c": rest}, *inside[1:]] if rest else inside[1:]
        if inside:
            yield {"t": "note", "s": number, "c": inside}
    elif kind in ("quote", "notes", "li"):
        inside = list(_settled(node))
        if inside:
            yield {"t": kind if kind != "li" else "quote", "c": inside}
    elif kind in ("hr", "pic"):
        yield node
    else:
        yield from _settled(node)


def _table(node: Node) -> Iterator[Node]:
    rows = [child for child in node["c"] if isinstance(child, dict) and child["t"] == "tr"]
    cells = [[cell for cell in row["c"] if isinstance(cell, dict) and cell["t"] == "cell"] for row in rows]
    cells = [row for row in cells if row]
    if not cells:
        return
    columns = max(map(len, cells))
    made = []
    for row in cells:
        done = [
            {"side": cell["side"], "c": [piece for block in _settled(cell) for piece in block.get("c", ())]}
            for cell in row
        ]
        made.append(done + [{"side": "start", "c": []}] * (columns - len(done)))
    yield {"t": "table", "n": columns, "rows": made}


def _paragraph(children: Iterable[Child]) -> Iterator[Node]:
    """Inlines as a paragraph, its blanks made single; pictures in it stand after it."""
    pictures: list[Node] = []
    line = _Line()
    made = line.inlines(children, pictures)
    while made and (made[-1] == {"t": "br"} or made[-1] == " "):
        made.pop()
    if made and isinstance(made[-1], str):
        made[-1] = made[-1].rstrip(" ")
        if not made[-1]:
            made.pop()
    if made:
        yield {"t": "p", "c": made}
    yield from pictures


class _Line:
    """One paragraph on its way: a blank after a blank, or at the start of a line, is none."""

    def __init__(self) -> None:
        self.blank = True

    def inlines(self, children: Iterable[Child], pictures: list[Node]) -> list[Child]:
        made: list[Child] = []
        for child in children:
            if isinstance(child, str):
                text = _SPACE.sub(" ", child)
                if self.blank and text.startswith(" "):
                    text = text[1:]
                self._say(text, made)
            elif child["t"] == "pic":
                pictures.append(child)
            elif child["t"] == "br":
                made.append(child)
                self.blank = True
            elif child["t"] in _INLINE:
                inside = self.inlines(child["c"], pictures)
                if inside and not _is_way_back(child, inside):
                    made.append({**child, "c": inside})
            else:
                made += self.inlines(child.get("c", ()), pictures)
        return made

    def _say(self, text: str, made: list[Child]) -> None:
        if text and made and isinstance(made[-1], str):
            made[-1] += text
        elif text:
            made.append(text)
        if text:
            self.blank = text.endswith(" ")


def _is_way_back(child: Node, inside: list[Child]) -> bool:
    """Whether it is the arrow that leads from a note back to its place, which paper has no use for."""
    return child["t"] == "a" and child["u"].startswith("#") and inside == ["\u21a9\ufe0e"]


def _words(children: Iterable[Child]) -> Iterator[str]:
    for child in children:
        if isinstance(child, str):
            yield child
        elif child["t"] == "br":
            yield "\n"
        else:
            yield from _words(child.get("c", ()))


def text_of(nodes: Iterable[Child]) -> Iterator[str]:
    """Every text in a tree, in order; for looking at characters and for measuring."""
    for node in nodes:
        if isinstance(node, str):
            yield node
            continue
        if node["t"] in ("pre", "note"):
            yield node["s"]
        if node["t"] == "table":
            for row in node["rows"]:
                for cell in row:
                    yield from text_of(cell["c"])
        else:
            yield from text_of(node.get("c", ()))
