"""Turns the raw HTML in Markdown texts into Markdown, so that nothing of it is ever published raw."""

import re
import textwrap
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString
from markdownify import ATX, MarkdownConverter

from newsrepo.importers.snippets import picture, target
from newsrepo.importers.templates import Note
from newsrepo.importers.traced import Edit, Event, Traced, events
from newsrepo.records.markup import MARKDOWN

MAX_NESTING = 50
_LONG = re.compile(r"[ \t]{100,}")
_BLANKS = re.compile(r"[ \t]{2,}")

# What may follow the name differs in its first character, so that a tag that never ends is given up at once.
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<![A-Za-z][^>]*>", re.DOTALL)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOID = _names("area base br col embed hr img input link meta param source track wbr")
_BLOCK = _names(
    """address article aside audio blockquote body center details dd div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 head header hr html iframe li main nav noscript object ol p pre script
    section style summary svg table tbody td tfoot th thead tr ul video"""
)
_INLINE = _names(
    """a abbr acronym b bdi bdo big button caption cite code colgroup data del dfn em font g i image ins kbd
    label mark option path picture q rp rt ruby s samp select small span strike strong sub sup symbol template
    textarea time title tt u use var"""
)
_KNOWN = VOID | _BLOCK | _INLINE
LOST = {"script": "script", "style": "style sheet", "svg": "drawing", "form": "form", "template": "template"}
FIELDS = ("input", "select", "textarea", "button")
_RENAMED = {"cite": "em", "dt": "strong", "dd": "p", "dl": "div", "caption": "p", "summary": "strong"}
FRAMES = ("iframe", "embed", "object", "video", "audio")


class _Piece(NamedTuple):
    start: int
    end: int
    name: str
    closing: bool
    strong: bool


class Writer(MarkdownConverter):
    """HTML to the Markdown that we publish."""

    def __init__(self, *, escape_misc: bool = False) -> None:
        """``escape_misc`` is for texts that were never Markdown: all that Markdown would read is escaped."""
        super().__init__(
            heading_style=ATX,
            bullets="-",
            newline_style="BACKSLASH",
            table_infer_header=True,
            autolinks=False,
        )
        self._all = escape_misc

    def escape(self, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002 - as it is called
        if not self._all:
            return text.replace("*", r"\*").replace("_", r"\_") if text else ""
        text = re.sub(r"([\\`*_\[\]<|~]|&(?=#?\w+;))", r"\\\1", text)
        return re.sub(r"(?m)^(\s*)([-+=#>:]|[0-9]{1,9}(?=[.)]))", _first, text)

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        words = text.strip()
        href = str(el.get("href") or "")
        if not words or not href or "_noformat" in parent_tags:
            return text
        if "\n\n" in words:
            words = " ".join(words.split())  # blocks within a link
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before and ' '}[{words}]({target(href)}){after and ' '}"

    def convert_img(self, el: Tag, *_: object, **__: object) -> str:
        src = str(el.get("src") or el.get("data-src") or "")
        alt = str(el.get("alt") or "")
        return picture(src, alt) if src else " ".join(alt.split())


def frame_link(soup: BeautifulSoup, tag: Tag) -> bool:
    """Put a link in the place of something embedded from elsewhere; false where it shows nothing."""
    source = tag.get("src") or tag.get("data")
    if not source:
        inner = tag.find("source")
        source = inner.get("src") if isinstance(inner, Tag) else ""
    url = str(source or "").strip()
    if url.startswith("//"):
        url = f"https:{url}"
    if not url:
        tag.decompose()
        return False
    anchor = soup.new_tag("a", href=url)
    kind = "Video" if "video" in tag.name or "youtu" in url or "vimeo" in url else "Embedded page"
    anchor.string = str(tag.get("title") or f"{kind} at {urlsplit(url).netloc or url}")
    paragraph = soup.new_tag("p")
    paragraph.append(anchor)
    tag.replace_with(paragraph)
    return True


def _first(match: re.Match[str]) -> str:
    """What would begin a heading, list, quote or rule at the start of a line, so that it does not."""
    return f"{match[0]}\\" if match[2].isdigit() else f"{match[1]}\\{match[2]}"


def rename(soup: BeautifulSoup) -> None:
    """Give the elements that Markdown has no word for the names of those that come nearest."""
    for tag in soup.find_all(list(_RENAMED)):
        if tag.name in ("dt", "summary"):
            tag.wrap(soup.new_tag("p"))
        elif tag.name == "caption" and isinstance(tag.parent, Tag) and tag.parent.name == "table":
            tag.parent.insert_before(tag.extract())
        tag.name = _RENAMED[tag.name]


def calm(soup: BeautifulSoup) -> None:
    """Make single blanks of runs of blanks, which HTML shows as one, and which the writer is slow at."""
    for node in soup.find_all(string=_BLANKS):
        kept = node.find_parent("pre") is not None
        node.replace_with(_LONG.sub(" " * 100, node) if kept else _BLANKS.sub(" ", node))


def nesting(html: str) -> int:
    """How deep its elements stand in one another, as far as their tags say."""
    deepest = depth = 0
    for match in TAG.finditer(html):
        if match[2].lower() not in VOID and not match[3].rstrip().endswith("/"):
            depth += -1 if match[1] else 1
            deepest = max(deepest, depth)
    return deepest


def _convert(fragment: str, block: bool) -> tuple[str, list[str]]:
    """Markdown for a piece of text that holds HTML, and what was lost in it."""
    html = MARKDOWN.html(fragment)
    if nesting(html) > MAX_NESTING:
        return TAG.sub(" ", _COMMENT.sub(" ", fragment)), [f"elements nested more than {MAX_NESTING} deep"]
    soup = BeautifulSoup(html, "html.parser")
    lost = []
    for node in soup.find_all(string=lambda s: isinstance(s, PreformattedString)):
        node.extract()
    for tag in soup.find_all([*LOST, *FRAMES, *FIELDS]):
        if tag.decomposed:
            continue
        if tag.name in FRAMES:
            frame_link(soup, tag)
        else:
            if tag.name in LOST:
                lost.append(LOST[tag.name])
            tag.decompose()
    rename(soup)
    calm(soup)
    text = Writer().convert_soup(soup)
    text = re.sub(r"\n{3,}", "\n\n", re.sub(r"(?<![ \t])[ \t]+\n", "\n", text)).strip()
    return (text if block else text.strip("\n")), lost


def _ranges(found: list[Event]) -> Iterator[tuple[int, int, bool]]:
    """The parts of a text where tags may stand; the flag says that Markdown itself takes them for HTML."""
    for event in found:
        if event.kind in ("Html", "InlineHtml"):
            yield event.start, event.end, True
        elif event.phase == "Start" and event.kind == "CodeBlock" and event.data == "Indented":
            yield event.start, event.end, False


def _pieces(text: str, found: list[Event]) -> tuple[list[_Piece], list[Edit]]:
    pieces: list[_Piece] = []
    edits: list[Edit] = []
    joined: list[tuple[int, int, bool]] = []
    for start, end, strong in _ranges(found):
        if joined and joined[-1][1] == start and joined[-1][2] == strong:
            joined[-1] = (joined[-1][0], end, strong)
        else:
            joined.append((start, end, strong))
    depth = 0
    for start, end, strong in joined:
        if not strong and depth == 0:
            continue  # ordinary indented code
        covered = start
        if strong:
            edits += [Edit(*match.span(), "") for match in _COMMENT.finditer(text, start, end)]
        hidden = iter([(edit.start, edit.end) for edit in edits if edit.start >= start])
        comment = next(hidden, None)
        for match in TAG.finditer(text, start, end):
            while comment and comment[1] <= match.start():
                comment = next(hidden, None)
            if (comment and comment[0] <= match.start()) or match.start() < covered:
                continue
            name, closing = match[2].lower(), bool(match[1])
            if not closing and name in VOID | {"use", "path"}:
                name = name if name in VOID else "wbr"
            elif name in _BLOCK:
                depth = max(0, depth + (-1 if closing else 1))
            pieces.append(_Piece(match.start(), match.end(), name, closing, strong))
    return pieces, edits


def _matches(pieces: list[_Piece]) -> dict[int, int]:
    """For each opening tag the index of the tag that closes it."""
    open_: dict[str, list[int]] = {}
    matched: dict[int, int] = {}
    for index, piece in enumerate(pieces):
        if piece.name in VOID:
            continue
        if not piece.closing:
            open_.setdefault(piece.name, []).append(index)
        elif open_.get(piece.name):
            matched[open_[piece.name].pop()] = index
    return matched


def to_markdown(traced: Traced) -> tuple[Traced, list[Note], int]:
    """The text without raw HTML, what was lost, and how many elements were turned into Markdown."""
    if "<" not in traced.text:
        return traced, [], 0
    text = traced.text
    found = events(text)
    pieces, edits = _pieces(text, found)
    matched = _matches(pieces)
    cells = [(e.start, e.end) for e in found if e.phase == "Start" and e.kind in ("Table", "Heading")]
    notes: list[Note] = []
    done = index = 0
    block_end = -1
    while index < len(pieces):
        piece = pieces[index]
        if piece.name not in _KNOWN:
            if piece.strong:
                shown = text[piece.start : piece.end][:60]
                notes.append(Note("import-html", piece.start, f"{shown!r} is no HTML element; kept as text"))
                edits.append(Edit(piece.start, piece.start + 1, "&lt;"))
            index += 1
            continue
        last = matched.get(index, index)
        if piece.name not in VOID and last == index:
            if piece.strong:
                edits.append(Edit(piece.start, piece.end, ""))
            index += 1
            continue
        edit, lost = _region(text, piece, pieces[last].end, cells, block_end)
        if piece.name in _BLOCK:
            block_end = edit.end
        edits.append(edit)
        done += 1
        notes += [Note("import-html", piece.start, f"a {what} was left out") for what in lost]
        index = last + 1
    mended = traced.edit(edits)
    return escape_rest(mended), notes, done


def _region(
    text: str, piece: _Piece, end: int, cells: list[tuple[int, int]], block_end: int
) -> tuple[Edit, list[str]]:
    line = text.rfind("\n", 0, piece.start) + 1
    prefix = text[line : piece.start]
    fragment = text[piece.start : end]
    block = not prefix.strip(" \t>") and piece.name in _BLOCK
    if not block:
        if piece.name == "br":
            return Edit(piece.start, end, _break(text, piece.start, end, cells, block_end)), []
        markdown, lost = _convert(fragment, block=False)
        return Edit(piece.start, end, markdown), lost
    lines = fragment.split("\n")
    quoted = ">" in prefix
    if quoted:
        lines = [lines[0], *(re.sub(r"^[ \t]{0,3}>[ \t]?", "", row) for row in lines[1:])]
    markdown, lost = _convert("\n".join(lines) if "<pre" in fragment.lower() else _dedent(lines), block=True)
    keep = prefix if quoted or _in_list(text, line, prefix) else ""
    body = "\n".join(f"{keep}{row}".rstrip() for row in markdown.split("\n"))
    if not body.strip():
        return Edit(line, end, ""), lost
    before = "" if not line or text.endswith("\n\n", 0, line) else "\n"
    after = "\n\n"[min(2, len(text[end : end + 2]) - len(text[end : end + 2].lstrip("\n"))) :]
    return Edit(line, end, f"{before}{body}{after}"), lost


def _break(text: str, start: int, end: int, cells: list[tuple[int, int]], block_end: int) -> str:
    """What a ``<br>`` becomes: a hard break within a paragraph, nothing at its edges, a blank in a cell."""
    if any(first <= start < stop for first, stop in cells):
        return " "
    line = text.rfind("\n", 0, start) + 1
    rest = text[end : end + 2]
    if not rest.strip():
        return ""  # the paragraph ends here anyway
    if not text[max(line, block_end if block_end <= start else line) : start].strip(" \t>"):
        return ""
    return "\\" if rest[0] == "\n" else "\\\n"


def _dedent(lines: list[str]) -> str:
    """The lines without the indentation that only laid out the HTML, lest Markdown read it as code."""
    if all(row.strip() for row in lines):
        return "\n".join(row.lstrip() for row in lines)
    rest = textwrap.dedent("\n".join(lines[1:])).split("\n")
    return "\n".join(row.lstrip() if row.lstrip()[:1] == "<" else row for row in [lines[0], *rest])


def _in_list(text: str, line: int, prefix: str) -> bool:
    """Whether an indented line belongs to the list item above it."""
    if len(prefix.expandtabs(4)) < 2:
        return False
    above = text[max(0, line - 4000) : line].rstrip("\n").split("\n")
    for row in reversed(above):
        if row.strip() and not row.startswith((" ", "\t")):
            return re.match(r"(?:[-*+]|[0-9]{1,9}[.)])\s", row) is not None
    return False


def escape_rest(traced: Traced) -> Traced:
    """Make plain text of whatever Markdown would still take for HTML."""
    for _ in range(4):
        edits = []
        for event in events(traced.text):
            if event.kind in ("Html", "InlineHtml"):
                piece = traced.text[event.start : event.end]
                edits += [
                    Edit(event.start + i, event.start + i + 1, "&lt;")
                    for i, c in enumerate(piece)
                    if c == "<"
                ]
        if not edits:
            return traced
        traced = traced.edit(edits)
    return traced


def plain(text: str) -> str:
    """A text without markup, on one line: for titles and summaries."""
    soup = BeautifulSoup(MARKDOWN.html(text), "html.parser")
    for tag in soup.find_all(["script", "style", "template"]):
        tag.decompose()
    return " ".join(soup.get_text().split())
