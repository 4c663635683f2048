"""``newsrepo intake``: for a forge's runner, an issue form becomes a file."""

import os
from typing import Annotated

import typer

from newsrepo.cli.session import Session
from newsrepo.errors import Exit

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog='Example: newsrepo intake --event "$GITHUB_EVENT_PATH" --as abc')
def intake(
    ctx: typer.Context,
    event: Annotated[str, typer.Option(metavar="FILE", help="The event, as the forge's runner wrote it.")],
    reply: Annotated[
        str,
        typer.Option(metavar="FILE", help="Where a comment on faults is written.", show_default=False),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Write what somebody sent in by an issue form, as one new file of the contingent; print its path.

    For the workflow `intake` that `init --forge` writes, which asks for the file to be merged. What the form
    says is taken as text, checked as it would stand, and written only if check finds no error in it; nothing
    is committed.

    Exit code 1 when the form holds faults; with --reply these are written as a comment for the issue.
    """
    from newsrepo.cli.present.encode import terminal
    from newsrepo.gitstore.files import write_atomic
    from newsrepo.porcelain.intake import intake as take
    from newsrepo.porcelain.intake import reply as comment

    session: Session = ctx.obj
    out = session.out
    done = take(session.workspace(), session.directory / event, today=session.today)
    if done.faults and reply:
        write_atomic(os.path.join(session.directory, reply), comment(done), durable=False)
    if json:
        out.json(
            "intake",
            {
                "form": done.form,
                "issue": done.number,
                "id": done.id,
                "path": done.path,
                "faults": list(done.faults),
            },
        )
    elif done.path:
        out.line(terminal(done.path))
    if done.faults:
        if not json:
            for fault in done.faults:
                out.warn(terminal(f"issue #{done.number}: {fault}"), "")
        raise typer.Exit(int(Exit.NO))
