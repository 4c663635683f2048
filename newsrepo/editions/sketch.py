"""The opinion map of an edition: who has a say in it, and what it came to, remembered by content.

The map is drawn by those with a vote on the roll, one each, where four of them rate; else by whom the filter
trusts, as much as it does. Neither list can be lengthened by inventing contingents. Whoever has no say in it
is not on it, so nothing that they do changes a byte.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import msgspec
from msgspec import Struct, structs

from newsrepo.commons.model import RatingsView
from newsrepo.editions.context import Context, Library
from newsrepo.errors import UnableError
from newsrepo.filters import unheard
from newsrepo.ids import ArticleId, AxisId, ContingentId, Kind, RaterId
from newsrepo.location import Finding, Location, Severity
from newsrepo.records import types as t
from newsrepo.scores import opinion, trusted
from newsrepo.scores.opinion import (
    Apart,
    Chart,
    Counts,
    Options,
    Say,
    Spot,
    Verdict,
    Weight,
    by_roll,
    by_trust,
    needs,
)
from newsrepo.scores.opinion.wording import verdict_text

if TYPE_CHECKING:
    from newsrepo.commons.model import Spoken

NAMED = 12
"""How many works are kept as dividing each pair of groups, and as valued by all."""

ROLL = "statements/roll.yaml"


class _Ratings(RatingsView, Protocol):
    def stamp(self, contingents: frozenset[ContingentId], /) -> str: ...


@runtime_checkable
class _Keeper(Library, Protocol):
    """A commons that remembers what was worked out from it."""

    def kept(self, role: str, key: str, make: Callable[[], bytes], /) -> bytes: ...

    def record(self, path: str, /) -> t.Record | None: ...

    @property
    def ratings(self) -> _Ratings: ...


class Sketch(Struct, frozen=True):
    """A map as an edition shows it. ``chart`` is whole but for its raters, who are in ``spots``, packed:
    ``raters`` unpacks them, which only the page of the map needs; ``apart`` says how many of them are in no
    group and why. ``digest`` names all of it.

    ``dividing`` are the works on which groups differ most surely, ``valued`` those that every group rates
    above neutral whichever side it is on, each in that order, a work once. They need not be printed in the
    edition. Both are empty where there was too little data; of one pole nothing divides.
    """

    say: Say
    chart: Chart
    spots: bytes
    apart: tuple[tuple[str, int], ...]
    digest: bytes

    @property
    def raters(self) -> tuple[Spot, ...]:
        return _SPOTS.decode(self.spots)

    @property
    def dividing(self) -> tuple[ArticleId, ...]:
        pairs = [divide.works for divide in self.chart.divides]
        longest = max(map(len, pairs), default=0)
        found = [works[n].work for n in range(longest) for works in pairs if n < len(works)]
        return tuple(dict.fromkeys(found))

    @property
    def valued(self) -> tuple[ArticleId, ...]:
        return tuple(dict.fromkeys(bridge.seen.work for bridge in self.chart.bridges))


class Sketched(Struct, frozen=True):
    """The map of an edition, or why there is none: ``fault`` is then told to its publisher."""

    sketch: Sketch | None
    fault: UnableError | None = None


class _Said(Struct, frozen=True):
    """All that was said, as a digest whatever its order; how much that is, and how many said enough."""

    digest: str
    raters: int
    contingents: int
    works: int
    ratings: int
    ready: int
    ready_contingents: int


_SAID = msgspec.msgpack.Decoder(_Said)
_CHART = msgspec.msgpack.Decoder(tuple[Chart, bytes, tuple[tuple[str, int], ...]])
_SPOTS = msgspec.msgpack.Decoder(tuple[Spot, ...])
_pack = msgspec.msgpack.Encoder().encode


def sketched(ctx: Context) -> Sketched:
    """The map of this edition. There is none where nobody with a say rates, or where the extra ``map`` is
    not installed, though it would be needed."""
    commons = ctx.commons
    if not isinstance(commons, _Keeper):
        return Sketched(None)
    rating = frozenset(f[0].owner for f in commons.files.values() if f[0].kind is Kind.RATINGS)
    say = by_roll(_voters(ctx, commons), ctx.commons.contingents, rating) or by_trust(
        trusted(ctx.filter, ctx.commons.contingents), ctx.commons.contingents
    )
    heard = rating & (say.contingents.keys() | {ContingentId(r.partition("/")[0]) for r in say.raters})
    if not heard:
        return Sketched(None)
    works = _nameable(ctx)
    hidden = [work for work in ctx.commons.works if work not in works]
    axes = ctx.commons.axes
    facts = repr((_method(), _terms(say), hidden, sorted(axes.items()), NAMED))
    asked = hashlib.blake2b(facts.encode(), digest_size=20).hexdigest()
    # Any new article changes the stamp, but hardly any changes what was said of the others. A new version of
    # one changes not even that.
    said = _SAID.decode(
        commons.kept(
            "listened",
            f"{commons.ratings.stamp(heard)} {asked}",
            lambda: _pack(_listened(say.of(commons.ratings.spoken()), works)),
        )
    )
    options = Options(weight=Weight.CONTINGENT, say=say, named=NAMED)

    def draw() -> bytes:
        scarce = _scarce(said, tuple(sorted(axes)))
        return _drawn(scarce or opinion.chart(commons.ratings.spoken(), works, axes, options))

    try:
        data = commons.kept("opinion", f"{said.digest} {asked}", draw)
    except UnableError as error:
        return Sketched(None, error)
    chart, spots, apart = _CHART.decode(data)
    return Sketched(Sketch(say, chart, spots, apart, hashlib.blake2b(data, digest_size=20).digest()))


def told(ctx: Context, found: Sketched) -> tuple[Finding, ...]:
    """What a publisher should know of the map before its readers do."""
    if found.fault is None:
        return ()
    return (
        Finding(
            "no-opinion-map",
            Location(f"filters/{ctx.filter_id}.yaml"),
            f"the edition has no opinion map: {found.fault.message}",
            found.fault.hint,
            Severity.WARNING,
        ),
    )


@cache
def tools() -> tuple[str, ...]:
    """What maps are made with: their places are rounded so that versions of these seldom differ."""
    return tuple(f"{name} {_version(name)}" for name in ("numpy", "scipy"))


def _drawn(chart: Chart) -> bytes:
    apart = [(why.value, sum(spot.apart is why for spot in chart.raters)) for why in Apart]
    some = [(why, count) for why, count in apart if count]
    return _pack((structs.replace(chart, raters=()), _pack(chart.raters), some))


def _voters(ctx: Context, commons: _Keeper) -> tuple[str, ...]:
    """Who is on the roll: the one in force where votes were counted, else the one in view."""
    roll = ctx.assembly.chain.in_force.roll if ctx.assembly else commons.record(ROLL)
    return tuple(voter.voter for voter in roll.voters) if isinstance(roll, t.Roll) else ()


def _nameable(ctx: Context) -> dict[ArticleId, None]:
    """The works that a map may be drawn of on the edition's day: it names them."""
    silent = unheard(ctx.commons)
    return {
        name: None
        for name, work in ctx.commons.works.items()
        if work.status is t.Status.USABLE and work.date.day <= ctx.today and name not in silent
    }


def _terms(say: Say) -> object:
    return (
        say.whose.value,
        *(sorted(part.items()) for part in (say.contingents, say.raters, say.through, say.limits)),
    )


def _listened(spoken: "Iterable[tuple[RaterId, Spoken]]", works: Mapping[ArticleId, None]) -> _Said:
    rows: list[tuple[RaterId, bytes]] = []
    seen: set[ArticleId] = set()
    ready: list[RaterId] = []
    total = 0
    for rater, said in spoken:
        mine = sorted(f"{work} {axis} {value}" for work, axis, value, _ in said if work in works)
        if mine:
            total += len(mine)
            seen.update(work for work, *_ in said)
            rows.append((rater, hashlib.blake2b("\n".join(mine).encode(), digest_size=20).digest()))
            if len(mine) >= Options().least:
                ready.append(rater)
    whole = hashlib.blake2b(digest_size=20)
    for rater, digest in sorted(rows):
        whole.update(b"%s\n%s" % (rater.encode(), digest))
    return _Said(
        whole.hexdigest(),
        len(rows),
        len(_homes(rater for rater, _ in rows)),
        len(seen & works.keys()),
        total,
        len(ready),
        len(_homes(ready)),
    )


def _homes(raters: Iterable[RaterId]) -> set[str]:
    return {rater.partition("/")[0] for rater in raters}


def _scarce(said: _Said, axes: tuple[AxisId, ...]) -> Chart | None:
    """The answer where it is plain without a calculation that there is too little."""
    missing = needs.lacking(Weight.CONTINGENT, said.ready, said.ready_contingents, needs.COLUMNS)
    if not missing:
        return None
    counts = Counts(said.raters, said.contingents, said.works, said.ratings, 0, 0, 0, 0)
    text = verdict_text(None, Weight.CONTINGENT, counts, None, 0)
    return Chart(axes, Weight.CONTINGENT, Verdict(None, text, missing), counts)


@cache
def _method() -> bytes:
    """Digest of the program's part in a map, and of the libraries'."""
    whole = hashlib.blake2b(digest_size=16)
    for path in sorted(Path(opinion.__file__).parent.glob("*.py")):
        data = path.read_bytes()
        whole.update(b"%s\x00%d\x00%s" % (path.name.encode(), len(data), data))
    whole.update(repr(tools()).encode())
    return whole.digest()


def _version(name: str) -> str:
    """The version of an installed distribution, read from its first lines: parsing all of them takes longer
    than planning a thousand pages."""
    try:
        found = re.search(r"^Version: (\S+)$", distribution(name).read_text("METADATA") or "", re.MULTILINE)
    except PackageNotFoundError:
        found = None
    return found[1] if found else "none"
