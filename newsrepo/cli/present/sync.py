"""What a sync came to: a line for each home, what is wrong with it below, and JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from newsrepo.cli.present.encode import terminal, terminal_lines
from newsrepo.cli.present.findings import counted
from newsrepo.cli.present.out import Out
from newsrepo.cli.present.wrap import cells
from newsrepo.gitstore.addresses import Address, shown
from newsrepo.gitstore.ledger import Trouble
from newsrepo.porcelain.sync import Synced
from newsrepo.porcelain.turns import Changed, Report


def as_json(out: Out, done: Synced) -> None:
    out.json(
        "sync",
        {
            "homes": [_home(report) for report in done.homes],
            "here": list(done.here),
            "cited": {"fetched": list(done.fetched), "missing": list(done.missing)},
            "relearnt": done.relearnt,
        },
    )


def _home(report: Report) -> dict[str, Any]:
    return {
        "contingent": report.contingent,
        "outcome": report.outcome.value,
        **_place(report.address),
        "moved_from": _place(report.moved_from) if report.moved_from else None,
        "before": report.before,
        "tip": report.tip,
        "articles": {
            "new": report.changed.new,
            "revised": report.changed.revised,
            "gone": report.changed.gone,
        },
        "fetched_at": report.fetched_at or None,
        "stale": not report.outcome.reached,
        "trouble": troubles(report.trouble),
    }


def _place(address: Address) -> dict[str, Any]:
    return {"home": shown(address.url), "branch": address.branch or None}


def troubles(trouble: Sequence[Trouble]) -> list[dict[str, str]]:
    """Trouble for JSON."""
    return [{"rule": t.rule, "message": t.message, "hint": t.hint} for t in trouble]


def as_text(out: Out, done: Synced) -> None:
    """Whoever has nothing new to say is counted only; what is wrong stands below each line."""
    told = [report for report in done.homes if report.trouble or not report.quiet]
    for line, report in zip(aligned([_cells(report) for report in told]), told, strict=True):
        out.line(line)
        for line in trouble_lines(report.trouble):
            out.line(f"  {line}")
    if done.relearnt:
        out.warn(
            "what this clone knew of homes was damaged, and has been learnt anew",
            "nothing published is lost; signed moves were heard again from the pins on",
        )
    out.word(summary(done))


def _cells(report: Report) -> list[str]:
    return [report.contingent, report.outcome.value, _span(report), _told(report)]


def _span(report: Report) -> str:
    if report.before and report.tip and report.before != report.tip:
        return f"{report.before[:8]}..{report.tip[:8]}"
    return report.tip[:8] if report.tip else ""


def _told(report: Report) -> str:
    parts = []
    if report.moved_from is not None:
        parts.append(f"moved to {where(report.address)}")
    parts += changes(report.changed)
    if not report.outcome.reached:
        parts.append(f"stale since {report.fetched_at[:10]}" if report.fetched_at else "never reached")
    return ", ".join(parts)


def changes(changed: Changed) -> list[str]:
    """``2 new articles, 1 revised``."""
    parts = [counted(changed.new, "new article")] if changed.new else []
    parts += [f"{changed.revised} revised"] if changed.revised else []
    parts += [f"{changed.gone} gone"] if changed.gone else []
    return parts


def where(address: Address) -> str:
    """An address and its branch, fit for a terminal."""
    return terminal(shown(address.url) + (f" ({address.branch})" if address.branch else ""))


def trouble_lines(trouble: Sequence[Trouble]) -> Iterator[str]:
    """Each as ``rule: fact``, its hint on an indented line of its own."""
    for one in trouble:
        first, *rest = terminal_lines(one.message)
        yield f"{terminal(one.rule)}: {first}"
        yield from (f"  {line}" for line in rest)
        if one.hint:
            yield from (f"  hint: {line}" for line in terminal_lines(one.hint))


def aligned(rows: list[list[str]]) -> Iterator[str]:
    """Rows in columns, as wide as their widest cell."""
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (text + " " * (width - cells(text)) for text, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def summary(done: Synced) -> str:
    """The closing line."""
    if not done.homes:
        return f"nothing to fetch; at home in this branch: {', '.join(done.here) or 'nobody'}"
    parts = []
    unchanged = sum(report.quiet for report in done.homes)
    if unchanged:
        parts.append(f"{unchanged} unchanged")
    trouble = sum(bool(report.trouble) for report in done.homes)
    if trouble:
        parts.append(f"{trouble} in trouble")
    if done.fetched:
        parts.append(f"{counted(len(done.fetched), 'cited version')} fetched")
    if done.missing:
        parts.append(f"{counted(len(done.missing), 'cited version')} not to be had")
    said = f": {', '.join(parts)}" if parts else ""
    return f"{counted(len(done.homes), 'home')} asked{said}"
