"""The opinion map: raters placed by how they rate, and whether they fall into groups.

Nothing here loads numpy before ``chart`` is called; the method stands in ``docs/opinion-map.md``.
"""

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from newsrepo.errors import UnableError
from newsrepo.scores.opinion.model import (
    Apart,
    Bridge,
    Chart,
    Counts,
    Divide,
    Drift,
    Group,
    Home,
    Options,
    Seen,
    Spot,
    Strength,
    Verdict,
    Weight,
)
from newsrepo.scores.opinion.say import Say, Whose, by_book, by_roll, by_trust

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from newsrepo.commons.model import Spoken
    from newsrepo.ids import ArticleId, AxisId, RaterId
    from newsrepo.records import types as t

__all__ = [
    "Apart",
    "Bridge",
    "Chart",
    "Counts",
    "Divide",
    "Drift",
    "Group",
    "Home",
    "Options",
    "Say",
    "Seen",
    "Spot",
    "Strength",
    "Verdict",
    "Weight",
    "Whose",
    "by_book",
    "by_roll",
    "by_trust",
    "chart",
]


def chart(
    spoken: "Iterable[tuple[RaterId, Spoken]]",
    works: "Collection[ArticleId]",
    axes: "Mapping[AxisId, t.Axis]",
    options: Options,
) -> Chart:
    """Place everybody who rated any of ``works`` on any of ``axes``, and say whether there are poles.

    The order of raters, works and axes makes no difference. Raises UnableError without the extra ``map``.
    """
    try:
        with _one_thread():
            import numpy  # noqa: F401 - only to tell here, in one place, that it is not installed
            import scipy.sparse  # noqa: F401 - likewise, as numpy
    except ImportError as error:
        raise UnableError(
            f"the opinion map needs {error.name or 'numpy and scipy'}, which is not installed",
            "install newsrepo with the extra `map`: pip install 'newsrepo[map]'",
        ) from error
    from newsrepo.scores.opinion.drawing import draw
    from newsrepo.scores.opinion.sheet import gather

    heard = spoken if options.say is None else options.say.of(spoken)
    return draw(gather(heard, works, axes, options.since), axes, options)


@contextmanager
def _one_thread() -> "Iterator[None]":
    """Let what is loaded meanwhile multiply matrices on one thread, unless the user says otherwise.

    Ours are so small that several threads take twice the time of processors, most of it waiting for each
    other; and on machines of more cores they would add up in another order.
    """
    name = "OPENBLAS_NUM_THREADS"
    if name in os.environ:
        yield
        return
    os.environ[name] = "1"
    try:
        yield
    finally:
        del os.environ[name]
