"""``newsrepo sync``: what everybody else has published, fetched from their homes."""

from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.session import Session
from newsrepo.errors import Exit

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo sync abc lmn --timeout 60")
def sync(
    ctx: typer.Context,
    contingents: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="C",
            autocompletion=complete.contingents,
            help="Only these contingents; else all in contingents/.",
        ),
    ] = None,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, max=64, help="Homes asked at once.")] = 8,
    timeout: Annotated[
        int, typer.Option(metavar="SECONDS", min=1, max=86_400, help="What one home may take at most.")
    ] = 300,
    allow_local: Annotated[
        bool,
        typer.Option(
            "--allow-local",
            help="Also fetch from folders of this machine and from http on it: for trying things out only. "
            "Without it, homes are https and ssh.",
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Fetch what all contingents have published, from the homes that contingents/ names.

    Your branches, index and files stay as they are: what is fetched is kept in a store of its own under
    .git/newsrepo, for all other verbs to read. Every version ever seen is kept there. A home that is gone,
    slow, rewritten or hostile is named, and holds up nobody else.

    Exit code 1 when some home is in trouble; all others are then up to date all the same.
    """
    from newsrepo.cli.present import sync as present
    from newsrepo.cli.present.ticking import ticking
    from newsrepo.porcelain.sync import sync as fetch

    session: Session = ctx.obj
    out = session.out
    with out.progress("syncing") as bar, ticking(bar) as progress:
        done = fetch(
            session.workspace(),
            contingents or (),
            now=session.now,
            jobs=jobs,
            timeout=timeout,
            local=allow_local,
            progress=progress,
        )
    if json:
        present.as_json(out, done)
    else:
        present.as_text(out, done)
    if not done.well:
        raise typer.Exit(int(Exit.NO))
