"""``newsrepo build``: editions."""

import os
from pathlib import Path
from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.options import Only
from newsrepo.cli.session import Session
from newsrepo.errors import Exit

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo build abc/daily -o public")
def build(
    ctx: typer.Context,
    filters: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILTER", autocompletion=complete.filters, help="The filters whose editions to build."
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every filter, and a page that lists the editions.")
    ] = False,
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", metavar="DIR", help="Where; else site/ at the root.", show_default=False
        ),
    ] = "",
    jobs: Annotated[
        int, typer.Option("-j", "--jobs", min=0, max=256, help="Processes at once; 0: one a core.")
    ] = 0,
    at: Annotated[str, typer.Option(metavar="REF", help="Build what a ref holds.", show_default=False)] = "",
    only: Only = "",
    force: Annotated[bool, typer.Option("--force", help="Make every page again.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Build the edition of each filter: a complete static site, only what changed written.

    One filter goes into DIR itself (site/C/NAME by default); several go into DIR/C/NAME each, with a
    page that lists them at DIR/index.html. The day of an edition is the date of the commit it stands
    on, in UTC, unless --today names one.
    """
    from newsrepo.porcelain.build import build as make

    session: Session = ctx.obj
    out = session.out
    with out.progress("building") as progress:
        done = make(
            session.workspace(),
            filters or (),
            every=every,
            out=Path(output) if output else None,
            start=session.directory,
            jobs=jobs or os.cpu_count() or 1,
            clock=session.today,
            at=at,
            only=only,
            today=session.day,
            force=force,
            home=session.home,
            progress=progress,
        )
    if json:
        from newsrepo.cli.present.editions import as_json

        as_json(out, done)
    else:
        from newsrepo.cli.present.editions import as_text

        as_text(out, done, os.getcwd())
    if any(not failed.source for failed in done.failed):  # others' broken filters are theirs to mend
        raise typer.Exit(Exit.NO)
