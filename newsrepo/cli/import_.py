"""``newsrepo import``: articles and ratings from elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from newsrepo.cli.session import Session
from newsrepo.errors import Exit

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, add_completion=False)


@app.callback(epilog="Example: newsrepo import markdown ../old-site --license CC0-1.0")
def import_() -> None:
    """Bring in articles from elsewhere."""


@app.command(epilog="Example: newsrepo import markdown ../old-site --as abc --license CC0-1.0 --dry-run")
def markdown(
    ctx: typer.Context,
    directory: Annotated[str, typer.Argument(metavar="DIR", help="The folder of the site's sources.")],
    license: Annotated[  # noqa: A002 - the option's own name
        str,
        typer.Option(
            metavar="LICENSE",
            help="The licence that its authors gave it; without one the articles are withheld.",
            show_default=False,
        ),
    ] = "",
    lang: Annotated[
        str,
        typer.Option(metavar="LANG", help="Its language, where the site does not say.", show_default=False),
    ] = "",
    url: Annotated[
        str, typer.Option(metavar="URL", help="The address it was published at.", show_default=False)
    ] = "",
    permalink: Annotated[
        str,
        typer.Option(
            metavar="PATTERN",
            help="How its addresses are made, such as /:year/:month/:slug/.",
            show_default=False,
        ),
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be written.")] = False,
    details: Annotated[bool, typer.Option("--details", help="Name every file and every place.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Import a Jekyll, Hugo, Eleventy or plain Markdown site as articles of your contingent.

    Writes what is missing and leaves every file alone that is there: running it again is safe.
    Exit code 1 when a post could not be brought in; what a post lost on the way does not count.
    """
    from newsrepo.cli.present import imports
    from newsrepo.porcelain.imports import import_markdown

    session: Session = ctx.obj
    out = session.out
    with out.progress("importing") as progress:
        done = import_markdown(
            session.workspace(),
            session.directory / Path(directory),
            license=license,
            lang=lang,
            url=url,
            permalink=permalink,
            dry_run=dry_run,
            progress=progress,
        )
    if json:
        imports.as_json(out, done)
    else:
        imports.as_text(out, done, details=details)
    imports.closing(out, done, details=details)
    if not done.complete:
        raise typer.Exit(int(Exit.NO))


@app.command(epilog="Example: newsrepo import polis ../conversation --as town --source-license CC-BY-4.0")
def polis(
    ctx: typer.Context,
    directory: Annotated[str, typer.Argument(metavar="DIR", help="The folder of the export.")],
    license: Annotated[  # noqa: A002 - the option's own name
        str,
        typer.Option(
            metavar="LICENSE",
            help="The statements' licence; without one they are withheld.",
            show_default=False,
        ),
    ] = "",
    source_license: Annotated[
        str,
        typer.Option(
            metavar="LICENSE", help="The licence of the export, kept in the credit.", show_default=False
        ),
    ] = "",
    lang: Annotated[
        str, typer.Option(metavar="LANG", help="The language of the statements.", show_default=False)
    ] = "",
    axis: Annotated[
        str, typer.Option(metavar="NAME", help="Your contingent's axis that votes are given on.")
    ] = "agree",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be written.")] = False,
    details: Annotated[bool, typer.Option("--details", help="Name every file and every place.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Import a Polis conversation: statements as short articles, participants as raters p0, p1 and so on.

    Votes become ratings on an axis of your contingent, which its file then declares. Writes what is missing
    and leaves every file alone that is there: running it again is safe.
    """
    from newsrepo.cli.present import imports
    from newsrepo.porcelain.imports import import_polis

    session: Session = ctx.obj
    out = session.out
    with out.progress("importing") as progress:
        done = import_polis(
            session.workspace(),
            session.directory / Path(directory),
            license=license,
            source_license=source_license,
            lang=lang,
            axis=axis,
            dry_run=dry_run,
            progress=progress,
        )
    if json:
        imports.as_json(out, done)
    else:
        imports.as_text(out, done, details=details)
    imports.closing(out, done, details=details)
    if not done.complete:
        raise typer.Exit(int(Exit.NO))
