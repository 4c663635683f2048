"""What is new since somebody last looked, across all contingents whose homes were fetched."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from newsrepo.desk.rows import Row, Target
from newsrepo.ids import Kind
from newsrepo.records import types as t

if TYPE_CHECKING:
    from newsrepo.commons import Commons

KINDS = {
    Kind.CHALLENGE: "question",
    Kind.ANSWER: "answer",
    Kind.STATEMENT: "statement",
}
"""Kinds of records that are news beside articles and comments, and what a row calls them."""

TITLED = 200
"""Of how many such records the title is read from the file; of more the id stands for it."""


class Item(NamedTuple):
    """One record as it stands: enough to say whether it is new and to show it in a row."""

    id: str
    version: str
    kind: str
    title: str
    who: str
    day: str


def items(view: "Commons") -> Iterator[Item]:
    """Everything that may be news, articles first."""
    for work in view.works.values():
        yield Item(work.id, work.version, "article", work.title, work.owner, str(work.date.day))
    for remark in view.remarks:
        about = f"on {remark.comment.on}"
        who = remark.id.removeprefix("comment:").partition("/")[0]
        yield Item(remark.id, remark.version, "comment", about, who, str(remark.comment.date.day))
    yield from _public(view)


def _public(view: "Commons") -> Iterator[Item]:
    """Questions, answers and statements."""
    read = 0
    for path, file in view.files.items():
        kind = KINDS.get(file.place.kind)
        if kind is None:
            continue
        record = view.record(path) if read < TITLED else None
        read += 1
        title, day = file.place.id.partition(":")[2], ""
        if isinstance(record, (t.Challenge, t.Statement)):
            title = record.title
        if isinstance(record, (t.Challenge, t.Answer)):
            day = str(record.date)
        yield Item(file.place.id, file.oid, kind, f"{kind}: {title}", file.place.owner or "", day)


class News(NamedTuple):
    """What is new, newest first, what is dated later than today after it; ``first``: nobody ever looked."""

    rows: tuple[Row, ...]
    first: bool
    total: int


def news(found: Iterable[Item], seen: Mapping[str, str] | None, today: date) -> News:
    """Compare what stands with what was seen: ``new``, ``changed``, or ``gone``."""
    known = seen or {}
    now = str(today)
    rows: list[Row] = []
    here: set[str] = set()
    for item in found:
        here.add(item.id)
        before = known.get(item.id)
        if before != item.version:
            mark = "new" if before is None else "changed"
            target = Target(item.kind, item.id, item.version)
            rows.append(Row(target, item.title, item.who, item.day, mark))
    rows.sort(key=lambda row: row.target.id)
    rows.sort(key=lambda row: (row.day <= now, row.day), reverse=True)
    gone = [_gone(name, version) for name, version in sorted(known.items()) if name not in here]
    return News((*gone, *rows), seen is None, len(here))


def _gone(name: str, version: str) -> Row:
    bare = name.rpartition(":")[2]
    return Row(
        Target("gone", name, version), f"{name} is no longer there", bare.partition("/")[0], "", "gone"
    )
