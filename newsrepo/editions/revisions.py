"""What an article's own contingent changed in it, and when: one page for each article that was revised.

It depends on the history of the commit that was read and on nothing else. Days are what the commits say of
themselves. Where history is cut off, the page says so.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from newsrepo.credit.passages import abreast, compare
from newsrepo.editions import names
from newsrepo.editions.columns import shown_text
from newsrepo.editions.comparison import passages_html
from newsrepo.editions.edition import Edition
from newsrepo.editions.page import Page
from newsrepo.editions.parts import TOMBSTONE, digest
from newsrepo.editions.relations import SHORT
from newsrepo.editions.sidebyside import LARGEST, UNSEEN
from newsrepo.ids import ArticleId, Kind, Oid
from newsrepo.records import parse
from newsrepo.records import types as t

MOST = 20
"""How many revisions of one article are shown, the newest; the page counts the others."""


_FIELDS = t.Article.__struct_fields__


class Row(NamedTuple):
    """One text of an article; ``day`` is empty where it is no commit yet, or its commit has no such date."""

    version: Oid
    day: str


class Past(NamedTuple):
    """The texts of an article, oldest first, the present one last; ``cut``: there may be earlier ones."""

    rows: tuple[Row, ...]
    cut: bool

    @property
    def times(self) -> int:
        """How often it was revised."""
        return len(self.rows) - 1


class Pasts:
    """The pasts of one edition's articles, each looked up once."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._found: dict[ArticleId, Past | None] = {}
        self._commits: dict[ArticleId, Oid] = {}

    def of(self, work_id: ArticleId) -> Past | None:
        """The past of an article that has a page and was revised; None for all others."""
        if work_id not in self._found:
            self._found[work_id] = self._look(work_id)
        return self._found[work_id]

    def commit_of(self, work_id: ArticleId) -> Oid:
        """The commit that gave an article its present text; empty where history does not tell."""
        self.of(work_id)
        return self._commits.get(work_id, Oid(""))

    def _look(self, work_id: ArticleId) -> Past | None:
        edition = self._edition
        ask = edition.ctx.past
        if ask is None or edition.places[work_id].role == TOMBSTONE:
            return None
        work = edition.works[work_id]
        found = ask(work)
        if found is not None and found.revisions and found.revisions[-1].version == work.version:
            self._commits[work_id] = found.revisions[-1].commit
        if (
            found is None
            or not found.revisions
            or (work.version,) == tuple(r.version for r in found.revisions)
        ):
            return None
        rows: list[Row] = []
        first = next((r.commit for r in found.revisions if r.version), None)
        for revision in found.revisions:
            if revision.version and (not rows or rows[-1].version != revision.version):
                rows.append(Row(Oid(revision.version), _day(revision.committed)))
        if not rows or rows[-1].version != work.version:
            rows.append(Row(work.version, ""))
        return Past(tuple(rows), first in found.cut) if len(rows) > 1 else None


def _day(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def day_text(day: str) -> str:
    """A day of a row as a reader is shown it."""
    return names.day_text(date.fromisoformat(day)) if day else ""


def revision_pages(edition: Edition, pasts: Pasts) -> Iterator[Page]:
    """A page for every article that was revised."""
    for work_id in edition.pages:
        past = pasts.of(work_id)
        if past is not None:
            yield _page(edition, work_id, past)


class Change(NamedTuple):
    """One revision beside the text before it."""

    day: str
    day_text: str
    version: str
    note: str
    fields: str
    passages: Markup


def _page(edition: Edition, work_id: ArticleId, past: Past) -> Page:
    path = names.revisions_page(work_id)
    shown = past.rows[-MOST - 1 :]
    key = digest(edition.base, b"revisions", edition.facts_of(work_id), repr((path, past)).encode())

    def render(blobs: Mapping[Oid, bytes]) -> bytes:
        work = edition.works[work_id]
        texts = {row.version: _text(blobs[row.version]) for row in shown}
        changes = [
            _change(edition, row, texts[before.version], texts[row.version])
            for before, row in pairwise(shown)
        ]
        main = edition.theme.html(
            "revisions",
            title=work.title,
            lang=work.lang,
            dir=names.direction(work.lang),
            href=names.article_page(work_id),
            by=edition.signed(work.owner),
            by_href=edition.contingent_href(work.owner),
            changes=changes[::-1],
            first=Change(shown[0].day, day_text(shown[0].day), shown[0].version[:SHORT], "", "", Markup()),
            hidden=len(past.rows) - len(shown),
            cut=past.cut,
        )
        return edition.page(path, "listing sides", work.title, main)

    return Page(path, key, tuple(dict.fromkeys(row.version for row in shown)), render)


def _text(data: bytes) -> t.Article | str:
    """The text of a revision, or why it is not shown."""
    record = parse(Kind.ARTICLE, data, "index.md").record
    if not isinstance(record, t.Article):
        return "one of the two texts cannot be read"
    if record.status is not t.Status.USABLE:
        return "one of the two texts was not for showing"
    return record


def _change(edition: Edition, row: Row, old: t.Article | str, new: t.Article | str) -> Change:
    note = fields = ""
    passages = Markup()
    if isinstance(old, str):
        note = old
    elif isinstance(new, str):
        note = new
    elif len(old.body) + len(new.body) > LARGEST:
        note = "too long to be compared here; newsrepo diff does it"
    else:
        two = old.lang.partition("-")[0] != new.lang.partition("-")[0]
        was, now = shown_text(old.body), shown_text(new.body)
        body = abreast(was, now) if two else compare(was, now)
        passages = passages_html(edition.theme, body, old.lang, new.lang)
        fields = ", ".join(
            name for name in _FIELDS if name != "body" and getattr(old, name) != getattr(new, name)
        )
        if body.same:
            note = "the text is the same" if old.body == new.body else UNSEEN
    return Change(row.day, day_text(row.day), row.version[:SHORT], note, fields, passages)
