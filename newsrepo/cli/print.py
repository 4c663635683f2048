"""``newsrepo print``: an edition on paper."""

import os
from pathlib import Path
from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.options import Only
from newsrepo.cli.session import Session
from newsrepo.errors import Exit

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo print abc/daily --as newspaper --pages 4 -o daily.pdf")
def print(  # noqa: A001 - the verb's own name
    ctx: typer.Context,
    filter: Annotated[  # noqa: A002 - the argument's own name
        str, typer.Argument(metavar="FILTER", autocompletion=complete.filters, help="The filter to print.")
    ],
    kind: Annotated[
        str,
        typer.Option("--as", metavar="leaflet|newspaper", help="What to print.", show_default=False),
    ],
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="The PDF to write.", show_default=False)
    ],
    pages: Annotated[
        int, typer.Option(min=0, max=64, metavar="N", help="How many pages; 0: 2 for a leaflet, else 8.")
    ] = 0,
    paper: Annotated[str, typer.Option(metavar="a4|letter", help="The size of the sheets.")] = "a4",
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Pages of half the size, two on a sheet, to be folded.")
    ] = False,
    fonts: Annotated[
        list[str] | None,
        typer.Option(metavar="DIR", help="A folder with fonts; may be repeated.", show_default=False),
    ] = None,
    at: Annotated[str, typer.Option(metavar="REF", help="Print what a ref holds.", show_default=False)] = "",
    only: Only = "",
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Print an edition as a PDF that fits the pages asked for, in the filter's order.

    Says what was shortened or left out. A story in a script that no font here shows is left out and is a
    fault: the answer is then no. Needs the extra `print`.
    """
    from newsrepo.cli.present import paper as present
    from newsrepo.location import Severity
    from newsrepo.porcelain.print import print_paper

    session: Session = ctx.obj
    with session.out.waiting("setting the pages"):
        done = print_paper(
            session.workspace(),
            filter,
            kind=kind,
            out=Path(output),
            start=session.directory,
            clock=session.today,
            pages=pages,
            stock=paper,
            pairs=pairs,
            fonts=fonts or (),
            home=session.home,
            at=at,
            only=only,
            today=session.day,
        )
    if json:
        present.as_json(session.out, done)
    else:
        present.as_text(session.out, done, os.getcwd())
    if any(finding.severity is Severity.ERROR for finding in done.findings):
        raise typer.Exit(Exit.NO)
