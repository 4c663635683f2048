"""``newsrepo init``: a new commons in a directory."""

from pathlib import Path
from typing import Annotated

import typer

from newsrepo.cli.ask import answer
from newsrepo.cli.session import Session
from newsrepo.errors import UsageError
from newsrepo.ids import IdError, contingent_id

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(
    epilog="Example: newsrepo init news --name 'Harbour news' --contingent abc --contingent-name ABC"
)
def init(
    ctx: typer.Context,
    directory: Annotated[str, typer.Argument(metavar="DIR", help="Where; made if missing.")] = ".",
    name: Annotated[str, typer.Option(help="The name of the commons.", show_default=False)] = "",
    contingent: Annotated[
        str, typer.Option(metavar="ID", help="The id of your contingent, such as abc.", show_default=False)
    ] = "",
    contingent_name: Annotated[
        str, typer.Option(metavar="NAME", help="The name of your contingent.", show_default=False)
    ] = "",
    lang: Annotated[str, typer.Option(help="The language that the commons mostly writes in.")] = "en",
    pin: Annotated[
        bool, typer.Option("--pin", help="Only pin the identity of the commons that stands here already.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Start a new commons: charter, first contingent, first filter, roll, and its identity pinned.

    Makes a git repository where there is none. Overwrites nothing, commits nothing.
    """
    from newsrepo.porcelain.init import init as start

    session: Session = ctx.obj
    if pin:
        _pin(session, Path(directory), json=json)
        return
    contingent = contingent or session.contingent
    name = name or answer(session, "Name of the commons", "--name")
    contingent = contingent or answer(
        session, "Id of your contingent (such as abc)", "--contingent", accept=contingent_id
    )
    try:
        contingent_id(contingent)
    except IdError as error:
        raise UsageError(
            f"--contingent: {error}", "lower-case letters and digits, joined by single hyphens"
        ) from None
    contingent_name = contingent_name or answer(session, "Name of your contingent", "--contingent-name")
    done = start(
        session.directory / Path(directory),
        name=name,
        contingent=contingent,
        contingent_name=contingent_name,
        lang=lang,
    )
    out = session.out
    if json:
        out.json(
            "init",
            {
                "root": str(done.root),
                "genesis": done.genesis,
                "contingent": done.contingent,
                "written": list(done.written),
                "kept": list(done.kept),
            },
        )
    else:
        from newsrepo.cli.present.encode import terminal

        for path in done.written:
            out.line(terminal(path))
    for path in done.kept:
        out.warn(
            f"{path} was there and is left as it is",
            "add what `newsrepo init` would have put there: see docs/cli.md",
        )
    out.word(f"genesis {done.genesis}, pinned in this clone's git config")
    where = "" if directory == "." else f"cd {directory}\n  "
    out.word(
        f"next:\n  {where}git add . && git commit -m 'Start the commons'\n"
        "  newsrepo new article --title 'Our first story'\n"
        "  newsrepo check\n"
        f"  newsrepo build {contingent}/daily"
    )


def _pin(session: Session, directory: Path, *, json: bool) -> None:
    from newsrepo.porcelain.init import pin
    from newsrepo.porcelain.workspace import Workspace

    done = pin(Workspace.discover(session.directory / directory))
    if json:
        session.out.json("init", {"genesis": done.genesis, "before": done.before or None})
    else:
        session.out.line(done.genesis)
    if done.before == done.genesis:
        session.out.word("nothing to do: this genesis was pinned already")
    elif done.before:
        session.out.word(f"pinned in place of {done.before}")
