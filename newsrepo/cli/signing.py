"""The verbs of ``newsrepo statement`` that write: each shows what it would sign, asks, and then signs."""

import sys
import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsrepo.cli import complete
from newsrepo.cli.ask import answer, edit
from newsrepo.cli.session import Session, parse_day
from newsrepo.errors import Exit, UsageError

if TYPE_CHECKING:
    from newsrepo.porcelain.statements.polls import Polls
    from newsrepo.porcelain.statements.signatures import Prepared
    from newsrepo.porcelain.workspace import Workspace
    from newsrepo.tally.chain import Chain

Id = Annotated[
    str, typer.Argument(metavar="ID", autocompletion=complete.statements, help="The statement: abc/peace.")
]
Key = Annotated[
    str,
    typer.Option(
        metavar="KEY",
        help="A private key file, or a public key whose private part your agent holds; "
        "else git config newsrepo.key, else your keys on the roll, from the agent.",
        show_default=False,
    ),
]
Opening = Annotated[
    str,
    typer.Option(
        metavar="HASH", help="Of several openings this one, by 8 digits or more.", show_default=False
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Sign what is shown without being asked.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def polls(
    session: Session,
    work: "Workspace",
    files: Iterable[Path] = (),
    progress: Callable[[int, int], None] | None = None,
) -> "Polls":
    """All votes known here, and in files given; refs that cannot be read are told."""
    from newsrepo.porcelain.statements.polls import Polls

    found = Polls.of(work, [session.directory / file for file in files], progress)
    for ref in found.gathered.unread:
        session.out.warn(
            f"not looked at: {ref}", "votes that only this ref carries are missing from the count"
        )
    return found


def drift(work: "Workspace", chain: "Chain") -> tuple[str, ...]:
    """Which of the charter and roll in this branch are not those in force."""
    from newsrepo.porcelain.statements.epochs import drift_of

    return drift_of(work, chain)


def new(
    ctx: typer.Context,
    title: Annotated[str, typer.Option(help="Its heading.", show_default=False)] = "",
    enacts: Annotated[
        str,
        typer.Option(metavar="WHAT", help="What it would change: charter or roll.", show_default=False),
    ] = "",
    slug: Annotated[
        str, typer.Option(help="The last part of its id; else made from the title.", show_default=False)
    ] = "",
    author: Annotated[
        list[str] | None, typer.Option(help="Who wrote it; may be repeated.", show_default=False)
    ] = None,
    lang: Annotated[
        str, typer.Option(help="Language tag, such as en; else the contingent's.", show_default=False)
    ] = "",
    text: Annotated[
        str, typer.Option("--text", metavar="MARKDOWN", help="The text itself.", show_default=False)
    ] = "",
    body: Annotated[
        str,
        typer.Option(
            metavar="FILE", help="Take the text from FILE (- for standard input).", show_default=False
        ),
    ] = "",
    no_edit: Annotated[bool, typer.Option("--no-edit", help="Do not open the file in an editor.")] = False,
    json: Json = False,
) -> None:
    """Propose a text in everybody's name: writes a draft of your contingent, which nobody votes on yet.

    With --enacts the charter or roll in force is copied beside it, for you to edit: if the statement is
    carried, that file comes into force, whole.
    """
    from newsrepo.cli.present.encode import terminal
    from newsrepo.porcelain.statements.proposing import propose

    session: Session = ctx.obj
    made = propose(
        session.workspace(),
        title=title or answer(session, "Title", "--title"),
        today=session.today,
        body=_body(session, text, body) or _written(session, no_edit=no_edit),
        lang=lang,
        slug=slug,
        authors=author or (),
        enacts=enacts,
    )
    if json:
        session.out.json("statement new", {"id": made.id, "written": list(made.written)})
    else:
        for path in made.written:
            session.out.line(terminal(path))
    session.out.flush()
    if enacts and session.interactive and not no_edit and not json:
        edit(session, session.workspace().root / made.written[0])
    session.out.word(f"next: newsrepo statement open {made.id.removeprefix('statement:')}")


def open_(
    ctx: typer.Context,
    id: Id,  # noqa: A002 - its own name
    closes: Annotated[
        str,
        typer.Option(metavar="DATE", help="The last day to vote; else two weeks on.", show_default=False),
    ] = "",
    opens: Annotated[
        str, typer.Option(metavar="DATE", help="The first day to vote; else today.", show_default=False)
    ] = "",
    rule: Annotated[
        str,
        typer.Option(
            metavar="RULE", help="A stricter rule, such as 'ratio: 3/4, of: roll'.", show_default=False
        ),
    ] = "",
    threshold: Annotated[
        int | None,
        typer.Option(min=1, help="How many tellers must agree; else more than half.", show_default=False),
    ] = None,
    key: Key = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Open the vote on a statement of yours: freezes the text, roll, rule and tellers, and signs that.

    From then on the text must not change, and there is no second opening. What you sign is shown first.
    """
    from newsrepo.cli.present import ballots as present
    from newsrepo.porcelain.statements.opening import draft_opening

    session: Session = ctx.obj
    work = session.workspace()
    draft = draft_opening(
        work,
        polls(session, work),
        id,
        today=session.today,
        opens=_day(opens, "--opens"),
        closes=_day(closes, "--closes"),
        rule=rule,
        threshold=threshold,
    )
    if draft.drift:
        session.out.warn(
            f"not in force as they stand in this branch: {', '.join(draft.drift)}",
            "the vote is opened under those in force: newsrepo statement epochs",
        )
    _sign(
        session,
        work,
        draft.prepared,
        present.opening_lines(draft),
        key,
        "open",
        "Sign and open it?",
        yes,
        json,
    )


def vote(
    ctx: typer.Context,
    id: Id,  # noqa: A002 - its own name
    choice: Annotated[
        str, typer.Argument(metavar="CHOICE", autocompletion=complete.choices, help="yes, no or abstain.")
    ],
    opening: Opening = "",
    key: Key = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Vote on a statement, or vote again: your highest-numbered ballot counts.

    A ballot is public, with your name on it, and for ever. What you sign is shown first, with the text, or
    with what changed in it since you voted last. Nothing is committed: your ballot counts where others have
    it, so commit and publish it.
    """
    from newsrepo.cli.present import ballots as present
    from newsrepo.porcelain.statements.voting import draft_ballot

    session: Session = ctx.obj
    work = session.workspace()
    draft = draft_ballot(work, polls(session, work), id, choice, today=session.today, opening=opening)
    _sign(
        session,
        work,
        draft.prepared,
        present.ballot_lines(draft),
        key,
        "vote",
        "Sign this ballot?",
        yes,
        json,
    )


def close(
    ctx: typer.Context,
    id: Id,  # noqa: A002 - its own name
    as_voters: Annotated[
        bool, typer.Option("--as-voters", help="Close as voters do where the tellers have failed.")
    ] = False,
    early: Annotated[
        bool, typer.Option("--early", help="Close although people may still vote today.")
    ] = False,
    opening: Opening = "",
    key: Key = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Sign the list of ballots as a teller, in whatever round the tellers are.

    In round 1 each signs the ballots that it holds, in later rounds the union of all lists; when enough have
    signed one and the same list, the result is certified. Whoever is no teller signs as a voter: voters with
    more than two thirds of the roll can certify without tellers. Exit code 1 when there is nothing to sign.
    """
    from newsrepo.cli.present import ballots as present
    from newsrepo.porcelain.statements.closing import draft_closing

    session: Session = ctx.obj
    work = session.workspace()
    draft = draft_closing(
        work, polls(session, work), id, today=session.today, opening=opening, as_voters=as_voters, early=early
    )
    if isinstance(draft, str):
        if json:
            session.out.json("statement close", {"written": [], "why": draft})
        session.out.word(draft)
        raise typer.Exit(int(Exit.NO))
    _sign(
        session,
        work,
        draft.prepared,
        present.closing_lines(draft),
        key,
        "close",
        "Sign this list?",
        yes,
        json,
    )


def _sign(
    session: Session,
    work: "Workspace",
    prepared: "Prepared",
    shown: Iterable[str],
    key: str,
    verb: str,
    question: str,
    yes: bool,
    json: bool,
) -> None:
    """Show, ask, sign, write, and say what to do next."""
    from newsrepo.cli.present import ballots as present
    from newsrepo.porcelain.statements.signatures import keys_for, sign_and_write

    out = session.out
    keys = keys_for(work, prepared, key, session.directory)
    for line in shown:
        (out.word if json else out.line)(line)
    if prepared.unfinished:
        out.word(f"{prepared.path} lies there unfinished, without a signature: this finishes it")
    out.flush()
    if not yes:
        if not session.interactive:
            raise UsageError(
                "nobody is here to be asked whether to sign this", "if you want it signed: --yes"
            )
        if not typer.confirm(question, err=True):
            out.word("nothing was written")
            raise typer.Exit(int(Exit.NO))
    if any(one.public is not None and one.public.kind.startswith("sk-") for one in keys):
        out.word("touch your security key when it blinks")
    done = sign_and_write(work, prepared, keys)
    if json:
        out.json(f"statement {verb}", present.signed(prepared, done))
    else:
        for path in done.paths:
            out.line(path)
    out.word(f"signed by {done.key}\nnext:\n  {present.commit(prepared, done)}")


def _day(text: str, option: str) -> date | None:
    return parse_day(text, option) if text else None


def _written(session: Session, *, no_edit: bool) -> str:
    """The text as a person writes it in their editor."""
    if no_edit or not session.interactive or not session.editor():
        raise UsageError("the text is missing", "give --text or --body, or set EDITOR to write it there")
    with tempfile.TemporaryDirectory(prefix="newsrepo-") as folder:
        path = Path(folder, "statement.md")
        path.touch()
        edit(session, path)
        return path.read_text(encoding="utf-8", errors="replace")


def _body(session: Session, text: str, body: str) -> str:
    """The text of a statement, from an option, a file or standard input."""
    if text and body:
        raise UsageError("--text and --body exclude each other")
    if not body:
        return text
    if body == "-":
        data = sys.stdin.buffer.read()
    else:
        try:
            data = (session.directory / body).read_bytes()
        except OSError as error:
            raise UsageError(f"--body: cannot read {body!r}: {error.strerror}", "give a text file") from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"--body: {body!r} is not UTF-8 at byte {error.start}", "convert it to UTF-8"
        ) from None
