"""What the commons looks like from above: small frozen values that filters, checks and editions read.

Everything here is derived from files by ``newsrepo.commons`` and never written by hand. Texts (bodies) are
not held; they are read by object id when a page needs them.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from msgspec import Struct

from newsrepo.ids import ArticleId, AxisId, ContingentId, FilterId, Oid, RaterId
from newsrepo.records import types as t
from newsrepo.records.scalars import Moment


class Work(Struct, frozen=True, array_like=True):
    """One article as it stands now. ``version`` is the blob id of its ``index.md``.

    (Encoded as an array because the index unpacks ten thousand of them at a time.)
    """

    id: ArticleId
    version: Oid
    path: str
    source: str
    title: str
    date: Moment
    lang: str
    summary: str
    topics: tuple[str, ...]
    places: tuple[str, ...]
    authors: tuple[t.Author, ...]
    license: str
    status: t.Status
    based_on: tuple[t.Derivation, ...]
    words: int
    links: tuple[ArticleId, ...] = ()
    """Articles that the body links to (``records.markup.article_links``), in order of first appearance."""
    media: tuple[t.Media, ...] = ()
    """The pictures and other media of the front matter, as written there."""
    credits: tuple[t.Credit, ...] = ()
    """The outside sources that the front matter credits."""

    @property
    def owner(self) -> ContingentId:
        return ContingentId(self.id.partition("/")[0])

    @property
    def parent(self) -> t.Derivation | None:
        """The one source whose story this work belongs to, if any."""
        return next((d for d in self.based_on if d.relation.is_parent), None)


class Remark(Struct, frozen=True):
    """One comment as it stands now, without its body. ``links`` are the articles that this links to."""

    id: str
    version: Oid
    path: str
    source: str
    comment: t.Comment
    links: tuple[ArticleId, ...] = ()


class Standing(Struct, frozen=True):
    """What one contingent's raters together say of one work on one axis.

    ``mean`` is the mean of its raters' latest values in millionths, rounded half to even; ``raters`` is how
    many they are. ``carried`` means that they rated other versions of the work only, none the current one.
    """

    work: ArticleId
    contingent: ContingentId
    mean: int
    raters: int
    carried: bool


class Given(Struct, frozen=True):
    """One rater's counting rating of one work on one axis, with the place it was read from."""

    work: ArticleId
    version: Oid
    rater: RaterId
    axis: AxisId
    value: int
    day: date
    note: str
    path: str
    source: str = ""
    """The ref that it was read from; empty for the working tree."""


Spoken = list[tuple[ArticleId, AxisId, int, int]]
"""What one rater says: work, axis, value, and the day as a proleptic ordinal."""


class RatingsView(Protocol):
    """The ratings that count: of each rater and version the latest, ties broken by the larger blob id.

    A later rating replaces the earlier one whole, also on axes of which it says nothing. Values on axes that
    nobody declared, or outside an axis' range, count for nothing. Ratings of works not in view are left out.
    """

    def standings(self, axis: AxisId, contingents: frozenset[ContingentId] | None) -> Iterable[Standing]:
        """Every standing on ``axis`` of the given contingents (None: all), in no stated order."""
        ...

    def standings_without(
        self, axis: AxisId, contingents: frozenset[ContingentId], raters: frozenset[RaterId]
    ) -> Iterable[Standing]:
        """The standings of these contingents as they would be if ``raters`` had never rated, in no stated
        order: where only they rated the current version, what the others said of other versions is carried.
        """
        ...

    def sums(
        self, axis: AxisId, weights: Mapping[ContingentId, int], carry: int
    ) -> Iterable[tuple[ArticleId, int, int, int, int]]:
        """For each work that a contingent with a weight rated on ``axis``: the work, the sum of weights, the
        sum of weight times mean, and how many raters and contingents these are; in order of id.

        ``weights`` and ``carry`` are in millionths, the weights from 0 to a million, as exact integers; the
        sum of weights comes in 10**-12 (a carried standing weighs ``weight * carry``, any other ``weight *
        10**6``), and that of weight times mean in 10**-18. Weights of nothing take no part. This is
        ``standings`` added up, for speed.
        """
        ...

    def rater_standings(self, axis: AxisId, raters: frozenset[RaterId]) -> Iterable[tuple[RaterId, Standing]]:
        """What single raters say of each work in view, each as if alone in a contingent; in order of rater,
        then work."""
        ...

    def of_raters(self, axis: AxisId, raters: frozenset[RaterId]) -> Iterable[Given]:
        """The counting ratings on ``axis`` that single raters gave, of every version of a work in view; in
        order of rater, work, day, version."""
        ...

    def spoken(self) -> Iterable[tuple[RaterId, Spoken]]:
        """Rater by rater, in order of id within each contingent, what each says of every work in view on
        every axis: of the current version, or else the latest of any other; each work and axis once, in no
        stated order.
        """
        ...

    def given(self, work: ArticleId) -> tuple[Given, ...]:
        """Every counting rating of one work, whatever the version; in order of axis, rater, day, version."""
        ...


class CommonsView(Protocol):
    """The commons as read from one snapshot: what the pure floors may ask."""

    @property
    def key(self) -> str:
        """Equal keys mean equal content, whatever the machine."""
        ...

    @property
    def charter(self) -> t.Charter: ...

    @property
    def axes(self) -> Mapping[AxisId, t.Axis]:
        """Common axes by bare name, contingents' own as ``abc/line``."""
        ...

    @property
    def contingents(self) -> Mapping[ContingentId, t.Contingent]: ...

    @property
    def filters(self) -> Mapping[FilterId, t.Filter]: ...

    @property
    def works(self) -> Mapping[ArticleId, Work]:
        """All readable works, of any status, in order of id."""
        ...

    @property
    def remarks(self) -> tuple[Remark, ...]: ...

    @property
    def ratings(self) -> RatingsView: ...

    def search(self, words: str, *, phrase: bool) -> frozenset[ArticleId]:
        """The works whose title, summary or text hold the word, or the words in this order."""
        ...
