"""``newsrepo show``: one record for a reader."""

from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.options import Only
from newsrepo.cli.session import Session
from newsrepo.errors import UsageError

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo show abc/2026/dock-strike")
def show(
    ctx: typer.Context,
    id: Annotated[  # noqa: A002 - the option's own name
        str,
        typer.Argument(
            metavar="ID",
            autocompletion=complete.records,
            help="An article's id, kind:id, or a path; @VERSION for one version.",
        ),
    ],
    at: Annotated[str, typer.Option(metavar="REF", help="As a ref holds it.", show_default=False)] = "",
    only: Only = "",
    comments: Annotated[
        bool, typer.Option("--comments", help="What is said of it, as threads; of a comment, its thread.")
    ] = False,
    raw: Annotated[bool, typer.Option("--raw", help="The file's own bytes.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Show one record: an article with its text, credits and ratings, or any other record's fields."""
    from newsrepo.cli.present import record
    from newsrepo.cli.present.encode import terminal_lines
    from newsrepo.porcelain.show import show as look

    if raw and (json or comments):
        raise UsageError(f"{'--json' if json else '--comments'} and --raw exclude each other")
    session: Session = ctx.obj
    out = session.out
    if comments:
        _comments(session, id, at, only, json=json)
        return
    with out.waiting("reading"):
        shown = look(session.workspace(), id, at=at, only=only)
    if json:
        record.as_json(out, shown)
    elif raw and out.tty:
        for line in terminal_lines(shown.data.decode("utf-8", "backslashreplace").removesuffix("\n")):
            out.line(line)
    elif raw:
        out.raw(shown.data)
    else:
        record.as_text(out, shown, min(out.width, 100))


def _comments(session: Session, id: str, at: str, only: str, *, json: bool) -> None:  # noqa: A002 - as above
    from newsrepo.cli.present import threads
    from newsrepo.porcelain.threads import conversation

    out = session.out
    with out.waiting("reading"):
        told = conversation(session.workspace(), id, session.today, at=at, only=only)
    if json:
        threads.as_json(out, told)
    else:
        threads.as_text(out, told, min(out.width, 100))
