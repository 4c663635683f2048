"""A tree of nodes as XHTML: every element is closed, every text escaped, nothing is passed through."""

from collections.abc import Iterable, Mapping
from html import escape

from markupsafe import Markup

from newsrepo.editions.paper.nodes import Child, Node

_PLAIN = {"em": "em", "strong": "strong", "del": "del", "code": "code", "small": "small"}
_SCHEMES = ("https://", "http://", "mailto:")


def xhtml(nodes: Iterable[Node], figures: Mapping[str, Markup]) -> Markup:
    """The blocks as XHTML; headings begin at ``h2``. ``figures`` are the pictures by key, escaped already."""
    numbers = frozenset(_notes(nodes := tuple(nodes)))
    return Markup("\n".join(_block(node, figures, numbers) for node in nodes))  # noqa: S704 - escaped below


def _notes(nodes: Iterable[Node]) -> Iterable[str]:
    for node in nodes:
        if node["t"] == "notes":
            yield from (note["s"] for note in node["c"] if note["t"] == "note" and note["s"])


def _block(node: Node, figures: Mapping[str, Markup], notes: frozenset[str]) -> str:
    kind = node["t"]

    def inside() -> str:
        return "\n".join(_block(child, figures, notes) for child in node["c"])

    if kind == "p":
        return f"<p>{_inline(node['c'], notes)}</p>"
    if kind == "h":
        return f"<h{node['n']}>{_inline(node['c'], notes)}</h{node['n']}>"
    if kind in ("ul", "ol"):
        start = f' start="{node["start"]}"' if kind == "ol" and node["start"] != 1 else ""
        return f"<{kind}{start}>\n{inside()}\n</{kind}>"
    if kind == "li":
        return f"<li>{inside()}</li>"
    if kind == "quote":
        return f"<blockquote>\n{inside()}\n</blockquote>"
    if kind == "pre":
        return f"<pre><code>{escape(node['s'])}</code></pre>"
    if kind == "hr":
        return "<hr/>"
    if kind == "table":
        return _table(node, notes)
    if kind == "notes":
        return f'<section class="notes">\n{inside()}\n</section>'
    if kind == "note":
        number = escape(node["s"])
        mark = f'id="note-{number}" ' if number else ""
        return (
            f'<aside {mark}epub:type="footnote" role="doc-footnote">\n'
            f"<p><sup>{number}</sup></p>\n{inside()}\n</aside>"
        )
    return str(figures.get(node["s"], ""))


def _table(node: Node, notes: frozenset[str]) -> str:
    def row(cells: Iterable[Node], tag: str) -> str:
        made = (f'<{tag} class="{cell["side"]}">{_inline(cell["c"], notes)}</{tag}>' for cell in cells)
        return f"<tr>{''.join(made)}</tr>"

    head, *rows = node["rows"]
    body = f"<tbody>{''.join(row(cells, 'td') for cells in rows)}</tbody>" if rows else ""
    return f"<table><thead>{row(head, 'th')}</thead>{body}</table>"


def _inline(children: Iterable[Child], notes: frozenset[str]) -> str:
    return "".join(_piece(child, notes) for child in children)


def _piece(child: Child, notes: frozenset[str]) -> str:
    if isinstance(child, str):
        return escape(child)
    kind = child["t"]
    if kind == "br":
        return "<br/>"
    words = _inline(child["c"], notes)
    if kind == "sup":
        return f"<sup>{words}</sup>"
    if kind == "a":
        return _link(child["u"], words, notes)
    tag = _PLAIN[kind]
    return f"<{tag}>{words}</{tag}>"


def _link(address: str, words: str, notes: frozenset[str]) -> str:
    if address.startswith("#"):
        number = address.rpartition("-")[2]
        if number in notes:
            return f'<a href="#note-{number}" epub:type="noteref" role="doc-noteref">{words}</a>'
        return words
    inside = address.endswith(".xhtml") and "/" not in address
    return f'<a href="{escape(address)}">{words}</a>' if inside or address.startswith(_SCHEMES) else words
