"""Comments as threads: what answers what, and in which order they are read.

Whoever writes comments is not to be trusted with their shape: replies may form circles, answer what is not
there or what was said about something else, and go thousands deep. Every comment given comes out exactly
once all the same, and the work is proportional to their number (but for sorting them).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct

from newsrepo.commons.model import Remark
from newsrepo.records import types as t

COMMENT = "comment:"

Guides = Callable[[Remark, str], bool]
"""Whether a comment on a record may guide its discussion: by being pinned, or by summing it up."""


class Lost(StrEnum):
    """Why what a comment says it answers does not stand above it."""

    NOT = ""
    MISSING = "missing"
    ELSEWHERE = "elsewhere"
    CIRCLE = "circle"


class Entry(Struct, frozen=True):
    """One comment in its thread: how deep it stands, and the id of the comment that it answers there.

    What begins a thread stands at depth 0 and has no ``parent``; ``lost`` says why, where it names one.
    """

    remark: Remark
    depth: int
    parent: str
    lost: Lost


class Thread(Struct, frozen=True):
    """A comment and everything that answers it, each before its own answers. ``pinned``: it comes first."""

    entries: tuple[Entry, ...]
    pinned: bool

    @property
    def first(self) -> Entry:
        return self.entries[0]


def visible(remarks: Iterable[Remark], today: date) -> Iterator[Remark]:
    """The comments that may be shown on a day: none that is withheld by its own contingent or dated later.

    Those that were withdrawn stay, as tombstones: what answers them would hang in the air.
    """
    for remark in remarks:
        comment = remark.comment
        if comment.status is not t.Status.WITHHELD and comment.date.day <= today:
            yield remark


def anyone(remark: Remark, record: str) -> bool:  # noqa: ARG001 - the shape of ``Guides``
    """Every comment may guide."""
    return True


def discussions(remarks: Iterable[Remark], guides: Guides = anyone) -> dict[str, tuple[Thread, ...]]:
    """The threads on each record, by the record's id as references write it, in order of id.

    Pinned questions come first, then summaries of the whole discussion, the latest first, then all others;
    what answers one comment stands below it in the same way. All else is in order of date, then id. A comment
    *on* a comment answers it, and belongs to what that one is about.
    """
    known = {remark.id: remark for remark in sorted(remarks, key=_order)}
    about = _records(known)
    above, lost = _parents(known, about)
    below: dict[str, list[Remark]] = {}
    roots: dict[str, list[Remark]] = {}
    for remark in known.values():
        parent = above[remark.id]
        if parent:
            below.setdefault(parent, []).append(remark)
        else:
            roots.setdefault(about[remark.id], []).append(remark)
    found: dict[str, tuple[Thread, ...]] = {}
    for record in sorted(roots):
        first = [r for r in roots[record] if _is_pinned(r) and not lost[r.id] and guides(r, record)]
        pins = {remark.id for remark in first}
        rest = [remark for remark in roots[record] if remark.id not in pins]
        found[record] = tuple(
            Thread(tuple(_drawn(root, record, below, lost, guides)), root.id in pins)
            for root in (*first, *_summaries_first(rest, record, guides))
        )
    return found


def _order(remark: Remark) -> tuple[object, str]:
    return remark.comment.date.at, remark.id


def _is_pinned(remark: Remark) -> bool:
    comment = remark.comment
    return comment.pinned and comment.kind is t.CommentKind.QUESTION and comment.status is t.Status.USABLE


def _summaries_first(remarks: list[Remark], record: str, guides: Guides) -> list[Remark]:
    """Summaries by guides, the latest first, then the others as they are."""
    summaries = {
        remark.id
        for remark in remarks
        if remark.comment.kind is t.CommentKind.SUMMARY
        and remark.comment.status is t.Status.USABLE
        and guides(remark, record)
    }
    first = [remark for remark in reversed(remarks) if remark.id in summaries]
    return [*first, *(remark for remark in remarks if remark.id not in summaries)]


def _records(known: Mapping[str, Remark]) -> dict[str, str]:
    """What each comment is about in the end; comments on each other in a circle are about their first id."""
    found: dict[str, str] = {}
    for start in known:
        way: dict[str, None] = {}
        at = start
        while at in known and at not in found and at not in way:
            way[at] = None
            at = known[at].comment.on
        end = found.get(at) or (min(list(way)[list(way).index(at) :]) if at in way else at)
        found |= dict.fromkeys(way, end)
    return found


def _parents(known: Mapping[str, Remark], about: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Lost]]:
    """The comment that each one answers, or nothing and why; no circles are left."""
    above: dict[str, str] = {}
    lost: dict[str, Lost] = {}
    for id_, remark in known.items():
        comment = remark.comment
        named = comment.reply_to or (comment.on if comment.on.startswith(COMMENT) else "")
        why = Lost.NOT
        if named and named not in known:
            why = Lost.MISSING
        elif named and about[named] != about[id_]:
            why = Lost.ELSEWHERE
        above[id_], lost[id_] = ("" if why else named), why
    for id_ in _circles(above, known):
        above[id_], lost[id_] = "", Lost.CIRCLE
    return above, lost


def _circles(above: Mapping[str, str], known: Mapping[str, Remark]) -> list[str]:
    """One comment of each circle of replies, its earliest, at which to cut it open."""
    cuts = []
    settled: set[str] = set()
    for start in above:
        way: dict[str, None] = {}
        at = start
        while at and at not in settled and at not in way:
            way[at] = None
            at = above[at]
        if at in way:
            ring = list(way)[list(way).index(at) :]
            cuts.append(min(ring, key=lambda id_: _order(known[id_])))
        settled |= way.keys()
    return cuts


def _drawn(
    root: Remark,
    record: str,
    below: Mapping[str, list[Remark]],
    lost: Mapping[str, Lost],
    guides: Guides,
) -> Iterator[Entry]:
    """A thread from its root down; a stack of our own, as replies may go deeper than Python calls."""
    todo = [(root, 0, "")]
    while todo:
        remark, depth, parent = todo.pop()
        yield Entry(remark, depth, parent, lost[remark.id])
        answers = _summaries_first(below.get(remark.id, []), record, guides)
        todo += [(answer, depth + 1, remark.id) for answer in reversed(answers)]
