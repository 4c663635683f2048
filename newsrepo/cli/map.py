"""``newsrepo map``: the opinion map."""

from typing import Annotated

import typer

from newsrepo.cli.options import Only
from newsrepo.cli.session import Session, parse_day
from newsrepo.errors import UsageError

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog="Example: newsrepo map --axis newsworthy --since 2026-01-01 --html > map.html")
def map(  # noqa: A001 - the verb's own name
    ctx: typer.Context,
    axis: Annotated[
        list[str] | None,
        typer.Option(metavar="AXIS", help="Only ratings on this axis; may be repeated.", show_default=False),
    ] = None,
    since: Annotated[
        str, typer.Option(metavar="DATE", help="Only ratings from this day on.", show_default=False)
    ] = "",
    weight: Annotated[
        str,
        typer.Option(
            metavar="contingent|rater",
            help="Who weighs one; by contingent, unless only one rates.",
            show_default=False,
        ),
    ] = "",
    anchor: Annotated[
        list[str] | None,
        typer.Option(
            metavar="C[/RATER]",
            help="Draw this contingent or rater on the right; given again, another one above.",
            show_default=False,
        ),
    ] = None,
    filter: Annotated[  # noqa: A002 - the option's own name
        str,
        typer.Option(
            metavar="C/NAME", help="Weigh contingents as this filter trusts them.", show_default=False
        ),
    ] = "",
    everyone: Annotated[
        bool, typer.Option("--everyone", help="Let every contingent that is known weigh one.")
    ] = False,
    least: Annotated[
        int, typer.Option(min=1, metavar="N", help="Ratings that a rater needs to belong to a group.")
    ] = 3,
    drift: Annotated[bool, typer.Option("--drift", help="Show where groups stood month by month.")] = False,
    at: Annotated[str, typer.Option(metavar="REF", help="Map what a ref holds.", show_default=False)] = "",
    only: Only = "",
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    svg: Annotated[bool, typer.Option("--svg", help="Answer with the picture.")] = False,
    html: Annotated[
        bool, typer.Option("--html", help="Answer with the picture and tables as a page.")
    ] = False,
) -> None:
    """Place raters by how they rate, and say whether there is one pole, two or more, and how sure that is.

    Each contingent's raters together weigh one contingent, so that invented raters make no pole. So that
    invented contingents make none either, those with a vote on the roll decide, where four of them rate;
    --everyone asks the whole address book, and --filter those whom a filter trusts. "Too little data" is an
    answer. Needs the extra `map` (numpy and scipy).
    """
    from newsrepo.cli.present import opinion as present
    from newsrepo.porcelain.opinion import opinion_map

    if json + svg + html > 1:
        raise UsageError("--json, --svg and --html exclude each other")
    if len(anchor or ()) > 2:
        raise UsageError("a map has two directions, so at most two anchors")
    session: Session = ctx.obj
    with session.out.waiting("reading and drawing"):
        done = opinion_map(
            session.workspace(),
            axes=axis or (),
            since=parse_day(since, "--since") if since else None,
            weight=weight,
            anchors=anchor or (),
            least=least,
            drift=drift,
            filter_id=filter,
            everyone=everyone,
            at=at,
            only=only,
        )
    present.warnings(session.out, done)
    if json:
        present.as_json(session.out, done)
    elif svg or html:
        from newsrepo.editions.opinion import page, picture

        drawn = (
            page(done.commons, done.chart, done.titles, who=present.who(done))
            if html
            else picture(done.chart)
        )
        session.out.raw(drawn)
    else:
        present.as_text(session.out, done)
