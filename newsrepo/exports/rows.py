"""The rows of every table, from one view of a commons, streamed in the order that the table states.

What a contingent withholds is not handed on: of a withheld record only id, version, place, date, language,
licence and status are told. Of one that was withdrawn the text is left out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, TypeVar

import msgspec

from newsrepo.commons import Commons
from newsrepo.commons.groups import File
from newsrepo.credit.stories import Stories, stories
from newsrepo.exports.model import Row
from newsrepo.ids import ArticleId, FilterId, Kind, Oid
from newsrepo.records import body_text, parse
from newsrepo.records import types as t
from newsrepo.records.scalars import MILLION, Decimal, Moment, Scalar
from newsrepo.records.text import MAX_TEXT
from newsrepo.scores import Score, score_axis, trusted

R = TypeVar("R", bound=t.Record)

_TOLD_OF_WITHHELD = frozenset(
    ["id", "version", "contingent", "path", "source", "story", "date", "instant", "lang", "license", "status"]
)


class Rows:
    """The rows of one view's tables. ``filters`` are those whose scores are worked out."""

    def __init__(self, view: Commons, filters: Sequence[FilterId]) -> None:
        self._view = view
        self._filters = tuple(sorted(filters))
        self._stories: Stories | None = None

    def of(self, table: str) -> Iterator[Row]:
        """The rows of the table of that name. Raises UnableError where the commons cannot be read."""
        tables: dict[str, Callable[[], Iterator[Row]]] = {
            "axes": self._axes,
            "contingents": self._contingents,
            "articles": self._articles,
            "derivations": self._derivations,
            "comments": self._comments,
            "challenges": self._challenges,
            "answers": self._answers,
            "statements": self._statements,
            "filters": self._of_filters,
            "ratings": self._ratings,
            "scores": self._scores,
        }
        return tables[table]()

    def expected(self) -> int:
        """About how many rows there will be, for a bar of progress."""
        view = self._view
        works = len(view.works)
        return (
            2 * works + len(view.remarks) + view.ratings.amount + len(self._filters) * len(view.axes) * works
        )

    # --- records --------------------------------------------------------------------------------------

    def _axes(self) -> Iterator[Row]:
        for name, axis in self._view.axes.items():
            owner = name.partition("/")[0] if "/" in name else None
            yield {"id": name, "contingent": owner, **_fields(axis)}

    def _contingents(self) -> Iterator[Row]:
        for name, record in self._view.contingents.items():
            place = self._place(f"contingents/{name}.yaml")
            del place["contingent"]
            yield {
                "id": name,
                **place,
                "name": record.name,
                "about": record.about,
                "home": record.home,
                "branch": record.branch,
                "url": record.url,
                "lang": record.lang,
                "keys": record.keys,
                "writers": record.writers,
                "promises": [promise.value for promise in record.promises],
                "vouches": [
                    {"contingent": who, "weight": _number(weight)}
                    for who, weight in sorted(record.vouches.items())
                ],
                "extra": _json(record.extra),
            }

    def _articles(self) -> Iterator[Row]:
        works = list(self._view.works.values())
        if self._stories is None:
            self._stories = stories(self._view.works)
        found = self._stories
        for work, data in zip(works, self._read(work.version for work in works), strict=True):
            row = {
                "id": work.id,
                "version": work.version,
                "contingent": work.owner,
                "path": work.path,
                "source": work.source or None,
                "story": found.root_of(work.id),
                "title": work.title,
                **_moment(work.date),
                "authors": [_fields(author) for author in work.authors],
                "lang": work.lang,
                "summary": work.summary or None,
                "topics": work.topics,
                "places": work.places,
                "license": work.license or None,
                "credits": [
                    {"name": c.name, "url": c.url, "license": c.license, "what": c.what} for c in work.credits
                ],
                "media": [_fields(medium) for medium in work.media],
                "status": work.status.value,
                "words": work.words,
                "links": work.links,
                "extra": _json(_extra(Kind.ARTICLE, data, work.path)),
                "body": body_text(data),
            }
            yield _guarded(row, work.status)

    def _derivations(self) -> Iterator[Row]:
        works = self._view.works
        for work in works.values():
            if work.status is t.Status.WITHHELD:
                continue
            for position, source in enumerate(work.based_on):
                here = works.get(ArticleId(source.article))
                yield {
                    "article": work.id,
                    "version": work.version,
                    "position": position,
                    "relation": source.relation.value,
                    "is_parent": source.relation.is_parent,
                    "source_article": source.article,
                    "source_version": source.version,
                    "source_is_current": None if here is None else here.version == source.version,
                    "changes": source.changes,
                }

    def _comments(self) -> Iterator[Row]:
        remarks = self._view.remarks
        for remark, data in zip(remarks, self._read(r.version for r in remarks), strict=True):
            said = remark.comment
            row = {
                "id": remark.id,
                "version": remark.version,
                "contingent": _owner(remark.path),
                "path": remark.path,
                "source": remark.source or None,
                "target": said.on,
                "target_version": said.version,
                **_moment(said.date),
                "authors": [_fields(author) for author in said.authors],
                "lang": said.lang,
                "kind": said.kind.value,
                "reply_to": said.reply_to,
                "pinned": said.pinned,
                "quote": said.quote,
                "verdict": said.verdict.value if said.verdict else None,
                "status": said.status.value,
                "links": remark.links,
                "extra": _json(said.extra),
                "body": body_text(data),
            }
            yield _guarded(row, said.status)

    def _challenges(self) -> Iterator[Row]:
        for file, data, asked in self._whole(Kind.CHALLENGE, t.Challenge):
            yield {
                "id": file.place.id,
                **self._place(file.place.path),
                "sha256": sha256(data).hexdigest(),
                "title": asked.title,
                "asked": asked.to,
                "date": str(asked.date),
                "due": str(asked.due) if asked.due else None,
                "about": asked.about,
                "lang": asked.lang,
                "status": asked.status.value,
                "extra": _json(asked.extra),
                "body": asked.body if asked.status is t.PublicStatus.USABLE else None,
            }

    def _answers(self) -> Iterator[Row]:
        for file, _, answer in self._whole(Kind.ANSWER, t.Answer):
            question = file.place.id.removeprefix("answer:").rpartition("/")[0]
            yield {
                "id": file.place.id,
                **self._place(file.place.path),
                "challenge": f"challenge:{question}",
                "question": answer.question,
                "date": str(answer.date),
                "kind": answer.kind.value,
                "reason": answer.reason,
                "lang": answer.lang,
                "status": answer.status.value,
                "extra": _json(answer.extra),
                "body": answer.body if answer.status is t.PublicStatus.USABLE else None,
            }

    def _statements(self) -> Iterator[Row]:
        for file, _, put in self._whole(Kind.STATEMENT, t.Statement):
            yield {
                "id": file.place.id,
                **self._place(file.place.path),
                "title": put.title,
                "date": str(put.date),
                "lang": put.lang,
                "authors": [_fields(author) for author in put.authors],
                "enacts": put.enacts.value if put.enacts else None,
                "extra": _json(put.extra),
                "body": put.body,
            }

    def _of_filters(self) -> Iterator[Row]:
        for name, said in self._view.filters.items():
            yield {
                "id": name,
                **self._place(f"filters/{name}.yaml"),
                "title": said.title,
                "about": said.about,
                "trust": [
                    {"who": who, "weight": _number(weight)} for who, weight in sorted(said.trust.items())
                ],
                "trust_hops": said.trust_through.hops if said.trust_through else None,
                "trust_factor": _number(said.trust_through.factor) if said.trust_through else None,
                "prior": _number(said.prior) if said.prior is not None else None,
                "carry": _number(said.carry) if said.carry is not None else None,
                "query": said.select,
                "include": said.include,
                "exclude": said.exclude,
                "lead": said.lead,
                "prefer": said.versions.prefer,
                "otherwise": said.versions.otherwise.value,
                "order": [{"axis": axis, "pull": str(pull)} for axis, pull in sorted(said.order.items())],
                "limit": said.limit,
                "comments_include": said.comments.include,
                "comments_exclude": said.comments.exclude,
                "edition": _json(said.edition),
                "extra": _json(said.extra),
            }

    # --- ratings and scores ---------------------------------------------------------------------------

    def _ratings(self) -> Iterator[Row]:
        works = self._view.works
        for given in self._view.ratings.every():
            yield {
                "contingent": given.rater.partition("/")[0],
                "rater": given.rater,
                "article": given.work,
                "version": given.version,
                "is_current": works[given.work].version == given.version,
                "axis": given.axis,
                "value": given.value,
                "date": given.day.isoformat(),
                "note": given.note or None,
                "path": given.path,
                "source": given.source or None,
            }

    def _scores(self) -> Iterator[Row]:
        view = self._view
        for name in self._filters:
            trust = trusted(view.filters[name], view.contingents)
            for axis in view.axes:
                for work, score in score_axis(view, axis, trust).items():
                    yield {
                        "filter": name,
                        "axis": axis,
                        "article": work,
                        "version": view.works[work].version,
                        "numerator": str(score.num),
                        "denominator": str(score.den),
                        "score": _rounded(score),
                        "contingents": score.contingents,
                        "raters": score.raters,
                    }

    # --- files ----------------------------------------------------------------------------------------

    def _place(self, path: str) -> Row:
        return {
            "version": self._view.files[path].oid,
            "contingent": _owner(path),
            "path": path,
            "source": self._view.source_of(path) or None,
        }

    def _read(self, oids: Iterable[Oid]) -> Iterator[bytes]:
        """The bytes of texts that were read before, so that none of them is too large."""
        return (blob.data or b"" for blob in self._view.snapshot.read(oids, MAX_TEXT))

    def _whole(self, kind: Kind, cls: type[R]) -> Iterator[tuple[File, bytes, R]]:
        """The readable records of a kind with their bytes, in order of id."""
        files = [file for file in self._view.files.values() if file.place.kind is kind]
        files.sort(key=lambda file: file.place.id)
        for file, data in zip(files, self._read(file.oid for file in files), strict=True):
            record = parse(kind, data, file.place.path).record
            if isinstance(record, cls):  # what is none, check tells
                yield file, data, record


def _owner(path: str) -> str:
    """Whose a record is, by its path; an answer is the answering contingent's."""
    if "/answers/" in path:
        return path.rpartition("/")[2].removesuffix(".md")
    return path.split("/")[1].removesuffix(".yaml")


def _guarded(row: Row, status: t.Status) -> Row:
    """A row as far as its status lets it be told."""
    if status is t.Status.WITHHELD:
        return {name: value if name in _TOLD_OF_WITHHELD else None for name, value in row.items()}
    return row if status is t.Status.USABLE else {**row, "body": None}


def _moment(moment: Moment) -> Row:
    return {"date": moment.day.isoformat(), "instant": str(moment) if moment.instant else None}


def _fields(record: t.Record) -> Row:
    """A flat record with all its fields; those it leaves out are None."""
    return {name: getattr(record, name) for name in record.__struct_fields__}


def _extra(kind: Kind, data: bytes, path: str) -> dict[str, Any]:
    """What stands under ``extra``, which the index does not keep."""
    if b"\nextra:" not in data:
        return {}
    found: dict[str, Any] = getattr(parse(kind, data, path).record, "extra", {})
    return found


def _json(value: Any) -> str | None:
    """A value as JSON in a text; None for an empty one."""
    return msgspec.json.encode(value, enc_hook=_plain).decode() if value else None


def _plain(value: object) -> str:
    if isinstance(value, Scalar):
        return str(value)
    raise TypeError(f"a record with a {type(value).__name__} in it")


def _number(value: Decimal) -> float:
    """As a number; six digits on either side of the point come through a float unharmed."""
    return value.millionths / MILLION


def _rounded(score: Score) -> float:
    quotient, rest = divmod(score.num * MILLION, score.den)
    if 2 * rest > score.den or (2 * rest == score.den and quotient & 1):
        quotient += 1
    return quotient / MILLION
