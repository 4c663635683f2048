"""``newsrepo verify-edition``: whether an edition is what its tips make."""

import os
from typing import Annotated

import typer

from newsrepo.cli.session import Session
from newsrepo.errors import Exit

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo verify-edition public/abc/daily")
def verify_edition(
    ctx: typer.Context,
    folder: Annotated[
        str, typer.Argument(metavar="DIR", help="An edition, or a site with the page that lists several.")
    ],
    jobs: Annotated[
        int, typer.Option("-j", "--jobs", min=0, max=256, help="Processes at once; 0: one a core.")
    ] = 0,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Make an edition anew from the tips in its manifest and say what differs, file by file.

    Nothing is fetched: what the edition was made from must be in this clone (`newsrepo sync`). DIR is read
    and never written to. Exit code 0: every byte is as it should be; 1: something differs; 3: it cannot be
    told, because a tip is not here or other versions of tools made a part of it.
    """
    from newsrepo.cli.present import proof as present
    from newsrepo.porcelain.verify_edition import Verdict
    from newsrepo.porcelain.verify_edition import verify_edition as verify

    session: Session = ctx.obj
    out = session.out
    with out.progress("making it anew") as progress:
        done = verify(
            session.workspace(),
            folder,
            start=session.directory,
            jobs=jobs or os.cpu_count() or 1,
            progress=progress,
        )
    (present.as_json if json else present.as_text)(out, done)
    if done.verdict is not Verdict.VERIFIED:
        raise typer.Exit(int(Exit.NO if done.verdict is Verdict.DIFFERS else Exit.UNABLE))
