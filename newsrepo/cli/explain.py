"""``newsrepo explain``: what a rule of ``check`` means, and what to do about it."""

from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.session import Session

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo explain dropped-credit")
def explain(
    ctx: typer.Context,
    rule: Annotated[
        str,
        typer.Argument(
            metavar="RULE",
            autocompletion=complete.rules,
            help="A rule, as a finding names it; nothing lists them all.",
            show_default=False,
        ),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Explain one rule of check or import: what it finds, why it matters, and what to do."""
    from newsrepo.cli.present import rules as present
    from newsrepo.porcelain import explain as pages

    session: Session = ctx.obj
    out = session.out
    if not rule and json:
        out.json("explain", {"rules": [present.plain(known) for known in pages.rules()]})
    elif not rule:
        present.as_list(out, pages.rules())
    elif json:
        found = pages.explain(rule)
        out.json("explain", {**present.plain(found.rule), "page": found.page})
    else:
        present.as_text(out, pages.explain(rule))
