"""``newsrepo rate``: values on axes for one article, for what is not rated yet, or for what a table lists."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.ask import answer
from newsrepo.cli.session import Session
from newsrepo.errors import Exit, UsageError
from newsrepo.ids import contingent_id, rater_id

if TYPE_CHECKING:
    from newsrepo.porcelain.workspace import Workspace

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(
    epilog="Example: newsrepo rate abc/2026/dock-strike newsworthy=4 accurate=5 --note 'Checked the figures.'"
)
def rate(
    ctx: typer.Context,
    id: Annotated[  # noqa: A002 - the option's own name
        str | None,
        typer.Argument(
            metavar="ID", autocompletion=complete.articles, help="The article, as ID or ID@VERSION."
        ),
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Argument(metavar="AXIS=VALUE", help="What you give it; AXIS= takes a value back."),
    ] = None,
    note: Annotated[str, typer.Option(help="Why, in a sentence.", show_default=False)] = "",
    rater: Annotated[str, typer.Option(metavar="NAME", help="Who rates.", show_default=False)] = "",
    walk: Annotated[bool, typer.Option("--next", help="Walk what you have not rated yet.")] = False,
    filter: Annotated[  # noqa: A002 - the option's own name
        str,
        typer.Option(
            metavar="FILTER",
            autocompletion=complete.filters,
            help="With --next: only what this filter selects, in its order.",
            show_default=False,
        ),
    ] = "",
    axis: Annotated[
        list[str] | None,
        typer.Option(metavar="AXIS", help="With --next: ask for this axis only; may be repeated."),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE.csv", help="Rate what a table lists: all lines or none."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --from: write nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Rate the version of an article that stands now, on one or more axes.

    Rating the same version again on the same day replaces the values given anew and keeps the others.

    With --next it shows one article after another that you have not rated, and asks for one key an axis (a
    line an axis where no terminal is). What others gave is shown after you have rated. Each rating is written
    at once; end at any time and go on later.

    With --from it reads a table with the columns article, the axes, and if you like version and note. Exit
    code 1 when a line is faulty: every fault is told, and nothing is written.
    """
    session: Session = ctx.obj
    _refuse(
        {
            "ID": id is not None,
            "--next": walk,
            "--from": table is not None,
        },
        {
            "--filter": (bool(filter), walk, "--next"),
            "--axis": (bool(axis), walk, "--next"),
            "--dry-run": (dry_run, table is not None, "--from"),
            "--note": (bool(note), id is not None, "ID"),
            "--json": (json, not walk, "ID or --from"),
        },
    )
    work = session.workspace()
    if not rater and session.interactive and not work.knows_rater:
        rater = _ask(session)
    if walk:
        _walk(session, work, rater, filter, axis or ())
    elif table is not None:
        _table(session, work, rater, table, dry=dry_run, json=json)
    elif id is not None:
        _one(session, work, rater, id, values or (), note, json=json)


def _refuse(ways: dict[str, bool], belongs: dict[str, tuple[bool, bool, str]]) -> None:
    """Raise UsageError unless one way of rating is chosen, with options that belong to it."""
    chosen = [name for name, given in ways.items() if given]
    if len(chosen) > 1:
        raise UsageError(f"{chosen[0]} and {chosen[1]} exclude each other")
    if not chosen:
        raise UsageError(
            "nothing to rate", "give an ID and AXIS=VALUE, --next to walk, or --from FILE.csv for a table"
        )
    for option, (given, fits, needs) in belongs.items():
        if given and not fits:
            raise UsageError(f"{option} goes with {needs} only")


def _walk(session: Session, work: "Workspace", rater: str, filter_: str, axes: Sequence[str]) -> None:
    import sys

    from newsrepo.cli import walking
    from newsrepo.porcelain.rating_walk import Walk

    with session.out.waiting("reading"):
        found = Walk(work, rater=rater, filter=filter_, axes=axes, today=session.today)
    if sys.stdin.isatty() and session.out.tty:
        with walking.pressed() as read:
            walking.talk(session.out, found, read, keys=True)
    else:
        walking.talk(session.out, found, walking.lines(), keys=False)
    session.tell_once()


def _table(session: Session, work: "Workspace", rater: str, file: Path, *, dry: bool, json: bool) -> None:
    from newsrepo.cli.present import ratings as present
    from newsrepo.porcelain.rating_table import rate_from

    with session.out.waiting("reading"):
        done = rate_from(work, session.directory / file, rater=rater, today=session.today, dry=dry)
    if json:
        present.table_as_json(session.out, done)
    else:
        present.table_as_text(session.out, done)
        if not dry:
            session.tell_once()
    if done.faults:
        raise typer.Exit(int(Exit.NO))


def _one(
    session: Session,
    work: "Workspace",
    rater: str,
    article: str,
    values: Sequence[str],
    note: str,
    *,
    json: bool,
) -> None:
    from newsrepo.porcelain.rate import rate as give

    done = give(work, article=article, values=values, rater=rater, note=note, today=session.today)
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
    session.tell_once()


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
