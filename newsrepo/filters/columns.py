"""The works of one commons turned sideways: for each value the set of works that have it, made when asked."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cached_property

from newsrepo.commons.model import Work
from newsrepo.filters.query.syntax import State
from newsrepo.ids import ArticleId

Ids = frozenset[ArticleId]
NOBODY: Ids = frozenset()

_WORDS = re.compile(r"\w+")


class Columns:
    """Sets of works by the values of their fields. Holds the works, never the commons."""

    def __init__(self, works: Mapping[ArticleId, Work]) -> None:
        self._works = works

    @cached_property
    def everything(self) -> Ids:
        return frozenset(self._works)

    @cached_property
    def usable(self) -> Ids:
        return self.states.get(State.USABLE, NOBODY)

    @cached_property
    def topics(self) -> Mapping[str, Ids]:
        return self._by(lambda work: work.topics)

    @cached_property
    def owners(self) -> Mapping[str, Ids]:
        return self._by(lambda work: (work.id.partition("/")[0],))

    @cached_property
    def languages(self) -> Mapping[str, Ids]:
        """By language tag and every shorter form of it, lower-case: ``pt-br`` and ``pt``."""
        return self._by(lambda work: _prefixes(work.lang.lower()))

    @cached_property
    def sources(self) -> Mapping[str, Ids]:
        """By the articles that they say they are based on."""
        return self._by(lambda work: [d.article for d in work.based_on])

    @cached_property
    def states(self) -> Mapping[str, Ids]:
        """By ``is:`` values, those of ratings excepted."""
        return self._by(_states)

    @cached_property
    def days(self) -> Mapping[ArticleId, date]:
        return {work.id: work.date.day for work in self._works.values()}

    @cached_property
    def instants(self) -> Mapping[ArticleId, datetime]:
        return {work.id: work.date.at for work in self._works.values()}

    def authored(self, name: str) -> Ids:
        """The works one of whose authors' names holds these words in this order, whatever their case."""
        return _holding(self._authors, name)

    def placed(self, name: str) -> Ids:
        """The works one of whose places' names holds these words in this order, whatever their case."""
        return _holding(self._places, name)

    @cached_property
    def _authors(self) -> Mapping[str, Ids]:
        return self._by(lambda work: [_words(author.name) for author in work.authors])

    @cached_property
    def _places(self) -> Mapping[str, Ids]:
        return self._by(lambda work: [_words(place) for place in work.places])

    def _by(self, values: Callable[[Work], Iterable[str]]) -> dict[str, Ids]:
        found: dict[str, list[ArticleId]] = {}
        for work in self._works.values():
            for value in values(work):
                found.setdefault(value, []).append(work.id)
        return {value: frozenset(ids) for value, ids in found.items()}


def _states(work: Work) -> list[str]:
    kinds = [State(d.relation.value) for d in work.based_on]
    return [work.status.value, *kinds, State.DERIVED if kinds else State.ORIGINAL]


def _prefixes(lang: str) -> list[str]:
    parts = lang.split("-")
    return ["-".join(parts[:n]) for n in range(1, len(parts) + 1)]


def _words(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))


def _holding(names: Mapping[str, Ids], wanted: str) -> Ids:
    words = f" {_words(wanted)} "
    if not words.strip():
        return NOBODY
    return NOBODY.union(*(ids for name, ids in names.items() if words in f" {name} "))
