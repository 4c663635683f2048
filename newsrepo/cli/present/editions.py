"""What ``build`` did, for a person and for a script."""

import os

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.findings import counted
from newsrepo.cli.present.out import Out
from newsrepo.porcelain.memo import Editions


def as_json(out: Out, done: Editions) -> None:
    out.json(
        "build",
        {
            "today": done.day,
            "today_from": done.day_from,
            "nothing_to_do": done.nothing_to_do,
            "root": done.root or None,
            "editions": [{**e._asdict(), "warnings": list(e.warnings)} for e in done.editions],
            "failed": [f._asdict() for f in done.failed],
        },
    )


def as_text(out: Out, done: Editions, here: str) -> None:
    """``here``: the folder of the command; a site inside it is named from there, as one would type it."""
    told = []
    for edition in done.editions:
        for w in edition.warnings:
            if w in told:
                continue  # what is true of the whole commons is told once
            told.append(w)
            if w["severity"] == "note":
                out.word(f"note: {w['message']}\n  hint: {w['hint']}")
                continue
            where = f"{w['source']}:" if w["source"] else ""
            out.warn(f"{where}{w['path']}:{w['line']}:{w['col']}: {w['rule']}: {w['message']}", w["hint"])
    for edition in done.editions:
        out.line(f"{terminal(near(edition.out, here))}/index.html")
        changed = edition.written or edition.deleted
        what = f"{edition.written} written, {edition.deleted} deleted" if changed else "unchanged"
        stories = f"{edition.items} {'story' if edition.items == 1 else 'stories'}"
        out.word(f"{edition.filter} of {done.day}: {stories}, {counted(edition.pages, 'page')}, {what}")
    if done.root:
        out.line(f"{terminal(near(done.root, here))}/index.html")
    for failed in done.failed:
        out.warn(f"{failed.filter} was not built: {failed.message}", failed.hint)
    if done.day_from == "clock":
        out.word("no commit yet: this edition is of today, and nobody else can verify it")
    if done.nothing_to_do:
        out.word("nothing to do: nothing changed since the last build")


def near(path: str, here: str) -> str:
    """A path as one would type it in the folder ``here``."""
    inside = path.startswith(here.rstrip(os.sep) + os.sep)
    return os.path.relpath(path, here) if inside else path
