"""``newsrepo export``: editions, and the data of the whole commons, for other programs."""

import os
from pathlib import Path
from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.options import Only
from newsrepo.cli.session import Session
from newsrepo.errors import Exit

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, add_completion=False)

At = Annotated[str, typer.Option(metavar="REF", help="Export what a ref holds.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Folder = Annotated[
    str, typer.Option("-o", "--output", metavar="DIR", help="The folder to write.", show_default=False)
]
Scores = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        metavar="FILTER",
        autocompletion=complete.filters,
        help="Whose scores; again for more. Else every filter's.",
        show_default=False,
    ),
]


@app.callback(epilog="Example: newsrepo export epub abc/daily -o daily.epub")
def export() -> None:
    """Hand an edition, or the data of the whole commons, to other programs, in their own formats."""


@app.command(epilog="Example: newsrepo export epub abc/daily -o daily.epub")
def epub(
    ctx: typer.Context,
    filter: Annotated[  # noqa: A002 - the argument's own name
        str, typer.Argument(metavar="FILTER", autocompletion=complete.filters, help="The filter to export.")
    ],
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="The book to write.", show_default=False)
    ],
    at: At = "",
    only: Only = "",
    json: AsJson = False,
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


@app.command(epilog="Example: newsrepo export ninjs abc/daily -o wire")
def ninjs(
    ctx: typer.Context,
    filter: Annotated[  # noqa: A002 - the argument's own name
        str, typer.Argument(metavar="FILTER", autocompletion=complete.filters, help="The filter to export.")
    ],
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR|FILE",
            help="A folder, or a .jsonl file for one item a line.",
            show_default=False,
        ),
    ],
    at: At = "",
    only: Only = "",
    json: AsJson = False,
) -> None:
    """Hand every article of an edition to news systems as IPTC ninjs 3.3, with pictures and credit.

    DIR gets a file for each article and an export.json that lists them; it must be empty, or an export of
    ours, which is then replaced.
    """
    from newsrepo.cli.present import export as present
    from newsrepo.porcelain.export import export_ninjs

    session: Session = ctx.obj
    with session.out.progress("exporting") as progress:
        done = export_ninjs(
            session.workspace(),
            filter,
            out=Path(output),
            start=session.directory,
            clock=session.today,
            at=at,
            only=only,
            today=session.day,
            home=session.home,
            progress=progress,
        )
    if json:
        present.wire_as_json(session.out, done)
    else:
        present.wire_as_text(session.out, done, os.getcwd())
    if done.left_out:
        raise typer.Exit(Exit.NO)


@app.command("json", epilog="Example: newsrepo export json -o data --filter abc/daily")
def as_json_lines(
    ctx: typer.Context,
    output: Folder,
    filters: Scores = None,
    at: At = "",
    only: Only = "",
    json: AsJson = False,
) -> None:
    """Write the records, ratings and scores of the whole commons as tables: JSON Lines, a file each.

    DIR must be empty, or an export of ours, which is then replaced. docs/export.md tells what every column
    means.
    """
    _tables(ctx.obj, "json", output, filters, at, only, json=json)


@app.command(epilog="Example: newsrepo export parquet -o data")
def parquet(
    ctx: typer.Context,
    output: Folder,
    filters: Scores = None,
    at: At = "",
    only: Only = "",
    json: AsJson = False,
) -> None:
    """Write the same tables as Parquet, for DuckDB, Spark and others. It needs the extra analytics."""
    _tables(ctx.obj, "parquet", output, filters, at, only, json=json)


def _tables(
    session: Session, form: str, output: str, filters: list[str] | None, at: str, only: str, *, json: bool
) -> None:
    from newsrepo.cli.present import export as present
    from newsrepo.porcelain.export import export_tables

    with session.out.progress("exporting") as progress:
        done = export_tables(
            session.workspace(),
            form,
            out=Path(output),
            start=session.directory,
            filters=filters or (),
            at=at,
            only=only,
            home=session.home,
            progress=progress,
        )
    if json:
        present.tables_as_json(session.out, done)
    else:
        present.tables_as_text(session.out, done, os.getcwd())
