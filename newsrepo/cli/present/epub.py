"""What ``export epub`` did, for a person and for a script."""

import os
from hashlib import sha256

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.findings import plain
from newsrepo.cli.present.out import Out
from newsrepo.porcelain.epub import Bound


def as_json(out: Out, done: Bound) -> None:
    book = done.book
    out.json(
        "export epub",
        {
            "filter": done.filter,
            "today": done.day,
            "file": done.out,
            "bytes": len(book.epub),
            "sha256": sha256(book.epub).hexdigest(),
            "title": book.title,
            "identifier": f"urn:uuid:{book.identifier}",
            "stories": list(book.stories),
            "left_out": [{"id": left.id, "title": left.title, "why": left.why} for left in book.left_out],
            "findings": [plain(finding) for finding in book.findings],
        },
    )


def as_text(out: Out, done: Bound, here: str) -> None:
    for finding in done.book.findings:
        out.warn(f"{finding.location}: {finding.rule}: {finding.message}", finding.hint)
    inside = done.out.startswith(here.rstrip(os.sep) + os.sep)
    out.line(terminal(os.path.relpath(done.out, here) if inside else done.out))
    number = len(done.book.stories)
    out.word(f"{done.filter} of {done.day}: {number} {'story' if number == 1 else 'stories'}")
    for left in done.book.left_out:
        out.word(f"  left out: {left.id} ({left.title})")
