"""``newsrepo audit``: what nobody may do quietly."""

from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.session import Session
from newsrepo.errors import Exit

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo audit abc --json")
def audit(
    ctx: typer.Context,
    contingents: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="C", autocompletion=complete.contingents, help="Only these contingents; else everybody."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Report what nobody may do quietly, with evidence that anybody can look up.

    A home that rewrote or dropped published history; work that vanished; texts edited in somebody else's
    folder; passages used without credit; signed records that one fork has and another lacks, or that
    contradict each other; promises made and not kept; homes that fell silent; raters far busier than others.

    It reads what `newsrepo sync` has fetched, ever, and fetches nothing itself. Exit code 1 when there is
    something to report.
    """
    from newsrepo.cli.present import audit as present
    from newsrepo.porcelain.audit import audit as look

    session: Session = ctx.obj
    out = session.out
    with out.waiting("looking back"):
        done = look(session.workspace(), contingents or (), today=session.today)
    if json:
        present.as_json(out, done)
    else:
        present.as_text(out, done)
    if done.charges:
        raise typer.Exit(int(Exit.NO))
