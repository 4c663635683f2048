"""``newsrepo challenges``: who was asked what, and what became of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.session import Session
from newsrepo.errors import UsageError

if TYPE_CHECKING:
    from newsrepo.ledger import State

app = typer.Typer(rich_markup_mode=None, add_completion=False)

Who = list[str]


@app.command(epilog="Example: newsrepo challenges --to lmn --overdue")
def challenges(
    ctx: typer.Context,
    to: Annotated[
        Who | None,
        typer.Option(
            metavar="C",
            autocompletion=complete.contingents,
            help="Only what was asked of C; may be repeated.",
            show_default=False,
        ),
    ] = None,
    from_: Annotated[
        Who | None,
        typer.Option(
            "--from",
            metavar="C",
            autocompletion=complete.contingents,
            help="Only what C asked; may be repeated.",
            show_default=False,
        ),
    ] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is overdue.")] = False,
    state: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STATE",
            autocompletion=complete.states,
            help="Only in this state, such as open or declined; may be repeated.",
            show_default=False,
        ),
    ] = None,
    at: Annotated[str, typer.Option(metavar="REF", help="What a ref holds.", show_default=False)] = "",
    feed: Annotated[
        str,
        typer.Option(
            metavar="FILE",
            help="Write an Atom feed of what is owed (- for standard output).",
            show_default=False,
        ),
    ] = "",
    mail: Annotated[
        bool, typer.Option("--mail", help="Print reminders of what is owed, fit for mail.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Say who was asked what, until when, who answered or declined, and who did not.

    States: overdue, open, question-changed (since it was answered), partial, declined, answered, withdrawn.
    They follow from the dates in the files against today, and change nothing: nobody can be made to answer.
    A question without a last day is due on the 30th day after it was asked.
    """
    from newsrepo.cli.present import challenges as present
    from newsrepo.ledger import State
    from newsrepo.porcelain import challenges as porcelain

    if sum([bool(feed), mail, json]) > 1:
        raise UsageError("--feed, --mail and --json exclude each other")
    session: Session = ctx.obj
    wanted = [*([State.OVERDUE] if overdue else []), *(_state(text) for text in state or ())]
    out = session.out
    with out.waiting("reading"):
        told = porcelain.challenges(
            session.workspace(), session.today, to=to or (), by=from_ or (), states=wanted, at=at
        )
    if json:
        present.as_json(out, told)
    elif mail:
        present.as_mail(out, told)
    elif feed:
        _write(session, feed, porcelain.reminders(told))
    else:
        present.as_text(out, told)


def _state(text: str) -> "State":
    from newsrepo.ledger import State

    try:
        return State(text)
    except ValueError:
        raise UsageError(f"--state {text!r}: no such state", f"one of: {', '.join(State)}") from None


def _write(session: Session, to: str, data: bytes) -> None:
    if to == "-":
        session.out.raw(data)
        return
    from newsrepo.gitstore.files import write_atomic

    path = session.directory / Path(to)
    write_atomic(path, data)
    session.out.word(f"wrote {path}")
