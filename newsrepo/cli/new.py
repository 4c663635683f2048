"""``newsrepo new``: options or questions in, one valid file out."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.ask import answer as answer_of
from newsrepo.cli.ask import edit
from newsrepo.cli.session import Session
from newsrepo.errors import UsageError
from newsrepo.ids import contingent_id

if TYPE_CHECKING:
    from newsrepo.porcelain.new import Made

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, add_completion=False)

Many = list[str]
Slug = Annotated[
    str, typer.Option(help="The last part of its id; else made from the title.", show_default=False)
]
Lang = Annotated[
    str, typer.Option(help="Language tag, such as en; else the contingent's.", show_default=False)
]
Author = Annotated[
    Many | None, typer.Option("--author", help="Who wrote it; may be repeated.", show_default=False)
]
Body = Annotated[
    str,
    typer.Option(metavar="FILE", help="Take the text from FILE (- for standard input).", show_default=False),
]
Text = Annotated[str, typer.Option("--text", metavar="MARKDOWN", help="The text itself.", show_default=False)]
NoEdit = Annotated[bool, typer.Option("--no-edit", help="Do not open the file in an editor.")]


@app.callback(epilog="Example: newsrepo new article --title 'The dock strike ends'")
def new() -> None:
    """Write a new article, comment, challenge, answer, contingent or filter, never over another file."""


@app.command(
    epilog="Example: newsrepo new article --title 'The dock strike ends' --topic labour --author 'Ann Lee'"
)
def article(
    ctx: typer.Context,
    title: Annotated[str, typer.Option(help="The headline.", show_default=False)] = "",
    slug: Slug = "",
    summary: Annotated[str, typer.Option(help="One or two sentences.", show_default=False)] = "",
    author: Author = None,
    topic: Annotated[Many | None, typer.Option(help="A topic; may be repeated.", show_default=False)] = None,
    place: Annotated[Many | None, typer.Option(help="A place; may be repeated.", show_default=False)] = None,
    lang: Lang = "",
    license: Annotated[  # noqa: A002 - the option's own name
        str, typer.Option(help="Another licence that the commons accepts.", show_default=False)
    ] = "",
    text: Text = "",
    body: Body = "",
    no_edit: NoEdit = False,
) -> None:
    """Write a new article of your contingent, dated today, under the licence that the commons names first.

    Prints the path of the file. On a terminal the file opens in your editor.
    """
    from newsrepo.porcelain import new as porcelain

    session: Session = ctx.obj
    made = porcelain.article(
        session.workspace(),
        title=title or answer_of(session, "Title", "--title"),
        today=session.today,
        lang=lang,
        slug=slug,
        summary=summary,
        authors=author or (),
        topics=topic or (),
        places=place or (),
        license=license,
        body=_body(session, text, body),
    )
    _tell(session, made, no_edit)


@app.command(epilog="Example: newsrepo new comment abc/2026/dock-strike --kind question --text 'Who paid?'")
def comment(
    ctx: typer.Context,
    id: Annotated[  # noqa: A002 - its own name
        str,
        typer.Argument(
            metavar="ID", autocompletion=complete.articles, help="The record it is about.", show_default=False
        ),
    ] = "",
    on: Annotated[
        str,
        typer.Option(
            metavar="ID", autocompletion=complete.articles, help="The same as ID.", show_default=False
        ),
    ] = "",
    kind: Annotated[
        str,
        typer.Option(autocompletion=complete.comment_kinds, help="What it is: comment, question or summary."),
    ] = "comment",
    reply_to: Annotated[
        str, typer.Option(metavar="ID", help="The comment it answers.", show_default=False)
    ] = "",
    pinned: Annotated[
        bool, typer.Option("--pinned", help="A question that is to come first in the discussion.")
    ] = False,
    quote: Annotated[
        str,
        typer.Option(metavar="TEXT", help="The passage it is about, as it stands there.", show_default=False),
    ] = "",
    verdict: Annotated[
        str,
        typer.Option(
            metavar="VERDICT",
            autocompletion=complete.verdicts,
            help="Of an answer to a challenge: answered, partly or evaded.",
            show_default=False,
        ),
    ] = "",
    slug: Slug = "",
    author: Author = None,
    lang: Lang = "",
    text: Text = "",
    body: Body = "",
    no_edit: NoEdit = False,
) -> None:
    """Write a comment on a record, at the version that stands now.

    With --reply-to the record may be left out: it is the one that the other comment is on.
    """
    from newsrepo.porcelain import new as porcelain

    session: Session = ctx.obj
    if id and on and id != on:
        raise UsageError(f"--on {on!r} and {id!r} are two records", "a comment is on one: name it once")
    made = porcelain.comment(
        session.workspace(),
        on=id or on or ("" if reply_to else answer_of(session, "On which record (its id)", "ID")),
        today=session.today,
        lang=lang,
        slug=slug,
        kind=kind,
        reply_to=reply_to,
        pinned=pinned,
        quote=quote,
        verdict=verdict,
        authors=author or (),
        body=_body(session, text, body) or answer_of(session, "Text", "--text or --body"),
    )
    _tell(session, made, no_edit)


@app.command(
    epilog="Example: newsrepo new challenge --to lmn --about lmn/2026/dock-strike --title 'Who paid?' "
    "--text 'Who paid for the ship?'"
)
def challenge(
    ctx: typer.Context,
    to: Annotated[
        Many | None,
        typer.Option(
            metavar="C",
            autocompletion=complete.contingents,
            help="Whom you ask; may be repeated.",
            show_default=False,
        ),
    ] = None,
    title: Annotated[str, typer.Option(help="The question in one line.", show_default=False)] = "",
    about: Annotated[
        Many | None,
        typer.Option(
            metavar="ID",
            autocompletion=complete.articles,
            help="A record that it is about; may be repeated.",
            show_default=False,
        ),
    ] = None,
    due: Annotated[
        str,
        typer.Option(
            metavar="DATE", help="The last day for an answer; else the 30th day from now.", show_default=False
        ),
    ] = "",
    slug: Slug = "",
    lang: Lang = "",
    text: Text = "",
    body: Body = "",
    no_edit: NoEdit = False,
) -> None:
    """Ask other contingents a public question. Its silence stays as public as its answer."""
    from newsrepo.porcelain import new as porcelain

    session: Session = ctx.obj
    made = porcelain.challenge(
        session.workspace(),
        to=to or [answer_of(session, "Whom do you ask (an id)", "--to", accept=contingent_id)],
        title=title or answer_of(session, "The question in one line", "--title"),
        today=session.today,
        about=about or (),
        due=due,
        lang=lang,
        slug=slug,
        body=_body(session, text, body) or answer_of(session, "The question", "--text or --body"),
    )
    _tell(session, made, no_edit)


@app.command(epilog="Example: newsrepo new answer abc/who-paid --text 'The port did: page 12 of its report.'")
def answer(
    ctx: typer.Context,
    question: Annotated[
        str,
        typer.Argument(
            metavar="CHALLENGE",
            autocompletion=complete.challenges,
            help="The question, such as abc/who-paid.",
            show_default=False,
        ),
    ],
    kind: Annotated[
        str,
        typer.Option(autocompletion=complete.answer_kinds, help="What it is: answer, partial or decline."),
    ] = "answer",
    reason: Annotated[
        str, typer.Option(help="Why only in part, or why not; these two need it.", show_default=False)
    ] = "",
    lang: Lang = "",
    text: Text = "",
    body: Body = "",
    no_edit: NoEdit = False,
) -> None:
    """Answer a public question that was put to your contingent, or decline with a reason.

    The answer binds the question's text as it is at hand, by its SHA-256: when the question is changed later,
    everybody sees that you did not answer that.
    """
    from newsrepo.porcelain import new as porcelain

    session: Session = ctx.obj
    written = _body(session, text, body)
    if kind == "answer" and not written:
        written = answer_of(session, "Your answer", "--text or --body")
    made = porcelain.answer(
        session.workspace(),
        question=question,
        today=session.today,
        kind=kind,
        reason=reason or ("" if kind == "answer" else answer_of(session, "The reason", "--reason")),
        lang=lang,
        body=written,
    )
    _tell(session, made, no_edit)


@app.command(
    epilog="Example: newsrepo new contingent lmn --name 'LMN of the docks' --home https://example.org/lmn/news"
)
def contingent(
    ctx: typer.Context,
    id: Annotated[  # noqa: A002 - its own name
        str, typer.Argument(metavar="ID", help="Its id.", show_default=False)
    ] = "",
    name: Annotated[str, typer.Option(help="Its name.", show_default=False)] = "",
    about: Annotated[str, typer.Option(help="What it is, in a few sentences.", show_default=False)] = "",
    home: Annotated[
        str, typer.Option(metavar="URL", help="Where its repository is.", show_default=False)
    ] = "",
    url: Annotated[str, typer.Option(metavar="URL", help="Its web site.", show_default=False)] = "",
    lang: Annotated[str, typer.Option(help="Its language tag.", show_default=False)] = "",
    no_edit: NoEdit = False,
) -> None:
    """Write a contingent's file: your own, or a newcomer's in your address book."""
    from newsrepo.porcelain import new as porcelain

    session: Session = ctx.obj
    made = porcelain.contingent(
        session.workspace(),
        id=id or answer_of(session, "Id of the contingent (such as lmn)", "ID", accept=contingent_id),
        name=name or answer_of(session, "Name of the contingent", "--name"),
        about=about,
        home=home,
        url=url,
        lang=lang,
    )
    _tell(session, made, no_edit)


@app.command(
    "filter",
    epilog="Example: newsrepo new filter weekend --title Weekend --trust lmn=0.5 --select 'newsworthy>=3'",
)
def filter_(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Its name within your contingent.", show_default=False)
    ] = "",
    title: Annotated[str, typer.Option(help="Its title.", show_default=False)] = "",
    about: Annotated[str, typer.Option(help="What it is for.", show_default=False)] = "",
    trust: Annotated[
        Many | None,
        typer.Option(
            metavar="WHO[=WEIGHT]",
            help="Whose ratings count, from 0 to 1; may be repeated.",
            show_default=False,
        ),
    ] = None,
    select: Annotated[str, typer.Option(metavar="QUERY", help="What it selects.", show_default=False)] = "",
    limit: Annotated[
        int | None, typer.Option(min=1, max=1_000_000, help="At most so many stories.", show_default=False)
    ] = None,
    no_edit: NoEdit = False,
) -> None:
    """Write a filter of your contingent; it trusts your own raters unless told whom."""
    from newsrepo.porcelain import new as porcelain

    session: Session = ctx.obj
    made = porcelain.filter_(
        session.workspace(),
        name=name or answer_of(session, "Name of the filter (such as weekend)", "NAME", accept=contingent_id),
        title=title or answer_of(session, "Title", "--title"),
        about=about,
        trust=trust or (),
        select=select,
        limit=limit,
    )
    _tell(session, made, no_edit)


def _body(session: Session, text: str, source: str) -> str:
    if text and source:
        raise UsageError("--text and --body exclude each other")
    if not source:
        return text
    try:
        data = sys.stdin.buffer.read() if source == "-" else (session.directory / source).read_bytes()
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"--body: the text is not UTF-8 (byte {error.start})") from None


def _tell(session: Session, made: "Made", no_edit: bool) -> None:
    from newsrepo.cli.present.encode import terminal

    session.out.line(terminal(made.path))
    session.out.word(f"wrote {made.id}")
    session.tell_once()
    if session.interactive and not no_edit:
        edit(session, made.root / made.path)
