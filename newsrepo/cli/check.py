"""``newsrepo check``: every fault, with place, reason and way out."""

import os
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from newsrepo.cli.options import Only
from newsrepo.cli.session import Session
from newsrepo.errors import Exit, UsageError

if TYPE_CHECKING:
    from newsrepo.cli.present.out import Out
    from newsrepo.porcelain.check import Checked
    from newsrepo.porcelain.fix import Fixed

app = typer.Typer(rich_markup_mode=None, add_completion=False)


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"
    SARIF = "sarif"


@app.command(
    epilog="Example: newsrepo check articles/abc; newsrepo check --since origin/main --author github:ann"
)
def check(
    ctx: typer.Context,
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH", help="Tell only what is in or under these.")
    ] = None,
    at: Annotated[str, typer.Option(metavar="REF", help="Check what a ref holds.", show_default=False)] = "",
    only: Only = "",
    since: Annotated[
        str | None,
        typer.Option(
            metavar="REF",
            help="Tell only what changed since the branch REF, and what that breaks elsewhere.",
            show_default=False,
        ),
    ] = None,
    staged: Annotated[
        bool,
        typer.Option("--staged", help="Check what is staged for the next commit: only what it changes."),
    ] = False,
    author: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Who brings the change: a forge account (github:ann) or the repository it comes from "
            "(https://forge/abc/news). What is not theirs must stay as it is.",
            show_default=False,
        ),
    ] = None,
    host: Annotated[
        bool, typer.Option("--host", help="The change is brought by whoever hosts several contingents here.")
    ] = False,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="Mend in your own files what is safe to mend, and tell what is left."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --fix: say what would be written.")
    ] = False,
    format: Annotated[  # noqa: A002 - its own name
        Format,
        typer.Option(metavar="FORMAT", help="How to answer: text, json, github, gitlab, junit or sarif."),
    ] = Format.TEXT,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Check every file and say what is wrong, where, and what to do. All faults are shown.

    With --since or --staged: what a change brings, the nearest to it first; what was there before is counted.

    Exit code 1 when there are errors among what is told; warnings and notes do not count, nor do faults in
    others' homes, which are theirs to mend, unless --only asks for just them.
    """
    from newsrepo.porcelain.check import check as look

    session: Session = ctx.obj
    out = session.out
    if since == "":
        raise UsageError("--since is empty: no branch is named", "for instance --since origin/main")
    if dry_run and not fix:
        raise UsageError("--dry-run says what --fix would write, and --fix is not given")
    work = session.workspace()

    def again() -> "Checked":
        return look(
            work,
            paths or (),
            start=session.directory,
            at=at,
            only=only,
            since=since or "",
            staged=staged,
            author=author,
            host=host,
        )

    form = Format.JSON if json else format
    fixed = None
    with out.waiting("checking"):
        done = again()
        if fix:
            from newsrepo.porcelain.fix import fix as mend

            fixed = mend(work, done, dry=dry_run)
            done = done if dry_run else again()
    if fixed is not None:
        _tell_fixed(out, form, fixed)
    _answer(out, form, done, fixed)
    if not done.sound:
        raise typer.Exit(int(Exit.NO))


def _tell_fixed(out: "Out", form: Format, fixed: "Fixed") -> None:
    """What was mended: with the findings for a reader, in words beside a report for a machine."""
    from newsrepo.cli.present import fixes

    if form is Format.TEXT:
        for line in fixes.lines(fixed):
            out.line(line)
    out.word(fixes.closing(fixed))


def _answer(out: "Out", form: Format, done: "Checked", fixed: "Fixed | None") -> None:
    from newsrepo.cli.present import findings

    if form is Format.JSON:
        answer = findings.answer(done)
        if fixed is not None:
            from newsrepo.cli.present import fixes

            answer["fixed"] = fixes.plain(fixed)
        out.json("check", answer)
    elif form is Format.GITHUB:
        from newsrepo.cli.present import annotations

        for line in annotations.commands(done, os.urandom(16).hex()):
            out.data(line + "\n")
        _tell_summary(out, annotations.summary(done))
    elif form is Format.GITLAB:
        from newsrepo.cli.present import gitlab

        out.data(gitlab.report(done))
    elif form is Format.JUNIT:
        from newsrepo.cli.present import junit

        out.data(junit.report(done))
    elif form is Format.SARIF:
        from newsrepo.cli.present import sarif
        from newsrepo.porcelain.explain import rules

        out.data(sarif.report(done, {rule.id: rule.sentence for rule in rules()}))
    else:
        for line in findings.lines(done.findings, done.since):
            out.line(line)
    for word in findings.closing(done):
        out.word(word)


def _tell_summary(out: "Out", page: str) -> None:
    """Add to the page that the forge shows for a run, where it asks for one."""
    path = os.environ.get("GITHUB_STEP_SUMMARY", "")
    if not path:
        return
    try:
        with open(path, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(page)
    except OSError as error:
        out.warn(f"the summary could not be written: {error.strerror}", "the findings above are complete")
