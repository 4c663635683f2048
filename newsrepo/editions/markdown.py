"""Markdown to HTML that a reader may be shown, whoever wrote it.

Raw HTML is shown as text, never passed on. Links and pictures are resolved against the edition; what can't
be resolved keeps its words and loses its address. The result is either in the sanitiser's own form, or the
sanitiser brings it there: only our own list of tags, attributes and schemes gets through. Pictures are put
in after it, from an escaping template.
"""

import re
from collections.abc import Callable, Mapping
from html import escape, unescape

import nh3
from markupsafe import Markup
from msgspec import Struct

from newsrepo.editions.sober import is_sober
from newsrepo.ids import ArticleId, IdError
from newsrepo.records import markup as analysis
from newsrepo.records.markup import Target

TAGS = frozenset({
    *("a", "blockquote", "br", "code", "del", "div", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li"),
    *("ol", "p", "pre", "section", "small", "span", "strong", "sup"),
    *("table", "tbody", "td", "th", "thead", "tr", "ul"),
})  # fmt: skip
"""All that a text may be made of; figures are put in after the sanitiser."""

SCHEMES = frozenset({"http", "https", "mailto"})
_INSIDE = re.compile(
    r"(?:(?:\.\./)+|https?://[^\s\"<>]+/)?[a-z0-9][A-Za-z0-9._/-]*(?:#[a-z0-9-]+)?|#[a-z0-9-]+"
)


def _relative(address: str) -> str | None:
    """The only relative addresses let through are those we make ourselves: they hold no odd character."""
    return address if _INSIDE.fullmatch(address) else None


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes={
        "a": {"href", "rel", "id"},
        "div": {"id"},
        "section": {"tabindex", "aria-label"},
        "ol": {"start"},
        "span": {"lang", "dir"},
    },
    allowed_classes={
        "div": {"notes", "note"},
        "section": {"table"},
        "td": {"end", "mid"},
        "th": {"end", "mid"},
        "span": {"gone"},
    },
    clean_content_tags={"script", "style"},
    link_rel=None,
    url_schemes=set(SCHEMES),
    url_relative=_relative,
)


def sanitised(html: str) -> str:
    """``html`` with nothing left in it but what we allow."""
    return _CLEANER.clean(html)


class Resolved(Struct, frozen=True):
    """Where an ``article:`` link leads: ``href`` from the page (empty: nowhere), ``note`` said after it."""

    href: str
    note: str = ""


class Figure(Struct, frozen=True):
    """How one medium is shown: on its own as ``block``, inside a line as ``inline``; both already escaped.

    What is no picture has no ``inline`` form: there the text names it, and it is shown elsewhere on the page.
    ``href`` is where a plain link to it leads.
    """

    block: Markup
    inline: Markup | None
    href: str


class Rendered(Struct, frozen=True):
    """A text as HTML; ``used`` are the keys of the figures that it shows, ``fault`` why it could not be."""

    html: Markup
    used: frozenset[str]
    fault: str = ""


Resolve = Callable[[ArticleId, str], Resolved]

_RAW = re.compile(r"<[A-Za-z/!?]")
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ue000-\uf8ff\ufffe\uffff]")
_TAG = re.compile(
    r'<(?:(?P<end>/?)h(?P<level>[1-6])|a href="(?P<href>[^"]*)"(?: title="[^"]*")?|(?P<table>/?table)'
    r'|(?P<cell>t[dh]) style="text-align: (?P<side>left|center|right)")>'
)
_ARTICLE = re.compile(r'<a href="article:([^"]*)"(?: title="[^"]*")?>(.*?)</a>', re.DOTALL)
_PICTURES = re.compile(r'<p>((?:<img src="[^"]*" alt="[^"]*"(?: title="[^"]*")? />\s*)+)</p>')
_IMG = re.compile(r'<img src="([^"]*)" alt="([^"]*)"(?: title="[^"]*")? />')
_REF = re.compile(r'<sup class="footnote-reference"><a href="#([^"]*)">[0-9]+</a></sup>')
_DEF = re.compile(
    r'<div class="footnote-definition" id="([^"]*)">'
    r'<sup class="footnote-definition-label">[0-9]+</sup>\n(.*?)</div>\n',
    re.DOTALL,
)
_SLOT = re.compile("<p>\ue000([0-9]+)\ue001</p>|\ue000([0-9]+)\ue001")
_CELL = {"left": "", "center": ' class="mid"', "right": ' class="end"'}
_ROUNDS = 6


_CONTROLS = bytes(code for code in range(0x80) if HIDDEN.match(chr(code)))


def _may_hide(text: str) -> bool:
    """Whether ``text`` holds a hidden character; quick for the usual text, which is plain or nearly so."""
    if text.isascii():
        return len(text.encode().translate(None, _CONTROLS)) != len(text)
    return HIDDEN.search(text) is not None


def _plain(text: str) -> str:
    """``text`` with every raw HTML tag written as text."""
    for _ in range(_ROUNDS):
        data = text.encode()
        spans = [
            (span["start"], span["end"])
            for event, span in analysis.MARKDOWN.events_with_range(text)
            if isinstance(event, dict) and ("Html" in event or "InlineHtml" in event)
        ]
        if not spans:
            return text
        parts, done = [], 0
        for start, end in spans:
            parts += [data[done:start], data[start:end].replace(b"<", b"&lt;")]
            done = end
        text = b"".join([*parts, data[done:]]).decode()
    # What still makes tags after so many rounds was built to: no tag, and no autolink, survives this.
    return text.replace("<", "&lt;")


class _Page:
    """One text on its way: holds the heading levels, notes and pictures met so far."""

    def __init__(self, figures: Mapping[str, Figure], resolve: Resolve, ids: str, top: int) -> None:
        self.figures = figures
        self.resolve = resolve
        self.ids = ids
        self.top = top
        self.open: list[int] = []
        self.slots: list[Markup] = []
        self.used: set[str] = set()
        self.notes: dict[str, int] = {}
        self.seen: set[int] = set()
        self.tables = 0

    def tag(self, match: re.Match[str]) -> str:
        if match["level"]:
            return self.heading(bool(match["end"]), int(match["level"]))
        if match["href"] is not None:
            return self.link(match["href"])
        if match["cell"]:
            return f"<{match['cell']}{_CELL[match['side']]}>"
        if match["table"] == "table":
            # A wide table scrolls by itself, so it is a region, and each region needs a name of its own.
            self.tables += 1
            return f'<section class="table" aria-label="Table {self.tables}" tabindex="0"><table>'
        return "</table></section>"

    def heading(self, end: bool, level: int) -> str:
        """Levels begin at ``top`` and never skip one, whatever the text does."""
        if not end:
            while self.open and self.open[-1] >= level:
                self.open.pop()
            self.open.append(level)
        return f"<{'/' * end}h{min(self.top - 1 + len(self.open), 6)}>"

    def link(self, raw: str) -> str:
        href = unescape(raw)
        match analysis.classify(href):
            case Target.WEB | Target.MAIL:
                return f'<a href="{raw}" rel="nofollow noopener">'
            case Target.ARTICLE:
                return f'<a href="{raw}">'
            case Target.FILE if (name := href.removeprefix("./")) in self.figures:
                return f'<a href="{escape(self.figures[name].href)}">'
            case Target.FRAGMENT if href[1:].startswith(f"{self.ids}-"):
                return f'<a href="{raw}">'
            case _:
                return "<a>"

    def article(self, match: re.Match[str]) -> str:
        words = match[2]
        try:
            target = analysis.article_target("article:" + unescape(match[1]))
        except IdError:
            return f"<a>{words}</a>"
        to = self.resolve(target.article, target.version)
        note = f" <small>({escape(to.note)})</small>" if to.note else ""
        return f'<a href="{escape(to.href)}">{words}</a>{note}' if to.href else f"<a>{words}</a>{note}"

    def pictures(self, match: re.Match[str]) -> str:
        return "".join(f"<p>{self.slot(one[1], one[2], block=True)}</p>" for one in _IMG.finditer(match[1]))

    def picture(self, match: re.Match[str]) -> str:
        return self.slot(match[1], match[2], block=False)

    def slot(self, src: str, alt: str, *, block: bool) -> str:
        name = unescape(src).removeprefix("./")
        figure = self.figures.get(name)
        if figure is None:
            return f'<span class="gone">[picture not shown: {alt or escape(name[:80])}]</span>'
        part = figure.block if block else figure.inline
        if part is None:
            return f'<span class="gone">[{alt or escape(name[:80])}]</span>'
        self.used.add(name)
        self.slots.append(part)
        return f"\ue000{len(self.slots) - 1}\ue001"

    def reference(self, match: re.Match[str]) -> str:
        number = self.notes.get(match[1])
        if number is None:
            return ""
        anchor = "" if number in self.seen else f' id="{self.ids}-ref-{number}"'
        self.seen.add(number)
        return f'<sup><a href="#{self.ids}-{number}"{anchor}>{number}</a></sup>'

    def footnotes(self, html: str) -> str:
        """Number the notes in order of definition and gather them at the end."""
        bodies: list[str] = []

        def define(match: re.Match[str]) -> str:
            if match[1] not in self.notes:
                self.notes[match[1]] = len(self.notes) + 1
                bodies.append(match[2])
            return ""

        html = _DEF.sub(define, html)
        html = _REF.sub(self.reference, html)
        if not bodies:
            return html
        notes = "".join(
            f'<div class="note" id="{self.ids}-{number}"><sup>{number}</sup>\n'
            + _REF.sub(self.reference, body)
            + (f'<a href="#{self.ids}-ref-{number}">\u21a9\ufe0e</a>' if number in self.seen else "")
            + "</div>\n"
            for number, body in enumerate(bodies, 1)
        )
        return f'{html}<div class="notes">\n{notes}</div>\n'

    def fill(self, match: re.Match[str]) -> str:
        return self.slots[int(match[1] or match[2])]


def harmless(text: str) -> str:
    """``text`` as Markdown with no hidden character, in which raw HTML is written as text."""
    if _may_hide(text):
        text = HIDDEN.sub("", text)
    if "<" in text and _RAW.search(text):
        wide = "|" in text and analysis.has_wide_table(text)
        text = text.replace("<", "&lt;") if wide else _plain(text)
    return text


def nowhere(article: ArticleId, version: str) -> Resolved:  # noqa: ARG001 - a Resolve for texts on their own
    """A resolver for texts outside any edition: every link keeps its words alone."""
    return Resolved("")


def render(
    text: str,
    figures: Mapping[str, Figure] | None = None,
    resolve: Resolve = nowhere,
    *,
    ids: str = "fn",
    top: int = 2,
) -> Rendered:
    """``text`` as sanitised HTML. Headings begin at level ``top``; note anchors begin with ``ids``.

    A text that nests or tabulates beyond all measure is not shown; ``fault`` says so. Never raises.
    """
    if _may_hide(text):
        text = HIDDEN.sub("", text)
    if "|" in text and analysis.has_wide_table(text):
        return Rendered(Markup(""), frozenset(), analysis.WIDE)
    if "<" in text and _RAW.search(text):
        text = _plain(text)
    html = analysis.MARKDOWN.html(text)
    fault = analysis.depth_fault(html) if len(html) > 400 else ""
    if fault:
        return Rendered(Markup(""), frozenset(), fault)
    page = _Page(figures or {}, resolve, ids, top)
    if "footnote-" in html:
        html = page.footnotes(html)
    if "<img " in html:
        html = _IMG.sub(page.picture, _PICTURES.sub(page.pictures, html))
    html = _TAG.sub(page.tag, html)
    if 'href="article:' in html:
        html = _ARTICLE.sub(page.article, html)
    html = html.replace(" />", ">") if " />" in html else html
    if not is_sober(html):
        html = sanitised(html)
    if page.slots:
        html = _SLOT.sub(page.fill, html)
    return Rendered(Markup(html), frozenset(page.used))  # noqa: S704 - the one place where HTML is declared safe
