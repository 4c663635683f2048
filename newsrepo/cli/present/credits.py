"""A derivation for a reader: two trees in the terminal, rows in JSON, a graph for Graphviz."""

from collections.abc import Iterator, Sequence
from typing import Any

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.out import Out
from newsrepo.cli.present.wrap import fold
from newsrepo.credit import End
from newsrepo.porcelain.credits import Credits, Line, Side
from newsrepo.records.types import Relation

DEEP = 24
"""How deep a tree is drawn; a terminal has no room for more. JSON and Graphviz get all of it."""

_BEHIND = {
    Relation.REWRITE: "rewrite of",
    Relation.CORRECTION: "correction of",
    Relation.TRANSLATION: "translation of",
    Relation.SUMMARY: "summary of",
    Relation.ABRIDGEMENT: "abridgement of",
    Relation.QUOTE: "quotes",
    Relation.COMPILATION: "draws on",
}
_AHEAD = {
    **{relation: f"{relation.value} in" for relation in Relation},
    Relation.QUOTE: "quoted in",
    Relation.COMPILATION: "drawn on by",
}
_ENDS = {End.OPEN: "", End.AGAIN: "see above", End.CIRCLE: "a circle"}


def as_text(out: Out, found: Credits, width: int) -> None:
    """The work, then what it rests on, then what rests on it."""
    out.line(_named(found.work))
    for line in fold(_facts(found.work), width - 2):
        out.line(f"  {line}")
    for title, nothing, lines, words in (
        ("based on", "based on nothing in this commons", found.based_on, _BEHIND),
        ("used by", "used by nothing in view", found.used_by, _AHEAD),
    ):
        out.line()
        out.line(title if lines else nothing)
        for text in _tree(lines, words, width):
            out.line(text)


def _named(side: Side) -> str:
    ref = [f"from {terminal(side.ref)}"] if side.ref else []
    return ", ".join([f"{side.work}@{side.version[:8]}", *ref, *side.notes])


def _facts(side: Side) -> str:
    owner = f"{side.owner_name} ({side.owner})" if side.owner_name else side.owner
    parts = [side.title, ", ".join(side.authors), owner, side.license or "licence not stated"]
    if not side.at_hand:
        parts.pop()
    return terminal(" · ".join(part for part in parts if part))


def _tree(lines: Sequence[Line], words: dict[Relation, str], width: int) -> Iterator[str]:
    """The lines of one tree: rails and branches before each, what lies too deep counted where it begins."""
    last = _last(lines)
    rails = {-1: ""}
    before = ""
    hidden = 0
    for number, line in enumerate(lines):
        step = line.step
        if step.depth > DEEP:
            hidden += 1
            after = lines[number + 1].step.depth if number + 1 < len(lines) else 0
            if after <= DEEP:
                yield f"{before}└── … and {hidden} more"
                hidden = 0
            continue
        before = rails[step.under]
        relation = words[step.derivation.relation]
        end = _ENDS[step.end]
        yield f"{before}{'└── ' if last[number] else '├── '}{relation} {_named(line.side)}" + (
            f", {end}" if end else ""
        )
        before += "    " if last[number] else "│   "
        rails[number] = before
        open_below = number + 1 < len(lines) and lines[number + 1].step.under == number
        margin = before + ("│   " if open_below else "    ")
        yield from (margin + text for text in fold(_facts(line.side), max(width - len(margin), 30)))


def _last(lines: Sequence[Line]) -> list[bool]:
    """For each line whether it is the last that hangs where it hangs."""
    last = []
    seen: set[int] = set()
    for line in reversed(lines):
        last.append(line.step.under not in seen)
        seen.add(line.step.under)
    return last[::-1]


def as_json(out: Out, found: Credits) -> None:
    """The work, and each tree as rows; ``under`` is the row that a row hangs under, null for the work."""
    out.json(
        "credits",
        {
            "work": _plain(found.work),
            "based_on": [_row(line) for line in found.based_on],
            "used_by": [_row(line) for line in found.used_by],
        },
    )


def _plain(side: Side) -> dict[str, Any]:
    return {
        "article": side.work,
        "article_version": side.version,
        "title": side.title,
        "authors": list(side.authors),
        "license": side.license,
        "contingent": side.owner,
        "contingent_name": side.owner_name,
        "notes": list(side.notes),
        "ref": side.ref,
        "text_in_view": side.at_hand,
    }


def _row(line: Line) -> dict[str, Any]:
    step = line.step
    return {
        "depth": step.depth,
        "under": None if step.under < 0 else step.under,
        "relation": step.derivation.relation.value,
        "source_version": step.derivation.version,
        "changes": step.derivation.changes or "",
        "end": step.end.value,
        **_plain(line.side),
    }


def as_dot(out: Out, found: Credits) -> None:
    """A directed graph: from each source to what was made of it."""
    out.line("digraph credits {")
    out.line("  rankdir=LR;")
    out.line('  node [shape=box, fontname="sans-serif"];')
    out.line('  edge [fontname="sans-serif"];')
    sides = {found.work.work: found.work}
    for line in (*found.based_on, *found.used_by):
        sides.setdefault(line.side.work, line.side)
    for name, side in sorted(sides.items()):
        label = "\n".join(part for part in (side.title, side.owner_name or side.owner, side.license) if part)
        bold = ", penwidth=3" if side is found.work else ""
        out.line(f"  {dot_text(name)} [label={dot_text(label)}{bold}];")
    for source, derived, label in sorted(set(_edges(found))):
        out.line(f"  {dot_text(source)} -> {dot_text(derived)} [label={dot_text(label)}];")
    out.line("}")


def _edges(found: Credits) -> Iterator[tuple[str, str, str]]:
    for lines, is_behind in ((found.based_on, True), (found.used_by, False)):
        for line in lines:
            step = line.step
            other = found.work.work if step.under < 0 else lines[step.under].step.work
            source, derived = (step.work, other) if is_behind else (other, step.work)
            yield source, derived, f"{step.derivation.relation.value}\n@{step.derivation.version[:8]}"


_DOT = str.maketrans({"\\": "\\\\", '"': '\\"', "&": "&amp;", "<": "&lt;", ">": "&gt;"})


def dot_text(text: str) -> str:
    r"""``text`` as a quoted string of Graphviz, in which nothing is an escape, an entity or the end of it.

    >>> dot_text('a"b\\N')
    '"a\\"b\\\\N"'
    """
    return '"' + "\\n".join(terminal(line).translate(_DOT) for line in text.split("\n")) + '"'
