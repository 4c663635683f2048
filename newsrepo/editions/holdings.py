"""What one edition holds: which works get a page, under which names they are listed, and their digests.

Everything that a page shows and that is not in the file it is made from goes through here, so that page
keys can name it. Digests are of short texts: ten thousand of them must cost next to nothing.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from newsrepo.commons.model import Standing, Work
from newsrepo.editions import names
from newsrepo.editions.context import Context
from newsrepo.editions.parts import (
    CODE,
    LEAD,
    OTHER,
    SHOWN,
    TOMBSTONE,
    VERSION,
    LogoFile,
    MediaFile,
    Named,
    Place,
    Rating,
    SectionLink,
    Verdict,
    digest,
)
from newsrepo.editions.rooms import rooms
from newsrepo.editions.talk import Talks
from newsrepo.editions.theme import Theme
from newsrepo.filters import logo_fault, unheard
from newsrepo.filters.gate import Signed, guard, speaks
from newsrepo.ids import ArticleId, AxisId, ContingentId, RaterId
from newsrepo.records import types as t
from newsrepo.records.media import FORMAT_OF_ENDING, MAX_PIXELS
from newsrepo.scores import trusted

if TYPE_CHECKING:
    from newsrepo.editions.sketch import Sketch


class Holdings:
    """What stands in one edition and where; answers from the index alone, without reading a text."""

    def __init__(self, ctx: Context, theme: Theme) -> None:
        self.ctx = ctx
        self.theme = theme
        self._facts: dict[ArticleId, bytes] = {}
        self._signed: dict[str, str] = {}
        self._gate = guard(ctx.commons)
        self._unheard = unheard(ctx.commons)
        self.works = ctx.commons.works
        self.settings = ctx.filter.edition
        charter = ctx.commons.charter
        self.title = self.settings.title or ctx.filter.title
        self.about = self.settings.about or ctx.filter.about or ""
        self.lang = self.settings.lang or charter.lang
        self.dir = names.direction(self.lang)
        self.url = f"{self.settings.url.rstrip('/')}/" if self.settings.url else ""
        self.commons_name = ctx.assembly.chain.in_force.charter.name if ctx.assembly else charter.name
        """What the commons is called when it speaks: by the charter in force, whatever a branch's says."""
        self.has_statements = ctx.assembly is not None and bool(ctx.assembly.put)
        self.feeds = t.Format.FEEDS in self.settings.formats
        self.owner = ctx.owner
        self.signature = self.signed(ctx.owner)
        self.places = self._places()
        self.pages = tuple(sorted(self.places))
        self.listed = tuple(
            sorted(
                (a for a, place in self.places.items() if place.role in (LEAD, OTHER)),
                key=lambda a: (self.works[a].date.at, a),
            )
        )
        """The selected works that are printed, oldest first."""
        self.motto = self.harmless(self.settings.theme.motto or "", "")
        self.logo = self._logo()
        self.has_challenges = ctx.ledger is not None and bool(ctx.ledger.questions)
        self.has_search = (
            ctx.finder is not None and t.Format.SEARCH in self.settings.formats and bool(self.listed)
        )
        self.has_paper = ctx.paper is not None and bool(ctx.paper.pdf)
        self.rooms = rooms(self)
        """The pages that every page leads to; see ``rooms`` for how to add one."""
        self.base = digest(CODE, theme.digest, self._chrome_facts())

    def _chrome_facts(self) -> bytes:
        charter = self.ctx.commons.charter
        facts = (
            self.title, self.about, self.lang, self.url, self.feeds, self.owner, self.signature,
            charter.name, charter.home, self.ctx.filter_id, self.ctx.filter.title, self.ctx.filter.select,
            self.settings.theme.masthead.value, self.motto, self.logo,
            tuple(s.title for s in self.settings.sections), self.rooms,
            self.commons_name,
        )  # fmt: skip
        return repr(facts).encode()

    def _places(self) -> dict[ArticleId, Place]:
        places: dict[ArticleId, Place] = {}
        stories, today = self.ctx.stories, self.ctx.today
        for item in self.ctx.selection.items:
            for work_id in stories.members(stories.root_of(item.work)):
                work = self.works[work_id]
                if work.date.day > today or work.status is t.Status.WITHHELD or self.usurps(work):
                    continue
                if work.status is t.Status.WITHDRAWN:
                    places.setdefault(work_id, Place(TOMBSTONE, item))
                else:
                    places.setdefault(work_id, Place(VERSION, item))
            for work_id in item.others:
                places[work_id] = Place(OTHER, item)
        # A story that two items print (which no selection should do) keeps every lead a lead.
        for item in self.ctx.selection.items:
            places[item.work] = Place(LEAD, item)
        return places

    # --- names -------------------------------------------------------------------------------------

    def name_of(self, contingent: str) -> str:
        """A contingent's own name, or its id while nobody vouches for a name."""
        known = self.ctx.commons.contingents.get(ContingentId(contingent))
        return self.harmless(known.name, contingent) if known else contingent

    def usurps(self, work: Signed) -> bool:
        """Whether a text's title or byline could be taken for the name of the commons."""
        if isinstance(work, Work):
            return work.id in self._unheard
        return self._gate is not None and speaks(self._gate, work)

    def harmless(self, text: str, otherwise: str) -> str:
        """``text``, unless it could be taken for the name of the commons: then what stands in its place."""
        return otherwise if self._gate is not None and self._gate.takes(text) else text

    def signed(self, contingent: str) -> str:
        """The signature line that everything a contingent publishes carries."""
        line = self._signed.get(contingent)
        if line is None:
            commons = self.ctx.commons.charter.name
            line = self._signed[contingent] = names.signature(self.name_of(contingent), commons)
        return line

    def title_of(self, work_id: ArticleId) -> str:
        """What a work that may not be in the edition is called here: its id, if it is unknown or withheld, or
        if it could be taken for a word of the whole commons."""
        work = self.works.get(work_id)
        hidden = work is None or work.status is t.Status.WITHHELD or self.usurps(work)
        return work_id if work is None or hidden else work.title

    def has_contingent(self, contingent: str) -> bool:
        return contingent in self.ctx.commons.contingents

    def signs(self, contingent: str) -> str:
        """What a signature line shows of a contingent, for a key."""
        known = self._signs.get(contingent)
        return known if known is not None else repr((contingent, False))

    @cached_property
    def _signs(self) -> dict[str, str]:
        return {c: repr((record.name, True)) for c, record in self.ctx.commons.contingents.items()}

    def contingent_href(self, contingent: str) -> str:
        known = self.has_contingent(contingent)
        return names.contingent_page(contingent) if known else "contingents/index.html"

    @cached_property
    def topics(self) -> dict[str, list[ArticleId]]:
        """Listed works by topic, oldest first."""
        found: dict[str, list[ArticleId]] = {}
        for work_id in self.listed:
            for topic in dict.fromkeys(self.works[work_id].topics):
                found.setdefault(topic, []).append(work_id)
        return found

    @cached_property
    def place_names(self) -> dict[str, tuple[str, list[ArticleId]]]:
        """Listed works by the slug of a place, with the name as first written."""
        return self._by_slug((work_id, self.works[work_id].places) for work_id in self.listed)

    @cached_property
    def authors(self) -> dict[str, tuple[str, list[ArticleId]]]:
        """Listed works by the slug of an author's name, with the name as first written."""
        return self._by_slug(
            (work_id, (a.name for a in self.works[work_id].authors)) for work_id in self.listed
        )

    @staticmethod
    def _by_slug(
        pairs: Iterable[tuple[ArticleId, Iterable[str]]],
    ) -> dict[str, tuple[str, list[ArticleId]]]:
        found: dict[str, tuple[str, list[ArticleId]]] = {}
        slugs: dict[str, str] = {}
        for work_id, written in pairs:
            for name in written:
                slug = slugs.get(name)
                if slug is None:
                    slug = slugs[name] = names.slug(name)
                entry = found.setdefault(slug, (name, []))
                if not entry[1] or entry[1][-1] != work_id:
                    entry[1].append(work_id)
        return found

    @cached_property
    def months(self) -> dict[tuple[int, int], list[ArticleId]]:
        """Listed works by year and month, oldest first."""
        found: dict[tuple[int, int], list[ArticleId]] = {}
        for work_id in self.listed:
            day = self.works[work_id].date.day
            found.setdefault((day.year, day.month), []).append(work_id)
        return found

    @cached_property
    def by_contingent(self) -> dict[ContingentId, list[ArticleId]]:
        """Listed works by their owner, oldest first."""
        found: dict[ContingentId, list[ArticleId]] = {}
        for work_id in self.listed:
            found.setdefault(self.works[work_id].owner, []).append(work_id)
        return found

    @cached_property
    def sections(self) -> tuple[SectionLink, ...]:
        """The filter's sections, each with its page."""
        taken: set[str] = set()
        links = []
        for number, section in enumerate(self.settings.sections, 1):
            slug = names.slug(section.title)
            slug = slug if slug not in taken else f"{slug}-{number}"
            taken.add(slug)
            links.append(SectionLink(section.title, f"sections/{slug}.html"))
        return tuple(links)

    @property
    def opinion(self) -> "Sketch | None":
        """The opinion map; None where nobody rates who has a say in it, or the extra ``map`` is missing.

        ``edition.opinion.dividing`` are the works that its groups differ on most surely, ``.valued`` those
        that all groups rate well, both in that order; either may be empty, and may name works that have no
        page here (see ``pages``). ``.digest`` names all that the map says, for the key of a page that shows
        any of it. The map's own page is ``opinion/index.html``.
        """
        return self.ctx.sketched.sketch

    # --- facts about one work ----------------------------------------------------------------------

    @cached_property
    def ratings(self) -> dict[ArticleId, tuple[Verdict, ...]]:
        """What the contingents that the filter listens to say of works that have a page, by contingent."""
        voices = self.ctx.voices
        if voices is None:
            voices = frozenset(ContingentId(key.partition("/")[0]) for key in self.ctx.filter.trust)
        found: dict[ArticleId, dict[str, list[Rating | None]]] = {}
        for column, axis in enumerate(self.axes):
            for speaker, standing in self._heard(axis, voices):
                if standing.work not in self.places:
                    continue
                rows = found.setdefault(standing.work, {})
                row = rows.get(speaker)
                if row is None:
                    row = rows[speaker] = [None] * len(self.axes)
                row[column] = (standing.mean, standing.raters, standing.carried)
        return {
            work: tuple([Verdict(speaker, tuple(rows[speaker])) for speaker in sorted(rows)])
            for work, rows in found.items()
        }

    def _heard(self, axis: AxisId, voices: frozenset[ContingentId]) -> Iterator[tuple[str, Standing]]:
        """Who says what on an axis, as the score counts it: a rater whom the filter names speaks apart."""
        ratings, trust = self.ctx.commons.ratings, self.ctx.filter.trust
        named = frozenset(RaterId(key) for key in trust if "/" in key)
        apart = frozenset(ContingentId(rater.partition("/")[0]) for rater in named)
        for standing in ratings.standings(axis, voices - apart):
            yield standing.contingent, standing
        if named:
            rest = apart & voices & {ContingentId(key) for key in trust}
            for standing in ratings.standings_without(axis, rest, named):
                yield standing.contingent, standing
            heard = frozenset(rater for rater in named if trust[rater].millionths)
            for rater, standing in ratings.rater_standings(axis, heard):
                yield rater, standing

    @cached_property
    def axes(self) -> tuple[AxisId, ...]:
        """The axes that the filter speaks of, common ones first."""
        known = self.ctx.commons.axes
        return tuple(
            sorted((a for a in self.ctx.selection.scores if a in known), key=lambda a: ("/" in a, a))
        )

    @cached_property
    def axis_facts(self) -> tuple[tuple[object, ...], ...]:
        """What the score tables say of the axes themselves."""
        known = self.ctx.commons.axes
        return tuple((axis, known[axis].title, known[axis].min, known[axis].max) for axis in self.axes)

    @cached_property
    def article_base(self) -> bytes:
        """The part of an article page's key that all of them share."""
        trust = [(who, *told) for who, told in sorted(self.trust.items())]
        return digest(self.base, b"article", repr((self.axis_facts, trust)).encode())

    @cached_property
    def trust(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """How much each voice counts in a score, as a decimal, and through whose vouching, by name."""
        trust = trusted(self.ctx.filter, self.ctx.commons.contingents)
        found: dict[str, tuple[str, tuple[str, ...]]] = {
            single.rater: (names.weight_text(single.weight), ()) for single in trust.singles
        }
        for voice in (*trust.direct, *trust.inherited):
            found[voice.contingent] = names.weight_text(voice.weight), tuple(map(self.name_of, voice.via))
        return found

    @cached_property
    def talks(self) -> Talks:
        """What is said of works and other records, and what of it stands beneath them."""
        return Talks(self.ctx)

    @cached_property
    def media(self) -> dict[ArticleId, tuple[MediaFile, ...]]:
        """The files that each page may show: listed, there, whole, not too large, of the kind they claim."""
        found: dict[ArticleId, tuple[MediaFile, ...]] = {}
        for work_id in self.pages:
            work = self.works[work_id]
            if work.media and self.places[work_id].role != TOMBSTONE:
                files = tuple(self._media_of(work))
                if files:
                    found[work_id] = files
        return found

    def _media_of(self, work: Work) -> Iterable[MediaFile]:
        folder = work.path.rpartition("/")[0]
        limit = self.ctx.commons.charter.media_limit
        seen: set[str] = set()
        for entry in work.media:
            for name, sha256 in ((entry.file, entry.sha256), (entry.poster, None)):
                if name is None or name in seen:
                    continue
                seen.add(name)
                path = f"{folder}/{name}"
                known = self.ctx.commons.files.get(path)
                facts = self.ctx.commons.media(path) if known else None
                if known is None or facts is None or (sha256 is not None and facts.sha256 != sha256):
                    continue
                # What `check` refuses is not printed either: no reader should have to load it.
                if known[2] > limit or facts.width * facts.height > MAX_PIXELS:
                    continue
                kind = SHOWN.get(facts.format)
                if kind and FORMAT_OF_ENDING.get(name.rpartition(".")[2]) == facts.format:
                    yield MediaFile(name, known[1], kind, facts.width, facts.height)

    def _logo(self) -> LogoFile | None:
        """The theme's logo, if the edition may print it and its bytes are the pinned ones."""
        logo = self.settings.theme.logo
        if logo is None or logo_fault(self.ctx.commons, self.owner, logo)[0]:
            return None
        path = f"articles/{logo.article}/{logo.file}"
        known = self.ctx.commons.files.get(path)
        facts = self.ctx.commons.media(path) if known else None
        ending = logo.file.rpartition(".")[2]
        if known is None or facts is None or facts.sha256 != logo.sha256:
            return None
        if SHOWN.get(facts.format) != "image" or FORMAT_OF_ENDING.get(ending) != facts.format:
            return None
        return LogoFile(f"logo.{ending}", known[1], facts.width, facts.height)

    def facts_of(self, work_id: ArticleId) -> bytes:
        """Everything that a listed entry shows of a work, as bytes for a key. Holds no line feed."""
        made = self._facts.get(work_id)
        if made is None:
            owner = self.signs(work_id.partition("/")[0])
            made = self._facts[work_id] = f"{work_id}@{self.works[work_id].version}{owner}".encode()
        return made

    def list_facts(self, works: Iterable[ArticleId]) -> bytes:
        """The facts of several works, one a line."""
        return b"\n".join([self.facts_of(work) for work in works])

    def author_links(self, work: Work) -> tuple[Named, ...]:
        known = self.authors
        return tuple(
            Named(author.name, f"authors/{slug}.html" if (slug := names.slug(author.name)) in known else "")
            for author in work.authors
        )
