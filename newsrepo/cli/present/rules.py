"""Rules for a reader: all of them with a sentence each, or the page of one."""

import re
from collections.abc import Sequence
from itertools import groupby

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.out import Out
from newsrepo.cli.present.wrap import fold, prose
from newsrepo.porcelain.explain import Explained, Rule

_STRONG = re.compile(r"^\*\*(.+?)\*\*", re.MULTILINE)


def plain(rule: Rule) -> dict[str, str]:
    """One rule for JSON."""
    return {"rule": rule.id, "sentence": rule.sentence, "subject": rule.subject}


def as_list(out: Out, rules: Sequence[Rule]) -> None:
    """All rules by subject on a terminal; in a pipe one a line, the sentence after a tab."""
    if not out.tty:
        for rule in rules:
            out.line(f"{rule.id}\t{terminal(rule.sentence)}")
        return
    width = min(out.width, 100)
    for number, (subject, some) in enumerate(groupby(rules, lambda rule: rule.subject)):
        if number:
            out.line()
        out.line(terminal(subject))
        for rule in some:
            for line in fold(f"  {rule.id}: {terminal(rule.sentence)}", width, "    "):
                out.line(line)


def as_text(out: Out, explained: Explained) -> None:
    """The rule's page: folded, without marks of emphasis, on a terminal; its own Markdown in a pipe."""
    if not out.tty:
        out.data(explained.page)
        return
    for line in prose(_STRONG.sub(r"\1", explained.page), min(out.width, 100)):
        out.line(line)
