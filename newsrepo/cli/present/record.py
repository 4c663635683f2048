"""One record for a reader: an article as text, any other record as its fields, all of them as JSON."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

import msgspec

from newsrepo.cli.present import findings
from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.out import Out
from newsrepo.cli.present.wrap import prose
from newsrepo.porcelain.show import Shown
from newsrepo.records import types as t


def as_json(out: Out, shown: Shown) -> None:
    out.json(
        "show",
        {
            "kind": shown.kind.value,
            "id": shown.id,
            "path": shown.path,
            "source": shown.source,
            "record_version": shown.version,
            "past": shown.past,
            "record": _plain(shown.record) if shown.record else None,
            "findings": [findings.plain(f) for f in shown.findings],
            "ratings": [
                {
                    "rater": g.rater,
                    "axis": g.axis,
                    "value": g.value,
                    "date": str(g.day),
                    "version": g.version,
                    "note": g.note,
                    "source": g.source,
                }
                for g in shown.ratings
            ],
            "comments": list(shown.comments),
            "derived": [{"article": i, "relation": r.value} for i, r in shown.derived],
        },
    )


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value, enc_hook=str, str_keys=True)


def as_text(out: Out, shown: Shown, width: int) -> None:
    if isinstance(shown.record, t.Article):
        for line in _article(shown, shown.record, width):
            out.line(line)
    elif shown.record is not None:
        for line in _fields(shown, shown.record, width):
            out.line(line)
    elif shown.findings:
        for line in findings.lines(shown.findings):
            out.line(line)
    else:
        out.line(f"{shown.kind.value} {terminal(shown.path)}, {len(shown.data)} bytes{_from(shown)}")


def _article(shown: Shown, article: t.Article, width: int) -> Iterator[str]:
    yield terminal(article.title)
    by = ", ".join(terminal(a.name) for a in article.authors)
    yield " · ".join(
        part
        for part in (by, str(article.date), article.lang, article.license or "", _status(article))
        if part
    )
    yield f"{shown.id}@{shown.version[:8]}{_from(shown)}"
    if article.topics or article.places:
        yield " ".join(
            [*(f"#{topic}" for topic in article.topics), *(terminal(place) for place in article.places)]
        )
    if article.summary:
        yield ""
        yield from prose(article.summary, width)
    if article.body.strip():
        yield ""
        yield from prose(article.body, width)
    yield from _behind(shown, article)


def _from(shown: Shown) -> str:
    if shown.past:
        return ", not the text that stands now"
    return f" from {terminal(shown.source)}" if shown.source else ""


def _status(article: t.Article) -> str:
    return "" if article.status is t.Status.USABLE else article.status.value


def _behind(shown: Shown, article: t.Article) -> Iterator[str]:
    """What the article rests on, and what others made of it."""
    rows: list[tuple[str, str]] = []
    rows += [
        (
            f"{d.relation.value} of",
            f"{d.article}@{d.version[:8]}" + (f" {terminal(d.changes)}" if d.changes else ""),
        )
        for d in article.based_on
    ]
    rows += [
        ("credit", " ".join(terminal(part) for part in (c.name, c.url, c.what) if part))
        for c in article.credits
    ]
    rows += [(f"{relation.value} in", other) for other, relation in shown.derived]
    rows += [("comment", comment) for comment in shown.comments]
    rows += [
        (
            "rating",
            f"{g.axis} {g.value} by {g.rater} on {g.day}"
            + ("" if g.version == shown.version else f", of version {g.version[:8]}")
            + (f": {terminal(g.note)}" if g.note else ""),
        )
        for g in shown.ratings
    ]
    if not rows:
        return
    yield ""
    width = max(len(label) for label, _ in rows)
    yield from (f"{label.rjust(width)}  {text}" for label, text in rows)


def _fields(shown: Shown, record: t.Record, width: int) -> Iterator[str]:
    yield f"{shown.kind.value} {shown.id or shown.path} @{shown.version[:8]}{_from(shown)}"
    body = ""
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if name == "body":
            body = value
        elif value not in (None, "", (), {}):
            yield from _field(name, value, "")
    if body.strip():
        yield ""
        yield from prose(body, width)


def _field(name: str, value: Any, indent: str) -> Iterator[str]:
    shown = terminal(str(name))
    if isinstance(value, msgspec.Struct):
        yield f"{indent}{shown}:"
        for key in value.__struct_fields__:
            inner = getattr(value, key)
            if inner not in (None, "", (), {}):
                yield from _field(key, inner, indent + "  ")
    elif isinstance(value, dict):
        yield f"{indent}{shown}:"
        for key in sorted(value):
            yield from _field(key, value[key], indent + "  ")
    elif isinstance(value, (tuple, list)):
        if all(not isinstance(v, (msgspec.Struct, dict)) for v in value):
            yield f"{indent}{shown}: {', '.join(_text(v) for v in value)}"
        else:
            yield f"{indent}{shown}:"
            for number, inner in enumerate(value, 1):
                yield from _field(str(number), inner, indent + "  ")
    else:
        yield f"{indent}{shown}: {_text(value)}"


def _text(value: Any) -> str:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    return terminal(str(value))
