"""``newsrepo compare``: two front pages, story by story."""

from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.session import Session
from newsrepo.errors import UsageError

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo compare lamp/daily exchange/weekly --html fronts.html")
def compare(
    ctx: typer.Context,
    one: Annotated[
        str,
        typer.Argument(metavar="F1", autocompletion=complete.filters, help="A filter, such as abc/daily."),
    ],
    other: Annotated[
        str, typer.Argument(metavar="F2", autocompletion=complete.filters, help="Another filter.")
    ],
    every: Annotated[bool, typer.Option("--all", help="List also what neither prints.")] = False,
    at: Annotated[str, typer.Option(metavar="REF", help="As a ref holds them.", show_default=False)] = "",
    html: Annotated[
        str,
        typer.Option(
            metavar="FILE",
            help="Write a page with both fronts that needs nothing else (- for output).",
            show_default=False,
        ),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Compare two front pages: which stories both print, only one, or neither, and why in a word.

    For each story its place, its points, its section, and what decides: lead or include (picked by hand),
    select (by the query), limit (cut off), exclude (left out by hand), early (dated later), query (not
    selected by it). The day is that of the editions: the date of the commit, unless --today names one.
    """
    from newsrepo.cli.present import compare as present
    from newsrepo.porcelain.compare import compare as both
    from newsrepo.porcelain.compare import page
    from newsrepo.porcelain.diff import write_page

    if json and html:
        raise UsageError("--json and --html exclude each other")
    session: Session = ctx.obj
    out = session.out
    with out.waiting("comparing"):
        found = both(session.workspace(), one, other, today=session.day, clock=session.today, at=at)
    if json:
        present.as_json(out, found)
    elif html:
        data = page(found, every=every)
        if html == "-":
            out.raw(data)
        else:
            write_page(session.directory / html, data, "compare")
            out.word(f"wrote {html}")
    else:
        present.as_text(out, found, every=every)
