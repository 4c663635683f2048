"""HTML of our own making as plain text: paragraphs parted by empty lines, marks instead of tags.

Only for what ``markdown.render`` gives: few tags, all closed, attributes in double quotes. It is linear in
the text and never raises; a tag that it does not know is dropped and its words stay.
"""

import re
from html import unescape

_PART = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^">]|"[^"]*")*)>')
_HREF = re.compile(r'href="((?:https?://|mailto:)[^"]*)"')
_BACK = "\u21a9\ufe0e"
"""The words of a link from a note back to its place."""

_PLAIN_LINK = r'a((?: [a-z]+="[^"<>\n]*")*)>([^<\s\u21a9][^<\u21a9]*)</a>'
_LINK = re.compile(f"<{_PLAIN_LINK}")
_RICH = re.compile(rf"<(?!/?(?:p|h[2-6]|em|strong|del)>|/a>|{_PLAIN_LINK})")
_OPENING = re.compile(r"<(?:p|h[2-6])>")
_INLINE = re.compile(r"<[^>]*>")
DEEPEST = 9
"""How many levels of quotes and lists are told apart."""


class _Writer:
    """Text as far as it is written, and what is open at its end."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.lists: list[int] = []  # the next number of each open list; 0: marked, not numbered
        self.hrefs: list[str] = []
        self.quotes = 0
        self.code = 0
        self.fresh = True  # nothing but marks stands on this line

    def line(self) -> None:
        """Begin another line."""
        self.parts.append("\n" + "> " * min(self.quotes, DEEPEST))
        self.fresh = True

    def paragraph(self) -> None:
        """Begin another paragraph after an empty line; in a list, where its mark waits for words."""
        if self.lists:
            if not self.fresh:
                self.line()
                self.parts.append("  " * min(len(self.lists), DEEPEST))
        else:
            self.line()
            self.line()

    def tag(self, name: str, rest: str) -> None:
        """Write what stands for a tag that opens."""
        match name:
            case "p" | "h2" | "h3" | "h4" | "h5" | "h6":
                self.paragraph()
            case "a":
                found = _HREF.search(rest)
                self.hrefs.append(unescape(found[1]) if found else "")
            case "ul" | "ol":
                if not self.lists:
                    self.paragraph()
                self.lists.append(1 if name == "ol" else 0)
            case "li":
                self.item()
            case "blockquote":
                self.line()
                self.quotes += 1
            case "pre":
                self.paragraph()
                self.code += 1
            case "hr":
                self.paragraph()
                self.parts.append("* * *")
            case "sup":
                self.parts.append("[")
            case "tr" | "br" | "div" | "section":
                self.line()

    def end(self, name: str) -> None:
        """Write what stands for a tag that closes."""
        match name:
            case "a":
                href = self.hrefs.pop() if self.hrefs else ""
                if href and self.parts[-1:] != [href]:
                    self.parts.append(f" ({href})")
            case "ul" | "ol":
                self.lists = self.lists[:-1]
                if not self.lists:
                    self.line()
            case "blockquote":
                self.quotes = max(0, self.quotes - 1)
                self.line()
            case "pre":
                self.code = max(0, self.code - 1)
                self.line()
            case "sup":
                self.parts.append("]")
            case "td" | "th":
                self.parts.append("\t")

    def item(self) -> None:
        """Begin an entry of the innermost list."""
        if not self.fresh:
            self.line()
        mark = "-"
        if self.lists and self.lists[-1]:
            mark = f"{self.lists[-1]}."
            self.lists[-1] += 1
        self.parts.append(f"{'  ' * min(len(self.lists) - 1, DEEPEST)}{mark} ")
        self.fresh = True

    def words(self, text: str) -> None:
        """Write the words between two tags."""
        plain = unescape(text).replace(_BACK, "")
        if self.code:
            plain = plain.replace("\n", "\n" + "> " * min(self.quotes, DEEPEST))
        else:
            plain = plain.replace("\n", " ")
            if self.fresh:
                plain = plain.lstrip(" ")
        if plain:
            self.parts.append(plain)
            self.fresh = False


def plain_text(html: str) -> str:
    """``html`` as plain text, with the address behind the words of each link that leaves."""
    return _written(html) if _RICH.search(html) else _paragraphs(html)


def _written(html: str) -> str:
    """Tag by tag."""
    writer = _Writer()
    at = 0
    for match in _PART.finditer(html):
        if between := html[at : match.start()]:
            writer.words(between)
        if match[1]:
            writer.end(match[2])
        else:
            writer.tag(match[2], match[3])
        at = match.end()
    writer.words(html[at:])
    lines: list[str] = []
    for line in "".join(writer.parts).split("\n"):
        kept = _kept(line)
        if kept or (lines and lines[-1]):
            lines.append(kept)
    return "\n".join(lines).strip("\n") + "\n"


def _paragraphs(html: str) -> str:
    """The same in one go for paragraphs, headings, emphasis and plain links alone, which most texts are."""
    lines = []
    for part in _OPENING.split(_LINK.sub(_linked, html)):
        words = _INLINE.sub("", part)
        words = unescape(words).replace(_BACK, "")
        if kept := _kept(words.replace("\n", " ").lstrip(" ")):
            lines.append(kept)
    return "\n\n".join(lines) + "\n"


def _linked(link: re.Match[str]) -> str:
    """The words of a link, and where it leads unless they say that themselves; still escaped."""
    found = _HREF.search(link[1])
    if found is None or unescape(link[2]).replace("\n", " ") == unescape(found[1]):
        return link[2]
    return f"{link[2]} ({found[1]})"


def _kept(line: str) -> str:
    """A line without blanks at its end; nothing of one that holds no more than marks of quotes."""
    return line.rstrip() if line.strip("> \t") else ""
