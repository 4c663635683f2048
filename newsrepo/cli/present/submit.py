"""What became of one's own changes: the files, the branch, and where to ask for it; text and JSON."""

from newsrepo.cli.present import findings
from newsrepo.cli.present.encode import terminal, terminal_lines
from newsrepo.cli.present.out import Out
from newsrepo.porcelain.submit import Submitted

_NAMED = 12


def as_json(out: Out, done: Submitted) -> None:
    out.json(
        "submit",
        {
            "sound": done.sound,
            "dry_run": done.dry,
            "branch": done.branch,
            "commit": done.commit,
            "files": list(done.files),
            "left_alone": done.left,
            "remote": done.remote or None,
            "pushed": done.pushed,
            "forge": done.forge.value if done.forge is not None else None,
            "address": done.address or None,
            "request": done.request or None,
            "findings": [findings.plain(f) for f in done.checked.findings]
            if done.checked is not None
            else [],
        },
    )


def as_text(out: Out, done: Submitted) -> None:
    """The findings, then what was committed; last, alone on its line, the address to open."""
    if done.checked is not None:
        for line in findings.lines(done.checked.findings, done.checked.since):
            out.line(line)
    if not done.sound:
        for word in findings.closing(done.checked) if done.checked is not None else ():
            out.word(word)
        out.word(
            "nothing was committed: mend these, then submit again (`newsrepo check --fix` mends what is safe)"
        )
        return
    verb = "would commit" if done.dry else "committed"
    for path in done.files[:_NAMED]:
        out.line(f"  {terminal(path)}")
    if len(done.files) > _NAMED:
        out.line(f"  and {len(done.files) - _NAMED} more")
    if done.files:
        many = "1 file" if len(done.files) == 1 else f"{len(done.files)} files"
        out.word(f"{verb} {many} on the branch {done.branch}")
    elif not done.pushed:
        out.word(f"all of yours is committed on the branch {done.branch} already")
    if done.left:
        one = done.left == 1
        many = "1 other changed record is" if one else f"{done.left} other changed records are"
        out.word(f"{many} not your contingent's and {'was' if one else 'were'} left alone")
    if done.pushed:
        out.word(f"pushed to {done.remote}")
    if not done.pushed:
        return
    if done.address:
        out.word("ask for it to be taken in here:")
        out.line(terminal(done.address))
    elif done.request:
        out.word("send this to whoever keeps the commons:")
        for line in terminal_lines(done.request):
            out.line(line)
