"""``newsrepo contingents``: who belongs, who might, and letting somebody in."""

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.session import Session
from newsrepo.errors import Exit, UsageError

if TYPE_CHECKING:
    from newsrepo.porcelain.admission import Offer

app = typer.Typer(rich_markup_mode=None, add_completion=False)

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Trust what is shown without being asked.")]


@app.callback(
    invoke_without_command=True,
    epilog="Example: newsrepo contingents add https://example.org/xyz/news",
)
def contingents(ctx: typer.Context, json: Json = False) -> None:
    """List the contingents of your address book, and those who stand in others' books only.

    Your address book is contingents/ in your own branch: whoever has a file there belongs, with the home and
    the keys written in it. The others are candidates: they are listed and never fetched.
    """
    if ctx.invoked_subcommand is not None:
        if json:
            raise UsageError(f"--json belongs after the verb: contingents {ctx.invoked_subcommand} --json")
        return
    from newsrepo.cli.present import contingents as present
    from newsrepo.porcelain.contingents import listing

    session: Session = ctx.obj
    with session.out.waiting("reading"):
        known = listing(session.workspace(), session.today)
    if json:
        present.as_json(session.out, known)
    else:
        present.as_text(session.out, known)


@app.command(epilog="Example: newsrepo contingents show lmn")
def show(
    ctx: typer.Context,
    id: Annotated[  # noqa: A002 - the option's own name
        str, typer.Argument(metavar="ID", autocompletion=complete.contingents, help="Whom.")
    ],
    json: Json = False,
) -> None:
    """Show one contingent or candidate: home, keys, what is wrong, and how others' books have it."""
    from newsrepo.cli.present import contingents as present
    from newsrepo.porcelain.contingents import show as look

    session: Session = ctx.obj
    shown = look(session.workspace(), id, session.today)
    if json:
        present.shown_as_json(session.out, shown)
    else:
        present.shown_as_text(session.out, shown)


@app.command(epilog="Example: newsrepo contingents add https://example.org/xyz/news --branch main")
def add(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of its home.")],
    branch: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="The branch; else the repository's own default.", show_default=False
        ),
    ] = "",
    id: Annotated[  # noqa: A002 - the option's own name
        str, typer.Option(metavar="ID", help="Which one, where several are at home.", show_default=False)
    ] = "",
    timeout: Annotated[
        int, typer.Option(metavar="SECONDS", min=1, max=86_400, help="What the fetch may take at most.")
    ] = 300,
    allow_local: Annotated[
        bool, typer.Option("--allow-local", help="Also take folders of this machine, for trying things out.")
    ] = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Admit a contingent by the address of its home: fetch, show what would be trusted, ask, write its file.

    Writes contingents/ID.yaml as its home has it. Nothing is overwritten and nothing committed: it counts as
    yours once you commit it.
    """
    from newsrepo.porcelain.admission import offer_at

    session: Session = ctx.obj
    work = session.workspace()
    with session.out.waiting("fetching"):
        offer = offer_at(work, url, branch=branch, id=id, timeout=timeout, local=allow_local)
    more = [*(["--branch", branch] if branch else []), *(["--id", id] if id else [])]
    again = shlex.join(["newsrepo", "contingents", "add", url, *more, *(["--allow-local"] * allow_local)])
    _settle(session, offer, again, verb="contingents add", yes=yes, json=json)


@app.command(epilog="Example: newsrepo contingents pin lmn")
def pin(
    ctx: typer.Context,
    id: Annotated[  # noqa: A002 - the option's own name
        str, typer.Argument(metavar="ID", autocompletion=complete.contingents, help="Whom.")
    ],
    source: Annotated[
        str,
        typer.Option(
            "--from", metavar="C", help="Take what this contingent's book says.", show_default=False
        ),
    ] = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Pin a candidate, or the home and keys that one of yours has by now: shown old and new, then asked.

    Writes contingents/ID.yaml whole and commits nothing. A move that its own pinned key has signed is
    followed without this.
    """
    from newsrepo.porcelain.admission import offer_of

    session: Session = ctx.obj
    work = session.workspace()
    offer = offer_of(work, id, source=source)
    if offer is None:
        session.out.word(f"{id} is pinned as it stands; there is nothing to take over")
        if json:
            session.out.json("contingents pin", {"contingent": id, "written": []})
        return
    more = ["--from", source] if source else []
    again = shlex.join(["newsrepo", "contingents", "pin", id, *more])
    _settle(session, offer, again, verb="contingents pin", yes=yes, json=json)


def _settle(session: Session, offer: "Offer", again: str, *, verb: str, yes: bool, json: bool) -> None:
    """Show what would be trusted, ask, and write it."""
    from newsrepo.cli.present import contingents as present
    from newsrepo.cli.present.encode import terminal
    from newsrepo.porcelain.admission import take

    out = session.out
    for line in present.offer_lines(offer):
        (out.word if json else out.line)(line)
    out.flush()
    if not yes:
        if not session.interactive:
            raise UsageError("nobody is here to be asked whether to trust this", f"if you do: {again} --yes")
        if not typer.confirm(f"Trust this as {offer.page.id}'s?", err=True):
            out.word("nothing was written")
            raise typer.Exit(int(Exit.NO))
    written = take(session.workspace(), offer)
    if json:
        out.json(verb, {"contingent": offer.page.id, "written": list(written)})
    else:
        for path in written:
            out.line(terminal(path))
    what = "Admit" if offer.old is None else "Pin"
    out.word(
        f"next:\n  git add {' '.join(written)} && git commit -m '{what} {offer.page.id}'\n"
        f"  newsrepo sync {offer.page.id}"
    )
