"""Texts taken from others in the ways that people take them, and what of them is still word for word."""

import random
import re
from collections.abc import Callable, Sequence

WORDS = [
    "harbour",
    "ballot",
    "weather",
    "quarrel",
    "lantern",
    "ledger",
    "orchard",
    "signal",
    "granite",
    "market",
    "harvest",
    "bridge",
]


def whole(body: str, own: str, chance: random.Random) -> str:
    """All of it."""
    return body


def paragraph(body: str, own: str, chance: random.Random) -> str:
    """One paragraph of it, in the middle of one's own text."""
    long = [
        part for part in body.split("\n\n") if len(part.split()) >= 40 and not part.startswith(("```", "|"))
    ]
    parts = own.split("\n\n")
    parts.insert(len(parts) // 2, chance.choice(long) if long else body)
    return "\n\n".join(parts)


def reordered(body: str, own: str, chance: random.Random) -> str:
    """All its paragraphs in another order."""
    parts = body.split("\n\n")
    chance.shuffle(parts)
    return "\n\n".join(parts)


def changed(percent: int) -> Callable[[str, str, random.Random], str]:
    """All of it, so many words of a hundred replaced."""

    def copy(body: str, own: str, chance: random.Random) -> str:
        return re.sub(
            r"\b[A-Za-z]{3,}\b",
            lambda m: chance.choice(WORDS) if chance.random() * 100 < percent else m[0],
            body,
        )

    return copy


def repointed(body: str, own: str, chance: random.Random) -> str:
    """All of it with other punctuation, capitals and line breaks."""

    def other(match: re.Match[str]) -> str:
        return chance.choice([",", ";", " \u2013", "…", "."])

    text = re.sub(r"(?<=[a-z])[,.;:](?=\s)", other, body)
    text = re.sub(r"\b[a-z]+\b", lambda m: m[0].upper() if chance.random() < 0.05 else m[0], text)
    return "\n\n".join(" ".join(part.split()) if part[:1].isalpha() else part for part in text.split("\n\n"))


KINDS: dict[str, Callable[[str, str, random.Random], str]] = {
    "whole": whole,
    "paragraph": paragraph,
    "reordered": reordered,
    "1 % changed": changed(1),
    "2 % changed": changed(2),
    "5 % changed": changed(5),
    "punctuation": repointed,
}


def verbatim(text: Sequence[str], source: Sequence[str], least: int) -> int:
    """How many words of a text stand in runs of at least ``least`` words that the source holds too: by trying
    every run of that length, with nothing of what is tested."""
    there = {tuple(source[at : at + least]) for at in range(len(source) - least + 1)}
    held = bytearray(len(text))
    for at in range(len(text) - least + 1):
        if tuple(text[at : at + least]) in there:
            held[at : at + least] = b"\1" * least
    return sum(held)
