"""``newsrepo rewrite``: one's own version of an article."""

from typing import Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.ask import answer, edit
from newsrepo.cli.session import Session

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(
    epilog="Example: newsrepo rewrite lmn/2026/dock-strike --changes 'Put the strikers own figures first.'"
)
def rewrite(
    ctx: typer.Context,
    id: Annotated[  # noqa: A002 - the option's own name
        str,
        typer.Argument(
            metavar="ID",
            autocompletion=complete.articles,
            help="The article to build on; @VERSION for one version.",
        ),
    ],
    relation: Annotated[
        str,
        typer.Option(
            autocompletion=complete.relations,
            help="What you make of it: rewrite, correction, translation, summary, abridgement, quote or "
            "compilation.",
        ),
    ] = "rewrite",
    changes: Annotated[str, typer.Option(help="What you change, and why.", show_default=False)] = "",
    lang: Annotated[
        str, typer.Option(help="Its language tag; else the original's.", show_default=False)
    ] = "",
    title: Annotated[str, typer.Option(help="Its headline; else the original's.", show_default=False)] = "",
    slug: Annotated[
        str, typer.Option(help="The last part of its id; else made from the title.", show_default=False)
    ] = "",
    author: Annotated[
        list[str] | None,
        typer.Option("--author", help="Who writes it; may be repeated.", show_default=False),
    ] = None,
    no_edit: Annotated[bool, typer.Option("--no-edit", help="Do not open the file in an editor.")] = False,
) -> None:
    """Start your own version of an article: a rewrite, a translation, a summary and so on.

    The new file names the exact text that it is based on, keeps a copy of it, carries its licence, topics,
    places, pictures and credits, and starts with the original's words. On a terminal it opens in your editor.
    """
    from newsrepo.cli.present.encode import terminal
    from newsrepo.porcelain import rewrite as porcelain

    session: Session = ctx.obj
    work = session.workspace()
    work.contingent()  # nobody is asked for anything before it is clear who writes
    source = porcelain.original(work, id, relation)
    if relation == "translation":
        lang = lang or answer(session, "Into which language (its tag)", "--lang")
        changes = changes or f"Translated from {source.record.lang}."
    made = porcelain.rewrite(
        work,
        source,
        today=session.today,
        changes=changes or answer(session, "What do you change, and why", "--changes"),
        lang=lang,
        title=title,
        slug=slug,
        authors=author or (),
    )
    session.out.line(terminal(made.path))
    session.out.word(f"wrote {made.id}, based on {source.text.article}@{source.text.version[:8]}")
    session.tell_once()
    if session.interactive and not no_edit:
        edit(session, made.root / made.path)
