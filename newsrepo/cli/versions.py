"""``newsrepo versions``: the works of a story and their revisions."""

from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.session import Session

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo versions abc/2026/dock-strike")
def versions(
    ctx: typer.Context,
    id: Annotated[  # noqa: A002 - the option's own name
        str, typer.Argument(metavar="ID", autocompletion=complete.articles, help="Any article of the story.")
    ],
    at: Annotated[
        str, typer.Option(metavar="REF", help="As a ref and its history hold it.", show_default=False)
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """List all versions of a story: its works, and of each work every revision with what changed.

    Each line names a version that `newsrepo diff` takes, when and by whom it was committed, what it changed
    against the line above (the first: against its source), and how it was rated.
    """
    from newsrepo.cli.present import versions as present
    from newsrepo.porcelain.versions import versions as look

    session: Session = ctx.obj
    out = session.out
    with out.waiting("reading history"):
        story = look(session.workspace(), id, at=at)
    if json:
        present.as_json(out, story)
    else:
        present.as_text(out, story)
