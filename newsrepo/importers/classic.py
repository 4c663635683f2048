"""What WordPress does to a text before it shows it: paragraphs by blank lines, shortcodes, blocks."""

import html
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from newsrepo.importers.items import Item

_TAGS = (
    "address|article|aside|blockquote|details|div|dl|dd|dt|fieldset|figcaption|figure|footer|form|h1|h2|h3|h4|h5|h6"
    "|header|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|iframe|video|audio|object"
    "|script|style"
)
_EDGE = re.compile(rf"</?(?:{_TAGS})\b[^<>]*>", re.IGNORECASE)
_KEPT = re.compile(r"<(pre|script|style|textarea|svg)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_INNER = re.compile(r"<(li|td|th|p|figcaption|h[1-6]|dt|summary)\b[^<>]*>\Z", re.IGNORECASE)
_ALONE = re.compile(r"https?://[^\s<>\"]+\Z")

_CODE = re.compile(r"\[(\[?)/?([A-Za-z][\w-]{1,40})((?:\s[^\[\]]{0,2000}|=[^\[\]]{0,200})?)(/?)\](\]?)")
_CLOSER = re.compile(r"\[/([A-Za-z][\w-]{1,40})\]")
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"']+))|\"([^\"]*)\"|(\S+)")
_DYNAMIC = re.compile(r"<!--\s*wp:([a-z0-9/-]{1,80})\s*(\{[^<>]{0,5000}\})?\s*/-->")
_MORE = re.compile(r"<!--(?:more|nextpage|noteaser)[^<>]{0,300}-->")
_FORMS = re.compile(
    "contact-(?:form(?:-7)?|field)|gravityform|wpforms|ninja[_-]form|mc4wp[_-]form|formidable|forminator[_-]form"
    "|newsletter|subscribe2|jetpack[_-]subscription[_-]form"
)
_VIDEO = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "dailymotion": "https://www.dailymotion.com/video/{}",
}

Tell = Callable[[str, int, str], None]
"""Hears of a rule, the line of the export, and the fact."""


class Attachment(NamedTuple):
    """A file of the site's library, by its address."""

    number: str
    url: str
    alt: str
    caption: str
    parent: str


class Library:
    """The attachments of a site by their number, and by the post that they were uploaded for."""

    def __init__(self, items: Sequence[Attachment]) -> None:
        """In the order of the export; of those that have one number the first has it."""
        self._items: dict[str, Attachment] = {}
        self._of: dict[str, list[Attachment]] = {}
        for each in items:
            self._items.setdefault(each.number, each)
            self._of.setdefault(each.parent, []).append(each)

    def get(self, number: str) -> Attachment | None:
        return self._items.get(number.strip())

    def of(self, parent: str) -> list[Attachment]:
        """What was uploaded for a post, in the order of the export."""
        return self._of.get(parent, []) if parent.strip("0") else []


def as_shown(item: Item, library: Library, tell: Tell) -> str:
    """The HTML that WordPress would have shown for the item's text, as far as the text itself says it."""
    text = item.html

    def place(at: int) -> int:
        return item.html_line + text.count("\n", 0, at)

    for match in _DYNAMIC.finditer(text):
        tell(
            "import-shortcode",
            place(match.start()),
            f"the block {match[1]!r} shows what is not in its text; left out",
        )
    text = _MORE.sub("", text)
    text = _shortcodes(text, item, library, tell)
    return paragraphs(text) if item.classic else _alone(text)


# -- shortcodes ----------------------------------------------------------------------------------------------


def _shortcodes(text: str, item: Item, library: Library, tell: Tell) -> str:
    if "[" not in text:
        return text
    parts: list[str] = []
    at = 0
    line, counted = item.html_line, 0
    kept = [match.span() for match in _KEPT.finditer(text)]
    comments = [match.span() for match in re.finditer(r"<!--.*?(?:-->|\Z)|<[A-Za-z][^<>]*>", text, re.DOTALL)]
    barred = sorted([*kept, *comments])
    spot = 0
    closers: dict[str, list[int]] = {}
    for match in _CLOSER.finditer(text):
        closers.setdefault(match[1], []).append(match.start())
    for match in _CODE.finditer(text):
        if match.start() < at:
            continue
        while spot < len(barred) and barred[spot][1] <= match.start():
            spot += 1
        if spot < len(barred) and barred[spot][0] < match.start():
            continue
        if match[1] and match[5]:
            parts.append(text[at : match.start()] + match[0][1:-1])  # written twice to be shown
            at = match.end()
            continue
        if match[0].startswith("[/"):
            continue
        line += text.count("\n", counted, match.start())
        counted = match.start()
        name, given = match[2].lower(), match[3]
        after = closers.get(match[2], [])
        next_ = bisect_left(after, match.end())
        stop = -1 if match[4] or next_ == len(after) else after[next_]
        inner = text[match.end() : stop] if stop >= 0 else ""
        end = stop + len(match[2]) + 3 if stop >= 0 else match.end()
        shown = _shown(name, given, inner, item, library)
        if shown is not None:
            parts.append(text[at : match.start()] + shown)
            at = end
        elif _FORMS.fullmatch(name):
            tell("import-shortcode", line, f"the form [{name}] was left out")
            parts.append(text[at : match.start()])
            at = end
        elif stop >= 0 or "=" in given:
            tell("import-shortcode", line, f"the shortcode [{name}] is not known; it was kept as text")
    return "".join([*parts, text[at:]])


def _attributes(text: str) -> tuple[dict[str, str], str]:
    """The named values, and the first that has no name (as in ``[youtube ADDRESS]``)."""
    named: dict[str, str] = {}
    bare = ""
    for match in _ATTRIBUTE.finditer(html.unescape(text.lstrip("="))):
        if match[1]:
            named.setdefault(match[1].lower(), match[2] or match[3] or match[4] or "")
        else:
            bare = bare or match[5] or match[6] or ""
    return named, bare


def _shown(name: str, given: str, inner: str, item: Item, library: Library) -> str | None:
    named, bare = _attributes(given)
    match name:
        case "caption" | "wp_caption":
            caption = named.get("caption", "")
            picture, words = inner, html.escape(caption, quote=False)
            if not caption and (found := re.search(r"(?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?", inner)):
                picture, words = found[0], (inner[: found.start()] + inner[found.end() :]).strip()
            return f"<figure>{picture}<figcaption>{words}</figcaption></figure>"
        case "gallery":
            return _gallery(named, item, library)
        case "embed" | "video" | "audio" | "youtube" | "vimeo" | "dailymotion" | "soundcloud" | "playlist":
            return _played(name, named, bare, inner, library)
        case "code" | "sourcecode" | "source" | "php" | "css" | "python" | "js" | "bash":
            return f"<pre><code>{inner.strip()}</code></pre>" if inner.strip() else None
        case "more" | "nextpage":
            return ""
        case "quote" | "blockquote":
            return f"<blockquote>{inner}</blockquote>" if inner else None
        case _:
            return None


def _gallery(named: Mapping[str, str], item: Item, library: Library) -> str:
    numbers = [part for part in re.split(r"[\s,]+", named.get("ids") or named.get("include") or "") if part]
    some = (
        [found for number in numbers if (found := library.get(number))]
        if numbers
        else library.of(item.number)
    )
    return "".join(
        f'<figure><img src="{html.escape(each.url)}" alt="{html.escape(each.alt)}">'
        f"<figcaption>{html.escape(each.caption, quote=False)}</figcaption></figure>"
        for each in some
    )


def _played(name: str, named: Mapping[str, str], bare: str, inner: str, library: Library) -> str | None:
    if name == "playlist":
        found = [library.get(number) for number in re.split(r"[\s,]+", named.get("ids", ""))]
        urls = [each.url for each in found if each]
    else:
        keys = ("src", "url", "mp4", "mp3", "m4v", "webm", "ogv", "ogg", "wav", "m4a", "id", "v")
        first = next((named[key] for key in keys if named.get(key)), "") or bare or inner.strip()
        if re.fullmatch(r"[\w-]{3,20}", first) and name in _VIDEO:
            first = _VIDEO[name].format(first)
        urls = [first] if re.match(r"https?://", first) else []
    return "".join(f"<p>{_anchor(url)}</p>" for url in urls) if urls else None


# -- paragraphs ----------------------------------------------------------------------------------------------


def paragraphs(text: str) -> str:
    """The text with the paragraphs and line breaks that WordPress sees in blank lines and line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    parts: list[str] = []
    at = 0
    for match in _KEPT.finditer(text):
        parts += [_flow(text[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*parts, _flow(text[at:])])


def _flow(text: str) -> str:
    """Between the tags of blocks: runs of text; those not within a block of their own become paragraphs."""
    parts: list[str] = []
    at = 0
    tag = ""
    for match in [*_EDGE.finditer(text), None]:
        run = text[at : match.start()] if match else text[at:]
        parts.append(_run(run, inline=_INNER.match(tag) is not None))
        if match:
            tag = match[0]
            parts.append(tag)
            at = match.end()
    return "".join(parts)


def _run(text: str, *, inline: bool) -> str:
    """One run of text. Line ends stay where they are, so that lines can still be counted."""
    parts = re.split(r"(\A\s+|(?<!\s)\s+\Z|(?<![ \t])[ \t]*\n[ \t]*\n\s*)", text)
    made: list[str] = []
    for index, part in enumerate(parts):
        if index % 2:
            within = inline and any(made) and any(parts[index + 1 :: 2])
            made.append(f"<br><br>{part}" if within else part)
        elif part:
            piece = _alone_or(re.sub(r"(?<!<br>)(?<!<br/>)(?<!<br />)(?<![ \t])[ \t]*\n", "<br>\n", part))
            made.append(piece if inline else f"<p>{piece}</p>")
    return "".join(made)


def _alone_or(piece: str) -> str:
    """An address on a line of its own is what WordPress embeds: a link here."""
    bare = piece.strip()
    return _anchor(bare) if _ALONE.match(bare) else piece


def _alone(text: str) -> str:
    return re.sub(
        r"(?m)(^|>)[ \t]*(https?://[^\s<>\"]+)[ \t]*(?=$|</(?:div|figure|p)>)",
        lambda m: m[1] + _anchor(m[2]),
        text,
    )


def _anchor(url: str) -> str:
    return f'<a href="{html.escape(html.unescape(url))}">{html.escape(html.unescape(url), quote=False)}</a>'
