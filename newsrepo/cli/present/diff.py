"""A comparison for a reader: a mark at the head of each passage, brackets around words, colour if wanted."""

from collections.abc import Iterator
from typing import Any

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.out import Out
from newsrepo.credit.passages import Fate, Passage
from newsrepo.porcelain.cited import Text
from newsrepo.porcelain.diff import Diffed

Part = tuple[str, str]
"""Some text, encoded for the terminal, and its style."""

MARKS = {Fate.SAME: " ", Fate.CHANGED: "~", Fate.MOVED: ">", Fate.DROPPED: "-", Fate.ADDED: "+"}
_STYLES = {
    Fate.DROPPED: "red",
    Fate.ADDED: "green",
    Fate.MOVED: "cyan",
    Fate.CHANGED: "yellow",
    Fate.SAME: "",
}
_BRACKETS = {Fate.SAME: ("", ""), Fate.DROPPED: ("[-", "-]"), Fate.ADDED: ("{+", "+}")}


def as_json(out: Out, found: Diffed) -> None:
    dropped, added = found.body.words
    out.json(
        "diff",
        {
            "old": _side(found.old),
            "new": _side(found.new),
            "same": found.body.same and not found.fields,
            "words_compared": found.languages is None,
            "words_dropped": dropped,
            "words_added": added,
            "fields": [{"name": f.name, "old": f.old, "new": f.new} for f in found.fields],
            "passages": [_passage(p) for p in found.body.passages],
        },
    )


def _side(text: Text) -> dict[str, Any]:
    return {
        "article": text.article,
        "article_version": text.version,
        "title": text.title,
        "lang": text.lang,
        "readable": text.record is not None,
    }


def _passage(passage: Passage) -> dict[str, Any]:
    return {
        "fate": passage.fate.value,
        "old_at": passage.old_at or None,
        "new_at": passage.new_at or None,
        "old": passage.old,
        "new": passage.new,
        "pieces": [{"fate": p.fate.value, "text": p.text} for p in passage.pieces],
    }


def as_text(out: Out, found: Diffed) -> None:
    """A table of marks and passages on a terminal, one line a passage in a pipe."""
    rows = list(_rows(found))
    if out.tty:
        _table(out, rows)
    else:
        for mark, parts, _ in rows:
            out.line(f"{mark} {''.join(text for text, _ in parts)}".rstrip())
    out.word(summary(found))


def summary(found: Diffed) -> str:
    """The closing line."""
    if found.old.version == found.new.version:
        return "the same version"
    if found.body.same:
        return "the texts are the same" + (", what is said of them differs" if found.fields else "")
    count = found.body.count
    parts = [f"{count(fate)} {fate}" for fate in Fate if count(fate)]
    told = f"passages: {', '.join(parts)}"
    if found.languages:
        return (
            f"{told}; in two languages ({' and '.join(found.languages)}), so they are compared by place only"
        )
    dropped, added = found.body.words
    return f"{told}; words: {dropped} dropped, {added} added"


def _rows(found: Diffed) -> Iterator[tuple[str, list[Part], str]]:
    """Mark, text and style of each line; what did not change is counted, not told."""
    for mark, side, fate in (("---", found.old, Fate.DROPPED), ("+++", found.new, Fate.ADDED)):
        yield mark, [(f"{side.article}@{side.version[:8]}  {terminal(side.title)}", "bold")], _STYLES[fate]
    for field in found.fields:
        parts = [(f"{field.name}: ", "")]
        for fate, text in ((Fate.DROPPED, field.old), (Fate.ADDED, field.new)):
            parts += _bracketed(fate, text) if text else []
        yield MARKS[Fate.CHANGED], parts, _STYLES[Fate.CHANGED]
    same = 0
    for passage in [*found.body.passages, None]:
        if passage is not None and passage.fate is Fate.SAME:
            same += 1
            continue
        if same:
            yield MARKS[Fate.SAME], [(f"({same} unchanged)", "dim")], ""
            same = 0
        if passage is not None:
            yield MARKS[passage.fate], list(_parts(passage, found.languages)), _STYLES[passage.fate]


def _parts(passage: Passage, languages: tuple[str, str] | None) -> Iterator[Part]:
    if passage.fate is Fate.MOVED:
        yield f"(passage {passage.old_at}, now {passage.new_at}) ", "dim"
    if passage.pieces:
        for piece in passage.pieces:
            yield from _bracketed(piece.fate, piece.text)
    elif passage.fate is Fate.CHANGED and languages:
        yield from _bracketed(Fate.DROPPED, passage.old)
        yield " ", ""
        yield from _bracketed(Fate.ADDED, passage.new)
    else:
        style = _STYLES[passage.fate] if passage.fate in (Fate.DROPPED, Fate.ADDED) else ""
        yield _one_line(passage.new or passage.old), style


def _bracketed(fate: Fate, text: str) -> Iterator[Part]:
    left, right = _BRACKETS[fate]
    bare = text.strip() if fate is not Fate.SAME else text
    if not bare.strip() and fate is not Fate.SAME:
        return
    before, _, after = text.partition(bare) if bare else (text, "", "")
    yield f"{' ' if before else ''}{left}{_one_line(bare)}{right}{' ' if after else ''}", _STYLES[fate]


def _one_line(text: str) -> str:
    return terminal(" ".join(text.split("\n")).replace("\t", " "))


def _table(out: Out, rows: list[tuple[str, list[Part], str]]) -> None:
    from rich.table import Table
    from rich.text import Text as Styled

    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", max_width=100)
    for mark, parts, style in rows:
        line: Styled = Styled()
        for text, how in parts:
            line.append(text, style=how)
        table.add_row(Styled(mark, style=style), line)
    out.table(table)
