"""Two versions side by side as lines: what was changed in its words, moved, dropped or added."""

from collections.abc import Iterator

from newsrepo.cli.present.diff import MARKS, summary
from newsrepo.credit.passages import Fate, Passage
from newsrepo.desk.lines import BLANK, Line, Run, Style, beside, fold, line, run
from newsrepo.porcelain.diff import Diffed

COLUMN = 28
"""The narrowest column that can be read; on a narrower screen old and new stand one below the other."""

_GAP = 3
_STYLES = {
    Fate.CHANGED: Style.CHANGED,
    Fate.MOVED: Style.MOVED,
    Fate.DROPPED: Style.DROPPED,
    Fate.ADDED: Style.ADDED,
    Fate.SAME: Style.DIM,
}


def sides(found: Diffed, width: int, *, every: bool) -> list[Line]:
    """The comparison, old at the left and new at the right; ``every`` also shows what did not change."""
    column = (width - 2 - _GAP) // 2
    lines = [*fold([run(summary(found), Style.STRONG)], width), BLANK]
    heads = [[run(f"{side.article} @{side.version[:8]}", Style.TITLE)] for side in (found.old, found.new)]
    lines += _pair("  ", Style.DIM, heads[0], heads[1], width, column)
    for field in found.fields:
        lines.append(line(f"~ {field.name}", Style.CHANGED))
        old = [run(field.old, Style.DROPPED)] if field.old else []
        new = [run(field.new, Style.ADDED)] if field.new else []
        lines += _pair("  ", Style.DIM, old, new, width, column)
    lines.append(BLANK)
    same = 0
    for passage in found.body.passages:
        if passage.fate is Fate.SAME and not every:
            same += 1
            continue
        lines += _unchanged(same)
        same = 0
        old, new = _sides(passage, split=found.languages is not None)
        mark = MARKS[passage.fate]
        lines += _pair(f"{mark} ", _STYLES[passage.fate], old, new, width, column)
        lines.append(BLANK)
    lines += _unchanged(same)
    return lines


def _unchanged(count: int) -> Iterator[Line]:
    if count:
        yield line(f"  ({count} unchanged)", Style.DIM)
        yield BLANK


def _pair(mark: str, style: Style, old: list[Run], new: list[Run], width: int, column: int) -> list[Line]:
    head = Run(mark, style)
    if column < COLUMN:
        blocks = [fold(runs, width, (head,), (Run("  "),)) for runs in (old, new) if runs]
        return [one for block in blocks for one in block]
    left = fold(old, column + 2, (head,), (Run("  "),))
    right = fold(new, column) if new else []
    return beside(left, right, column + 2)


def _sides(passage: Passage, *, split: bool) -> tuple[list[Run], list[Run]]:
    """What stands left and right of one passage. Of two languages the words are not compared."""
    if passage.pieces and not split:
        old = [_piece(p.fate, p.text) for p in passage.pieces if p.fate is not Fate.ADDED]
        new = [_piece(p.fate, p.text) for p in passage.pieces if p.fate is not Fate.DROPPED]
        return old, new
    match passage.fate:
        case Fate.DROPPED:
            return [run(passage.old, Style.DROPPED)], []
        case Fate.ADDED:
            return [], [run(passage.new, Style.ADDED)]
        case Fate.MOVED:
            where = f"(passage {passage.old_at}, now {passage.new_at}) "
            return [run(passage.old or passage.new)], [run(where, Style.MOVED), run(passage.new)]
        case Fate.SAME:
            return [run(passage.old or passage.new, Style.DIM)], [run(passage.new, Style.DIM)]
        case _:
            return [run(passage.old)], [run(passage.new)]


def _piece(fate: Fate, text: str) -> Run:
    """Words in brackets where they differ, so that no colour is needed to see it."""
    bare = text.strip()
    if fate is Fate.SAME or not bare:
        return run(text)
    left, right = ("[-", "-]") if fate is Fate.DROPPED else ("{+", "+}")
    before, _, after = text.partition(bare)
    style = Style.DROPPED if fate is Fate.DROPPED else Style.ADDED
    return run(f"{' ' if before else ''}{left}{bare}{right}{' ' if after else ''}", style)
