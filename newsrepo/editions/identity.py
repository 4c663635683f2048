"""The names under which feeds and pages know a work: the same wherever an edition is put."""

import uuid

from newsrepo.editions.edition import Edition

_SPACE = uuid.UUID("6f0c1e52-94d8-5b41-8d5c-6e6577737265")


def entry_id(edition: Edition, work: str) -> str:
    """The id of an article, a statement or a feed, wherever this commons is published."""
    return uuid.uuid5(_SPACE, f"{edition.ctx.commons.charter.name}\n{work}").urn
