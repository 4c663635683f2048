"""``newsrepo editor``: writing in the browser, on this machine."""

from typing import Annotated

import typer

from newsrepo.cli.session import Session

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo editor --as abc")
def editor(
    ctx: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="On this port; 0: any free one.")] = 0,
    decap: Annotated[
        str,
        typer.Option(
            metavar="FILE", help="The editor's archive, or a folder with it; else npm.", show_default=False
        ),
    ] = "",
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Only fetch the editor, to use it offline later.")
    ] = False,
) -> None:
    """Write in the browser: articles, questions, answers, comments, ratings. Every save is a commit.

    Opens on this machine only, for whoever has the address that is printed. What is saved is checked first,
    as it would stand, and committed on the branch that is checked out, under your own contingent's paths;
    nothing is pushed: `newsrepo submit` does that. The first time, the editor itself (Decap CMS) is fetched
    with npm and kept; it is used only if it is byte for byte the release that newsrepo names.
    """
    from newsrepo.cli.present.encode import terminal
    from newsrepo.editor import vendor
    from newsrepo.porcelain.editing import Desk, ready
    from newsrepo.porcelain.editing_forms import local_config
    from newsrepo.porcelain.editing_program import is_kept, program
    from newsrepo.porcelain.editing_server import API, EditorServer
    from newsrepo.porcelain.workspace import Workspace

    session: Session = ctx.obj
    out = session.out
    work = session.workspace()
    if not fetch:
        ready(work)
    kept = bool(decap) or is_kept(work.repository)
    with out.waiting("opening" if kept else "fetching the editor"):
        files = program(work.repository, session.directory / decap if decap else None)
    if fetch:
        out.word(f"{vendor.PACKAGE} {vendor.VERSION} is here")
        return

    def again() -> Workspace:
        return Workspace.discover(session.directory, contingent=session.contingent, rater=session.rater)

    def saved(text: str) -> None:
        out.line(terminal(f"saved {text}"))
        out.flush()

    desk = Desk(again, lambda: session.now, saved)
    server = EditorServer(desk, files, lambda: local_config(again(), session.today, API), port)
    session.tell_once()
    out.line(server.url)
    out.flush()
    out.word("open this address in a browser on this machine; Ctrl-C ends the editor")
    try:
        server.serve_forever()
    finally:
        server.server_close()
