"""``newsrepo build``: editions."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.options import Only
from newsrepo.cli.session import Session
from newsrepo.errors import Exit, UsageError
from newsrepo.porcelain.templates import Look

if TYPE_CHECKING:
    from newsrepo.porcelain.sealing import Sign

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo build abc/daily -o public")
def build(
    ctx: typer.Context,
    filters: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILTER", autocompletion=complete.filters, help="The filters whose editions to build."
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every filter, and a page that lists the editions.")
    ] = False,
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", metavar="DIR", help="Where; else site/ at the root.", show_default=False
        ),
    ] = "",
    jobs: Annotated[
        int, typer.Option("-j", "--jobs", min=0, max=256, help="Processes at once; 0: one a core.")
    ] = 0,
    at: Annotated[str, typer.Option(metavar="REF", help="Build what a ref holds.", show_default=False)] = "",
    only: Only = "",
    force: Annotated[bool, typer.Option("--force", help="Make every page again.")] = False,
    shard: Annotated[
        str, typer.Option(metavar="K/N", help="Make part K of N, for --merge.", show_default=False)
    ] = "",
    merge: Annotated[
        bool, typer.Option("--merge", help="FILTER are folders with parts: put these together.")
    ] = False,
    sign: Annotated[bool, typer.Option("--sign", help="Sign the manifest of every edition.")] = False,
    key: Annotated[str, typer.Option(metavar="FILE", help="The key to sign with.", show_default=False)] = "",
    theme: Annotated[
        Look, typer.Option(help="Lay out with the templates of this clone where it has any, or without.")
    ] = Look.OWN,
    editor: Annotated[
        bool, typer.Option("--editor", help="Also put a browser editor at admin/ of the site.")
    ] = False,
    editor_app: Annotated[
        str,
        typer.Option(metavar="ID", help="The editor's application at the forge.", show_default=False),
    ] = "",
    editor_login: Annotated[
        str,
        typer.Option(metavar="URL", help="The login helper that GitHub needs.", show_default=False),
    ] = "",
    decap: Annotated[
        str,
        typer.Option(metavar="FILE", help="The editor's archive; else npm fetches it.", show_default=False),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Build the edition of each filter: a complete static site, only what changed written.

    One filter goes into DIR itself (site/C/NAME by default); several go into DIR/C/NAME each, with a
    page that lists them at DIR/index.html. The day of an edition is the date of the commit it stands
    on, in UTC, unless --today names one.

    A large commons can be built by several machines: --shard K/N makes one part of every edition, and
    --merge DIR... puts all parts together, to the same bytes as one build.

    --editor is no part of any edition: it sends what people write to the commons' home, as requests to the
    contingent that this clone speaks for. What each forge needs for that stands in docs/editor.md.
    """
    from newsrepo.porcelain.build import build as make
    from newsrepo.porcelain.sealing import Sign

    session: Session = ctx.obj
    out = session.out
    if key and not sign:
        raise UsageError("--key is the key to sign with: say --sign as well")
    if (editor_app or editor_login or decap) and not editor:
        raise UsageError("--editor-app, --editor-login and --decap are about an editor: say --editor as well")
    if editor and (merge or shard):
        raise UsageError("--editor goes with a whole build, not with a part", "build the editor by itself")
    seal = Sign(key) if sign else None
    if merge:
        if every or shard or at or only or jobs or force or theme is not Look.OWN:
            raise UsageError("--merge only puts parts together: it takes folders, -o, --sign and --key")
        _merge(session, filters or (), output, seal, json=json)
        return
    put = _editor(session, editor_app, editor_login, decap) if editor else None
    with out.progress("building") as progress:
        done = make(
            session.workspace(),
            filters or (),
            every=every,
            out=Path(output) if output else None,
            start=session.directory,
            jobs=jobs or os.cpu_count() or 1,
            clock=session.today,
            at=at,
            only=only,
            today=session.day,
            force=force,
            home=session.home,
            progress=progress,
            shard=shard,
            sign=seal,
            look=theme,
        )
    if put is not None:
        put(Path(done.root or done.editions[0].out))
    if json:
        from newsrepo.cli.present.editions import as_json

        as_json(out, done)
    else:
        from newsrepo.cli.present.editions import as_text

        as_text(out, done, os.getcwd())
    if any(not failed.source for failed in done.failed):  # others' broken filters are theirs to mend
        raise typer.Exit(Exit.NO)


def _editor(session: Session, app_id: str, login: str, decap: str) -> "Callable[[Path], None]":
    """What puts the editor into a folder; all that can be missing is asked for before anything is built."""
    from newsrepo.porcelain.editing_program import program
    from newsrepo.porcelain.editing_site import FOLDER, put, site_config

    out = session.out
    work = session.workspace()
    config = site_config(work, app=app_id, login=login)
    with out.waiting("fetching the editor"):
        files = program(work.repository, session.directory / decap if decap else None)

    def place(folder: Path) -> None:
        put(folder, files, config)
        out.word(f"the editor is at {FOLDER}/")

    return place


def _merge(session: Session, folders: Sequence[str], output: str, seal: "Sign | None", *, json: bool) -> None:
    from newsrepo.cli.present import merged as present
    from newsrepo.porcelain.merging import merge

    out = session.out
    with out.progress("putting together") as progress:
        done = merge(
            session.workspace(),
            folders,
            out=Path(output) if output else None,
            start=session.directory,
            home=session.home,
            sign=seal,
            progress=progress,
        )
    (present.as_json if json else present.as_text)(out, done)
