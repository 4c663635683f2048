"""The versions of a story for a reader: each work with its revisions below it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.findings import counted
from newsrepo.cli.present.out import Out
from newsrepo.cli.present.wrap import cells
from newsrepo.ids import owner
from newsrepo.porcelain.versions import Change, Rated, Revised, Story, WorkVersions


def as_json(out: Out, story: Story) -> None:
    out.json(
        "versions",
        {
            "root": story.root,
            "history_complete": story.whole,
            "works": [_work(work) for work in story.works],
        },
    )


def _work(work: WorkVersions) -> dict[str, Any]:
    source = work.source
    return {
        "id": work.id,
        "title": work.title,
        "lang": work.lang,
        "status": work.status,
        "depth": work.depth,
        "ref": work.ref,
        "history_complete": work.whole,
        "source": source
        and {
            "article": source.article,
            "article_version": source.version,
            "relation": source.relation.value,
            "changes": source.changes or "",
            "has_moved_on": work.behind,
        },
        "revisions": [_revision(revised) for revised in work.revisions],
    }


def _revision(revised: Revised) -> dict[str, Any]:
    change = revised.change
    return {
        "article_version": revised.version or None,
        "commit": revised.commit or None,
        "committed": _when(revised, "seconds") if revised.commit else None,
        "author": revised.author,
        "current": revised.current,
        "history_ends_here": revised.cut,
        "named_by": revised.named_by or None,
        "text_in_view": revised.in_view,
        "change": change
        and {
            "words_dropped": change.words_dropped,
            "words_added": change.words_added,
            "passages": change.passages,
            "fields": list(change.fields),
        },
        "ratings": [
            {
                "axis": r.axis,
                "mean": {"num": r.mean.numerator, "den": r.mean.denominator},
                "raters": r.raters,
                "contingents": r.contingents,
            }
            for r in revised.rated
        ],
    }


def _when(revised: Revised, unit: str) -> str:
    """The commit's own date in UTC, or what it says where that is no date."""
    try:
        moment = datetime.fromtimestamp(revised.committed, UTC)
    except (ValueError, OverflowError, OSError):
        return str(revised.committed)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if unit == "seconds" else moment.strftime("%Y-%m-%d")


def as_text(out: Out, story: Story) -> None:
    """Each work with its revisions; of their ratings, those on the axes that all share."""
    for number, work in enumerate(story.works):
        if number:
            out.line()
        indent = "  " * min(work.depth, 12)
        for line in _head(work):
            out.line(f"{indent}{line}")
        for line in _aligned([row_cells(revised) for revised in work.revisions]):
            out.line(f"{indent}  {line}")
    out.word(summary(story))


def summary(story: Story) -> str:
    """The closing line."""
    texts = sum(bool(revised.version) for work in story.works for revised in work.revisions)
    told = f"{counted(len(story.works), 'work')}, {counted(texts, 'version')}"
    if story.shallow:
        return f"{told}; this clone is shallow, so there may be earlier ones"
    unreached = sorted({owner(work.id) for work in story.works if not work.whole})
    if unreached:
        told += f"; never reached, so there may be more: {', '.join(unreached)}"
    return told


def _head(work: WorkVersions) -> Iterator[str]:
    status = "" if work.status == "usable" else work.status
    ref = f"({terminal(work.ref)})" if work.ref else ""
    yield "  ".join(part for part in (work.id, terminal(work.title), work.lang, status, ref) if part)
    if work.source is not None:
        moved = ", which has moved on" if work.behind else ""
        source = f"{work.source.article}@{work.source.version[:8]}"
        yield f"  {work.source.relation.value} of {source}{moved}"


def row_cells(revised: Revised) -> list[str]:
    """One revision as five cells, encoded: version, day, author, what it changed, how it was rated."""
    return [
        ("* " if revised.current else "  ") + (revised.version[:8] or "removed "),
        _when(revised, "day") if revised.commit else _uncommitted(revised),
        terminal(revised.author),
        _change(revised),
        ", ".join(_rated(rated) for rated in revised.rated if "/" not in rated.axis),
    ]


def _uncommitted(revised: Revised) -> str:
    if revised.named_by:
        return "not in history"
    return "not committed" if revised.version else ""


def _change(revised: Revised) -> str:
    if revised.named_by:
        return f"named by {terminal(revised.named_by)}" + ("" if revised.in_view else ", not in view")
    if not revised.in_view:
        return "not in view"
    if revised.change is None:
        return "history is cut off here" if revised.cut else ""
    return "; ".join(_parts(revised.change)) or "nothing but its form"


def _parts(change: Change) -> Iterator[str]:
    if change.words_dropped or change.words_added:
        yield f"+{change.words_added} -{change.words_dropped} words"
    if change.passages:
        yield counted(change.passages, "passage")
    if change.fields:
        yield ", ".join(change.fields)


def _rated(rated: Rated) -> str:
    mean = f"{float(round(rated.mean, 2)):.2f}".rstrip("0").rstrip(".")
    return f"{rated.axis} {mean} ({counted(rated.raters, 'rater')})"


def _aligned(rows: list[list[str]]) -> Iterator[str]:
    """Rows in columns, as wide as their widest cell."""
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (text + " " * (width - cells(text)) for text, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()
