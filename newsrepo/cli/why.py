"""``newsrepo why``: why an article is on a front page, or is not."""

from pathlib import Path
from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.options import Only
from newsrepo.cli.session import Session
from newsrepo.errors import Exit, UsageError

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo why abc/2026/dock-strike --filter abc/daily")
def why(
    ctx: typer.Context,
    id: Annotated[  # noqa: A002 - the option's own name
        str,
        typer.Argument(
            metavar="ID",
            autocompletion=complete.articles,
            help="An article's id; with --edition also the address of its page.",
        ),
    ],
    filter: Annotated[  # noqa: A002 - the option's own name
        str,
        typer.Option(
            metavar="FILTER",
            autocompletion=complete.filters,
            help="The filter whose front page is meant.",
            show_default=False,
        ),
    ] = "",
    edition: Annotated[
        str,
        typer.Option(
            metavar="DIR",
            help="A published edition, whose filter and day are meant.",
            show_default=False,
        ),
    ] = "",
    at: Annotated[str, typer.Option(metavar="REF", help="As a ref holds it.", show_default=False)] = "",
    only: Only = "",
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Say why an article is on a front page or is not, and what single change would turn that round.

    Tells the clause that decides, each rating and why its rater is trusted, how each score is summed,
    and what stands above and below. Exit code 1 when the front page does not print it.
    """
    from newsrepo.cli.present import why as present
    from newsrepo.porcelain.why import why as look
    from newsrepo.porcelain.why import why_printed

    if bool(filter) is bool(edition):
        raise UsageError("name a filter or an edition, one of both", "such as --filter abc/daily")
    session: Session = ctx.obj
    if edition and (only or session.day is not None):
        raise UsageError("an edition has its own day and sources: --edition goes without --today and --only")
    out = session.out
    with out.waiting("trying what would turn it round"):
        if edition:
            found = why_printed(session.workspace(), session.directory / Path(edition), id, at=at)
        else:
            found = look(session.workspace(), id, filter=filter, today=session.today, at=at, only=only)
    if json:
        present.as_json(out, found)
    else:
        present.as_text(out, found)
    if not found.account.inside:
        raise typer.Exit(int(Exit.NO))
