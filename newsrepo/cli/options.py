"""Options that several verbs take, said once."""

from typing import Annotated

import typer

from newsrepo.cli import complete

Only = Annotated[
    str,
    typer.Option(
        metavar="C",
        autocompletion=complete.contingents,
        help="Only what this contingent's own ref says.",
        show_default=False,
    ),
]
"""``--only C``: of the union, what one contingent says in its own home."""
