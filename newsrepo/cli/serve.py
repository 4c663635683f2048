"""``newsrepo serve``: a preview on this machine."""

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.session import Session

if TYPE_CHECKING:
    from newsrepo.porcelain.memo import Editions

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo serve abc/daily --port 8000")
def serve(
    ctx: typer.Context,
    filter: Annotated[  # noqa: A002 - the option's own name
        str, typer.Argument(metavar="FILTER", autocompletion=complete.filters, help="The filter to preview.")
    ],
    port: Annotated[int, typer.Option(min=0, max=65535, help="On this port; 0: any free one.")] = 0,
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", metavar="DIR", help="Build here; else beside the index.", show_default=False
        ),
    ] = "",
) -> None:
    """Preview an edition on this machine only, built again whenever a file changes. Ctrl-C ends it.

    Drafts show as of today: works dated later wait, as in any edition.
    """
    from newsrepo.porcelain.build import build
    from newsrepo.porcelain.outputs import preview_folder
    from newsrepo.porcelain.preview import Server, Watch

    session: Session = ctx.obj
    work = session.workspace()
    target = Path(output) if output else preview_folder(work.repository, filter)

    def make() -> "Editions":
        return build(
            session.workspace(),
            (filter,),
            every=False,
            out=target,
            start=session.directory,
            jobs=os.cpu_count() or 1,
            clock=session.today,
            today=session.today,
            home=session.home,
        )

    from newsrepo.cli.present.editions import as_text
    from newsrepo.errors import NewsrepoError

    seen = work.glance()
    out = session.out
    as_text(out, make(), os.getcwd())

    def again() -> None:
        try:
            done = make()
        except NewsrepoError as error:
            out.warn(error.message, error.hint)
            return
        if not done.nothing_to_do:
            as_text(out, done, os.getcwd())

    server = Server(target, port)
    threading.Thread(target=server.serve_forever, name="preview", daemon=True).start()
    out.line(server.url)
    out.flush()
    out.word("Ctrl-C ends the preview")
    watch = Watch(work.glance, again)
    try:
        watch.run(seen)
    finally:
        server.shutdown()
        server.server_close()
