"""``versions``: the works of a story, and of each its revisions: who, when, what changed, how rated."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec

from newsrepo.commons.model import Given, Work
from newsrepo.gitstore.history import Revision
from newsrepo.ids import ArticleId, Oid, owner
from newsrepo.porcelain.cited import Text, Versions, known
from newsrepo.porcelain.diff import fields
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t

if TYPE_CHECKING:
    from newsrepo.commons import Commons
    from newsrepo.credit import Stories


class Change(msgspec.Struct, frozen=True):
    """A short statistic of what one text made of another: words, passages, and fields that differ."""

    words_dropped: int
    words_added: int
    passages: int
    fields: tuple[str, ...]


class Rated(msgspec.Struct, frozen=True):
    """How one version was rated on one axis: the mean of contingents' means, and how many stand behind."""

    axis: str
    mean: Fraction
    raters: int
    contingents: int


class Revised(msgspec.Struct, frozen=True):
    """One text of a work. ``version`` is empty where it was removed, ``commit`` where it is no commit yet.

    ``change`` is against the revision before it (of the first, against the source); None where one of the two
    is not in view. ``cut``: a shallow clone's history ends here, so there may be earlier ones. ``named_by``:
    the record that names a version which the history at hand does not have. ``in_view``: its text is at hand.
    """

    version: str
    commit: str
    committed: int
    author: str
    change: Change | None
    rated: tuple[Rated, ...]
    current: bool
    cut: bool
    named_by: str = ""
    in_view: bool = True


class WorkVersions(msgspec.Struct, frozen=True):
    """One work of the story. ``depth`` counts derivations from the root; ``source`` is what it derives from.

    ``behind``: its source has another text now than the one that it is based on. ``ref`` is the ref that
    speaks for it, empty for what is checked out here; ``whole``: its owner's history is all at hand.
    """

    id: ArticleId
    title: str
    lang: str
    status: str
    depth: int
    source: t.Derivation | None
    behind: bool
    revisions: tuple[Revised, ...]
    ref: str = ""
    whole: bool = True


class Story(msgspec.Struct, frozen=True):
    """All versions of a story, each work after what it is based on. ``shallow``: history is cut off."""

    root: ArticleId
    works: tuple[WorkVersions, ...]
    shallow: bool

    @property
    def whole(self) -> bool:
        """Whether there can be no version that this clone does not know of, as long as nobody rewrote one."""
        return all(work.whole for work in self.works)


def versions(work: Workspace, what: str, *, at: str = "") -> Story:
    """The story that the article ``what`` belongs to. Raises UsageError when there never was one."""
    from newsrepo.credit import stories

    view = work.commons(work.snapshot(at=at))
    asked = known(work, view, what.partition("@")[0])
    if asked.article not in view.works:
        if not asked.revisions and not asked.named:
            asked.full("")  # says that it is not there, or goes on with a text that holds faults
        alone = _gone(view, asked)
        return Story(asked.article, (alone,), bool(asked.cut))
    told = stories(view.works)
    root = told.root_of(asked.article)
    pasts = [(Versions(work, view, id_), depth) for id_, depth in _tree(view, told, root)]
    works = tuple(_work(view, view.works[past.article], depth, past) for past, depth in pasts)
    return Story(root, works, any(past.cut for past, _ in pasts))


def _tree(view: "Commons", told: "Stories", root: ArticleId) -> Iterator[tuple[ArticleId, int]]:
    waiting = [(root, 0)]
    while waiting:
        here, depth = waiting.pop()
        yield here, depth
        children = sorted(told.children(here), key=lambda w: (view.works[w].date.at, w), reverse=True)
        waiting += [(child, depth + 1) for child in children]


def _work(view: "Commons", work: Work, depth: int, past: Versions) -> WorkVersions:
    source = work.parent
    base: Text | None = None
    behind = False
    if source is not None:
        known_source = view.works.get(ArticleId(source.article))
        behind = known_source is not None and known_source.version != source.version
        base = _Texts(Versions(past.work, view, ArticleId(source.article))).get(source.version)
    return WorkVersions(
        work.id,
        work.title,
        work.lang,
        work.status.value,
        depth,
        source,
        behind,
        _revisions(view, past, base),
        work.source,
        past.whole,
    )


def _gone(view: "Commons", past: Versions) -> WorkVersions:
    """A work that is no longer there, or whose file holds faults now."""
    made = _revisions(view, past, None)
    texts = _Texts(past)
    last = next((text for r in reversed(made) if (text := texts.get(r.version)) and text.record), None)
    status = "unreadable" if past.current else "removed" if past.revisions else "not in view"
    return WorkVersions(
        past.article,
        last.title if last else "",
        last.lang if last else "",
        status,
        0,
        None,
        behind=False,
        revisions=made,
        whole=past.whole,
    )


class _Texts:
    """The texts of one work, each read once; None for those not in view."""

    def __init__(self, past: Versions) -> None:
        self._past = past
        self._read: dict[str, Text | None] = {}

    def get(self, version: str) -> Text | None:
        if version not in self._read:
            self._read[version] = self._past.find(Oid(version)) if version else None
        return self._read[version]


def _revisions(view: "Commons", past: Versions, base: Text | None) -> tuple[Revised, ...]:
    rows = list(past.revisions)
    last = rows[-1].version if rows else ""
    if past.current is not None and past.current != last:
        rows.append(Revision(past.current, Oid(""), 0, ""))
    elif past.current is None and last:
        rows.append(Revision("", Oid(""), 0, ""))
    given = view.ratings.given(past.article)
    texts = _Texts(past)
    found = [
        _named(version, path, texts.get(version), _rated(given, version))
        for version, path in sorted(past.named.items())
        if all(row.version != version for row in rows)
    ]
    before = base
    for number, row in enumerate(rows, 1):
        text = texts.get(row.version)
        found.append(
            Revised(
                row.version,
                row.commit,
                row.committed,
                row.author,
                _change(before, text),
                _rated(given, row.version),
                current=number == len(rows) and bool(row.version),
                cut=row.commit in past.cut,
                in_view=text is not None or not row.version,
            )
        )
        before = text
    return tuple(found)


def _named(version: str, path: str, text: Text | None, rated: tuple[Rated, ...]) -> Revised:
    """A version that somebody names and that the history at hand does not have."""
    return Revised(
        version, "", 0, "", None, rated, current=False, cut=False, named_by=path, in_view=text is not None
    )


def _change(old: Text | None, new: Text | None) -> Change | None:
    from newsrepo.credit.passages import Fate, compare

    if old is None or new is None:
        return None
    differing = tuple(field.name for field in fields(old.record, new.record))
    if "lang" in differing:
        return Change(0, 0, 0, differing)
    body = compare(old.body, new.body)
    dropped, added = body.words
    return Change(dropped, added, len(body.passages) - body.count(Fate.SAME), differing)


def _rated(given: tuple[Given, ...], version: str) -> tuple[Rated, ...]:
    axes: dict[str, dict[str, list[int]]] = {}
    for rating in given:
        if rating.version == version:
            axes.setdefault(rating.axis, {}).setdefault(owner(rating.rater), []).append(rating.value)
    return tuple(
        Rated(
            axis,
            sum((Fraction(sum(v), len(v)) for v in voices.values()), Fraction()) / len(voices),
            sum(map(len, voices.values())),
            len(voices),
        )
        for axis, voices in sorted(axes.items(), key=lambda item: ("/" in item[0], item[0]))
    )
