"""An article's text and pictures as HTML, for its page and for feeds alike."""

from collections.abc import Container, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup

from newsrepo.commons.model import Work
from newsrepo.editions import markdown, names
from newsrepo.editions.edition import Edition
from newsrepo.editions.parts import MediaFile, joined
from newsrepo.ids import ArticleId
from newsrepo.records import types as t


def figure(
    edition: Edition,
    entry: t.Media,
    files: Mapping[str, MediaFile],
    base: str,
    lang: str,
    *,
    lazy: bool,
    shown: Container[str] = (),
) -> markdown.Figure | None:
    """One medium as it is shown; ``base`` leads to the article's folder. None: its file is not to be had.

    What lies elsewhere is shown by its poster and a link that leaves, or by the link alone when its poster is
    among the files ``shown`` for themselves.
    """
    file = files.get(entry.file) if entry.file else None
    poster = files.get(entry.poster) if entry.poster else None
    if entry.url and entry.poster in shown:
        poster = None
    if entry.file and file is None:
        return None
    still = file if file and file.kind == "image" else poster
    facts: dict[str, Any] = {
        "src": f"{base}{file.name}" if file else "",
        "alt": entry.alt or "",
        "width": still.width if still else 0,
        "height": still.height if still else 0,
    }
    block = edition.theme.html(
        "figure",
        **facts,
        kind=file.kind if file else "away",
        lazy=lazy,
        poster=f"{base}{poster.name}" if poster and poster.kind == "image" else "",
        url=entry.url or "",
        host=names.host(entry.url or ""),
        duration=names.duration_text(entry.duration) if entry.duration else "",
        caption=entry.caption or "",
        lang=lang,
        dir=names.direction(lang),
        creator=entry.creator or "",
        license=entry.license or "",
        source=entry.source or "",
        source_host=names.host(entry.source or ""),
    )
    inline = edition.theme.html("inline", **facts) if file and file.kind == "image" else None
    return markdown.Figure(block, inline, f"{base}{file.name}" if file else entry.url or "")


class Text(NamedTuple):
    """An article's text as HTML, with the pictures that it does not place itself."""

    body: Markup
    lead: Markup | None
    rest: Markup
    fault: str


def text(edition: Edition, work: Work, written: str, way: str) -> Text:
    """The text ``written`` with the work's pictures, for where ``way`` leads to the top of the edition."""
    files = {file.name: file for file in edition.media.get(work.id, ())}
    base = f"{way}articles/{work.id}/"
    shown = frozenset(entry.file for entry in work.media if entry.file)
    figures: dict[str, markdown.Figure] = {}
    for number, entry in enumerate(work.media):
        made = figure(edition, entry, files, base, work.lang, lazy=number > 0, shown=shown)
        if made is not None:
            figures[entry.file or entry.url or ""] = made

    def resolve(target: ArticleId, version: str) -> markdown.Resolved:
        found = edition.works.get(target)
        owner = target.partition("/")[0]
        if target in edition.places and found is not None:
            revised = bool(version) and not found.version.startswith(version)
            return markdown.Resolved(
                f"{way}{names.article_page(target)}", "revised since this was written" if revised else ""
            )
        where = "not in this edition" if found else "not in this commons as it was read"
        return markdown.Resolved("", f"{target}, {edition.signed(owner)}: {where}")

    body = markdown.render(written, figures, resolve)
    left = [key for key in figures if key not in body.used]
    first = next(iter(figures), None)
    lead = figures[first].block if first is not None and first in left else None
    rest = joined([figures[key].block for key in left if lead is None or key != first], "\n")
    return Text(body.html, lead, rest, body.fault)
