"""Turns a whole text of HTML, as feeds and exports carry it, into the Markdown that we publish.

Pictures, frames and links are asked about one by one. What is lost on the way is told with its line.
"""

import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString
from msgspec import Struct

from newsrepo.importers.links import Shown
from newsrepo.importers.markup import (
    FIELDS,
    FRAMES,
    LOST,
    MAX_NESTING,
    TAG,
    VOID,
    Writer,
    calm,
    escape_rest,
    frame_link,
    nesting,
    rename,
)
from newsrepo.importers.traced import Traced

MAX_HTML = 4 << 20
_WIDE = 90
_UNLIKE_CODE = [
    "br",
    "p",
    "div",
    "pre",
    "ul",
    "ol",
    "dl",
    "li",
    "table",
    "td",
    "blockquote",
    "figure",
    "h1",
    "h2",
    "h3",
]
_IMAGE = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|svg)(?:[?#].*)?$", re.IGNORECASE)
_P = frozenset(["p"])
_CELL = frozenset(["p", "td", "th"])
_ENDS = {
    **dict.fromkeys(
        ("p", "div", "ul", "ol", "dl", "table", "pre", "blockquote", "h1", "h2", "h3", "h4", "hr"), _P
    ),
    "li": frozenset(["p", "li"]),
    **dict.fromkeys(("dt", "dd"), frozenset(["p", "dt", "dd"])),
    **dict.fromkeys(("td", "th"), _CELL),
    **dict.fromkeys(("tr", "tbody", "tfoot"), _CELL | {"tr"}),
    "option": frozenset(["option"]),
}
"""Which open elements a tag ends, where they are innermost."""
_LAZY = tuple(f"data-{what}" for what in ("src", "lazy-src", "original", "orig-file", "large-file"))


class Asked(Struct, frozen=True, kw_only=True):
    """Whom to ask what becomes of a picture (address, alt text, caption, line) and of a link (address, line),
    and whom to tell (rule, line, fact)."""

    picture: Callable[[str, str, str, int], Shown]
    link: Callable[[str, int], str]
    tell: Callable[[str, int, str], None]


def markdown_of(soup_of: BeautifulSoup | str, base: str, line: int, asked: Asked) -> str:
    """The text as Markdown; ``base`` is what its addresses are relative to, ``line`` where it began."""
    if isinstance(soup_of, str):
        soup_of = re.sub(r"<!(?!--)", "&lt;!", soup_of)  # declarations, at which the parser gives up
        if len(soup_of) > MAX_HTML:
            asked.tell("import-html", line, f"the text was cut to {MAX_HTML >> 20} Mi characters")
            soup_of = soup_of[:MAX_HTML]
        if nesting(soup_of) > MAX_NESTING // 2:
            soup_of = closed(soup_of)
        if nesting(soup_of) > MAX_NESTING:
            asked.tell(
                "import-html", line, f"elements nested more than {MAX_NESTING} deep; only words were kept"
            )
            soup_of = BeautifulSoup(re.sub(r"<[^>]*>", " ", soup_of), "html.parser")
        else:
            soup_of = BeautifulSoup(soup_of, "html.parser")
    page = _Page(soup_of, base, line, asked)
    return page.markdown()


def closed(html: str) -> str:
    """The HTML with the end tags that it may leave out: a hundred paragraphs are not a hundred deep."""
    parts: list[str] = []
    stack: list[str] = []
    at = 0
    for match in TAG.finditer(html):
        name = match[2].lower()
        if match[1]:
            if name in stack:
                while stack.pop() != name:
                    pass
            continue
        ended = _ENDS.get(name, frozenset())
        while stack and stack[-1] in ended:
            parts += [html[at : match.start()], f"</{stack.pop()}>"]
            at = match.start()
        if name not in VOID and not match[3].rstrip().endswith("/"):
            stack.append(name)
    return "".join([*parts, html[at:]])


class _Page:
    def __init__(self, soup: BeautifulSoup, base: str, line: int, asked: Asked) -> None:
        self.soup = soup
        self.base = base
        self.line = line
        self.asked = asked

    def at(self, tag: Tag) -> int:
        return self.line + max(0, (tag.sourceline or 1) - 1)

    def absolute(self, url: str) -> str:
        url = url.strip()
        try:
            return urljoin(self.base, url) if self.base and not url.startswith("#") else url
        except ValueError:
            return url

    def markdown(self) -> str:
        for node in self.soup.find_all(string=lambda s: isinstance(s, PreformattedString)):
            node.extract()
        self._drop()
        self._figures()
        for tag in self.soup.find_all("img"):
            self._picture(tag)
        for tag in self.soup.find_all(FRAMES):
            self._frame(tag)
        for tag in self.soup.find_all("a"):
            self._link(tag)
        self._tables()
        for tag in self.soup.select("pre pre, a a"):
            tag.unwrap()
        for tag in self.soup.find_all(["code", "kbd", "samp"]):
            if tag.find_parent("pre") is None and tag.find(_UNLIKE_CODE):
                tag.unwrap()  # Markdown's code ends with its paragraph
        rename(self.soup)
        calm(self.soup)
        text = Writer(escape_misc=True).convert_soup(self.soup)
        text = re.sub(r"\n{3,}", "\n\n", re.sub(r"(?<![ \t\\])[ \t]+\n", "\n", text)).strip()
        return escape_rest(Traced(text)).text

    def _drop(self) -> None:
        for tag in self.soup.find_all([*LOST, *FIELDS, "noscript"]):
            if tag.decomposed:
                continue
            if tag.name == "noscript":
                before = tag.find_previous("img")
                if tag.find("img") and before is not None and any(before.get(key) for key in _LAZY):
                    tag.decompose()  # the picture for those without scripts, which stands there already
                else:
                    tag.unwrap()
                continue
            what = LOST.get(tag.name, "form field")
            self.asked.tell("import-html", self.at(tag), f"a {what} was left out")
            tag.decompose()

    def _figures(self) -> None:
        """What is written below a picture goes to the picture when there is one, in words; else it stays."""
        for figure in self.soup.find_all("figure"):
            caption = figure.find("figcaption")
            if not isinstance(caption, Tag) or caption.find_parent("figure") is not figure:
                continue
            shown = [each for each in figure.find_all("img") if each.find_parent("figure") is figure]
            if len(shown) == 1:
                shown[0]["data-caption"] = " ".join(caption.get_text().split())

    def _picture(self, tag: Tag) -> None:
        source = str(tag.get("src") or "")
        if not source or source.startswith("data:"):
            source = next((str(tag[key]) for key in _LAZY if tag.get(key)), source)
        if not source and tag.get("srcset"):
            source = str(tag["srcset"]).split(",")[0].split()[0] if str(tag["srcset"]).strip() else ""
        alt = " ".join(str(tag.get("alt") or "").split())
        caption = str(tag.get("data-caption") or "")
        if source.startswith("data:"):
            self.asked.tell(
                "import-html", self.at(tag), "a picture that stood in the text itself was left out"
            )
            tag.replace_with(alt)
            return
        if not source.strip():
            tag.replace_with(alt)
            return
        shown = self.asked.picture(self.absolute(source), alt, caption, self.at(tag))
        if shown.file:
            tag.attrs = {"src": shown.file, "alt": alt}
            figure = tag.find_parent("figure")
            below = figure.find("figcaption") if isinstance(figure, Tag) and caption else None
            if isinstance(below, Tag) and not below.find("a"):
                below.decompose()  # it stands with the picture's entry
            return
        if not shown.link:
            tag.replace_with(alt)
            return
        anchor = self.soup.new_tag("a", href=shown.link)
        anchor.string = alt or "Picture"
        anchor["data-done"] = "1"
        around = tag.find_parent("a")
        if not isinstance(around, Tag):
            tag.replace_with(anchor)
            return
        if not _IMAGE.search(str(around.get("href") or "")):
            around.insert_after(" (", anchor, ")")  # the link leads elsewhere than to the picture
        tag.replace_with(alt or "Picture")

    def _frame(self, tag: Tag) -> None:
        if tag.decomposed or tag.find_parent(FRAMES):
            return
        for key in ("src", "data", *_LAZY):
            if tag.get(key):
                tag[key] = self.absolute(str(tag[key]))
        late = next((str(tag[key]) for key in _LAZY if tag.get(key)), "")
        if late and not (tag.get("src") or tag.get("data")):
            tag["src"] = late
        for inner in tag.find_all("source"):
            if inner.get("src"):
                inner["src"] = self.absolute(str(inner["src"]))
        name = tag.name
        if not frame_link(self.soup, tag):
            self.asked.tell("import-html", self.at(tag), f"an empty {name} was left out")

    def _link(self, tag: Tag) -> None:
        href = tag.get("href")
        if href is None or tag.get("data-done") or tag.parent is None:
            return
        new = self.asked.link(self.absolute(str(href)), self.at(tag))
        if not new:
            tag.unwrap()
        elif tag.get_text().strip() or tag.find("img"):
            tag["href"] = new
        else:
            tag["href"] = new
            tag.string = urlsplit(new).netloc or new  # nobody could follow a link without words

    def _tables(self) -> None:
        for table in self.soup.find_all("table"):
            inner = table.find("table")
            spans = any(str(cell.get("rowspan") or "1") != "1" for cell in table.find_all(["td", "th"]))
            if isinstance(inner, Tag):
                self.asked.tell("import-html", self.at(table), "a table within a table became lines of text")
                for nested in table.find_all("table"):
                    for cell in nested.find_all(["td", "th"]):
                        cell.append(NavigableString(" "))
                    for part in [*nested.find_all(["td", "th", "tr", "tbody", "thead", "tfoot"]), nested]:
                        part.unwrap()
            if spans:
                self.asked.tell(
                    "import-html", self.at(table), "a cell that spans rows stands in its first row only"
                )
            if any(len(row.find_all(["td", "th"])) > _WIDE for row in table.find_all("tr")):
                self.asked.tell(
                    "import-html", self.at(table), f"a table of more than {_WIDE} columns became text"
                )
                for part in [*table.find_all(["td", "th", "tbody", "thead"]), table]:
                    part.unwrap()
                for row in self.soup.find_all("tr"):
                    if row.find_parent("table") is None:
                        row.name = "p"
            for cell in table.find_all(["td", "th"]):
                if str(cell.get("colspan") or "1").strip() not in (
                    "1",
                    "2",
                    "3",
                    "4",
                    "5",
                    "6",
                    "7",
                    "8",
                    "9",
                ):
                    cell["colspan"] = "1"
