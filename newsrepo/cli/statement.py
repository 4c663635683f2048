"""``newsrepo statement``: texts in everybody's name, from proposal to certified result."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsrepo.cli import complete, signing
from newsrepo.cli.session import Session
from newsrepo.errors import Exit

if TYPE_CHECKING:
    from newsrepo.porcelain.statements.polls import Polls
    from newsrepo.porcelain.workspace import Workspace

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, add_completion=False)

Id = Annotated[
    str, typer.Argument(metavar="ID", autocompletion=complete.statements, help="The statement: abc/peace.")
]
Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILES", help="More records of votes: files with their .sig, or folders."),
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


@app.callback(epilog="Example: newsrepo statement tally abc/peace-in-port")
def statement() -> None:
    """Propose a text in everybody's name, vote on it, close the vote, and see what came of it.

    Nothing here asks git for dates or this machine for the time: a result is computed from signed files,
    gathered from every ref that this clone knows. `newsrepo sync` fetches what others have signed since.
    """


app.command(
    epilog="Example: newsrepo statement new --title 'Peace in the port' --body peace.md",
)(signing.new)
app.command("open", epilog="Example: newsrepo statement open abc/peace-in-port --closes 2026-06-30")(
    signing.open_
)
app.command(epilog="Example: newsrepo statement vote abc/peace-in-port yes --key ~/.ssh/id_ed25519")(
    signing.vote
)


@app.command(epilog="Example: newsrepo statement tally abc/peace-in-port --what-if 'of: roll'")
def tally(
    ctx: typer.Context,
    id: Id,  # noqa: A002 - its own name
    files: Files = None,
    what_if: Annotated[
        str,
        typer.Option(
            "--what-if",
            metavar="RULE",
            help="Also count under another rule, such as 'ratio: 3/4, quorum: 1/3'.",
            show_default=False,
        ),
    ] = "",
    json: Json = False,
) -> None:
    """Count the votes: what was found and why some is set aside, every voter's line, and the result.

    Ballots are taken from every ref known here and from the files given; their order and copies do not
    matter. Exit code 0 only when the statement is carried and certified; 1 when it is not, or not yet.
    """
    from newsrepo.cli.present import statements as present
    from newsrepo.porcelain.statements.looking import look

    session: Session = ctx.obj
    out = session.out
    work = session.workspace()
    with out.progress("counting") as progress:
        looked = look(work, _polls(session, work, files, progress), id, what_if)
    if json:
        present.tally_as_json(out, looked)
    else:
        present.tally_as_text(out, looked)
    if not looked.judged.carried:
        raise typer.Exit(int(Exit.NO))


app.command(epilog="Example: newsrepo statement close abc/peace-in-port --as lmn")(signing.close)


@app.command("list", epilog="Example: newsrepo statement list --json")
def list_(ctx: typer.Context, json: Json = False) -> None:
    """List every statement known here with its state, and what is unfinished in the working tree."""
    from newsrepo.cli.present import statements as present
    from newsrepo.porcelain.statements.looking import listing, unfinished

    session: Session = ctx.obj
    work = session.workspace()
    with session.out.waiting("counting"):
        rows = listing(_polls(session, work))
    left = unfinished(work)
    if json:
        present.list_as_json(session.out, rows, left)
    else:
        present.list_as_text(session.out, rows, left)


@app.command(epilog="Example: newsrepo statement show abc/peace-in-port")
def show(
    ctx: typer.Context,
    id: Id,  # noqa: A002 - its own name
    json: Json = False,
) -> None:
    """Show one statement: its text, the terms of its vote, and where it stands."""
    from newsrepo.cli.present import statements as present
    from newsrepo.porcelain.statements.looking import look

    session: Session = ctx.obj
    work = session.workspace()
    with session.out.waiting("counting"):
        looked = look(work, _polls(session, work), id)
    if json:
        present.show_as_json(session.out, looked)
    else:
        present.show_as_text(session.out, looked)


@app.command(epilog="Example: newsrepo statement epochs")
def epochs(ctx: typer.Context, json: Json = False) -> None:
    """List the epochs of the commons: which charter and roll were in force, by which vote, and which are now.

    Exit code 1 when the commons has split: then nothing speaks for it until you pin one side.
    """
    from newsrepo.cli.present import epochs as present

    session: Session = ctx.obj
    work = session.workspace()
    with session.out.waiting("counting"):
        chain = _polls(session, work).chain
    drift = signing.drift(work, chain)
    if json:
        present.as_json(session.out, chain, drift)
    else:
        present.as_text(session.out, chain, drift)
    if chain.split:
        raise typer.Exit(int(Exit.NO))


@app.command(epilog="Example: newsrepo statement pin 3f2a9c1d")
def pin(
    ctx: typer.Context,
    epoch: Annotated[str, typer.Argument(metavar="EPOCH", help="Its name, or 8 digits of it or more.")],
    json: Json = False,
) -> None:
    """Follow one side of a split, in this clone alone.

    `newsrepo statement epochs` shows the sides. It is kept in git config `newsrepo.epochs`; to follow the
    other side, pin that one.
    """
    from newsrepo.porcelain.statements.epochs import pin as follow
    from newsrepo.porcelain.statements.gathering import gather

    session: Session = ctx.obj
    work = session.workspace()
    done = follow(work, gather(work), epoch)
    if json:
        session.out.json("statement pin", {"epoch": done.epoch, "before": done.before or None})
    else:
        session.out.line(done.epoch)
    if done.before == done.epoch:
        session.out.word("nothing to do: this side was pinned already")
    else:
        session.out.word(f"this clone follows epoch {done.number}, {done.epoch[:12]}, from now on")


@app.command(epilog="Example: newsrepo statement signers abc/peace-in-port > allowed_signers")
def signers(
    ctx: typer.Context,
    id: Id,  # noqa: A002 - its own name
    json: Json = False,
) -> None:
    """Print the roll of a vote as an allowed_signers file, for checking with ssh-keygen alone.

    docs/verify-by-hand.md says how.
    """
    from newsrepo.porcelain.statements.looking import signers as roll

    session: Session = ctx.obj
    text = roll(_polls(session, session.workspace()), id)
    if json:
        session.out.json("statement signers", {"allowed_signers": text.splitlines()})
    else:
        session.out.data(text)


def _polls(
    session: Session,
    work: "Workspace",
    files: list[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> "Polls":
    return signing.polls(session, work, [Path(file) for file in files or ()], progress)
