"""An edition as an EPUB 3.3 book: one file per article, in the order of the front page.

Equal editions make equal bytes, as far as zlib does: entries in a fixed order with a fixed date, and an
identifier that follows from the edition's address, its filter and its day.
"""

import io
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup
from msgspec import Struct

from newsrepo.editions import names
from newsrepo.editions.context import Context
from newsrepo.editions.edition import Edition
from newsrepo.editions.epub.xhtml import xhtml
from newsrepo.editions.paper.stock import (
    Left,
    Picture,
    Sheet,
    Story,
    Texts,
    clean,
    sheet_of,
    shortfalls,
    stories_of,
)
from newsrepo.editions.theme import Theme, default_theme
from newsrepo.ids import ArticleId, Oid
from newsrepo.location import Finding, Location, Severity
from newsrepo.records.text import MAX_TEXT

_DAY = (1980, 1, 1, 0, 0, 0)
_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_CONTAINER = _DECLARATION + (
    b'<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">\n<rootfiles>\n'
    b'<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>\n'
    b"</rootfiles>\n</container>\n"
)


class Book(Struct, frozen=True):
    """A book; ``left_out`` are stories of the edition that are not in it, ``findings`` say why."""

    epub: bytes
    title: str
    identifier: str
    stories: tuple[ArticleId, ...]
    left_out: tuple[Left, ...]
    findings: tuple[Finding, ...]


class _Part(NamedTuple):
    """A section of the table of contents; what leads stands in a part without a title."""

    title: str
    stories: tuple[Story, ...]


def bind(ctx: Context, texts: Texts) -> Book:
    """The edition of ``ctx`` as a book. Pictures that are damaged or huge are left out and named."""
    edition = Edition(ctx, default_theme())
    items = ctx.selection.items
    inside = {item.work for item in items}
    blobs = dict(texts(dict.fromkeys(edition.works[item.work].version for item in items)))

    def link(article: ArticleId) -> str:
        if article in inside:
            return _file(article)
        here = article in edition.places and edition.url
        return f"{edition.url}{names.article_page(article)}" if here else ""

    found = list(stories_of(edition, blobs, MAX_TEXT, link))
    left = [Left(story.id, story.title, story.fault) for story in found if story.fault]
    findings = [finding for story in found for finding in shortfalls(story)]
    sheet = sheet_of(edition)
    parts = tuple(_parts(sheet, [story for story in found if not story.fault]))
    stories = [story for part in parts for story in part.stories]
    media = _Media(texts, findings)
    made = _files(edition.theme, sheet, parts, media)
    identifier = _identifier(edition)
    package = edition.theme.html(
        "epub_package",
        sheet=sheet,
        identifier=identifier,
        day=ctx.today.isoformat(),
        langs=sorted({sheet.lang, *(s.lang for s in stories)} - {sheet.lang}),
        licenses=sorted({s.license for s in stories if s.license}),
        chapters=[(f"a{number}", _file(story.id)) for number, story in enumerate(stories)],
        pictures=[
            (f"p{number}", name, _TYPES[name.rpartition(".")[2]]) for number, name in enumerate(media.files)
        ],
    )
    entries = {
        "META-INF/container.xml": _CONTAINER,
        "EPUB/package.opf": _DECLARATION + package.encode() + b"\n",
        "EPUB/style.css": edition.theme.sources["epub.css"],
        **{f"EPUB/{name}": data for name, data in made.items()},
        **{f"EPUB/{name}": data for name, data in media.files.items()},
    }
    return Book(
        _zip(entries), sheet.title, identifier, tuple(s.id for s in stories), tuple(left), tuple(findings)
    )


def _identifier(edition: Edition) -> str:
    whose = edition.url or f"{edition.ctx.commons.charter.home or edition.commons_name}/"
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{whose}{edition.ctx.filter_id}#{edition.ctx.today}"))


def _file(article: ArticleId) -> str:
    return f"{article.replace('/', '.')}.xhtml"


def _files(theme: Theme, sheet: Sheet, parts: tuple[_Part, ...], media: "_Media") -> dict[str, bytes]:
    """All pages of the book by name."""

    def page(title: str, lang: str, direction: str, main: Markup) -> bytes:
        html = theme.html("epub_page", title=title, lang=lang, dir=direction, main=main)
        return _DECLARATION + html.encode() + b"\n"

    contents = theme.html("epub_nav", sheet=sheet, parts=parts, file=_file)
    made = {
        "cover.xhtml": page(sheet.title, "en", "ltr", theme.html("epub_cover", sheet=sheet)),
        "nav.xhtml": page("Contents", "en", "ltr", contents),
    }
    for story in (story for part in parts for story in part.stories):
        pictures = {
            str(key): theme.html("epub_figure", p=picture, src=src, lang=story.lang, dir=story.dir)
            for key, picture in enumerate(story.pictures)
            if (src := media.take(story, picture))
        }
        body = xhtml(story.body, pictures)
        placed = set(_placed(story.body))
        loose = [figure for key, figure in pictures.items() if key not in placed]
        main = theme.html(
            "epub_article", s=story, body=body, lead=loose[0] if loose else None, rest=loose[1:],
            short=story.url.partition("//")[2], cite=f"{story.id}@{story.version[:10]}",
        )  # fmt: skip
        made[_file(story.id)] = page(story.title, story.lang, story.dir, main)
    made["about.xhtml"] = page("About this book", "en", "ltr", theme.html("epub_about", sheet=sheet))
    return made


def _parts(sheet: Sheet, stories: list[Story]) -> Iterator[_Part]:
    """What leads, then section by section, in the filter's order within each."""
    groups: dict[str, list[Story]] = {title: [] for title in (*sheet.sections, "")}
    for story in stories[1:]:
        groups[story.section].append(story)
    named = any(groups[title] for title in sheet.sections)
    if stories:
        yield _Part("", tuple(stories[:1]))
    for title, inside in groups.items():
        if inside:
            yield _Part(clean(title) or ("More news" if named else ""), tuple(inside))


def _placed(nodes: Any) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, dict):
            if node["t"] == "pic":
                yield node["s"]
            yield from _placed(node.get("c", ()))


class _Media:
    """The pictures that are in the book, each file once, as they come."""

    def __init__(self, texts: Texts, findings: list[Finding]) -> None:
        self._texts = texts
        self._findings = findings
        self._known: dict[Oid, str] = {}
        self.files: dict[str, bytes] = {}

    def take(self, story: Story, picture: Picture) -> str:
        """Where a picture stands in the book; empty if it is damaged, which is then among the findings."""
        if picture.oid in self._known:
            return self._known[picture.oid]
        data = next((data for _, data in self._texts([picture.oid])), b"")
        name = f"media/{story.id.replace('/', '.')}.{picture.name.rpartition('.')[0]}.{picture.format}"
        if not is_whole(data, picture.format):
            self._findings.append(
                Finding("picture-not-printed", Location(f"{story.path.rpartition('/')[0]}/{picture.name}"),
                        "the picture is cut off and is left out", "save it again", Severity.WARNING)
            )  # fmt: skip
            name = ""
        else:
            self.files[name] = data
        self._known[picture.oid] = name
        return name


def is_whole(data: bytes, kind: str) -> bool:
    """Whether a picture has its end: a reader that decodes it will not run out of bytes."""
    if kind == "png":
        return data[-8:-4] == b"IEND"
    if kind == "gif":
        return data[-1:] == b"\x3b"
    if kind == "webp":
        return len(data) >= int.from_bytes(data[4:8], "little") + 8
    return b"\xff\xd9" in data[-64:]


def _zip(entries: Mapping[str, bytes]) -> bytes:
    """A container: its type first and stored, then ``entries`` in their order."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        for name, data in {"mimetype": b"application/epub+zip", **entries}.items():
            info = zipfile.ZipInfo(name, _DAY)
            packed = name != "mimetype" and not name.startswith("EPUB/media/")
            info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            file.writestr(info, data, compresslevel=9)
    return whole.getvalue()
