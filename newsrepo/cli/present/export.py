"""What ``export ninjs``, ``export json`` and ``export parquet`` did, for a person and for a script."""

import os

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.out import Out
from newsrepo.porcelain.export import Tables, Wire


def tables_as_json(out: Out, done: Tables) -> None:
    out.json(
        f"export {done.form}",
        {
            "folder": done.out,
            "content": done.content,
            "filters": list(done.filters),
            "tables": [{"name": name, "file": file, "rows": rows} for name, file, rows in done.tables],
        },
    )


def tables_as_text(out: Out, done: Tables, here: str) -> None:
    out.line(terminal(_shown(done.out, here)))
    widest = max(len(file) for _, file, _ in done.tables)
    for _, file, rows in done.tables:
        out.word(f"  {file:{widest}}  {rows:>9,}")
    out.word(f"{done.rows:,} rows; scores of {_many(len(done.filters), 'filter', 'filters')}")


def wire_as_json(out: Out, done: Wire) -> None:
    out.json(
        "export ninjs",
        {
            "filter": done.filter,
            "today": done.day,
            "out": done.out,
            "items": [{"id": work, "file": file} for work, file in done.items],
            "left_out": [{"id": work, "why": why} for work, why in done.left_out],
        },
    )


def wire_as_text(out: Out, done: Wire, here: str) -> None:
    for work, why in done.left_out:
        out.warn(f"{work} is left out: {why}", f"`newsrepo check articles/{work}` says more")
    out.line(terminal(_shown(done.out, here)))
    out.word(f"{done.filter} of {done.day}: {_many(len(done.items), 'item', 'items')}")


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


def _shown(path: str, here: str) -> str:
    return os.path.relpath(path, here) if path.startswith(here.rstrip(os.sep) + os.sep) else path
