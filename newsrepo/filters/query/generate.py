"""Writes ``tables.py`` from ``grammar.lark``, so that reading a query costs no parser generator at run time.

Run ``python -m newsrepo.filters.query.generate`` after changing the grammar. Needs lark.
"""

from pathlib import Path

HERE = Path(__file__).parent
GRAMMAR = HERE / "grammar.lark"
TABLES = HERE / "tables.py"

_HEAD = '''"""Made from grammar.lark by ``python -m newsrepo.filters.query.generate``; do not edit.

``TERMINALS``: name and pattern, in the order in which they are tried. ``RULES``: what a rule is called,
the symbol it makes, how many symbols it takes. ``SHIFT``, ``REDUCE``: for each state what each terminal
does, the next state or the rule. ``GOTO``: for each state the state after each symbol. The first
state is 0, the accepting one ``END``.
"""

# fmt: off
'''


def tables() -> str:
    """The text of ``tables.py``. Raises lark's GrammarError when the grammar is ambiguous."""
    from lark import Lark
    from lark.parsers.lalr_analysis import Shift
    from lark.parsers.lalr_parser import LALR_Parser

    parser = Lark(GRAMMAR.read_text("utf-8"), parser="lalr", strict=False)
    machine = parser.parser.parser
    if not isinstance(machine, LALR_Parser):
        raise TypeError("lark made no LALR parser")
    table = machine._parse_table  # noqa: SLF001 - lark has no public way to its tables
    rules = list(parser.rules)
    ignored = set(parser.ignore_tokens)
    terminals = sorted(
        (t for t in parser.terminals if t.name not in ignored),
        key=lambda t: (-t.priority, t.name),
    )
    names = {t.name for t in terminals} | {"$END"}
    lines = [_HEAD]
    lines.append("TERMINALS: tuple[tuple[str, str], ...] = (")
    lines += [f"    ({t.name!r}, {t.pattern.to_regexp()!r})," for t in terminals]
    lines.append(")\n\nRULES: tuple[tuple[str, str, int], ...] = (")
    lines += [
        f"    ({rule.alias or rule.origin.name!r}, {str(rule.origin.name)!r}, {len(rule.expansion)}),"
        for rule in rules
    ]
    lines.append(")\n")
    start = table.start_states["start"]
    order = [start]  # lark numbers states as its sets fall; ours are numbered by first reach
    for state in order:
        reached = [to for _, (do, to) in sorted(table.states[state].items()) if do is Shift]
        order += [to for to in dict.fromkeys(reached) if to not in order]
    number = {state: index for index, state in enumerate(order)}
    shift: list[dict[str, int]] = []
    reduce: list[dict[str, int]] = []
    goto: list[dict[str, int]] = []
    for state in order:
        actions = sorted(table.states[state].items())
        shift.append({n: number[to] for n, (do, to) in actions if do is Shift and n in names})
        goto.append({n: number[to] for n, (do, to) in actions if do is Shift and n not in names})
        reduce.append({n: rules.index(rule) for n, (do, rule) in actions if do is not Shift})
    for name, rows in (("SHIFT", shift), ("REDUCE", reduce), ("GOTO", goto)):
        lines.append(f"{name}: tuple[dict[str, int], ...] = (")
        lines += [f"    {row!r}," for row in rows]
        lines.append(")\n")
    lines.append(f"END = {number[table.end_states['start']]}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLES.write_text(tables(), "utf-8")
