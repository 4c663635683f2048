"""``newsrepo submit``: one's own changes, checked, committed, pushed, and where to ask for them."""

from contextlib import nullcontext
from typing import Annotated

import typer

from newsrepo.cli.session import Session
from newsrepo.errors import Exit

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo submit -m 'The dock strike, told from the gate'")
def submit(
    ctx: typer.Context,
    message: Annotated[
        str,
        typer.Option("-m", "--message", help="What you did; else the files are counted.", show_default=False),
    ] = "",
    branch: Annotated[
        str,
        typer.Option(
            help="The branch to commit on; else the one checked out, or a new one.", show_default=False
        ),
    ] = "",
    remote: Annotated[str, typer.Option(help="The remote that the branch is pushed to.")] = "origin",
    no_push: Annotated[bool, typer.Option("--no-push", help="Commit, and push nothing.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check, say what would be done, and do nothing.")
    ] = False,
    allow_local: Annotated[
        bool,
        typer.Option("--allow-local", help="Also push to a folder of this machine: for trying things out."),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Check what you changed, commit it, push it, and print where to ask for it to be taken in.

    Only files of your own contingent are committed; whatever else you changed or staged stays as it is. On
    the branch that everybody starts from, a new branch is made for your change and checked out; on any other,
    the commit is added to it. Nothing is ever pushed by force.

    Exit code 1 when check finds an error in your files, or the remote refuses the branch: the first is told
    before anything is committed.
    """
    from newsrepo.cli.present import submit as present
    from newsrepo.porcelain.submit import deliver
    from newsrepo.porcelain.submit import submit as commit

    session: Session = ctx.obj
    out = session.out
    work = session.workspace()
    if not dry_run:
        session.tell_once()  # before anything is pushed, to those who write with an editor of their own
    with out.waiting("checking"):
        done = commit(
            work,
            message=message,
            branch=branch,
            remote=remote,
            push=not no_push,
            dry=dry_run,
            now=session.now,
        )
    if done.sound and not dry_run and not no_push:
        # Git may ask for a password at the terminal: nothing of ours moves there meanwhile.
        ask = session.interactive and not json
        with nullcontext() if ask else out.waiting("pushing"):
            done = deliver(work, done, remote, local=allow_local, ask=ask)
    (present.as_json if json else present.as_text)(out, done)
    if not done.sound:
        raise typer.Exit(int(Exit.NO))
