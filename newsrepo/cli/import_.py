"""``newsrepo import``: articles and ratings from elsewhere."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsrepo.cli.session import Session
from newsrepo.errors import Exit

if TYPE_CHECKING:
    from newsrepo.porcelain.imports import Brought

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, add_completion=False)

_DRY = typer.Option("--dry-run", help="Say what would be written.")
_DETAILS = typer.Option("--details", help="Name every file and every place.")
_JSON = typer.Option("--json", help="Answer in JSON.")


@app.callback(epilog="Example: newsrepo import markdown ../old-site --license CC0-1.0")
def import_() -> None:
    """Bring in articles from elsewhere."""


@app.command(epilog="Example: newsrepo import markdown ../old-site --as abc --license CC0-1.0 --dry-run")
def markdown(
    ctx: typer.Context,
    directory: Annotated[str, typer.Argument(metavar="DIR", help="The folder of the site's sources.")],
    license: Annotated[  # noqa: A002 - the option's own name
        str,
        typer.Option(
            metavar="LICENSE",
            help="The licence that its authors gave it; without one the articles are withheld.",
            show_default=False,
        ),
    ] = "",
    lang: Annotated[
        str,
        typer.Option(metavar="LANG", help="Its language, where the site does not say.", show_default=False),
    ] = "",
    url: Annotated[
        str, typer.Option(metavar="URL", help="The address it was published at.", show_default=False)
    ] = "",
    permalink: Annotated[
        str,
        typer.Option(
            metavar="PATTERN",
            help="How its addresses are made, such as /:year/:month/:slug/.",
            show_default=False,
        ),
    ] = "",
    dry_run: Annotated[bool, _DRY] = False,
    details: Annotated[bool, _DETAILS] = False,
    json: Annotated[bool, _JSON] = False,
) -> None:
    """Import a Jekyll, Hugo, Eleventy or plain Markdown site as articles of your contingent.

    Writes what is missing and leaves every file alone that is there: running it again is safe.
    Exit code 1 when a post could not be brought in; what a post lost on the way does not count.
    """
    from newsrepo.porcelain.imports import import_markdown

    session: Session = ctx.obj
    with session.out.progress("importing") as progress:
        done = import_markdown(
            session.workspace(),
            session.directory / Path(directory),
            license=license,
            lang=lang,
            url=url,
            permalink=permalink,
            dry_run=dry_run,
            progress=progress,
        )
    _answer(session, done, details=details, json=json)


_LICENSE = typer.Option(
    metavar="LICENSE",
    help="The licence that its authors gave it; without one everything is withheld.",
    show_default=False,
)
_LANG = typer.Option(metavar="LANG", help="Its language, where it does not say.", show_default=False)
_MEDIA = typer.Option(
    metavar="DIR",
    help="Where the picture files are, such as a copy of wp-content/uploads.",
    show_default=False,
)
_CREATOR = typer.Option(metavar="NAME", help="Who made all of its pictures.", show_default=False)
_MEDIA_LICENSE = typer.Option(
    metavar="LICENSE", help="The licence that all of its pictures are under.", show_default=False
)
_UNDATED = typer.Option(
    metavar="DATE", help="The day that items without a date get; else they stay out.", show_default=False
)


@app.command(epilog="Example: newsrepo import wordpress export.xml --as abc --dry-run")
def wordpress(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The export, as Tools, Export writes it.")],
    license: Annotated[str, _LICENSE] = "",  # noqa: A002 - the option's own name
    lang: Annotated[str, _LANG] = "",
    media: Annotated[str, _MEDIA] = "",
    media_creator: Annotated[str, _CREATOR] = "",
    media_license: Annotated[str, _MEDIA_LICENSE] = "",
    pages: Annotated[bool, typer.Option("--pages", help="Also pages, such as an imprint.")] = False,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--type", metavar="TYPE", help="Also posts of this type; may be repeated.", show_default=False
        ),
    ] = None,
    drafts: Annotated[
        bool,
        typer.Option("--drafts", help="Also what was not published: withheld, yet for all to read in git."),
    ] = False,
    no_comments: Annotated[bool, typer.Option("--no-comments", help="Leave the comments out.")] = False,
    undated: Annotated[str, _UNDATED] = "",
    dry_run: Annotated[bool, _DRY] = False,
    details: Annotated[bool, _DETAILS] = False,
    json: Annotated[bool, _JSON] = False,
) -> None:
    """Import a WordPress export as articles and comments of your contingent.

    Fetches nothing. Running it again brings what is new; what changed at its source since is reported, and
    left as it is. Exit code 1 when an item could not be read.
    """
    from newsrepo.porcelain.imports import Wish, import_wordpress

    session: Session = ctx.obj
    wish = Wish(
        license=license,
        lang=lang,
        media=session.directory / media if media else None,
        media_creator=media_creator,
        media_license=media_license,
        undated=undated,
        drafts=drafts,
        comments=not no_comments,
        kinds=("post", *(["page"] if pages else []), *(kind or [])),
    )
    with session.out.progress("importing") as progress:
        done = import_wordpress(
            session.workspace(), session.directory / Path(file), wish, dry_run=dry_run, progress=progress
        )
    _answer(session, done, details=details, json=json)


@app.command(epilog="Example: newsrepo import feed archive/ --as abc --license CC0-1.0")
def feed(
    ctx: typer.Context,
    path: Annotated[str, typer.Argument(metavar="FILE|DIR", help="A feed, or a folder of feeds.")],
    license: Annotated[str, _LICENSE] = "",  # noqa: A002 - the option's own name
    lang: Annotated[str, _LANG] = "",
    media: Annotated[str, _MEDIA] = "",
    media_creator: Annotated[str, _CREATOR] = "",
    media_license: Annotated[str, _MEDIA_LICENSE] = "",
    undated: Annotated[str, _UNDATED] = "",
    dry_run: Annotated[bool, _DRY] = False,
    details: Annotated[bool, _DETAILS] = False,
    json: Annotated[bool, _JSON] = False,
) -> None:
    """Import RSS, Atom or JSON Feed files as articles of your contingent.

    Fetches nothing. Running it again, also on later states of the same feed, brings what is new; what changed
    at its source since is reported, and left as it is. Exit code 1 when an item could not be read.
    """
    from newsrepo.porcelain.imports import Wish, import_feeds

    session: Session = ctx.obj
    wish = Wish(
        license=license,
        lang=lang,
        media=session.directory / media if media else None,
        media_creator=media_creator,
        media_license=media_license,
        undated=undated,
    )
    with session.out.progress("importing") as progress:
        done = import_feeds(
            session.workspace(), session.directory / Path(path), wish, dry_run=dry_run, progress=progress
        )
    _answer(session, done, details=details, json=json)


def _answer(session: Session, done: "Brought", *, details: bool, json: bool) -> None:
    from newsrepo.cli.present import imports

    if json:
        imports.as_json(session.out, done)
    else:
        imports.as_text(session.out, done, details=details)
    imports.closing(session.out, done, details=details)
    if done.written and not done.dry_run:
        session.tell_once()
    if not done.complete:
        raise typer.Exit(int(Exit.NO))


@app.command(epilog="Example: newsrepo import polis ../conversation --as town --source-license CC-BY-4.0")
def polis(
    ctx: typer.Context,
    directory: Annotated[str, typer.Argument(metavar="DIR", help="The folder of the export.")],
    license: Annotated[  # noqa: A002 - the option's own name
        str,
        typer.Option(
            metavar="LICENSE",
            help="The statements' licence; without one they are withheld.",
            show_default=False,
        ),
    ] = "",
    source_license: Annotated[
        str,
        typer.Option(
            metavar="LICENSE", help="The licence of the export, kept in the credit.", show_default=False
        ),
    ] = "",
    lang: Annotated[
        str, typer.Option(metavar="LANG", help="The language of the statements.", show_default=False)
    ] = "",
    axis: Annotated[
        str, typer.Option(metavar="NAME", help="Your contingent's axis that votes are given on.")
    ] = "agree",
    dry_run: Annotated[bool, _DRY] = False,
    details: Annotated[bool, _DETAILS] = False,
    json: Annotated[bool, _JSON] = False,
) -> None:
    """Import a Polis conversation: statements as short articles, participants as raters p0, p1 and so on.

    Votes become ratings on an axis of your contingent, which its file then declares. Writes what is missing
    and leaves every file alone that is there: running it again is safe.
    """
    from newsrepo.porcelain.imports import import_polis

    session: Session = ctx.obj
    with session.out.progress("importing") as progress:
        done = import_polis(
            session.workspace(),
            session.directory / Path(directory),
            license=license,
            source_license=source_license,
            lang=lang,
            axis=axis,
            dry_run=dry_run,
            progress=progress,
        )
    _answer(session, done, details=details, json=json)
