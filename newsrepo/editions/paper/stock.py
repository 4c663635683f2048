"""What there is to print: the stories of an edition as plain data, in the order of its filter.

Everything is a value: texts as trees of nodes, pictures by the bytes of their files, addresses whole. The
words of others stand in strings and nowhere else, so that a typesetter can take none for a command.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from newsrepo.commons.model import Work
from newsrepo.editions import markdown, names
from newsrepo.editions.chain import Chains
from newsrepo.editions.edition import Edition
from newsrepo.editions.paper.nodes import Child, Node, text_of, tree
from newsrepo.editions.parts import MediaFile
from newsrepo.editions.relations import KINDS
from newsrepo.filters.model import Item
from newsrepo.ids import ArticleId, Oid
from newsrepo.location import Finding, Location, Severity
from newsrepo.records import body_text
from newsrepo.records import types as t

MAX_PIXELS = 30_000_000
"""The largest picture that is put on paper: more than any sheet can show, and yet little to unpack."""

_CREDITS = 6


class Texts(Protocol):
    """Gives the bytes of blobs."""

    def __call__(self, oids: Iterable[Oid], /) -> Iterator[tuple[Oid, bytes]]: ...


class Picture(Struct, frozen=True):
    """A picture of a story. ``oid`` names its bytes; sizes in pixels."""

    name: str
    oid: Oid
    format: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str


class Owed(Struct, frozen=True):
    """A line of credit; ``own`` says that we made the sentence, in English."""

    text: str
    own: bool


class Story(Struct, frozen=True):
    """One printed story; ``url`` is empty where the edition has no address, ``fault`` where it has a text."""

    id: ArticleId
    path: str
    version: Oid
    section: str
    title: str
    lang: str
    dir: str
    kicker: str
    byline: str
    signature: str
    day: str
    summary: str
    url: str
    license: str
    credits: tuple[Owed, ...]
    body: tuple[Node, ...] = ()
    pictures: tuple[Picture, ...] = ()
    left_out: tuple[str, ...] = ()
    is_cut: bool = False
    fault: str = ""

    @property
    def size(self) -> int:
        """How much room the text takes, in narrow letters."""
        return sum(map(size_of, self.body))


class Left(Struct, frozen=True):
    """A story that is not in the paper, or not whole, and why."""

    id: ArticleId
    title: str
    why: str


class Sheet(Struct, frozen=True):
    """What stands on every edition's paper beside its stories."""

    title: str
    about: str
    lang: str
    dir: str
    day: str
    signature: str
    url: str
    filter: str
    words: str
    commons: str
    accent: str
    sections: tuple[str, ...]


def sheet_of(edition: Edition) -> Sheet:
    return Sheet(
        title=edition.harmless(edition.title, edition.ctx.filter_id),
        about=edition.about,
        lang=edition.lang,
        dir=edition.dir,
        day=names.day_text(edition.ctx.today),
        signature=edition.signature,
        url=edition.url,
        filter=edition.ctx.filter_id,
        words=edition.ctx.filter.select,
        commons=edition.commons_name,
        accent=edition.settings.theme.accent or "",
        sections=tuple(section.title for section in edition.settings.sections),
    )


Link = Callable[[ArticleId], str]
"""Where a link to an article leads; empty for nowhere."""


def stories_of(
    edition: Edition, blobs: Mapping[Oid, bytes], most: int, link: Link | None = None
) -> Iterator[Story]:
    """The stories whose texts are among ``blobs``, first those that the filter puts first.

    A text longer than ``most`` narrow letters is cut there at once: no paper of that many pages holds more.
    Links to other articles lead to their pages, unless ``link`` knows better.
    """

    def page(article: ArticleId) -> str:
        here = article in edition.places and edition.url
        return f"{edition.url}{names.article_page(article)}" if here else ""

    chains = Chains(edition)
    sections = edition.settings.sections
    for item in edition.ctx.selection.items:
        work = edition.works[item.work]
        if work.version in blobs:
            section = sections[item.section].title if item.section is not None else ""
            yield _story(edition, chains, item, section, body_text(blobs[work.version]), most, link or page)


def _story(
    edition: Edition,
    chains: Chains,
    item: Item,
    section: str,
    written: str | None,
    most: int,
    link: Link,
) -> Story:
    work = edition.works[item.work]
    people = [author.name for author in work.authors]
    head = Story(
        id=work.id,
        path=work.path,
        version=work.version,
        section=section,
        title=clean(work.title),
        lang=work.lang,
        dir=names.direction(work.lang),
        kicker=KINDS[work.parent.relation] if work.parent else "",
        byline=clean(" and ".join(filter(None, [", ".join(people[:-1]), *people[-1:]]))),
        signature=clean(edition.signed(work.owner)),
        day=names.day_text(work.date.day),
        summary=clean(work.summary),
        url=f"{edition.url}{names.article_page(work.id)}" if edition.url else "",
        license=clean(work.license or ""),
        credits=tuple(_credits(work, chains)),
    )
    if written is None:
        return replace(head, fault="its text cannot be read")
    is_long = len(written) > 4 * most
    if is_long:
        written = written[: 4 * most].rpartition("\n\n")[0] or written[: 4 * most]
    files = {file.name: file for file in edition.media.get(work.id, ())}
    pictures: list[Picture] = []
    left_out: list[str] = []
    figures: dict[str, markdown.Figure] = {}
    shown = frozenset(entry.file for entry in work.media if entry.file)
    for entry in work.media:
        made = _picture(entry, files, left_out) if entry.poster not in shown else None
        if made is not None:
            slot = Markup('<img src="{}">').format(str(len(pictures)))
            href = entry.url or (f"{edition.url}articles/{work.id}/{made.name}" if edition.url else "")
            figures[entry.file or entry.url or ""] = markdown.Figure(slot, slot, href)
            pictures.append(made)

    def resolve(target: ArticleId, version: str) -> markdown.Resolved:  # noqa: ARG001 - paper shows one version
        return markdown.Resolved(link(target))

    made_html = markdown.render(written, figures, resolve)
    if made_html.fault:
        return replace(head, fault=made_html.fault)
    body, is_cut = cut(tuple(cleaned(node) for node in tree(made_html.html)), most)
    return replace(
        head, body=body, is_cut=is_cut or is_long, pictures=tuple(pictures), left_out=tuple(left_out)
    )


def _picture(entry: t.Media, files: Mapping[str, MediaFile], left_out: list[str]) -> Picture | None:
    """A medium as a picture: itself, or the poster of what moves; None where there is none to be had."""
    for name in (entry.file, entry.poster):
        file = files.get(name) if name else None
        if file is None or file.kind != "image":
            continue
        if file.width * file.height > MAX_PIXELS:
            left_out.append(f"{file.name} has more than {MAX_PIXELS // 1_000_000} million pixels")
            continue
        source = names.host(entry.source or "")
        credit = ", ".join(filter(None, [entry.creator, entry.license, source]))
        caption = entry.caption or ""
        if entry.url:
            caption = f"{caption} To be seen at {names.host(entry.url)}.".strip()
        ending = file.name.rpartition(".")[2]
        return Picture(
            file.name, file.oid, "jpg" if ending == "jpeg" else ending, file.width, file.height,
            clean(entry.alt or "") or clean(caption) or file.name, clean(caption), clean(credit),
        )  # fmt: skip
    return None


def _credits(work: Work, chains: Chains) -> Iterator[Owed]:
    """Whom the text owes, nearest first, in as many lines as a page has room for."""
    chain = chains.of(work.id)
    lines = [
        Owed(
            clean(
                f"{line.words} \u201c{line.title}\u201d"
                + (f" by {line.authors}" if line.authors else "")
                + f", {line.by}."
            ),
            own=True,
        )
        for _, line in chain.lines
    ]
    lines += [
        Owed(clean(f"{credit.name}: {credit.what}" if credit.what else credit.name), own=False)
        for credit in work.credits
    ]
    yield from lines[:_CREDITS]
    if len(lines) > _CREDITS or chain.more:
        yield Owed("The whole chain of credit stands on the article\u2019s page.", own=True)


def shortfalls(story: Story) -> Iterator[Finding]:
    """What of a story cannot be set, as findings."""
    place = Location(story.path)
    if story.fault:
        fact, hint = f"the text cannot be set: {story.fault}", "`newsrepo check` says more"
        yield Finding("unprintable-text", place, fact, hint, Severity.WARNING)
    for why in story.left_out:
        yield Finding(
            "picture-not-printed", place, f"a picture is left out: {why}", "make it smaller", Severity.WARNING
        )


# --- texts ---------------------------------------------------------------------------------------------

_BLANKS = re.compile(r"\s+")
_DROPPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ue000-\uf8ff\ufff9-\uffff\U000f0000-\U0010ffff]"
)


def clean(text: str) -> str:
    """A text on one line without what only pretends to be text: controls, overrides, private characters."""
    return _BLANKS.sub(" ", _DROPPED.sub("", text)).strip()


def cleaned(node: Child) -> Any:
    """A node without what ``clean`` takes away; its blanks stay."""
    if isinstance(node, str):
        return _DROPPED.sub("", node)
    made = dict(node)
    if made["t"] in ("pre", "note"):
        made["s"] = _DROPPED.sub("", made["s"])
    if made["t"] == "table":
        made["rows"] = [
            [{**cell, "c": [cleaned(c) for c in cell["c"]]} for cell in row] for row in made["rows"]
        ]
    if "c" in made:
        made["c"] = [cleaned(child) for child in made["c"]]
    return made


_LONG = re.compile("[!-~\u00a1-\u052f]{30,}")
_PIECE = re.compile(".{10}(?!$)")


def breakable(text: str) -> str:
    """``text`` with places to break in words that no column is wide enough for, such as addresses."""
    return _LONG.sub(lambda word: _PIECE.sub("\\g<0>\u200b", word[0]), text)


def breakable_node(node: Child) -> Any:
    """A node with all its words ``breakable``."""
    if isinstance(node, str):
        return breakable(node)
    made = dict(node)
    if made["t"] == "pre":
        made["s"] = breakable(made["s"])
    if made["t"] == "table":
        made["rows"] = [
            [{**cell, "c": [breakable_node(c) for c in cell["c"]]} for cell in row] for row in made["rows"]
        ]
    if "c" in made:
        made["c"] = [breakable_node(child) for child in made["c"]]
    return made


def size_of(node: Child) -> int:
    """The room that a node's words take, in narrow letters; a wide one, as in Chinese, counts for two."""
    return sum(map(_width, text_of((node,)))) + (20 if isinstance(node, dict) else 0)


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text) + sum(unicodedata.east_asian_width(char) in "WF" for char in text)


_ENDS = re.compile(
    '[.!?\u2026\u061f\u06d4\u0964]+["\u201d\u2019\u00bb)]*(?=\\s)|[\u3002\uff01\uff1f][\u201d\u300d\u300f]*'
)


def cut(body: Sequence[Node], room: int) -> tuple[tuple[Node, ...], bool]:
    """The beginning of a text that fits into ``room``, and whether anything is left out.

    Cuts between paragraphs, or after a sentence of a paragraph that alone is too long, or between its words.
    Never ends with a heading.
    """
    kept: list[Node] = []
    left = room
    for node in body:
        size = size_of(node)
        if size > left:
            if not kept or (left > 600 and size > 900):
                kept += _part(node, left)
            break
        left -= size
        kept.append(node)
    whole = len(kept) == len(body) and (not kept or kept[-1] is body[-1])
    while kept and kept[-1]["t"] in ("h", "hr") and not whole:
        kept.pop()
    return tuple(kept), not whole


def _part(node: Node, room: int) -> list[Node]:
    """The beginning of one block: the first things in it, or the words of a paragraph, then plain."""
    if node["t"] in ("ul", "ol", "li", "quote", "notes", "note"):
        inside, _ = cut(node["c"], room)
        return [{**node, "c": list(inside)}] if inside else []
    if node["t"] == "table":
        rows = node["rows"][:1]
        for row in node["rows"][1:]:
            room -= 20 + sum(size_of(child) for cell in row for child in cell["c"])
            if room < 0:
                break
            rows.append(row)
        return [{**node, "rows": rows}] if len(rows) > 1 else []
    if node["t"] not in ("p", "pre"):
        return []
    text = "".join(text_of((node,)))
    end = 0
    while end < len(text) and room > 0:
        room -= 2 if unicodedata.east_asian_width(text[end]) in "WF" else 1
        end += 1
    text = text[:end]
    stops = [match.end() for match in _ENDS.finditer(text)]
    if stops and stops[-1] > len(text) // 3:
        text = text[: stops[-1]]
    else:
        text = (text.rpartition(" ")[0] or text) + " \u2026"
    return [{"t": "p", "c": [_BLANKS.sub(" ", text)]}]
