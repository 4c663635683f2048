"""``newsrepo init``: a new commons in a directory."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsrepo.cli.ask import answer
from newsrepo.cli.session import Session
from newsrepo.errors import UsageError
from newsrepo.ids import IdError, contingent_id

if TYPE_CHECKING:
    from newsrepo.porcelain.forge import Forge as Known

app = typer.Typer(rich_markup_mode=None, add_completion=False)


class Forge(StrEnum):
    GITHUB = "github"
    GITLAB = "gitlab"
    FORGEJO = "forgejo"


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
    home: Annotated[
        str,
        typer.Option(metavar="URL", help="Where the commons' repository will be.", show_default=False),
    ] = "",
    forge: Annotated[
        list[Forge] | None,
        typer.Option(help="Also write what the commons ships for this forge; may be repeated."),
    ] = None,
    host: Annotated[
        list[str] | None,
        typer.Option(metavar="ACCOUNT", help="With --forge: who keeps the commons; may be repeated."),
    ] = None,
    branch: Annotated[
        str,
        typer.Option(metavar="NAME", help="With --forge: the branch that is published.", show_default=False),
    ] = "",
    pin: Annotated[
        bool, typer.Option("--pin", help="Only pin the identity of the commons that stands here already.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Start a new commons: charter, first contingent, first filter, roll, and its identity pinned.

    Makes a git repository where there is none. Overwrites nothing, commits nothing. With --forge in a
    commons that stands already, only what it lacks for that forge is added: the workflows that check
    requests and publish editions, the pinned tool, the template for requests, the code owners.
    """
    from newsrepo.porcelain.forge import Forge as Known
    from newsrepo.porcelain.init import init as start

    session: Session = ctx.obj
    forges = [Known(name) for name in forge or ()]
    if (host or branch) and not forge:
        raise UsageError("--host and --branch need --forge", "name the forge: github, gitlab or forgejo")
    if pin and forge:
        raise UsageError("--pin and --forge exclude each other", "run them one after the other")
    if pin:
        _pin(session, Path(directory), json=json)
        return
    if (
        forge
        and not (name or contingent_name or home)
        and (session.directory / directory / "newsrepo.yaml").exists()
    ):
        _equip(session, Path(directory), forges, host or [], branch, json=json)
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
        home=home,
        forges=forges,
        hosts=host or (),
        branch=branch,
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
    if forges and not host:
        out.word(_NOBODY)
    out.word(f"genesis {done.genesis}, pinned in this clone's git config")
    where = "" if directory == "." else f"cd {directory}\n  "
    out.word(
        f"next:\n  {where}git add . && git commit -m 'Start the commons'\n"
        "  newsrepo new article --title 'Our first story'\n"
        "  newsrepo check\n"
        f"  newsrepo build {contingent}/daily"
    )
    for known in forges:
        out.word(_THEN[known.value])


_THEN = {
    "github": "on GitHub: Settings, Pages, Source: GitHub Actions; and in Settings, Rules require `records`",
    "gitlab": "on GitLab: a pipeline schedule for the daily run; and in Settings merge only what passes",
    "forgejo": "on Forgejo: a runner must have the label docker; and in Settings, Branches require `check`",
}
_NOBODY = "nobody is named as host: with --host ACCOUNT there is also a list of code owners"


_NO_DESK = "nobody takes in what people send by issue forms: with --as CONTINGENT there are also such forms"


def _equip(
    session: Session, directory: Path, forges: "list[Known]", hosts: list[str], branch: str, *, json: bool
) -> None:
    from newsrepo.cli.present.encode import terminal
    from newsrepo.porcelain.forge import equip
    from newsrepo.porcelain.workspace import Workspace

    work = Workspace.discover(session.directory / directory)
    done = equip(work, forges, hosts=hosts, branch=branch)
    out = session.out
    if json:
        out.json(
            "init",
            {
                "root": str(work.root),
                "written": list(done.written),
                "same": list(done.same),
                "kept": list(done.different),
            },
        )
    else:
        for path in done.written:
            out.line(terminal(path))
    for path in done.same:
        out.word(f"{path} was there already, just so")
    for path in done.different:
        out.warn(
            f"{path} was there and is left as it is",
            "to renew it, delete it, run this again, and look at `git diff`",
        )
    if not done.written:
        out.word("nothing to do: every file is there")
    for known in forges if done.written else ():
        out.word(_THEN[known.value])
    there = (*done.written, *done.same, *done.different)
    if not any(path.endswith("/CODEOWNERS") for path in there):
        out.word(_NOBODY)
    if set(forges) != {"gitlab"} and not any("/ISSUE_TEMPLATE/" in path for path in there):
        out.word(_NO_DESK)


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
