"""``explain``: what a rule finds, why it matters and what to do, from pages that come with the program."""

import re
from functools import cache
from pathlib import Path

import msgspec

import newsrepo
from newsrepo.errors import UnableError, UsageError
from newsrepo.porcelain.suggest import near

_SUBJECT = re.compile(r"## (.+)")
_ENTRY = re.compile(r"- \[`([a-z0-9-]+)`\]\(\1\.md\): (.+)")


class Rule(msgspec.Struct, frozen=True):
    """One rule by its id: the sentence that says what is wrong, and the subject it is listed under."""

    id: str
    sentence: str
    subject: str


class Explained(msgspec.Struct, frozen=True):
    """A rule with its page, in Markdown."""

    rule: Rule
    page: str


def find_rules() -> Path:
    """Where the rules' pages lie: inside the installed package, or with the documents of a checkout."""
    package = Path(newsrepo.__file__).parent
    for folder in (package / "_rules", package.parent / "docs" / "rules"):
        if (folder / "README.md").is_file():
            return folder
    raise UnableError("the pages about rules are missing", "install newsrepo again")


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the index: by subject."""
    found = []
    subject = ""
    for line in (find_rules() / "README.md").read_text(encoding="utf-8").split("\n"):
        if match := _SUBJECT.fullmatch(line):
            subject = match[1]
        elif match := _ENTRY.fullmatch(line):
            found.append(Rule(match[1], match[2], subject))
    return tuple(found)


def explain(name: str) -> Explained:
    """The page of the rule ``name``. Raises UsageError, with the nearest name, when there is no such rule."""
    rule = next((rule for rule in rules() if rule.id == name), None)
    if rule is None:  # no file is looked for by a name that is not in the index
        raise UsageError(f"no such rule: {name!r}", near(name, [rule.id for rule in rules()], "explain"))
    return Explained(rule, (find_rules() / f"{name}.md").read_text(encoding="utf-8"))
