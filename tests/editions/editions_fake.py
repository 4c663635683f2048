"""A commons in memory for the tests of editions: records go in, a Context comes out."""

import hashlib
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from newsrepo.commons.model import Given, Remark, Standing, Work
from newsrepo.credit import stories
from newsrepo.credit.origin import Past
from newsrepo.editions.context import Context
from newsrepo.editions.page import Page
from newsrepo.filters.model import Item, Score, Selection
from newsrepo.gitstore.history import Revision
from newsrepo.ids import ArticleId, AxisId, ContingentId, FilterId, Oid
from newsrepo.records import types as t
from newsrepo.records import write
from newsrepo.records.markup import article_links
from newsrepo.records.scalars import Moment, Ratio

TODAY = date(2026, 5, 20)


def png(width: int = 3, height: int = 2, shade: int = 128) -> bytes:
    """A small grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(
        b"\x00" + bytes((shade + (x * 90 // width) + (y * 60 // height)) % 256 for x in range(width))
        for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def oid(data: bytes) -> Oid:
    return Oid(hashlib.sha1(data).hexdigest())


@dataclass(frozen=True)
class Facts:
    sha256: str
    format: str
    width: int
    height: int


class Ratings:
    def __init__(self, standings: Iterable[tuple[AxisId, Standing]]) -> None:
        self.rows = tuple(standings)

    def standings(self, axis: AxisId, contingents: frozenset[ContingentId] | None) -> list[Standing]:
        return [s for a, s in self.rows if a == axis and (contingents is None or s.contingent in contingents)]

    def of_raters(self, axis: AxisId, raters: object) -> list[Given]:
        return []

    def given(self, work: ArticleId) -> tuple[Given, ...]:
        return ()


def charter(**changes: object) -> t.Charter:
    values: dict[str, object] = {
        "name": "Free News",
        "licenses": ("CC0-1.0",),
        "axes": {
            "newsworthy": t.Axis(title="Newsworthy", min=0, max=5, neutral=0, low="not", high="very"),
            "accurate": t.Axis(title="Accurate", min=0, max=5, neutral=0, low="not", high="very"),
        },
        "rule": t.Rule(
            ratio=Ratio(2, 3),
            of=t.Base.CAST,
            compare=t.Compare.AT_LEAST,
            quorum=t.Quorum(ratio=Ratio(1, 2), compare=t.Compare.MORE_THAN),
        ),
    }
    return t.Charter(**{**values, **changes})


def article(title: str = "A title", **changes: object) -> t.Article:
    values: dict[str, object] = {
        "title": title,
        "date": Moment.parse("2026-05-03"),
        "lang": "en",
        "license": "CC0-1.0",
        "body": "Some words.\n",
    }
    return t.Article(**{**values, **changes})


@dataclass(frozen=True)
class Fake:
    """A commons. Change it with ``dataclasses.replace``; ``context`` and ``build`` make an edition of it."""

    articles: Mapping[str, t.Article] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    comments: Mapping[str, t.Comment] = field(default_factory=dict)
    contingents: Mapping[str, t.Contingent] = field(
        default_factory=lambda: {"abc": t.Contingent(name="ABC"), "lmn": t.Contingent(name="LMN")}
    )
    charter: t.Charter = field(default_factory=charter)
    filter: t.Filter = field(default_factory=lambda: t.Filter(title="ABC daily", select="newsworthy>=1"))
    standings: tuple[tuple[str, Standing], ...] = ()
    scores: Mapping[str, Mapping[str, Score]] = field(default_factory=dict)
    items: tuple[Item, ...] | None = None
    today: date = TODAY
    extra_axes: Mapping[str, t.Axis] = field(default_factory=dict)
    kept: Mapping[str, bytes] = field(default_factory=dict)
    past: Mapping[str, Sequence[t.Article | None]] = field(default_factory=dict)
    """The earlier texts of articles, oldest first, a day each from 1 May 2026; None where one was removed."""
    cut: bool = False

    def context(self) -> Context:
        view = View(self)
        items = self.items
        if items is None:
            leads = sorted(self.articles, key=lambda a: (str(self.articles[a].date), a), reverse=True)
            items = tuple(printed(a) for a in leads if self.articles[a].status is t.Status.USABLE)
        selection = Selection(
            filter=FilterId("abc/daily"),
            items=items,
            selected=frozenset(w for item in items for w in (item.work, *item.others)),
            beyond=(),
            early=(),
            scores={AxisId(a): {ArticleId(w): s for w, s in m.items()} for a, m in self.scores.items()},
        )
        return Context(
            commons=view,
            filter_id=FilterId("abc/daily"),
            filter=self.filter,
            selection=selection,
            stories=stories(view.works),
            today=self.today,
            voices=frozenset(ContingentId(c) for c in self.contingents),
            read=lambda oids: [(wanted, view.blobs[wanted]) for wanted in oids],
            past=view.past,
        )


def printed(work: str, *others: str, by: str = "select", section: int | None = None) -> Item:
    return Item(
        work=ArticleId(work),
        story=ArticleId(work),
        others=tuple(ArticleId(o) for o in others),
        by=by,
        section=section,
        points=Fraction(0),
    )


class View:
    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self.charter = fake.charter
        self.axes = {AxisId(a): axis for a, axis in {**fake.charter.axes, **fake.extra_axes}.items()}
        self.contingents = {ContingentId(c): r for c, r in fake.contingents.items()}
        self.filters = {FilterId("abc/daily"): fake.filter}
        self.ratings = Ratings((AxisId(a), s) for a, s in fake.standings)
        self.key = f"fake {hashlib.sha1(repr(fake).encode()).hexdigest()}"
        self.blobs: dict[Oid, bytes] = {}
        self.files: dict[str, tuple[object, Oid, int]] = {}
        self.facts: dict[str, Facts] = {}
        works = {}
        for name, record in sorted(fake.articles.items()):
            data = write(record)
            self.blobs[oid(data)] = data
            works[ArticleId(name)] = work_of(name, oid(data), record)
        self.works = works
        for path, data in sorted(fake.pictures.items()):
            self.blobs[oid(data)] = data
            self.files[f"articles/{path}"] = (None, oid(data), len(data))
            width, height = struct.unpack(">II", data[16:24])
            self.facts[f"articles/{path}"] = Facts(hashlib.sha256(data).hexdigest(), "png", width, height)
        for path, data in sorted(fake.kept.items()):
            self.blobs[oid(data)] = data
            self.files[path] = (None, oid(data), len(data))
        for earlier in fake.past.values():
            self.blobs |= {oid(data): data for data in map(write, filter(None, earlier))}
        remarks = []
        for name, comment in sorted(fake.comments.items()):
            data = write(comment)
            self.blobs[oid(data)] = data
            path, links = f"comments/{name[8:]}.md", article_links(comment.body)
            remarks.append(Remark(name, oid(data), path, "", comment, links))
        self.remarks = tuple(remarks)

    def past(self, work: Work) -> Past | None:
        rows = [
            Revision(oid(write(text)) if text else "", Oid(f"{day:040x}"), 1777593600 + 86400 * day, "Ann")
            for day, text in enumerate(self.fake.past.get(work.id, ()))
        ]
        cut = frozenset(r.commit for r in rows[:1]) if self.fake.cut else frozenset[Oid]()
        return Past(tuple(rows), cut)

    def media(self, path: str) -> Facts | None:
        return self.facts.get(path)

    def search(self, words: str, *, phrase: bool) -> frozenset[ArticleId]:
        return frozenset()


def work_of(name: str, version: Oid, record: t.Article) -> Work:
    return Work(
        id=ArticleId(name),
        version=version,
        path=f"articles/{name}/index.md",
        source="",
        title=record.title,
        date=record.date,
        lang=record.lang,
        summary=record.summary or "",
        topics=record.topics,
        places=record.places,
        authors=record.authors,
        license=record.license or "",
        status=record.status,
        based_on=record.based_on,
        words=len(record.body.split()),
        links=article_links(record.body),
        media=record.media,
        credits=record.credits,
    )


def version_of(fake: Fake, name: str) -> str:
    return View(fake).works[ArticleId(name)].version


def derive(fake: Fake, source: str, relation: str = "rewrite", changes: str | None = None) -> t.Derivation:
    return t.Derivation(
        article=source, version=version_of(fake, source), relation=t.Relation(relation), changes=changes
    )


def with_article(fake: Fake, name: str, record: t.Article) -> Fake:
    return replace(fake, articles={**fake.articles, name: record})


def built(fake: Fake) -> dict[str, bytes]:
    """Every file of the edition, rendered."""
    from newsrepo.editions import site

    ctx = fake.context()
    return {page.path: rendered(page, ctx) for page in site.plan(ctx)}


def planned(fake: Fake) -> dict[str, Page]:
    from newsrepo.editions import site

    return {page.path: page for page in site.plan(fake.context())}


def rendered(page: Page, ctx: Context) -> bytes:
    blobs = ctx.commons.blobs
    return page.render({need: blobs[need] for need in page.needs})
