"""``newsrepo desk``: the full-screen desk for editors."""

import os
import sys
from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.session import Session
from newsrepo.errors import UnableError

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo desk --filter abc/daily")
def desk(
    ctx: typer.Context,
    filter: Annotated[  # noqa: A002 - the option's own name
        str,
        typer.Option(
            metavar="FILTER",
            autocompletion=complete.filters,
            help="Look by this filter from the start.",
            show_default=False,
        ),
    ] = "",
    rater: Annotated[str, typer.Option(metavar="NAME", help="Who rates.", show_default=False)] = "",
) -> None:
    """Sit down at a full-screen desk: what is new since last time, reading, rating, comparing, why.

    Keys alone do everything; ? lists them. It reads this clone and never the network: run `newsrepo sync`
    before. A rating is written at once and can be taken back; to vote, the desk steps aside for the command.
    """
    session: Session = ctx.obj
    _refuse()
    from newsrepo.desk.office import Office

    session.workspace()  # where there is none, nothing is drawn
    office = Office(session.workspace, session.today, rater=rater)
    begun = office.quick.ask(office.begin)  # while the screens are loaded
    try:
        from newsrepo.desk.app import show
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "textual":
            raise
        raise UnableError(
            "the desk needs the extra `desk`: textual", "pip install 'newsrepo[desk]'"
        ) from None
    left = show(office, begun, program=_program(session), lens=filter, plain=not session.out.color)
    if left.rated:
        session.tell_once()


def _refuse() -> None:
    """Raise UnableError where there is no screen to fill."""
    if not sys.stdin.isatty() or not sys.stdout.isatty() or os.environ.get("TERM", "") == "dumb":
        raise UnableError(
            "the desk needs a whole terminal",
            "elsewhere `newsrepo find`, `show`, `rate --next` and `why` say the same line by line",
        )


def _program(session: Session) -> list[str]:
    """The words that start this program again in the same clone, on the same day, for the same contingent."""
    words = [sys.executable, "-m", "newsrepo", "-C", str(session.directory)]
    if session.as_:
        words += ["--as", session.as_]
    if session.day is not None:
        words += ["--today", str(session.day)]
    return words
