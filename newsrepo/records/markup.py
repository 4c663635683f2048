"""What a Markdown text points at, with places: the one analysis that pages, checks and the index share.

The dialect is CommonMark with tables, footnotes and strikethrough. Nothing here judges whether a target
exists; that takes a commons. What no page could show, whatever the commons, is in ``problems``.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from enum import StrEnum

import pyromark
from msgspec import Struct

from newsrepo.ids import ArticleId, IdError, article_id

DIALECT = (
    pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_FOOTNOTES | pyromark.Options.ENABLE_STRIKETHROUGH
)
MARKDOWN = pyromark.Markdown(options=DIALECT)
"""The one parser; immutable, so it may be shared."""

MAX_COLUMNS = 100
MAX_DEPTH = 60

_MAYBE = re.compile(r"[\[<]|article:")
_COLUMNS = re.compile(rf"^[ \t>]*\|?(?:[ \t]*:?-+:?[ \t]*\|){{{MAX_COLUMNS},}}", re.MULTILINE)
_VERSION = re.compile(r"[0-9a-f]{8,64}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_SPACE = re.compile(r"[\x00-\x20\x7f]")


class Target(StrEnum):
    """What kind of place a link or picture points at."""

    ARTICLE = "article"
    WEB = "web"
    MAIL = "mail"
    FILE = "file"
    FRAGMENT = "fragment"
    RELATIVE = "relative"
    FORBIDDEN = "forbidden"


class Pointer(Struct, frozen=True):
    """A link, picture or piece of raw HTML in a text; line and column count from 1, in characters.

    ``kind`` is ``link``, ``image`` or ``html``; ``dest`` is the address as written, or the HTML.
    """

    kind: str
    dest: str
    line: int
    col: int


class Fault(Struct, frozen=True):
    """Something in a text that no page can show as it is written: rule, fact, way out, place in the text."""

    rule: str
    message: str
    hint: str
    line: int
    col: int


class ArticleTarget(Struct, frozen=True):
    """``article:ID`` or ``article:ID@VERSION``, taken apart; ``version`` may be short, or empty."""

    article: ArticleId
    version: str


def article_target(dest: str) -> ArticleTarget:
    """Parse ``article:abc/2026/dock-strike[@3f2a9c1d]``. Raises IdError with the fact."""
    name, at, version = dest.removeprefix("article:").partition("@")
    target = article_id(name)
    if at and _VERSION.fullmatch(version) is None:
        raise IdError(f"version {version[:70]!r} is not 8 to 64 lower-case hex digits")
    return ArticleTarget(target, version)


_FILE = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")


def classify(dest: str) -> Target:
    """What an address is, judged as a browser would read it: blanks and controls hide no scheme."""
    if dest.startswith("article:"):
        return Target.ARTICLE
    bare = _SPACE.sub("", dest)
    low = bare.lower()
    if low.startswith(("https://", "http://")):
        return Target.WEB if len(bare) == len(dest) and len(bare) > low.index("//") + 2 else Target.FORBIDDEN
    if low.startswith("mailto:"):
        return Target.MAIL if len(bare) == len(dest) else Target.FORBIDDEN
    if _SCHEME.match(bare) or bare.startswith(("//", "\\", "/\\")) or len(bare) != len(dest):
        return Target.FORBIDDEN
    if dest.startswith("#"):
        return Target.FRAGMENT
    if _FILE.fullmatch(dest.removeprefix("./")):
        return Target.FILE
    return Target.RELATIVE


def pointers(text: str) -> tuple[Pointer, ...]:
    """Every link, picture and piece of raw HTML in ``text``, in order. Never raises."""
    return tuple(_pointers(text)) if _MAYBE.search(text) and not has_wide_table(text) else ()


def _pointers(text: str) -> Iterator[Pointer]:
    found: list[tuple[int, str, str]] = []
    html_from: int | None = None
    for event, span in MARKDOWN.events_with_range(text):
        start = span["start"]
        match event:
            case {"Start": {"Link": {"dest_url": dest, "link_type": how}}}:
                found.append((start, "link", f"mailto:{dest}" if how == "Email" else dest))
            case {"Start": {"Image": {"dest_url": dest}}}:
                found.append((start, "image", dest))
            case {"Start": "HtmlBlock"}:
                html_from = start
            case {"End": "HtmlBlock"}:
                html_from = None
            case {"Html": str() as html} if html_from is not None and html_from <= start:
                found.append((start, "html", html))
                html_from = None if html.strip() else html_from
            case {"InlineHtml": str() as html}:
                found.append((start, "html", html))
            case _:
                pass
    if not found:
        return
    place = _places(text)
    for start, kind, dest in found:
        line, col = place(start)
        yield Pointer(kind, dest, line, col)


class _places:  # noqa: N801 - reads as a function: place = _places(text); place(offset)
    """Turns UTF-8 byte offsets into lines and columns."""

    def __init__(self, text: str) -> None:
        self.data = text.encode()
        self.starts = [0, *(match.end() for match in re.finditer(rb"\n", self.data))]

    def __call__(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        start = self.starts[line - 1]
        return line, len(self.data[start:offset].decode(errors="replace")) + 1


def article_links(text: str) -> tuple[ArticleId, ...]:
    """The articles that ``text`` links to by well-formed ``article:`` addresses, each once, in order."""
    if "article:" not in text:
        return ()
    seen: dict[ArticleId, None] = {}
    for pointer in pointers(text):
        if pointer.kind == "link" and pointer.dest.startswith("article:"):
            try:
                seen[article_target(pointer.dest).article] = None
            except IdError:
                continue
    return tuple(seen)


def problems(text: str, files: frozenset[str], urls: frozenset[str] = frozenset()) -> tuple[Fault, ...]:
    """What in ``text`` no page can show: raw HTML, remote pictures, addresses that lead nowhere.

    ``files`` are the local files and ``urls`` the remote ones named under ``media``. Places count within
    ``text``; the caller adds the line on which the body begins. Ordered by place.
    """
    found: list[Fault] = []
    complex_ = too_complex(text)
    if complex_:
        found.append(Fault("text-too-complex", complex_, "divide the text, or nest and tabulate less", 1, 1))
    for pointer in pointers(text):
        judged = _judge(pointer, files, urls)
        if judged is not None:
            found.append(Fault(*judged, pointer.line, pointer.col))
    return tuple(found)


def _short(dest: str) -> str:
    return repr(dest if len(dest) <= 80 else dest[:77] + "...")


def _judge(pointer: Pointer, files: frozenset[str], urls: frozenset[str]) -> tuple[str, str, str] | None:
    dest = pointer.dest
    if pointer.kind == "html":
        return (
            "raw-html",
            f"raw HTML {_short(dest.strip())} is shown as plain text",
            "write it in Markdown, or escape the < as \\<",
        )
    target = classify(dest)
    if pointer.kind == "image":
        if target is Target.FILE and dest.removeprefix("./") in files:
            return None
        if target is Target.WEB:
            if dest in urls:
                return None
            return (
                "remote-image",
                f"the picture {_short(dest)} lies elsewhere, and pages load nothing from elsewhere",
                "put the file beside the text and list it under `media`",
            )
        if target is Target.FORBIDDEN:
            return (
                "remote-image",
                f"the picture {_short(dest)} is no file of this article, and pages load nothing else",
                "put the file beside the text and list it under `media`",
            )
        return (
            "unlisted-image",
            f"the picture {_short(dest)} has no entry under `media`",
            "list it under `media` with its sha256, alt text, creator and licence",
        )
    if target is Target.ARTICLE:
        try:
            article_target(dest)
        except IdError as error:
            return ("bad-article-link", f"{_short(dest)}: {error}", "write article:contingent/year/slug")
        return None
    if target in (Target.WEB, Target.MAIL) or (target is Target.FILE and dest.removeprefix("./") in files):
        return None
    if dest.startswith(("//", "\\\\", "/\\")):
        return (
            "link-without-scheme",
            f"the link {_short(dest)} does not say https or http",
            "write the whole address, with https://",
        )
    if target is Target.FORBIDDEN:
        return (
            "forbidden-link",
            f"the link {_short(dest)} is not https, http, mailto or article",
            "link to a web page, or remove the link",
        )
    return (
        "relative-link",
        f"the link {_short(dest)} leads to no file of this article",
        "link to an article as article:contingent/year/slug, to the web with https://",
    )


_DEEP = re.compile(r"<(/?)(?:blockquote|[uo]l|em|strong|del)\b")


def too_complex(text: str) -> str:
    """Why ``text`` costs too much to show, as one sentence; empty when it does not."""
    if has_wide_table(text):
        return WIDE
    # Only texts that could nest this deep are rendered twice: ordinary ones have too few marks.
    if text.count(">") + text.count("*") + text.count("_") + text.count("~") + text.count("- ") > MAX_DEPTH:
        return depth_fault(MARKDOWN.html(text))
    return ""


WIDE = f"a table has more than {MAX_COLUMNS} columns"


def has_wide_table(text: str) -> bool:
    """Whether a table of ``text`` would cost its columns times its rows beyond measure."""
    return "-|" in text and _COLUMNS.search(text) is not None


def depth_fault(html: str) -> str:
    """Why rendered ``html`` nests too deep to be shown; empty when it does not."""
    depth = 0
    for match in _DEEP.finditer(html):
        depth += -1 if match[1] else 1
        if depth > MAX_DEPTH:
            return f"quotes, lists or emphasis nest deeper than {MAX_DEPTH}"
    return ""
