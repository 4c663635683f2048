"""``newsrepo ratings``: who gave an article what."""

from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.options import Only
from newsrepo.cli.session import Session
from newsrepo.errors import Exit

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo ratings abc/2026/dock-strike --json")
def ratings(
    ctx: typer.Context,
    id: Annotated[  # noqa: A002 - the option's own name
        str, typer.Argument(metavar="ID", autocompletion=complete.articles, help="The article.")
    ],
    at: Annotated[str, typer.Option(metavar="REF", help="As a ref has it.", show_default=False)] = "",
    only: Only = "",
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Show who gave an article what, contingent by contingent, with notes and versions.

    Each contingent's line is what its raters say together: one voice, however many they are. Ratings of
    another version are marked, and so are those that a contingent gave its own work. Exit code 1 when
    nobody has rated it.
    """
    from newsrepo.cli.present import ratings as present
    from newsrepo.porcelain.ratings import ratings as look

    session: Session = ctx.obj
    with session.out.waiting("reading"):
        done = look(session.workspace(), id, at=at, only=only)
    if json:
        present.as_json(session.out, done)
    else:
        present.as_text(session.out, done)
    if not done.sides:
        raise typer.Exit(int(Exit.NO))
