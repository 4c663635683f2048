"""The command reference, ``docs/cli.md``: written from the help itself, so that the two cannot part.

``python -m newsrepo.cli.reference > docs/cli.md`` writes it anew; a test says when that is due.
"""

import sys
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from newsrepo.cli.main import VERBS, app
from newsrepo.porcelain.init import ATTRIBUTES, IGNORE

INTRO = """\
# The command line

`newsrepo VERB [ID] [options]`. This page is made from the program's own help by
`python -m newsrepo.cli.reference > docs/cli.md`.

## What holds for every verb

**Data and words.** Standard output carries the answer and nothing else; what is said to a person (counts,
warnings, progress, errors) goes to standard error. `--quiet` leaves the words out, never the answer.
Tables are drawn on a terminal only; in a pipe an article is one line, its fields separated by tabs. There
is no colour with `--no-color`, with `NO_COLOR` set, with `TERM=dumb`, or in a pipe. If whoever reads the
pipe goes away, newsrepo falls silent and its exit code is that of its answer.

**Hostile text.** Whatever stands in a file, a terminal shows it as text: control, format, private and
unassigned characters appear as `\\u{1b}`. In a run of GitHub Actions (`GITHUB_ACTIONS` set) no line of
ours begins a workflow command, save those that `check --format github` is asked for. In CSV, text that a
spreadsheet would take for a formula has a `'` before it; JSON is the exact export. `show --raw` alone
gives a file's own bytes.

**JSON.** `--json` gives one object: `version` (1; it grows when a field changes its meaning or goes),
`verb`, and the verb's own fields. New fields may come without notice.

**Exit codes**

| code | meaning |
| --- | --- |
| 0 | yes: done, found, sound |
| 1 | the answer is no: `check` found errors, `find` nothing, `audit` something, `sync` a home in trouble |
| 2 | an argument is not one that we take |
| 3 | it could not be done: no repository, no permission, a full disk, git missing |
| 4 | a bug of ours; the traceback is printed, please report it |
| 75 | another run holds what this one needs; try again |
| 130 | interrupted (143: terminated) |

**Who speaks.** Your contingent is `--as`, else `NEWSREPO_CONTINGENT`, else git config
`newsrepo.contingent` (which `init` sets), else the one whose home is the URL of `origin`. Your rater's
name is `--rater`, else `NEWSREPO_RATER`, else git config `newsrepo.rater`; a bare name belongs to your
contingent.

**What day it is.** `new`, `rate`, `find`, `serve` and what `statement` signs take today's date in UTC, or
`--today`. An edition is
of the day of the commit it is built from (its committer date in UTC), or of `--today`; only where there is
no commit yet it is of today, and its manifest says that nobody can verify it.

**The repository.** A commons stands at the root of its git repository. `-C DIR` works as in git. Only
`init`, `new`, `rewrite`, `rate`, `desk`, `import`, `intake`, `statement`, `check --fix` and
`contingents add` or `pin` write into it, each only files of its own, whole or not at all. `submit` and
`editor` alone commit, and files of your contingent alone, `submit` on a branch that it checks out;
otherwise nothing is committed, staged or checked out for you. `sync` and `contingents add` or `pin`
alone fetch what others publish, and it stays apart from your own objects; `submit` alone pushes.
(`editor` and `build --editor` have npm fetch the editor itself, once.) What newsrepo remembers (the
index, what was built, what was fetched) is under the git directory in `newsrepo/` and may be deleted at
any time; tips that are published nowhere any more go with it.
"""

MORE = {
    "init": f"""\
The charter accepts CC0-1.0, has the axes `newsworthy` and `accurate` from 0 to 5, and asks for two thirds
of the votes cast, more than half of the roll taking part. Change it as you like before anybody joins, and
pin it again with `newsrepo init --pin`: afterwards it changes by a vote.

The **genesis** is the identity of the commons. It is the SHA-256, in hex, over the line
`newsrepo-genesis v1`, and then for `newsrepo.yaml` and for `statements/roll.yaml`, in this order, the
file's length in bytes (decimal, and a line feed) and the file's exact bytes. It is pinned in git config
`newsrepo.genesis`. Whoever clones a commons pins it once, with `newsrepo init --pin`, and compares it with
what others say it is.

Files that are there already are left alone, and named. If yours is one of these, add what it lacks:

`.gitattributes`

```
{ATTRIBUTES}```

`.gitignore`

```
{IGNORE}```

What `--forge` writes, what each file is for, and how to renew it is told in [forges.md](forges.md).
""",
    "build": """\
A directory is written into only if it is empty, missing, or holds an edition built by newsrepo; never your
home directory, the root of the file system, the repository itself or the folders of its records. Nothing
else is ever deleted.

When neither the repository nor the edition changed since the last run, there is nothing to do and next to
nothing is done; `--force` makes every page again.
""",
    "statement": """\
The life of a statement is told in [statements.md](statements.md), how to verify a result without newsrepo
in [verify-by-hand.md](verify-by-hand.md), and every reason for which a ballot does not count in
[reasons.md](reasons.md).

What is signed is shown before, and asked about. `ssh-keygen` signs: `--key` names a private key file, a
public one whose private part your agent holds, or is a public key line. Without it git config
`newsrepo.key` is used, and else your keys on the roll, from the agent. The payload is written first and the
signature after it; a payload without one is unfinished, never counts, and the same command signs it.

`tally` exits with 0 only when the statement is certified and carried.
""",
    "check": """\
Findings come in order of path and place, as `path:line:col: rule: message`; the way out is on the next
line after `hint:`. Warnings and notes say so after the rule. Findings of a ref have its name before the
path. In GitHub Actions, `newsrepo check --format github` puts each finding beside its line. What a rule is
there for, and what to do, says `newsrepo explain RULE`, and its page under [rules](rules/README.md).
""",
}


def reference() -> str:
    """The whole page."""
    group: Any = get_command(app)
    top = group.make_context("newsrepo", ["x"], resilient_parsing=True)
    parts = [INTRO, "## Global options\n", _block(_help(group, "newsrepo", None))]
    for panel, verbs in VERBS.items():
        parts.append(f"## {panel}\n")
        for verb in verbs:
            command = group.get_command(top, verb)
            parts.append(f"### newsrepo {verb}\n")
            parts.append(_block(_help(command, verb, top)))
            if isinstance(command, TyperGroup):
                inside = typer.Context(command, info_name=verb, parent=top)
                for name, child in command.commands.items():
                    parts.append(f"#### newsrepo {verb} {name}\n")
                    parts.append(_block(_help(child, name, inside)))
            if verb in MORE:
                parts.append(MORE[verb])
    return "\n".join(parts)


def _help(command: Any, name: str, parent: Any) -> str:
    context = typer.Context(command, info_name=name, parent=parent, terminal_width=80)
    text: str = command.get_help(context)
    return text


def _block(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.strip().split("\n"))
    return f"```text\n{lines}\n```\n"


if __name__ == "__main__":
    sys.stdout.write(reference())
