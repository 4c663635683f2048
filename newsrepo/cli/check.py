"""``newsrepo check``: every fault, with place, reason and way out."""

from enum import StrEnum
from typing import Annotated

import typer

from newsrepo.cli.session import Session
from newsrepo.errors import Exit

app = typer.Typer(rich_markup_mode=None, add_completion=False)


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


@app.command(epilog="Example: newsrepo check articles/abc --format json")
def check(
    ctx: typer.Context,
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH", help="Tell only what is in or under these.")
    ] = None,
    at: Annotated[str, typer.Option(metavar="REF", help="Check what a ref holds.", show_default=False)] = "",
    staged: Annotated[
        bool, typer.Option("--staged", help="Check what is staged for the next commit.")
    ] = False,
    format: Annotated[Format, typer.Option(help="How to answer.")] = Format.TEXT,  # noqa: A002 - its own name
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Check every file and say what is wrong, where, and what to do. All faults are shown.

    Exit code 1 when there are errors; warnings and notes do not count.
    """
    from newsrepo.cli.present import findings
    from newsrepo.location import Severity
    from newsrepo.porcelain.check import check as look

    session: Session = ctx.obj
    out = session.out
    with out.waiting("checking"):
        done = look(session.workspace(), paths or (), start=session.directory, at=at, staged=staged)
    if json or format is Format.JSON:
        out.json(
            "check",
            {
                "source": done.source,
                "files": done.files,
                "errors": done.count(Severity.ERROR),
                "warnings": done.count(Severity.WARNING),
                "notes": done.count(Severity.NOTE),
                "findings": [findings.plain(f) for f in done.findings],
            },
        )
    elif format is Format.GITHUB:
        for line in findings.annotations(done.findings):
            out.data(line + "\n")
    else:
        for line in findings.lines(done.findings):
            out.line(line)
    out.word(findings.closing(done.findings, done.files))
    if not done.sound:
        raise typer.Exit(int(Exit.NO))
