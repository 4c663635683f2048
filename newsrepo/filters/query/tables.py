"""Made from grammar.lark by ``python -m newsrepo.filters.query.generate``; do not edit.

``TERMINALS``: name and pattern, in the order in which they are tried. ``RULES``: what a rule is called,
the symbol it makes, how many symbols it takes. ``SHIFT``, ``REDUCE``: for each state what each terminal
does, the next state or the rule. ``GOTO``: for each state the state after each symbol. The first
state is 0, the accepting one ``END``.
"""

# fmt: off

TERMINALS: tuple[tuple[str, str], ...] = (
    ('OR', 'OR(?![^\\s()])'),
    ('NOT', '-(?=[^\\s)])'),
    ('FIELD', '(?s:[^\\s"():<>=!]+:(?:"(?:[^"\\\\]|\\\\.)*"|[^\\s"()]+))'),
    ('LPAR', '\\('),
    ('OP', '[<>]=?|!?='),
    ('PHRASE', '(?s:"(?:[^"\\\\]|\\\\.)*")'),
    ('RPAR', '\\)'),
    ('VALUE', '[^\\s"()]+'),
    ('WORD', '(?:[^\\s"():<>=!]|!(?!=))+'),
)

RULES: tuple[tuple[str, str, int], ...] = (
    ('some', 'start', 1),
    ('everything', 'start', 0),
    ('any', 'any', 3),
    ('same', 'any', 1),
    ('all', 'all', 2),
    ('same', 'all', 1),
    ('not', 'not', 2),
    ('group', 'not', 3),
    ('word', 'not', 1),
    ('phrase', 'not', 1),
    ('field', 'not', 1),
    ('comparison', 'not', 3),
)

SHIFT: tuple[dict[str, int], ...] = (
    {'FIELD': 1, 'LPAR': 2, 'NOT': 3, 'PHRASE': 4, 'WORD': 5},
    {},
    {'FIELD': 1, 'LPAR': 2, 'NOT': 3, 'PHRASE': 4, 'WORD': 5},
    {'FIELD': 1, 'LPAR': 2, 'NOT': 3, 'PHRASE': 4, 'WORD': 5},
    {},
    {'OP': 12},
    {'FIELD': 1, 'LPAR': 2, 'NOT': 3, 'PHRASE': 4, 'WORD': 5},
    {'OR': 14},
    {},
    {},
    {'OR': 14, 'RPAR': 15},
    {},
    {'VALUE': 16},
    {},
    {'FIELD': 1, 'LPAR': 2, 'NOT': 3, 'PHRASE': 4, 'WORD': 5},
    {},
    {},
    {'FIELD': 1, 'LPAR': 2, 'NOT': 3, 'PHRASE': 4, 'WORD': 5},
)

REDUCE: tuple[dict[str, int], ...] = (
    {'$END': 1},
    {'$END': 10, 'FIELD': 10, 'LPAR': 10, 'NOT': 10, 'OR': 10, 'PHRASE': 10, 'RPAR': 10, 'WORD': 10},
    {},
    {},
    {'$END': 9, 'FIELD': 9, 'LPAR': 9, 'NOT': 9, 'OR': 9, 'PHRASE': 9, 'RPAR': 9, 'WORD': 9},
    {'$END': 8, 'FIELD': 8, 'LPAR': 8, 'NOT': 8, 'OR': 8, 'PHRASE': 8, 'RPAR': 8, 'WORD': 8},
    {'$END': 3, 'OR': 3, 'RPAR': 3},
    {'$END': 0},
    {'$END': 5, 'FIELD': 5, 'LPAR': 5, 'NOT': 5, 'OR': 5, 'PHRASE': 5, 'RPAR': 5, 'WORD': 5},
    {},
    {},
    {'$END': 6, 'FIELD': 6, 'LPAR': 6, 'NOT': 6, 'OR': 6, 'PHRASE': 6, 'RPAR': 6, 'WORD': 6},
    {},
    {'$END': 4, 'FIELD': 4, 'LPAR': 4, 'NOT': 4, 'OR': 4, 'PHRASE': 4, 'RPAR': 4, 'WORD': 4},
    {},
    {'$END': 7, 'FIELD': 7, 'LPAR': 7, 'NOT': 7, 'OR': 7, 'PHRASE': 7, 'RPAR': 7, 'WORD': 7},
    {'$END': 11, 'FIELD': 11, 'LPAR': 11, 'NOT': 11, 'OR': 11, 'PHRASE': 11, 'RPAR': 11, 'WORD': 11},
    {'$END': 2, 'OR': 2, 'RPAR': 2},
)

GOTO: tuple[dict[str, int], ...] = (
    {'all': 6, 'any': 7, 'not': 8, 'start': 9},
    {},
    {'all': 6, 'any': 10, 'not': 8},
    {'not': 11},
    {},
    {},
    {'not': 13},
    {},
    {},
    {},
    {},
    {},
    {},
    {},
    {'all': 17, 'not': 8},
    {},
    {},
    {'not': 13},
)

END = 9
