"""``newsrepo export``: editions for other programs."""

import os
from pathlib import Path
from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.options import Only
from newsrepo.cli.session import Session

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, add_completion=False)


@app.callback(epilog="Example: newsrepo export epub abc/daily -o daily.epub")
def export() -> None:
    """Hand an edition to other programs, in their own formats."""


@app.command(epilog="Example: newsrepo export epub abc/daily -o daily.epub")
def epub(
    ctx: typer.Context,
    filter: Annotated[  # noqa: A002 - the argument's own name
        str, typer.Argument(metavar="FILTER", autocompletion=complete.filters, help="The filter to export.")
    ],
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="The book to write.", show_default=False)
    ],
    at: Annotated[str, typer.Option(metavar="REF", help="Export what a ref holds.", show_default=False)] = "",
    only: Only = "",
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Make an edition into an EPUB book: one chapter for each article, with pictures and credit."""
    from newsrepo.cli.present import epub as present
    from newsrepo.porcelain.epub import export_epub

    session: Session = ctx.obj
    with session.out.waiting("binding the book"):
        done = export_epub(
            session.workspace(),
            filter,
            out=Path(output),
            start=session.directory,
            clock=session.today,
            at=at,
            only=only,
            today=session.day,
        )
    if json:
        present.as_json(session.out, done)
    else:
        present.as_text(session.out, done, os.getcwd())
