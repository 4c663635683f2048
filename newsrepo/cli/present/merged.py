"""What ``build --merge`` did, for a person and for a script."""

import os

from newsrepo.cli.present.editions import near
from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.findings import counted
from newsrepo.cli.present.out import Out
from newsrepo.porcelain.merging import Merged


def as_json(out: Out, done: Merged) -> None:
    out.json("build", {"parts": done.parts, "editions": [one._asdict() for one in done.editions]})


def as_text(out: Out, done: Merged) -> None:
    for one in done.editions:
        out.line(f"{terminal(near(one.out, os.getcwd()))}/index.html")
        changed = one.written or one.deleted
        what = f"{one.written} written, {one.deleted} deleted" if changed else "unchanged"
        name = one.filter or "the page that lists them"
        out.word(f"{name}, of {counted(done.parts, 'part')}: {counted(one.pages, 'page')}, {what}")
