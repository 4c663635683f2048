"""What must hold within one record beyond its shape: the faults that one file alone can show."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct

from newsrepo.records import types as t
from newsrepo.records.colours import LEAST, contrast, luminance, parse_colour
from newsrepo.records.scalars import Span

Keys = tuple[str | int, ...]


class Broken(Struct, frozen=True):
    """A rule that a record breaks, at the field that ``keys`` lead to (named as in the file)."""

    rule: str
    keys: Keys
    message: str
    hint: str


_Found = Iterator[Broken]


def broken_rules(record: t.Record, unknown: frozenset[str] = frozenset()) -> list[Broken]:
    """Every rule that ``record`` breaks, in field order as far as that is plain.

    Of a record with faults, name the fields that are not wholly known: no rule that asks for one is tried.
    """
    found: list[Broken] = []
    for needs, check in _CHECKS.get(type(record), ()):
        if unknown.isdisjoint(needs):
            found += check(record)
    return found


def _repeats(items: Iterable[str], *keys: str | int) -> _Found:
    seen: set[str] = set()
    for place, item in enumerate(items):
        if item in seen:
            yield Broken("duplicate-item", (*keys, place), f"'{item}' stands twice in this list", "keep one")
        seen.add(item)


def _axes(axes: dict[str, t.Axis]) -> _Found:
    for name, axis in axes.items():
        if axis.min >= axis.max:
            yield Broken(
                "bad-axis",
                ("axes", name, "min"),
                f"the lowest value {axis.min} is not below the highest, {axis.max}",
                "make `min` smaller than `max`",
            )
        elif not axis.min <= axis.neutral <= axis.max:
            yield Broken(
                "bad-axis",
                ("axes", name, "neutral"),
                f"the neutral value {axis.neutral} is not between {axis.min} and {axis.max}",
                "choose a value of the axis that says neither good nor bad",
            )
        if name == "fade":
            yield Broken(
                "bad-axis",
                ("axes", name),
                "an axis cannot be called 'fade'",
                "filters use that word: rename it",
            )


def _rule(record: t.Charter | t.Opening) -> _Found:
    rule = record.rule
    impossible = "nobody can pass this vote: more than all is asked for"
    if rule.compare is t.Compare.MORE_THAN and rule.ratio.num == rule.ratio.den:
        yield Broken("impossible-rule", ("rule", "ratio"), impossible, "write `compare: at-least`")
    quorum = rule.quorum
    if quorum.compare is t.Compare.MORE_THAN and quorum.ratio.num == quorum.ratio.den:
        yield Broken("impossible-rule", ("rule", "quorum", "ratio"), impossible, "write `compare: at-least`")


def _accepted(charter: t.Charter) -> _Found:
    if not charter.licenses:
        yield Broken("empty-list", ("licenses",), "no licence is accepted", "name at least one: CC0-1.0")


def _charter(charter: t.Charter) -> _Found:
    yield from _repeats(charter.licenses, "licenses")
    yield from _axes(charter.axes)
    yield from _repeats(charter.tellers, "tellers")
    yield from _repeats(charter.hosted, "hosted")


def _bare(key: str) -> str:
    """A public key without its comment."""
    return " ".join(key.split(" ")[:2])


def _holders(field: str, holders: Iterable[tuple[str, tuple[str, ...]]], what: str) -> _Found:
    """Nobody stands twice, everybody has a key, and no key speaks for two."""
    names: set[str] = set()
    owners: dict[str, str] = {}
    for place, (name, keys) in enumerate(holders):
        if name in names:
            yield Broken(
                f"duplicate-{what}",
                (field, place, what),
                f"the {what} '{name}' stands twice",
                "keep one entry",
            )
        names.add(name)
        if not keys:
            yield Broken(
                "missing-keys", (field, place, "keys"), f"the {what} '{name}' has no key", "add a public key"
            )
        for at, key in enumerate(keys):
            bare = _bare(key)
            if bare in owners:
                fact = f"this key of '{name}' already stands for '{owners[bare]}'"
                yield Broken("duplicate-key-holder", (field, place, "keys", at), fact, "one key, one name")
            owners.setdefault(bare, name)


def _roll(roll: t.Roll) -> _Found:
    yield from _holders("voters", ((v.voter, v.keys) for v in roll.voters), "voter")


def _contingent(contingent: t.Contingent) -> _Found:
    yield from _repeats(map(_bare, contingent.keys), "keys")
    yield from _repeats(contingent.writers, "writers")
    yield from _repeats(contingent.promises, "promises")
    yield from _axes(contingent.axes)


def _article(article: t.Article) -> _Found:
    yield from _repeats(article.topics, "topics")
    yield from _repeats(article.places, "places")
    parent: t.Derivation | None = None
    seen: set[tuple[str, str, str]] = set()
    for place, source in enumerate(article.based_on):
        if source.relation.is_parent:
            if parent is not None:
                yield Broken(
                    "several-parents",
                    ("based_on", place, "relation"),
                    f"a second parent: this work is already a {parent.relation.value} of {parent.article}",
                    "keep one; credit the others with `relation: quote` or `relation: compilation`",
                )
            else:
                parent = source
        this = (source.article, source.version, source.relation)
        if this in seen:
            yield Broken("duplicate-item", ("based_on", place), f"{source.article} stands twice", "keep one")
        seen.add(this)
    files: set[str] = set()
    for place, media in enumerate(article.media):
        if (media.file is None) == (media.url is None):
            both = "both `file` and `url` are given" if media.file else "neither `file` nor `url` is given"
            yield Broken(
                "media-place", ("media", place), both, "give `file` for one beside the text, or else `url`"
            )
        if media.file is not None and media.sha256 is None:
            yield Broken(
                "media-hash",
                ("media", place),
                f"the file '{media.file}' is named without its hash",
                f"add `sha256:` with the SHA-256 of {media.file}, so that the text pins it",
            )
        name = media.file or media.url
        if name is not None and name in files:
            yield Broken("duplicate-item", ("media", place), f"'{name}' stands twice", "keep one entry")
        files.add(name or "")


def _comment(comment: t.Comment) -> _Found:
    if comment.status is not t.Status.WITHDRAWN:
        yield from _body(comment.body, "comment")


def _verdict(comment: t.Comment) -> _Found:
    if comment.verdict is None:
        return
    if not comment.on.startswith("answer:"):
        yield Broken(
            "bad-value",
            ("verdict",),
            f"{comment.on} is no answer: a verdict says whether somebody answered a question",
            "comment on answer:CONTINGENT/SLUG/WHO, or leave `verdict` out",
        )
    elif comment.version is None:
        yield Broken(
            "missing-key",
            ("verdict",),
            "a verdict must name the text that it judges",
            "add `version:`, the blob id of the answer",
        )


def _body(body: str, what: str) -> _Found:
    if not body.strip():
        yield Broken("empty-body", (), f"the {what} has no text", "write it below the front matter")


def _ratings(ratings: t.Ratings) -> _Found:
    seen: set[tuple[str, str, str]] = set()
    for place, rating in enumerate(ratings.ratings):
        if not rating.values:
            yield Broken(
                "empty-rating", ("ratings", place, "values"), "the rating has no values", "rate or remove it"
            )
        this = (rating.article, rating.version, str(rating.date))
        if this in seen:
            yield Broken(
                "duplicate-rating",
                ("ratings", place, "article"),
                f"this version of {rating.article} is rated twice on {rating.date}",
                "keep one; a rating may have values on several axes",
            )
        seen.add(this)


def _filter(recipe: t.Filter) -> _Found:
    for field in ("include", "exclude", "lead"):
        yield from _repeats(getattr(recipe, field), field)
    wanted = set(recipe.include) | set(recipe.lead)
    for place, article in enumerate(recipe.exclude):
        if article in wanted:
            yield Broken(
                "contradiction",
                ("exclude", place),
                f"{article} is also under `include` or `lead`",
                "keep it in one of the lists",
            )
    yield from _repeats(recipe.comments.include, "comments", "include")
    yield from _repeats(recipe.comments.exclude, "comments", "exclude")
    picked = set(recipe.comments.include)
    for place, comment in enumerate(recipe.comments.exclude):
        if comment in picked:
            yield Broken(
                "contradiction",
                ("comments", "exclude", place),
                f"{comment} is also under `include`",
                "keep it in one of the lists",
            )
    for axis, pull in recipe.order.items():
        if axis == "fade" and not isinstance(pull.value, Span):
            yield Broken(
                "bad-value", ("order", axis), f"'{pull}' is not a length of time", "write days: `fade: 3d`"
            )
        if axis != "fade" and isinstance(pull.value, Span):
            yield Broken(
                "bad-value", ("order", axis), f"'{pull}' is not a number", f"write a number: `{axis}: 1`"
            )
    yield from _repeats(recipe.versions.prefer, "versions", "prefer")
    yield from _repeats((s.title for s in recipe.edition.sections), "edition", "sections")
    yield from _repeats(recipe.edition.formats, "edition", "formats")
    yield from _theme(recipe.edition.theme)


def _theme(theme: t.Theme) -> _Found:
    """Ink that reads on its ground, which is the lighter of the two by day and the darker by night."""
    for scheme, pair in (("light", theme.light), ("dark", theme.dark)):
        if pair is None:
            continue
        at = ("edition", "theme", scheme, "ink")
        ground, ink = parse_colour(pair.ground), parse_colour(pair.ink)
        ratio = contrast(ground, ink)
        if ratio < LEAST:
            told = int(ratio * 100) / 100  # cut, so that no 4.496 is told as 4.5
            yield Broken(
                "low-contrast",
                at,
                f"{pair.ink} on {pair.ground} has a contrast of {told:g} to 1; readers need {LEAST:g} to 1",
                "make the ink darker or the ground lighter"
                if scheme == "light"
                else "make the ink lighter or the ground darker",
            )
        elif (luminance(ground) > luminance(ink)) != (scheme == "light"):
            fact = f"these are the colours of the {'dark' if scheme == 'light' else 'light'} scheme"
            yield Broken("low-contrast", at, fact, "exchange ground and ink, or move the pair")


def _asked(challenge: t.Challenge) -> _Found:
    if not challenge.to:
        yield Broken("empty-list", ("to",), "nobody is asked", "name at least one contingent")


def _due(challenge: t.Challenge) -> _Found:
    if challenge.due is not None and challenge.due < challenge.date:
        yield Broken(
            "dates-reversed",
            ("due",),
            f"the answer is due on {challenge.due}, before the question of {challenge.date}",
            "choose a later day",
        )


def _challenge(challenge: t.Challenge) -> _Found:
    yield from _repeats(challenge.to, "to")
    yield from _repeats(challenge.about, "about")


def _question(challenge: t.Challenge) -> _Found:
    if challenge.status is t.PublicStatus.USABLE:
        yield from _body(challenge.body, "question")


def _answer(answer: t.Answer) -> _Found:
    if answer.status is t.PublicStatus.WITHDRAWN:
        return
    if answer.kind is t.AnswerKind.ANSWER:
        yield from _body(answer.body, "answer")
    elif answer.reason is None:
        yield Broken(
            "missing-reason", ("kind",), f"kind '{answer.kind.value}' needs a reason", "add `reason:`"
        )


def _statement(statement: t.Statement) -> _Found:
    yield from _body(statement.body, "statement")


def _dissent(dissent: t.Dissent) -> _Found:
    yield from _body(dissent.body, "dissent")


def _opening(opening: t.Opening) -> _Found:
    yield from _holders("roll", ((v.voter, v.keys) for v in opening.roll), "voter")
    yield from _holders("tellers", ((teller.teller, teller.keys) for teller in opening.tellers), "teller")


def _voters(opening: t.Opening) -> _Found:
    if not opening.roll:
        yield Broken("empty-list", ("roll",), "nobody may vote", "copy the whole roll")


def _threshold(opening: t.Opening) -> _Found:
    count = len(opening.tellers)
    if not count < 2 * opening.threshold <= 2 * count:
        yield Broken(
            "bad-threshold",
            ("threshold",),
            f"{opening.threshold} of {count} tellers is not more than half of them and at most all",
            f"write a number from {count // 2 + 1} to {count}" if count else "name at least one teller",
        )


def _span(opening: t.Opening) -> _Found:
    if opening.closes < opening.opens:
        yield Broken(
            "dates-reversed",
            ("closes",),
            f"the vote closes on {opening.closes}, before it opens on {opening.opens}",
            "choose a later day",
        )


def _round(closing: t.Closing) -> _Found:
    if closing.round == 1 and closing.seen:
        yield Broken("bad-round", ("seen",), "nothing can have been seen in round 1", "leave `seen` out")
    if closing.round > 1 and not closing.seen:
        yield Broken(
            "bad-round",
            ("round",),
            f"round {closing.round} names no closing of the round before",
            "add `seen:`",
        )


def _closing(closing: t.Closing) -> _Found:
    yield from _repeats(closing.seen, "seen")
    yield from _repeats(closing.openings, "openings")
    ballots: set[t.Counted] = set()
    for place, ballot in enumerate(closing.ballots):
        if ballot in ballots:
            yield Broken("duplicate-item", ("ballots", place), "this ballot stands twice", "keep one")
        ballots.add(ballot)


_Check = tuple[tuple[str, ...], Callable[[Any], _Found]]
"""What must be wholly known, and a check. What shows in a part as well, like repeats, needs nothing."""

_CHECKS: dict[type[t.Record], tuple[_Check, ...]] = {
    t.Charter: (((), _charter), (("licenses",), _accepted), (("rule",), _rule)),
    t.Roll: (((), _roll),),
    t.Contingent: (((), _contingent),),
    t.Article: (((), _article),),
    t.Comment: (((), _comment), (("on", "version", "verdict"), _verdict)),
    t.Ratings: (((), _ratings),),
    t.Filter: (((), _filter),),
    t.Challenge: (
        ((), _challenge),
        (("status",), _question),
        (("to",), _asked),
        (("due", "date"), _due),
    ),
    t.Answer: ((("kind", "reason", "status"), _answer),),
    t.Statement: (((), _statement),),
    t.Opening: (
        ((), _opening),
        (("roll",), _voters),
        (("rule",), _rule),
        (("tellers", "threshold"), _threshold),
        (("opens", "closes"), _span),
    ),
    t.Closing: (((), _closing), (("seen", "round"), _round)),
    t.Dissent: (((), _dissent),),
}
