"""``newsrepo rate``: values on axes for the version of an article that stands now."""

from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.ask import answer
from newsrepo.cli.session import Session
from newsrepo.ids import contingent_id, rater_id

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(
    epilog="Example: newsrepo rate abc/2026/dock-strike newsworthy=4 accurate=5 --note 'Checked the figures.'"
)
def rate(
    ctx: typer.Context,
    id: Annotated[  # noqa: A002 - the option's own name
        str,
        typer.Argument(
            metavar="ID", autocompletion=complete.articles, help="The article, as ID or ID@VERSION."
        ),
    ],
    values: Annotated[
        list[str], typer.Argument(metavar="AXIS=VALUE", help="What you give it; AXIS= takes a value back.")
    ],
    note: Annotated[str, typer.Option(help="Why, in a sentence.", show_default=False)] = "",
    rater: Annotated[str, typer.Option(metavar="NAME", help="Who rates.", show_default=False)] = "",
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Rate the version of an article that stands now, on one or more axes.

    Rating the same version again on the same day replaces the values given anew and keeps the others.
    """
    from newsrepo.porcelain.rate import rate as give

    session: Session = ctx.obj
    work = session.workspace()
    if not rater and session.interactive and not work.knows_rater:
        rater = _ask(session)
    done = give(work, article=id, values=values, rater=rater, note=note, today=session.today)
    out = session.out
    if json:
        out.json(
            "rate",
            {
                "rater": done.rater,
                "article": done.article,
                "article_version": done.version,
                "title": done.title,
                "date": done.date,
                "values": dict(done.values),
                "note": done.note,
                "path": done.path,
            },
        )
        return
    from newsrepo.cli.present.encode import terminal

    out.line(terminal(done.path))
    marks = " ".join(f"{axis}={value}" for axis, value in done.values.items())
    verb = "now rates" if done.replaced else "rates"
    out.word(f"{done.rater} {verb} {done.article}@{done.version[:8]} {marks}\n  {done.title}")


def _ask(session: Session) -> str:
    from newsrepo.porcelain.workspace import RATER_KEY

    rater = answer(
        session,
        "Who rates (your name as a rater, such as ann)",
        "--rater",
        accept=lambda text: rater_id(text) if "/" in text else contingent_id(text),
    )
    session.out.word(f"to be asked no more: git config {RATER_KEY} {rater}")
    return rater
