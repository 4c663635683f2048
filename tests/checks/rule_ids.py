"""Reads out of the program's own source every rule id that it can put into a finding."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from newsrepo.gitstore.runner import SUBCOMMANDS

PACKAGE = Path(__file__).parents[2] / "newsrepo"

_ID = re.compile(r"[a-z]+(?:-[a-z0-9]+)*")
_MAKERS = frozenset(
    ["Finding", "Fault", "Broken", "Problem", "TextFault", "MediaFault", "Note", "QueryError", "Rule"]
)
"""What is made with a rule id first."""

_NO_RULES = frozenset(["more-news"]) | SUBCOMMANDS
"""Words that look like ids where ids stand, and are none."""

_LATE = frozenset(["QueryError", "_error", "_finding"])
"""What takes the rule id somewhere after the first argument."""

_SINGLE = frozenset(["contradiction", "noncharacter", "submodule", "surrogate", "symlink"])
"""Ids of one word; elsewhere one word first among several values is hardly ever an id."""


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def rule_ids() -> dict[str, str]:
    """Every id with the first file that speaks of it."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for text in _of(node):
                if _ID.fullmatch(text) and text not in _NO_RULES:
                    found.setdefault(text, path.relative_to(PACKAGE.parent).as_posix())
    return found


def _of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = _name(node)
        if node.args and (name in _MAKERS or len(node.args) >= 3):
            yield from (t for t in _texts(node.args[0]) if "-" in t or t in _SINGLE)
        if name in _LATE:
            yield from (t for argument in node.args for t in _texts(argument) if "-" in t)
        for keyword in node.keywords:
            if keyword.arg == "rule":
                yield from _texts(keyword.value)
            elif keyword.arg == "others" and isinstance(keyword.value, ast.Tuple):
                for item in keyword.value.elts:
                    yield from _texts(item)
    elif isinstance(node, ast.Return | ast.Assign) and isinstance(node.value, ast.Tuple):
        # Rule, message, hint: as some readers answer, before the place is known.
        items = node.value.elts
        if len(items) >= 3:
            yield from (t for t in _texts(items[0]) if "-" in t or t in _SINGLE)
    elif isinstance(node, ast.arguments):
        for argument, default in zip(reversed(node.args), reversed(node.defaults), strict=False):
            if argument.arg == "rule":
                yield from _texts(default)
