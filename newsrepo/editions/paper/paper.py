"""An edition as a sheet of paper or several: chosen, fitted to its pages, set, and said what was left out."""

import tempfile
from calendar import timegm
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from msgspec import Struct

from newsrepo.editions.context import Context
from newsrepo.editions.edition import Edition
from newsrepo.editions.paper import fit
from newsrepo.editions.paper.faces import Choice, Faces
from newsrepo.editions.paper.impose import sides
from newsrepo.editions.paper.nodes import Child, text_of
from newsrepo.editions.paper.press import IMPOSE, Press
from newsrepo.editions.paper.stock import Sheet, Story, clean, cut, sheet_of, stories_of
from newsrepo.editions.theme import default_theme
from newsrepo.errors import UnableError
from newsrepo.ids import ArticleId, Oid
from newsrepo.location import Finding, Location, Severity

LEAFLET_STORIES = 3
"""How many stories a page of a leaflet has room to begin; one of half the size, half as many."""

PAGE_STORIES = 12
"""More stories than a page of a newspaper ever holds."""

PICTURED = 1_400
"""The room from which on a shortened story keeps its picture."""

PAGE_ROOM = 9_000
"""More narrow letters than a page ever holds."""


class Kind(StrEnum):
    LEAFLET = "leaflet"
    NEWSPAPER = "newspaper"


class Size(NamedTuple):
    """A sheet: width, height and margin in millimetres, columns, and the size of its letters in points."""

    width: float
    height: float
    margin: float
    columns: int
    letters: float


class Stock(StrEnum):
    A4 = "a4"
    LETTER = "letter"


SIZES: Mapping[tuple[Stock, bool], Size] = {
    (Stock.A4, False): Size(210, 297, 12, 3, 9),
    (Stock.LETTER, False): Size(215.9, 279.4, 12.7, 3, 9),
    (Stock.A4, True): Size(148, 210, 10, 2, 8.6),
    (Stock.LETTER, True): Size(139.7, 215.9, 10, 2, 8.6),
}
"""Sheets by stock, and whether they are printed in pairs on one and folded."""


class Left(Struct, frozen=True):
    """A story that is not in the paper, or not whole, and why."""

    id: ArticleId
    title: str
    why: str


class Paper(Struct, frozen=True):
    """A printed edition. ``pdf`` is empty when nothing could be printed; ``findings`` then say why."""

    pdf: bytes
    title: str
    pages: int
    stories: tuple[ArticleId, ...]
    shortened: tuple[Left, ...]
    left_out: tuple[Left, ...]
    fonts: tuple[str, ...]
    findings: tuple[Finding, ...]


class Texts(Protocol):
    """Gives the bytes of blobs."""

    def __call__(self, oids: Iterable[Oid], /) -> Iterator[tuple[Oid, bytes]]: ...


def print_edition(
    ctx: Context,
    texts: Texts,
    *,
    kind: Kind,
    pages: int,
    stock: Stock,
    faces: Faces,
    pairs: bool = False,
) -> Paper:
    """The edition of ``ctx`` on ``pages`` pages. Equal arguments and tools make equal bytes.

    A story with characters that no face shows is left out and is a finding of severity error; so is every
    word of the edition's own, and then nothing is printed at all.
    """
    edition = Edition(ctx, default_theme())
    sheet = sheet_of(edition)
    size = SIZES[stock, pairs]
    wanted = [edition.works[item.work].version for item in ctx.selection.items[: pages * PAGE_STORIES]]
    blobs = dict(texts(dict.fromkeys(wanted)))
    found = list(stories_of(edition, blobs, pages * PAGE_ROOM))
    chosen, own = _faces_of(sheet, faces)
    printable, findings, left = _printable(found, faces, chosen)
    beyond = len(ctx.selection.items) - len(found)
    if own:
        return Paper(b"", sheet.title, 0, (), (), tuple(left), (), (*own, *findings))
    with tempfile.TemporaryDirectory(prefix="newsrepo-print-") as name:
        desk = _Desk(Path(name), sheet, kind, size, chosen, printable, texts, (len(left), beyond))
        with Press(Path(name), faces.folders) as press:

            def count(plan: fit.Plan) -> int:
                return press.pages(desk.data(plan))

            rooms = [story.size for story in printable]
            plan = (
                fit.newspaper(rooms, pages, count)
                if kind is Kind.NEWSPAPER
                else fit.leaflet(rooms, pages, count, max(1, pages * LEAFLET_STORIES // (2 if pairs else 1)))
            )
            data = desk.data(plan)
            used = press.pages(data)
            if used > pages:
                raise UnableError(
                    f"not even the masthead and the colophon fit on {pages} pages", "ask for more: --pages N"
                )
            if kind is Kind.LEAFLET:
                data["blank"] = pages - used
                used = pages
            moment = timegm(ctx.today.timetuple())
            pdf = press.pdf(data, moment)
            if pairs:
                (Path(name) / "pages.pdf").write_bytes(pdf)
                pdf = press.pdf(_imposed(data, used), moment, accessible=False, template=IMPOSE)
    shortened, omitted = [], list(left)
    for number, story in enumerate(printable):
        if number >= len(plan):
            omitted.append(Left(story.id, story.title, "no room"))
        elif plan[number] is not None:
            shortened.append(Left(story.id, story.title, "shortened for want of room"))
    works = ctx.commons.works
    omitted += [
        Left(item.work, clean(works[item.work].title), "no room")
        for item in ctx.selection.items[len(found) :]
    ]
    used_fonts = sorted({family for choice in chosen.values() for family in choice.families})
    return Paper(
        pdf, sheet.title, used, tuple(story.id for story in printable[: len(plan)]),
        tuple(shortened), tuple(omitted), tuple(used_fonts), tuple(findings),
    )  # fmt: skip


def _imposed(data: Mapping[str, Any], pages: int) -> dict[str, Any]:
    """What the template of sheets is handed: both halves of each side of each sheet."""
    kept = {name: data[name] for name in ("title", "signature", "width", "height")}
    return {**kept, "sides": [list(side) for side in sides(pages, rtl=data["dir"] == "rtl")]}


# --- glyphs --------------------------------------------------------------------------------------------

_OWN = "\u201c\u201d\u2018\u2019\u00b7\u2026/\u2013\u20140123456789"


def _faces_of(sheet: Sheet, faces: Faces) -> tuple[dict[str, Choice], list[Finding]]:
    """The faces for what the edition says of itself, and for each fault a finding at its filter."""
    words = (sheet.title, sheet.about, sheet.signature, *sheet.sections, sheet.words, _OWN)
    choice = faces.choose(set("".join(words)), sheet.lang)
    place = Location(f"filters/{sheet.filter}.yaml")
    return {"": choice, sheet.lang: choice}, list(_faults(choice, place))


def _printable(
    stories: Sequence[Story], faces: Faces, chosen: dict[str, Choice]
) -> tuple[list[Story], list[Finding], list[Left]]:
    """The stories that can be set, with the faces for their languages put into ``chosen``."""
    kept, findings, left = [], [], []
    letters: dict[str, set[str]] = {}
    for story in stories:
        place = Location(f"{story.path}")
        if story.fault:
            findings.append(
                Finding("unprintable-text", place, f"the text cannot be set: {story.fault}",
                        "`newsrepo check` says more", Severity.WARNING)
            )  # fmt: skip
            left.append(Left(story.id, story.title, story.fault))
            continue
        findings += [
            Finding(
                "picture-not-printed",
                place,
                f"a picture is left out: {why}",
                "make it smaller",
                Severity.WARNING,
            )
            for why in story.left_out
        ]
        own = set("".join(_words(story)))
        faults = list(_faults(faces.choose(own, story.lang), place))
        if faults:
            findings += faults
            left.append(Left(story.id, story.title, "no face for some of its characters"))
            continue
        letters.setdefault(story.lang, set()).update(own)
        kept.append(story)
    everything = set[str]().union(*letters.values())
    for lang, own in letters.items():
        chosen[lang] = faces.choose(
            own | set(chosen[lang].families and _OWN) if lang in chosen else own, lang
        )
    chosen[""] = faces.choose(everything | set(_OWN), "")
    return kept, findings, left


def _words(story: Story) -> Iterator[str]:
    yield from (story.title, story.kicker, story.byline, story.signature, story.day, story.summary)
    yield from (story.url, story.license, *(line.text for line in story.credits))
    for picture in story.pictures:
        yield from (picture.alt, picture.caption, picture.credit)
    yield from text_of(story.body)


def _faults(choice: Choice, place: Location) -> Iterator[Finding]:
    for missing in choice.missing:
        shown = " ".join(f"U+{ord(char):04X}" for char in missing.characters[:8])
        more = len(missing.characters) - 8
        rest = f" and {more} more" if more > 0 else ""
        yield Finding(
            "no-glyph",
            place,
            f"no font at hand shows {missing.script}: {shown}{rest}",
            f"install one (on Debian: apt install {missing.package}) or name its folder with --fonts",
        )


# --- what the template is handed -----------------------------------------------------------------------


class _Desk:
    """Lays out plans as data, and keeps the files that the data names in one folder."""

    def __init__(
        self, folder: Path, sheet: Sheet, kind: Kind, size: Size, chosen: Mapping[str, Choice],
        stories: Sequence[Story], texts: Texts, unseen: tuple[int, int],
    ) -> None:  # fmt: skip
        self.folder = folder
        self.sheet = sheet
        self.kind = kind
        self.size = size
        self.faces = {lang: list(choice.families) for lang, choice in chosen.items()}
        self.stories = stories
        self.texts = texts
        self.unseen = unseen
        self._made: dict[tuple[int, int | None], dict[str, Any]] = {}
        self._files: set[str] = set()

    def data(self, plan: fit.Plan) -> dict[str, Any]:
        sheet, size = self.sheet, self.size
        told = [self._story(number, room) for number, room in enumerate(plan)]
        parts = list(self._parts(told))
        left = self.stories[len(plan) :]
        cut_short = sum(room is not None for room in plan)
        shown = left[: 14 if self.size.columns == 3 else 8]
        return {
            "kind": self.kind.value,
            "width": size.width, "height": size.height, "margin": size.margin,
            "columns": size.columns, "size": size.letters,
            "title": clean(sheet.title), "about": clean(sheet.about), "lang": sheet.lang, "dir": sheet.dir,
            "day": sheet.day, "signature": clean(sheet.signature), "accent": sheet.accent,
            "url": sheet.url, "short": _short(sheet.url), "qr": self._code(sheet.url, "edition"),
            "faces": self.faces,
            "parts": parts,
            "blank": 0,
            "inside": [
                {name: part["story"][name] for name in ("n", "title", "lang", "dir")}
                for part in parts if part["t"] == "story"
            ],
            "made": self._about(len(plan), cut_short),
            "copying": self._copying(),
            "left": [{"title": s.title, "lang": s.lang, "dir": s.dir} for s in shown],
            "shortened": cut_short,
            "left-words": "Left out for want of room",
            "left-more": len(left) - len(shown) + self.unseen[1],
        }  # fmt: skip

    def _about(self, stories: int, cut_short: int) -> list[str]:
        sheet = self.sheet
        number = "1 story" if stories == 1 else f"{stories} stories"
        short = f", {cut_short} of them shortened" if cut_short else ""
        return [
            f"{number}{short}, chosen by the filter {sheet.filter}, which anybody can read and run again.",
            f"No one speaks for all of {sheet.commons}: every piece is signed by who wrote it.",
        ]

    def _copying(self) -> list[str]:
        kinds = sorted({story.license for story in self.stories if story.license})
        free = f" ({', '.join(kinds[:3])})" if kinds else ""
        return [
            f"Everything in it is in the public domain{free}.",
            "Copy it, pin it up, hand it on, change it: nobody need ask.",
            "The commons asks one thing in return: say whom you have it from, along the whole chain.",
        ]

    def _parts(self, told: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The opener, then every section with its stories, and what has none under a heading of its own."""
        if not told:
            return
        yield {"t": "opener", "story": told[0]}
        groups: dict[str, list[dict[str, Any]]] = {title: [] for title in self.sheet.sections}
        groups[""] = []
        for one in told[1:]:
            groups[one["section"]].append(one)
        named = any(groups[title] for title in self.sheet.sections)
        for title, inside in groups.items():
            if inside and (title or named):
                yield {"t": "bar", "title": title or "More news"}
            for place, one in enumerate(inside):
                ruled = place > 0 or not named
                yield {"t": "story", "story": one, "level": 2 if named else 1, "ruled": ruled}

    def _story(self, number: int, room: int | None) -> dict[str, Any]:
        made = self._made.get((number, room))
        if made is None:
            made = self._made[number, room] = self._told(number, room)
        return made

    def _told(self, number: int, room: int | None) -> dict[str, Any]:
        story = self.stories[number]
        body, is_cut = (story.body, False) if room is None else cut(story.body, room)
        pictures: dict[str, dict[str, Any]] = {}
        # A story that has room for little has none for a picture.
        bare = room is not None and room < PICTURED and number > 0
        for key, picture in enumerate(() if bare else story.pictures):
            file = f"p{number}-{key}.{picture.format}"
            self._keep(file, lambda oid=picture.oid: dict(self.texts([oid]))[oid])  # type: ignore[misc]
            pictures[str(key)] = {
                "file": file, "alt": picture.alt, "caption": picture.caption, "credit": picture.credit,
                "width": picture.width, "height": picture.height,
            }  # fmt: skip
        return {
            "n": number, "rank": number, "section": story.section,
            "title": story.title, "lang": story.lang, "dir": story.dir, "summary": story.summary,
            "byline": story.byline, "signature": story.signature, "day": story.day, "kicker": story.kicker,
            "body": list(body), "cut": is_cut, "pictures": pictures, "placed": sorted(_placed(story.body)),
            "credits": [
                {"text": line.text, "own": line.own}
                for line in story.credits[: 3 if self.kind is Kind.LEAFLET else None]
            ], "license": story.license, "cite": f"{story.id}@{story.version[:10]}",
            "url": story.url, "short": _short(story.url), "qr": self._code(story.url, f"s{number}"),
        }  # fmt: skip

    def _code(self, url: str, name: str) -> str:
        if not url:
            return ""
        file = f"qr-{name}.svg"
        self._keep(file, lambda: _qr(url))
        return file

    def _keep(self, file: str, data: Callable[[], bytes]) -> None:
        if file not in self._files:
            (self.folder / file).write_bytes(data())
            self._files.add(file)


def _placed(body: Iterable[Child]) -> Iterator[str]:
    for node in body:
        if isinstance(node, dict):
            if node["t"] == "pic":
                yield node["s"]
            yield from _placed(node.get("c", ()))


def _short(url: str) -> str:
    return url.partition("//")[2].rstrip("/")


def _qr(url: str) -> bytes:
    """A QR code as SVG: medium error correction, no border beyond what readers need."""
    import io

    import segno

    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=1, xmldecl=False, svgns=True)
    return out.getvalue()
