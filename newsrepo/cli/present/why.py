"""Why an article is on a front page or is not, for readers who do not program; and the same as JSON."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.findings import counted
from newsrepo.cli.present.out import Out
from newsrepo.cli.present.wrap import cells, fold
from newsrepo.filters.verdicts import (
    Account,
    Clause,
    Heard,
    How,
    Knob,
    KnobKind,
    Neighbour,
    Place,
    Reason,
    Sum,
    Truth,
)
from newsrepo.porcelain.why import Edition, Explained
from newsrepo.scores import Share

_SHOWN = 12
"""How many ratings of an axis, and how many of them that would turn the verdict round, are shown."""

_WORDS = {Truth.TRUE: "yes", Truth.FALSE: "no", Truth.UNKNOWN: "not known"}


def as_text(out: Out, found: Explained) -> None:
    """The whole account, the answer first."""
    told = found.account
    blocks = [
        ("", _answer(found)),
        ("The query, clause by clause", _clauses(told)),
        ("Who rated it", _ratings(told)),
        ("How its scores are summed", _sums(told)),
        ("Its place", _place(told)),
        ("What would leave it out" if told.inside else "What would bring it in", _knobs(told)),
    ]
    first = True
    for title, lines in blocks:
        shown = list(lines)
        if not shown:
            continue
        if not first:
            out.line()
        first = False
        if title:
            out.line(title)
        for line in shown:
            indent = "  " if title else ""
            for part in fold(terminal(line), max(40, min(out.width, 100) - len(indent)), "      "):
                out.line(indent + part)


# -- the answer ----------------------------------------------------------------------------------------------


def _answer(found: Explained) -> Iterator[str]:
    told = found.account
    yield f"{told.work}: {told.title}"
    edition = f"“{found.title}” ({told.filter})"
    day = told.today.isoformat()
    if told.inside:
        place = told.place
        where = f", {_ordinal(place.position)} of {_stories(_printed(place))}" if place else ""
        section = f", in the section “{found.section}”" if found.section else ""
        yield f"IN: {edition} prints it on {day}{where}{section}."
    else:
        yield f"OUT: {edition} does not print it on {day}."
    yield _because(told)
    if found.edition is not None:
        yield from _published(found.edition)


def _because(told: Account) -> str:
    deciding = ", ".join(clause.text for clause in told.clauses if clause.decides)
    match told.reason:
        case Reason.LEAD:
            return "It was picked by hand to stand first (lead)."
        case Reason.INCLUDE:
            return "It was picked by hand (include)."
        case Reason.SELECT if not told.clauses:
            return "The filter selects everything."
        case Reason.SELECT:
            return f"The query selects it. What decides: {deciding}."
        case Reason.EXCLUDE:
            return "It was left out by hand (exclude)."
        case Reason.STATUS:
            return f"Its own contingent calls it {told.status}, and only usable works are printed."
        case Reason.SPEAKS:
            return (
                "Its title or byline could be taken for the name of the commons, and nobody speaks for all."
            )
        case Reason.EARLY:
            return (
                f"The filter selects it, and it waits: it is dated {told.day}, after the day of the edition."
            )
        case Reason.VERSION:
            return f"The filter selects it, and another version leads its story: {told.leads}."
        case Reason.LIMIT:
            limit = told.place.limit if told.place else ""
            return f"The filter selects it, and the edition ends before it: the limit is {limit}."
        case _:
            return f"The query does not select it. What decides: {deciding}."


def _published(edition: Edition) -> Iterator[str]:
    tips = ", ".join(f"{tip.ref} {tip.commit[:8] if tip.commit else '(no commit)'}" for tip in edition.tips)
    yield f"The edition in {edition.directory} was made from {tips or 'no commit'} by {edition.generator}."
    if not edition.same:
        changed = "" if edition.same_filter else ", and the filter has changed"
        yield (
            f"The commons at hand is in another state than then{changed}: this is what the filter makes of "
            "it now. With --at and that commit you read that state, if it is at hand."
        )
    if edition.unverifiable:
        yield f"The edition says that nobody can rebuild it: {edition.unverifiable}."
    if not edition.page:
        yield "It has no page of this article."


# -- the query -----------------------------------------------------------------------------------------------


def _clauses(told: Account) -> Iterator[str]:
    if told.reason in (Reason.LEAD, Reason.INCLUDE) and told.clauses:
        yield "(It was picked by hand; the query did not decide.)"
    rows = [(_WORDS[c.truth], c.text, _compared(c)) for c in told.clauses]
    yield from _aligned(rows)


def _compared(clause: Clause) -> str:
    if clause.axis is None:
        return ""
    return f"it has {_number(clause.value)}" if clause.value is not None else "nobody asked has rated it"


# -- ratings and sums ----------------------------------------------------------------------------------------


def _ratings(told: Account) -> Iterator[str]:
    if not told.ratings:
        yield "Nobody has rated it."
        return
    rated = {heard.rating.axis for heard in told.ratings}
    spoken = {summed.axis for summed in told.sums} | {
        heard.rating.axis for heard in told.ratings if heard.asked
    }
    for axis in sorted(rated & spoken):
        mine = [heard for heard in told.ratings if heard.rating.axis == axis]
        mine.sort(key=lambda h: (h.how is How.NOT and not h.asked, not h.counts, -h.weight, h.rating.rater))
        yield f"{axis}:"
        rows = [(f"  {h.rating.rater}", str(h.rating.value), _heard(h)) for h in mine[:_SHOWN]]
        yield from _aligned(rows)
        if len(mine) > _SHOWN:
            yield f"  and {counted(len(mine) - _SHOWN, 'rating')} more, in --json"
    if rated - spoken:
        yield f"On axes that this filter does not ask for, in --json: {', '.join(sorted(rated - spoken))}."


def _heard(heard: Heard) -> str:
    rating = heard.rating
    parts = [_path(heard)]
    if heard.asked:
        parts.append("the query asks by name")
    if not heard.current:
        parts.append(f"of another version, {rating.version[:8]}")
    if not heard.counts:
        parts.append("does not count: the current version, or a later rating, goes before it")
    return "; ".join(parts)


def _path(heard: Heard) -> str:
    contingent = heard.rating.rater.partition("/")[0]
    match heard.how:
        case How.NAMED:
            return f"trusted by name: {_number(heard.weight)}"
        case How.CONTINGENT:
            return f"trusted with {contingent}, whose raters share {_number(heard.weight)}"
        case How.VOUCHED:
            steps = [
                f"{hop.contingent} ({_number(hop.weight)}) vouches {_number(hop.vouch)} for"
                for hop in heard.hops
            ]
            share = f"whose raters share {_number(heard.weight)}"
            return f"trusted through others: {' '.join(steps)} {contingent}, {share}"
        case _:
            return "not trusted by this filter"


def _sums(told: Account) -> Iterator[str]:
    for summed in told.sums:
        if summed.score is None:
            yield f"{summed.axis}: no score, as nobody trusted has rated it"
            continue
        top = " + ".join(
            [*(f"{_number(s.weight)} \u00d7 {_mean(s)}" for s in summed.shares), _neutral(summed)]
        )
        bottom = " + ".join(_number(w) for w in (*(s.weight for s in summed.shares), summed.prior))
        yield f"{summed.axis} = ({top}) / ({bottom}) = {_number(summed.score.value)}"
        rows = [(f"  {_number(s.weight)} \u00d7 {_mean(s)}", _voice(s)) for s in summed.shares]
        yield from _aligned([*rows, (f"  {_neutral(summed)}", "the neutral value of the axis")])


def _neutral(summed: Sum) -> str:
    return f"{_number(summed.prior)} \u00d7 {summed.neutral}"


def _mean(share: Share) -> str:
    return _number(Fraction(share.mean, 10**6))


def _voice(share: Share) -> str:
    via = f", through {', '.join(share.via)}" if share.via else ""
    carried = ", carried from another version" if share.carried else ""
    who = share.rater or f"{share.contingent}: {counted(share.raters, 'rater')}"
    return f"{who}{via}{carried}"


# -- the place -----------------------------------------------------------------------------------------------


def _place(told: Account) -> Iterator[str]:
    place = told.place
    if place is None:
        return
    what = "It" if told.leads == told.work else f"Its story, led by {told.leads},"
    limit = f"; {_stories(place.limit)} printed at most" if place.limit else ""
    yield f"{what} is {_ordinal(place.position)} of {place.of} that the filter selects{limit}."
    parts = [
        f"{_number(p.factor)} \u00d7 {p.axis} {_number(p.value)}{'' if p.rated else ' (neutral)'}"
        for p in place.pulls
    ]
    if place.fade:
        parts.append(f"- {place.age} days / {place.fade}")
    yield f"points: {' + '.join(parts).replace('+ - ', '- ') or '0'} = {_number(place.points)}"
    yield _neighbour("above", place.above)
    yield _neighbour("below", place.below)
    if told.by == "lead" or (place.above and place.above.points < place.points):
        yield "What was picked by hand to lead stands first, whatever its points."


def _neighbour(where: str, neighbour: Neighbour | None) -> str:
    if neighbour is None:
        return f"{where}: nothing"
    return f"{where}: {neighbour.work}, {_number(neighbour.points)} points"


def _printed(place: Place) -> int:
    return place.of if place.limit is None else min(place.of, place.limit)


# -- turns ---------------------------------------------------------------------------------------------------


def _knobs(told: Account) -> Iterator[str]:
    """The changes, each alone, that turn the verdict round; then what does not."""
    turns = [knob for knob in told.knobs if knob.to is not None]
    ratings = [knob for knob in turns if knob.rater is not None]
    for knob in [knob for knob in turns if knob.rater is None] + ratings[:_SHOWN]:
        yield f"- {_turn(knob)}{'' if knob.every else ' (a nearer setting may do)'}"
    if len(ratings) > _SHOWN:
        yield f"- and {counted(len(ratings) - _SHOWN, 'change')} more of one rating, in --json"
    idle = [knob for knob in told.knobs if knob.to is None]
    if idle:
        lead = "Nothing else does, alone" if turns else "No single change does"
        yield f"{lead}: {'; '.join(_idle(idle))}."
    if any(not knob.every for knob in idle):
        yield "Where the commons is large not every setting was tried: there may be turns that are not told."


def _turn(knob: Knob) -> str:
    match knob.kind:
        case KnobKind.RATING:
            return f"had {knob.rater} given {knob.to} for {knob.axis} instead of {knob.now}"
        case KnobKind.REMOVAL:
            return f"had {knob.rater} not rated it for {knob.axis} ({knob.now})"
        case KnobKind.CLAUSE:
            return f"without the clause {knob.of}"
        case KnobKind.NUMBER:
            return f"with {knob.to} instead of {knob.now} in the clause {knob.of}"
        case KnobKind.LIMIT:
            return f"with a limit of {knob.to} instead of {knob.now}"
        case KnobKind.TRUST:
            return f"with trust of {knob.to} in {knob.of} instead of {knob.now or 'none of its own'}"
        case _:
            return f"were it not in the filter\u2019s {knob.of}"


def _idle(knobs: Iterable[Knob]) -> Iterator[str]:
    """What turns nothing round, by kind."""
    names = {
        KnobKind.LIMIT: "another limit",
        KnobKind.PICK: "taking it out of what was picked by hand",
        KnobKind.CLAUSE: "dropping",
        KnobKind.NUMBER: "another number in",
        KnobKind.TRUST: "more or less trust in",
        KnobKind.RATING: "another value",
        KnobKind.REMOVAL: "the absence",
    }
    by: dict[KnobKind, list[Knob]] = {}
    for knob in knobs:
        by.setdefault(knob.kind, []).append(knob)
    for kind, mine in by.items():
        if kind in (KnobKind.LIMIT, KnobKind.PICK):
            yield names[kind]
        elif kind in (KnobKind.RATING, KnobKind.REMOVAL):
            yield f"{names[kind]} of {'one rating' if len(mine) == 1 else f'any one of {len(mine)} ratings'}"
        else:
            yield f"{names[kind]} {', '.join(knob.of for knob in mine)}"


# -- words and numbers ---------------------------------------------------------------------------------------


def _number(value: Fraction | None) -> str:
    """At most four decimals, ``…`` after what goes on."""
    if value is None:
        return ""
    near = round(value, 4)
    text = f"{float(near):.4f}".rstrip("0").rstrip(".")
    return text if near == value else f"{text}…"


def _stories(number: int) -> str:
    return "1 story" if number == 1 else f"{number} stories"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _aligned(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Rows in columns; the last one runs on."""
    rows = [tuple(map(terminal, row)) for row in rows]
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)][:-1]
    for row in rows:
        padded = [text + " " * (width - cells(text)) for text, width in zip(row, widths, strict=False)]
        yield "  ".join([*padded, row[-1]]).rstrip()


# -- JSON ----------------------------------------------------------------------------------------------------


def as_json(out: Out, found: Explained) -> None:
    told = found.account
    out.json(
        "why",
        {
            "article": told.work,
            "title": told.title,
            "filter": told.filter,
            "edition_title": found.title,
            "today": told.today.isoformat(),
            "in": told.inside,
            "reason": told.reason.value,
            "selected": told.selected,
            "status": told.status,
            "date": told.day.isoformat(),
            "story_led_by": told.leads,
            "section": found.section or None,
            "query": told.query,
            "clauses": [
                {
                    "text": c.text,
                    "column": c.column,
                    "truth": c.truth.value,
                    "decides": c.decides,
                    "axis": c.axis,
                    "value": _ratio(c.value),
                }
                for c in told.clauses
            ],
            "ratings": [_heard_json(heard) for heard in told.ratings],
            "scores": [_sum_json(summed) for summed in told.sums],
            "place": _place_json(told.place),
            "knobs": [_knob_json(knob) for knob in told.knobs],
            "edition": _edition_json(found.edition),
        },
    )


def _ratio(value: Fraction | None) -> dict[str, int] | None:
    return {"num": value.numerator, "den": value.denominator} if value is not None else None


def _heard_json(heard: Heard) -> dict[str, Any]:
    rating = heard.rating
    return {
        "rater": rating.rater,
        "axis": rating.axis,
        "value": rating.value,
        "article_version": rating.version,
        "date": rating.day.isoformat(),
        "note": rating.note,
        "path": rating.path,
        "source": rating.source,
        "current_version": heard.current,
        "counts": heard.counts,
        "trusted": heard.how.value,
        "weight": _ratio(heard.weight),
        "hops": [
            {"contingent": h.contingent, "weight": _ratio(h.weight), "vouches": _ratio(h.vouch)}
            for h in heard.hops
        ],
        "asked_by_name": heard.asked,
    }


def _sum_json(summed: Sum) -> dict[str, Any]:
    score = summed.score
    return {
        "axis": summed.axis,
        "score": _ratio(score.value) if score else None,
        "prior": _ratio(summed.prior),
        "neutral": summed.neutral,
        "shares": [
            {
                "contingent": s.contingent,
                "rater": s.rater,
                "weight": _ratio(s.weight),
                "mean": _ratio(Fraction(s.mean, 10**6)),
                "raters": s.raters,
                "carried": s.carried,
                "via": list(s.via),
            }
            for s in summed.shares
        ],
    }


def _place_json(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "position": place.position,
        "of": place.of,
        "limit": place.limit,
        "points": _ratio(place.points),
        "pulls": [
            {"axis": p.axis, "factor": _ratio(p.factor), "value": _ratio(p.value), "rated": p.rated}
            for p in place.pulls
        ],
        "age_in_days": place.age,
        "days_a_point": place.fade or None,
        "above": _neighbour_json(place.above),
        "below": _neighbour_json(place.below),
    }


def _neighbour_json(neighbour: Neighbour | None) -> dict[str, Any] | None:
    return {"article": neighbour.work, "points": _ratio(neighbour.points)} if neighbour else None


def _knob_json(knob: Knob) -> dict[str, Any]:
    return {
        "kind": knob.kind.value,
        "of": knob.of,
        "axis": knob.axis,
        "rater": knob.rater,
        "article_version": knob.version or None,
        "column": knob.column or None,
        "now": knob.now,
        "turned_by": knob.to,
        "every_setting_tried": knob.every,
    }


def _edition_json(edition: Edition | None) -> dict[str, Any] | None:
    if edition is None:
        return None
    return {
        "directory": edition.directory,
        "generator": edition.generator,
        "tips": [{"ref": tip.ref, "commit": tip.commit} for tip in edition.tips],
        "page": edition.page or None,
        "same_content": edition.same,
        "same_filter": edition.same_filter,
        "unverifiable": edition.unverifiable or None,
    }
