"""``newsrepo credits``: the derivation of an article, both ways."""

from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.session import Session
from newsrepo.errors import UsageError

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo credits abc/2026/dock-strike")
def credits(  # noqa: A001 - the verb's own name
    ctx: typer.Context,
    id: Annotated[  # noqa: A002 - the option's own name
        str,
        typer.Argument(
            metavar="ID",
            autocompletion=complete.articles,
            help="An article's id; @VERSION for one version.",
        ),
    ],
    at: Annotated[str, typer.Option(metavar="REF", help="As a ref holds it.", show_default=False)] = "",
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    dot: Annotated[bool, typer.Option("--dot", help="Answer as a graph for Graphviz.")] = False,
) -> None:
    """Draw what an article is based on, and what is based on it, however long the chain.

    Each line names the relation, the exact version, its title, owner and licence.
    """
    from newsrepo.cli.present import credits as present
    from newsrepo.porcelain.credits import credits as look

    if json and dot:
        raise UsageError("--json and --dot exclude each other")
    session: Session = ctx.obj
    out = session.out
    with out.waiting("reading"):
        found = look(session.workspace(), id, at=at)
    if json:
        present.as_json(out, found)
    elif dot:
        present.as_dot(out, found)
    else:
        present.as_text(out, found, min(out.width, 100))
