"""``newsrepo diff``: two versions passage by passage."""

from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.session import Session
from newsrepo.errors import UsageError

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo diff abc/2026/dock-strike lmn/2026/dock-strike --html strike.html")
def diff(
    ctx: typer.Context,
    old: Annotated[
        str,
        typer.Argument(
            metavar="A", autocompletion=complete.articles, help="An article's id; @VERSION for one version."
        ),
    ],
    new: Annotated[
        str,
        typer.Argument(metavar="B", autocompletion=complete.articles, help="What it became, likewise."),
    ],
    at: Annotated[str, typer.Option(metavar="REF", help="As a ref holds them.", show_default=False)] = "",
    html: Annotated[
        str,
        typer.Option(
            metavar="FILE", help="Write a page that needs nothing else (- for output).", show_default=False
        ),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Show two versions passage by passage: what was changed in its words, moved, dropped or added.

    A VERSION is at least 8 digits of its id. Marks: ~ changed, > moved, - dropped, + added; in changed
    passages [-dropped words-] and {+added words+}.
    """
    from newsrepo.cli.present import diff as present
    from newsrepo.porcelain.diff import diff as compare
    from newsrepo.porcelain.diff import page, write_page

    if json and html:
        raise UsageError("--json and --html exclude each other")
    session: Session = ctx.obj
    out = session.out
    with out.waiting("comparing"):
        found = compare(session.workspace(), old, new, at=at)
    if json:
        present.as_json(out, found)
    elif html == "-":
        out.raw(page(found, present.summary(found)))
    elif html:
        write_page(session.directory / html, page(found, present.summary(found)))
        out.word(f"wrote {html}")
    else:
        present.as_text(out, found)
