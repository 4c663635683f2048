"""``newsrepo demo``: a living network to try things on."""

from pathlib import Path
from typing import Annotated

import typer

from newsrepo.cli.session import Session

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo demo harbour")
def demo(
    ctx: typer.Context,
    directory: Annotated[str, typer.Argument(metavar="DIR", help="A folder that does not exist yet.")],
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Make a small living network of the sample commons, to try everything on without harm.

    It holds a commons in whose branches some contingents publish, forks of others, a hosted pair, clones to
    work in, a stranger's pull request, a fork whose history was rewritten, and one that carries another's
    article edited. All of it stands in DIR; delete that, and nothing is left.
    """
    from newsrepo.cli.present.demo import as_text
    from newsrepo.porcelain.demo import demo as make

    session: Session = ctx.obj
    with session.out.waiting("laying out repositories"):
        made = make(session.directory / Path(directory))
    if json:
        from msgspec import to_builtins

        session.out.json("demo", to_builtins(made))
    else:
        as_text(session.out, made)
