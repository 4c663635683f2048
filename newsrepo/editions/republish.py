"""Taking an article: on its page, the credit ready to paste and the whole text with the credit built in.

The credit stands before the text, since what strangers wrote may leave a quote or a block of code open and
would swallow what comes after it. Pictures are named and not shown: whoever takes them keeps copies, so that
no reader of theirs ever asks this edition for anything. All of it stands in the article's own page: any
server that packs its answers packs away what repeats itself, and a page for each cost more to build.
"""

import re
from html import escape

from markupsafe import Markup

from newsrepo.commons.model import Work
from newsrepo.editions import giving, licences, markdown, names
from newsrepo.editions.chain import Chain
from newsrepo.editions.edition import Edition
from newsrepo.editions.giving import Giving
from newsrepo.editions.plain import plain_text
from newsrepo.ids import ArticleId, IdError
from newsrepo.records import markup as analysis
from newsrepo.records import types as t

LARGEST = 1 << 16
"""A text of more characters is taken as its own file: three more copies would burden its readers."""

Forms = tuple[tuple[str, str, str], ...]
"""For each form its id, its name, and what is to be pasted."""

FORMS = (("markdown", "Markdown"), ("html", "HTML"), ("text", "plain text"))
_LINK = re.compile(r"\]\((article:[^\s()<>]+)\)")
_ADDRESS = "https?://|mailto:|article:"
_ODD = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\]\((?!{_ADDRESS}|#|[A-Za-z0-9][A-Za-z0-9._-]*[ )\n])",
        rf"\]:(?!\s*(?:{_ADDRESS}))",
        rf"<(?!{_ADDRESS})[A-Za-z][A-Za-z0-9+.-]*:",
    )
)
"""What may be a link to anything but the web, a mail address, an article or a file; tells too much, never too
little."""


def given(edition: Edition, work_id: ArticleId, chain: Chain, view: str) -> Giving:
    """The credit of a work, linked to its page or, in an edition without an address, to ``view``."""
    url = f"{edition.url}{names.article_page(work_id)}" if edition.url else view
    return giving.giving(edition, work_id, chain, url)


def box(
    edition: Edition, work_id: ArticleId, chain: Chain, view: str, body: str | None, shown: str
) -> Markup:
    """The part of an article's page that says how to take it; of a ``body`` too large only the credit.

    ``shown`` is the body as that page has it: what links and shows nothing of ours is the same anywhere.
    """
    work = edition.works[work_id]
    credit = given(edition, work_id, chain, view)
    lines = forms(credit)
    return edition.theme.html(
        "republish",
        terms=terms(work),
        commons=edition.ctx.commons.charter.name,
        forms=lines,
        whole=() if body is None or len(body) > LARGEST else whole(edition, work, lines, body, shown),
        files=[(file.name, names.media_file(work_id, file.name)) for file in edition.media.get(work_id, ())],
        source=names.source_file(work_id),
        record=names.record_file(work_id),
    )


def forms(credit: Giving) -> Forms:
    """The credit in each form."""
    made = (giving.as_markdown(credit), giving.as_html(credit), giving.as_plain(credit))
    return tuple((key, title, text) for (key, title), text in zip(FORMS, made, strict=True))


def terms(work: Work) -> str:
    """What the article's own licence asks."""
    return licences.terms(work.license)


def source_text(edition: Edition, body: str) -> str:
    """A body as Markdown for other people's programs, which may pass on what ours shows as mere words.

    Raw HTML is written as text, as on the article's page; links to articles lead to this edition where it has
    an address; a text with an address that no page would link keeps its words and loses all its links.
    """
    body = markdown.harmless(body)
    if "](article:" in body and edition.url:
        body = _LINK.sub(lambda match: _absolute(edition, match), body)
    if any(odd.search(body) for odd in _ODD) and _is_forbidden(body):
        body = body.replace("[", "&#91;").replace("<", "&lt;")
    return body


def _absolute(edition: Edition, match: re.Match[str]) -> str:
    try:
        target = analysis.article_target(match[1]).article
    except IdError:
        return match[0]
    here = target in edition.places
    return f"]({edition.url}{names.article_page(target)})" if here else match[0]


def _is_forbidden(body: str) -> bool:
    if analysis.has_wide_table(body):
        return True
    found = analysis.pointers(body)
    return any(p.kind != "html" and analysis.classify(p.dest) is analysis.Target.FORBIDDEN for p in found)


def whole(edition: Edition, work: Work, given: Forms, body: str, shown: str = "") -> Forms:
    """The whole article in each form, beginning with title and credit."""
    title, summary = giving.bare(work.title), giving.bare(work.summary)
    alike = shown and not work.media and "article:" not in body
    html = shown if alike else _html(edition, work, body)
    marked = f"**{giving.in_markdown(summary)}**\n\n" if summary else ""
    source = source_text(edition, body).lstrip("\n")
    runs = names.direction(work.lang)
    opening = f'<article lang="{escape(work.lang)}" dir="{runs}">\n<h1>{escape(title)}</h1>\n'
    lede = f"<p><strong>{escape(summary)}</strong></p>\n" if summary else ""
    spoken = f"{summary}\n\n" if summary else ""
    texts = (
        f"# {giving.in_markdown(title)}\n\n{marked}{given[0][2]}\n{source}",
        f"{opening}{lede}{given[1][2]}{html}</article>\n",
        f"{title}\n\n{spoken}{given[2][2]}\n{plain_text(html)}",
    )
    return tuple((key, name, text) for (key, name), text in zip(FORMS, texts, strict=True))


def _html(edition: Edition, work: Work, body: str) -> str:
    """The text as sanitised HTML with absolute addresses; of one too complex to be shown, why."""

    def resolve(target: ArticleId, version: str) -> markdown.Resolved:  # noqa: ARG001 - the version stays behind
        here = edition.url and target in edition.places
        return markdown.Resolved(f"{edition.url}{names.article_page(target)}" if here else "")

    figures = {entry.file or entry.url or "": _named(edition, work, entry) for entry in work.media}
    shown = markdown.render(body, figures, resolve)
    return str(shown.html) if not shown.fault else f"<p>[{escape(shown.fault)}]</p>\n"


def _named(edition: Edition, work: Work, entry: t.Media) -> markdown.Figure:
    """A picture by name, where the text places it."""
    words = Markup("[{}: {}]").format(
        giving.bare(entry.file or entry.url or ""), giving.bare(entry.alt or "")
    )
    base = f"{edition.url}articles/{work.id}/"
    href = f"{base}{entry.file}" if entry.file and edition.url else entry.url or ""
    return markdown.Figure(Markup("<p>{}</p>").format(words), words, href)
