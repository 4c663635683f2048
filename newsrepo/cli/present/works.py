"""Articles in lists: a table on a terminal, tab-separated lines in a pipe, JSON, CSV."""

from typing import Any

from newsrepo.cli.present.encode import csv_row, terminal
from newsrepo.cli.present.findings import counted
from newsrepo.cli.present.out import Out
from newsrepo.commons.model import Work
from newsrepo.porcelain.find import Found


def plain(work: Work) -> dict[str, Any]:
    """One article for JSON, without its text."""
    return {
        "id": work.id,
        "version": work.version,
        "path": work.path,
        "source": work.source,
        "title": work.title,
        "date": str(work.date),
        "authors": [{"name": a.name, **({"url": a.url} if a.url else {})} for a in work.authors],
        "lang": work.lang,
        "summary": work.summary,
        "topics": list(work.topics),
        "places": list(work.places),
        "license": work.license,
        "status": work.status.value,
        "words": work.words,
        "based_on": [
            {"article": d.article, "version": d.version, "relation": d.relation.value} for d in work.based_on
        ],
    }


COLUMNS = (
    "id",
    "version",
    "date",
    "title",
    "authors",
    "topics",
    "places",
    "lang",
    "license",
    "status",
    "words",
    "source",
)


def as_csv(out: Out, found: Found) -> None:
    """One line an article; cells of several values are joined by ``; ``."""
    out.data(csv_row(list(COLUMNS)))
    for work in found.works:
        out.data(
            csv_row(
                [
                    work.id,
                    work.version,
                    str(work.date),
                    work.title,
                    "; ".join(a.name for a in work.authors),
                    "; ".join(work.topics),
                    "; ".join(work.places),
                    work.lang,
                    work.license,
                    work.status.value,
                    work.words,
                    work.source,
                ]
            )
        )


def as_json(out: Out, found: Found) -> None:
    out.json(
        "find",
        {
            "query": found.query,
            "filter": found.filter,
            "total": found.total,
            "works": [plain(work) for work in found.works],
        },
    )


def as_text(out: Out, found: Found) -> None:
    if out.tty and found.works:
        _table(out, found)
    else:
        for work in found.works:
            source = f"\t{work.source}" if work.source else ""
            out.line(f"{work.id}\t{work.date.day}\t{terminal(work.title)}{source}")
    out.word(summary(found))


def summary(found: Found) -> str:
    """The closing line; an empty commons differs from a query that matches nothing."""
    if not found.searched:
        return "nothing to search: there are no articles here"
    where = f"in {counted(found.searched, 'article')}"
    if not found.total:
        return f"no match {where}"
    matches = f"{found.total} match" if found.total == 1 else f"{found.total} matches"
    if len(found.works) < found.total:
        return f"{matches} {where}, the first {len(found.works)} shown"
    return f"{matches} {where}"


def _table(out: Out, found: Found) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("id", overflow="fold", style="cyan", ratio=3)
    table.add_column("date", no_wrap=True)
    table.add_column("title", overflow="fold", ratio=5)
    if mixed := any(work.source for work in found.works):
        table.add_column("from", overflow="fold", style="dim", ratio=2)
    for work in found.works:
        row = [Text(work.id), Text(str(work.date.day)), Text(terminal(work.title))]
        table.add_row(*row, *([Text(terminal(work.source))] if mixed else []))
    out.table(table)
