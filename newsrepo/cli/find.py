"""``newsrepo find``: articles that a query matches."""

from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from newsrepo.cli import complete
from newsrepo.cli.options import Only
from newsrepo.cli.session import Session
from newsrepo.errors import Exit, UsageError

_MARK = "\0"
"""Put before a word of a query that begins with a hyphen; no argument from outside can hold it."""


class Find(TyperCommand):
    """Takes ``-topic:sport`` for a part of the query: of short options there are only the global ones."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        marked = [_MARK + arg if _is_negation(arg) else arg for arg in args[:end]]
        return super().parse_args(ctx, [*marked, *args[end:]])


def _is_negation(arg: str) -> bool:
    return len(arg) > 2 and arg[0] == "-" and arg[1] not in "-C"


app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(
    cls=Find,
    epilog="Example: newsrepo find 'topic:labour newsworthy>=3 -is:withdrawn' --filter abc/daily",
)
def find(
    ctx: typer.Context,
    query: Annotated[
        list[str] | None,
        typer.Argument(metavar="QUERY", help="What to look for; nothing finds everything."),
    ] = None,
    filter: Annotated[  # noqa: A002 - the option's own name
        str,
        typer.Option(
            metavar="FILTER",
            autocompletion=complete.filters,
            help="Through this filter's eyes.",
            show_default=False,
        ),
    ] = "",
    at: Annotated[str, typer.Option(metavar="REF", help="Search what a ref holds.", show_default=False)] = "",
    only: Only = "",
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
    with session.out.waiting("reading"):
        done = look(
            session.workspace(),
            " ".join(part.removeprefix(_MARK) for part in query or ()),
            filter=filter,
            today=session.today,
            at=at,
            only=only,
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
