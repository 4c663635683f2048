"""``newsrepo find``: articles that a query matches."""

from typing import Annotated

import typer

from newsrepo.cli.session import Session
from newsrepo.errors import Exit, UsageError

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(
    context_settings={"ignore_unknown_options": True},
    epilog="Example: newsrepo find 'topic:labour newsworthy>=3 -is:withdrawn' --filter abc/daily",
)
def find(
    ctx: typer.Context,
    query: Annotated[
        list[str] | None,
        typer.Argument(metavar="[QUERY]...", help="What to look for; nothing finds everything."),
    ] = None,
    filter: Annotated[  # noqa: A002 - the option's own name
        str, typer.Option(metavar="FILTER", help="Through this filter's eyes.", show_default=False)
    ] = "",
    at: Annotated[str, typer.Option(metavar="REF", help="Search what a ref holds.", show_default=False)] = "",
    limit: Annotated[
        int | None, typer.Option(min=1, help="Show at most so many.", show_default=False)
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Answer in CSV.")] = False,
) -> None:
    """Find articles: words, "phrases", key:value, axis>=number, - for not, OR, parentheses.

    Keys: topic, by, author, place, lang, since, until, is, based-on, in, unrated. Exit code 1 when
    nothing matches.
    """
    from newsrepo.cli.present import works
    from newsrepo.porcelain.find import find as look

    if json and csv:
        raise UsageError("--json and --csv exclude each other")
    session: Session = ctx.obj
    done = look(
        session.workspace(),
        " ".join(query or ()),
        filter=filter,
        today=session.today,
        at=at,
        limit=limit,
    )
    if json:
        works.as_json(session.out, done)
    elif csv:
        works.as_csv(session.out, done)
    else:
        works.as_text(session.out, done)
    if not done.works:
        raise typer.Exit(int(Exit.NO))
