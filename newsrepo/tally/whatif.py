"""``--what-if``: a rule with some of its words changed, to see what it would have made of the same votes."""

from enum import StrEnum
from typing import TypeVar

from msgspec import structs

from newsrepo.errors import UsageError
from newsrepo.records.scalars import Ratio, ScalarError
from newsrepo.records.types import Base, Compare, Rule

_Word = TypeVar("_Word", bound=StrEnum)

KEYS = ("ratio", "of", "compare", "quorum", "quorum-compare")


def amended(rule: Rule, text: str) -> Rule:
    """``rule`` with the changes of ``text``: ``of: roll``, or several: ``ratio: 3/4, quorum: 1/3``.

    Keys are ``ratio``, ``of``, ``compare``, ``quorum`` and ``quorum-compare``. Raises UsageError.
    """
    seen: set[str] = set()
    for part in text.split(","):
        key, colon, value = (word.strip() for word in part.partition(":"))
        if not colon or key not in KEYS:
            raise UsageError(
                f"{part.strip()!r} is not a change of the rule",
                f"write for instance `of: roll` or `ratio: 3/4`; keys are {', '.join(KEYS)}",
            )
        if key in seen:
            raise UsageError(f"{key!r} is given twice", "say it once")
        seen.add(key)
        rule = _changed(rule, key, value)
    return rule


def _changed(rule: Rule, key: str, value: str) -> Rule:
    if key == "of":
        return structs.replace(rule, of=_one_of(Base, value))
    if key == "compare":
        return structs.replace(rule, compare=_one_of(Compare, value))
    if key == "quorum-compare":
        return structs.replace(rule, quorum=structs.replace(rule.quorum, compare=_one_of(Compare, value)))
    try:
        ratio = Ratio.parse(value)
    except ScalarError as error:
        raise UsageError(error.message, error.hint) from None
    if key == "ratio":
        return structs.replace(rule, ratio=ratio)
    return structs.replace(rule, quorum=structs.replace(rule.quorum, ratio=ratio))


def _one_of(kind: type[_Word], value: str) -> _Word:
    for member in kind:
        if member.value == value:
            return member
    words = " or ".join(member.value for member in kind)
    raise UsageError(f"{value!r} is not {words}", f"write {words}")
