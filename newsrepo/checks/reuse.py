"""``uncredited-reuse``: passages that stand in two contingents' texts, with no credit between these."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from newsrepo.checks.memory import program
from newsrepo.checks.model import Commons, Fault, Rule, Scope
from newsrepo.commons.model import Work
from newsrepo.credit import winnowing
from newsrepo.credit.folding import folded
from newsrepo.credit.origin import By, origin
from newsrepo.credit.reuse import Found, Reuse, reuses
from newsrepo.errors import UnableError
from newsrepo.ids import ArticleId, Kind, Oid, owner
from newsrepo.location import Location, Severity
from newsrepo.records import body_text, path_of, split
from newsrepo.records import types as t
from newsrepo.records.text import MAX_TEXT, line_col

SHOWN = 3
"""How many passages of a pair are told with their places."""

EXCERPT = 120
"""How many characters of a passage are shown."""

MOSTLY = 50
"""From what share in percent on a text is called a rewrite of the other."""

_found = msgspec.msgpack.Decoder(Found)


def _find(scope: Scope) -> Iterator[Fault]:
    found = search(scope)
    works = scope.commons.works
    for pair in found.pairs:
        one, other = works[pair.one.work], works[pair.other.work]
        if not (scope.wants(one.path) or scope.wants(other.path)):
            continue
        sourced = (
            _is_sourced(scope, one, [passage.one for passage in pair.passages]),
            _is_sourced(scope, other, [passage.other for passage in pair.passages]),
        )
        if not all(sourced):
            yield _Told(scope, pair, one, other, sourced).fault()
    for first, second, count in found.left:
        yield Fault(
            f"contingents/{second}.yaml",
            f"{count} more {'pair' if count == 1 else 'pairs'} of works of {first} and {second} may share "
            f"passages, and {'was' if count == 1 else 'were'} not compared: there are too many",
            "mend those that are told, and check again",
            severity=Severity.NOTE,
        )


def search(scope: Scope) -> Found:
    """All uncredited reuse in view, as the index remembers it or found anew."""
    # Whose text is withdrawn offers it to nobody any more.
    works = {id_: work for id_, work in scope.commons.works.items() if work.status is not t.Status.WITHDRAWN}
    if len({work.owner for work in works.values()}) < 2:
        return Found((), ())
    name = f"reuse {program()}"
    answer = scope.commons.remembered(name, lambda: msgspec.msgpack.encode(_all(scope, works)))
    return _found.decode(answer)


def _all(scope: Scope, works: Mapping[ArticleId, Work]) -> Found:
    versions = [work.version for work in works.values()]
    kept = scope.commons.prints(f"winnowing {winnowing.SCHEME}", versions, winnowing.fingerprints)
    prints = {id_: winnowing.unpack(kept[work.version]) for id_, work in works.items()}
    # Credit may lead through a withdrawn work all the same.
    return reuses(scope.commons.works, prints, scope.cited, _Bodies(scope.commons))


def _is_sourced(scope: Scope, work: Work, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether all these passages stand in texts that the work credits and keeps.

    Then they are not the other's, even where the article that is credited is no longer in view. It must have
    been there, though: whoever copies could make up a source.
    """
    commons = scope.commons
    seen = {
        Oid(source.version)
        for source in work.based_on
        if (article := ArticleId(source.article)) in commons.works
        or commons.stood(owner(article), path_of(Kind.ARTICLE, article))
    }
    kept = sorted(scope.kept(work.id) & seen)
    if not kept:
        return False
    bodies = _Bodies(scope.commons)
    sources = [f" {folded(body)} " for body in bodies(kept).values()]
    body = bodies([work.version]).get(work.version, "")
    passages = [f" {folded(body[slice(*span)])} " for span in spans]
    return all(any(passage in source for source in sources) for passage in passages)


class _Bodies:
    """The bodies of Markdown files; those that cannot be read are left out."""

    def __init__(self, commons: Commons) -> None:
        self._snapshot = commons.snapshot

    def __call__(self, oids: Sequence[Oid]) -> dict[Oid, str]:
        found = {}
        for oid in oids:
            try:
                (blob,) = self._snapshot.read([oid], MAX_TEXT)
            except UnableError:
                continue  # an old revision that this clone does not have
            body = body_text(blob.data) if blob.data is not None else None
            if body is not None:
                found[oid] = body
        return found


class _Told:
    """One pair in words: the finding stands in the work that likely had the passages later.

    ``sourced`` says of each whether it has them from a text that it credits: then it stands in the other.
    """

    def __init__(
        self, scope: Scope, pair: Reuse, one: Work, other: Work, sourced: tuple[bool, bool] = (False, False)
    ) -> None:
        self._snapshot = scope.commons.snapshot
        self._pair = pair
        self._origin = origin(pair, one, other, scope.past, _Bodies(scope.commons))
        if any(sourced):
            self._origin = replace(self._origin, by=By.CREDIT, one_first=sourced[0])
        passages = sorted(pair.passages, key=lambda passage: (-passage.words, passage.one))
        if self._origin.one_first:
            self._here, self._there = (pair.other, other), (pair.one, one)
            self._spans = [(passage.other, passage.one) for passage in passages]
        else:
            self._here, self._there = (pair.one, one), (pair.other, other)
            self._spans = [(passage.one, passage.other) for passage in passages]

    def fault(self) -> Fault:
        (side, work), (_, source) = self._here, self._there
        here, there = self._place(work), self._place(source)
        places = [(here.of(mine[0]), there.of(theirs[0])) for mine, theirs in self._spans[:SHOWN]]
        line, col = places[0][0].line, places[0][0].col
        share = 100 * side.shared // side.words
        count = f"{side.shared} words ({share} % of this text)"
        told = f"{count} stand word for word in {source.id} too, and neither credits the other"
        if self._pair.cut:
            told = f"at least {told}"
        message = f"{told}: {_excerpt(here.body[slice(*self._spans[0][0])])}; there at {places[0][1]}"
        for mine, theirs in places[1:]:
            message += f"; {mine.line}:{mine.col} is there at {theirs}"
        if len(self._spans) > SHOWN:
            message += f"; and {len(self._spans) - SHOWN} more passages"
        return Fault(
            work.path,
            f"{message}. {self._likely()}",
            _mend(work, source, share),
            line=line,
            col=col,
            severity=Severity.WARNING,
        )

    def _place(self, work: Work) -> "_Place":
        (blob,) = self._snapshot.read([work.version], MAX_TEXT)
        return _Place(work, blob.data or b"")

    def _likely(self) -> str:
        found, source = self._origin, self._there[1].id
        first, then = found.one_since, found.other_since
        if not found.one_first:
            first, then = then, first
        if found.by is By.HISTORY:
            here = f"here since {_day(then)}" if then else "here in no commit yet"
            return f"Likely {source} had it first: in the history at hand since {_day(first)}, {here}"
        if found.by is By.DATES:
            return f"Who had it first is not known; by the dates that the two state, {source}"
        if found.by is By.CREDIT:
            return f"{source} has it from a text that it credits and keeps"
        return "Who had it first is not known"


class _Place:
    """Turns places in the body of a work into places in its file."""

    def __init__(self, work: Work, data: bytes) -> None:
        self._work = work
        self.body = body_text(data) or ""
        halves = split(data)
        self._raw = halves.body.decode("utf-8", "replace") if halves else ""
        self._line = halves.line if halves else 1
        self._lead = len(self._raw) - len(self._raw.lstrip("\n"))

    def of(self, offset: int) -> Location:
        line, col = line_col(self._raw, self._lead + offset)
        return Location(self._work.path, self._line + line - 1, col, self._work.source)


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return repr(words if len(words) <= EXCERPT else f"{words[: EXCERPT - 1]}…")


def _day(seconds: int) -> str:
    """The UTC day of a commit, whose date may be anything that fits into git."""
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):
        return f"second {seconds}"


def _mend(work: Work, source: Work, share: int) -> str:
    """The lines of front matter that would credit the source."""
    relation = t.Relation.REWRITE if share >= MOSTLY and work.parent is None else t.Relation.QUOTE
    head = "to the list" if work.based_on else "to the front matter, under"
    return (
        f"if it comes from there, add {head} `based_on`, with the relation that it is:\n"
        f"  - article: {source.id}\n"
        f"    version: {source.version}\n"
        f"    relation: {relation.value}\n"
        f"and keep that text as sources/{source.version}.md; or mark the passage as a quotation and link to "
        f"article:{source.id}"
    )


RULE = Rule(
    "uncredited-reuse", "Two contingents' texts share a passage, and neither credits the other.", _find
)
