"""Ratings of one article by contingent; what came of a table of ratings."""

from collections.abc import Mapping
from typing import Any

from msgspec import to_builtins

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.findings import counted
from newsrepo.cli.present.out import Out
from newsrepo.porcelain.rating_table import Table
from newsrepo.porcelain.ratings import Rating, Ratings, Side, Voice


def as_json(out: Out, done: Ratings) -> None:
    """Means are in millionths of the axis's unit; ``current`` is false for ratings of another version."""
    out.json(
        "ratings",
        {
            "article": done.work.id,
            "article_version": done.work.version,
            "title": done.work.title,
            "contingents": [_plain(side) for side in done.sides],
        },
    )


def _plain(side: Side) -> dict[str, Any]:
    return {
        "contingent": side.contingent,
        "own": side.own,
        "says": {
            voice.axis: {"mean": voice.mean, "raters": voice.raters, "carried": voice.carried}
            for voice in side.voices
        },
        "ratings": to_builtins(side.ratings),
    }


def as_text(out: Out, done: Ratings) -> None:
    """A paragraph for each contingent: what it says as one voice, then each rater."""
    work = done.work
    out.line(terminal(f"{work.id}@{work.version[:8]} {work.title}"))
    for side in done.sides:
        out.line()
        out.line(f"{side.contingent}, rating its own work" if side.own else side.contingent)
        for voice in side.voices:
            out.line(f"  {_spoken(voice)}")
        for rating in side.ratings:
            _rating(out, rating)
    raters = len({rating.rater for side in done.sides for rating in side.ratings})
    if raters:
        out.word(f"{counted(raters, 'rater')} of {counted(len(done.sides), 'contingent')}")
    else:
        out.word("nobody has rated it")


def _spoken(voice: Voice) -> str:
    carried = ", carried from another version: filters discount it" if voice.carried else ""
    return f"{voice.axis} {decimal(voice.mean)} by {counted(voice.raters, 'rater')}{carried}"


def _rating(out: Out, rating: Rating) -> None:
    version = "" if rating.current else f", of version {rating.version[:8]}"
    source = f", from {rating.source}" if rating.source else ""
    out.line(terminal(f"  {rating.rater} {rating.date}: {marks(rating.values)}{version}{source}"))
    if rating.note:
        out.line(terminal(f"    {rating.note}"))


def decimal(millionths: int) -> str:
    """A mean to two decimals, half to even: for reading only."""
    hundredths = round(millionths / 10_000)
    whole, rest = divmod(abs(hundredths), 100)
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{whole}" if not rest else f"{sign}{whole}.{rest:02}".rstrip("0")


def marks(values: Mapping[Any, int]) -> str:
    """Values as ``rate`` takes them."""
    return " ".join(f"{axis}={value}" for axis, value in values.items())


def table_as_json(out: Out, done: Table) -> None:
    out.json(
        "rate",
        {
            "rater": done.rater,
            "file": done.file,
            "path": done.path,
            "rows": done.rows,
            "written": done.written,
            "ratings": [
                {
                    "article": one.article,
                    "article_version": one.version,
                    "values": dict(one.values),
                    "note": one.note,
                    "replaced": one.replaced,
                }
                for one in done.given
            ],
            "faults": to_builtins(done.faults),
        },
    )


def table_as_text(out: Out, done: Table) -> None:
    """Every fault with its line and column, or the file written and how many ratings."""
    for fault in done.faults:
        out.line(terminal(f"{done.file}:{fault.line}: {fault.column}: {fault.message}"))
        if fault.hint:
            out.line(terminal(f"    hint: {fault.hint}"))
    if done.faults:
        lines = len({fault.line for fault in done.faults})
        faults = f"{counted(len(done.faults), 'fault')} in {counted(lines, 'line')}"
        out.word(f"{faults}; {done.rows} were read, nothing was written")
        return
    replaced = sum(1 for one in done.given if one.replaced)
    again = f", {replaced} of them anew" if replaced else ""
    if done.written:
        out.line(terminal(done.path))
        out.word(f"{done.rater} rates {counted(len(done.given), 'version')}{again}")
    else:
        out.word(f"{done.path} would hold {counted(len(done.given), 'rating')}{again}; nothing was written")
