"""The opinion map as text of eighty columns and as JSON."""

from typing import Any

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.findings import counted
from newsrepo.cli.present.out import Out
from newsrepo.cli.present.wrap import cells, fold
from newsrepo.porcelain.opinion import Mapped
from newsrepo.scores.opinion import Apart, Chart, Seen, Whose

_WIDTH = 80
_HEIGHT = 13
_SIGNS = "ABCDE"


_WHO = {
    Whose.ROLL: "Everybody with a vote on the roll has a say",
    Whose.BOOK: "Everybody in the address book has a say",
}


def warnings(out: Out, done: Mapped) -> None:
    """Say what the map could not be drawn of, since it would else look whole."""
    if done.unread:
        first = done.unread[0]
        more = f", and {len(done.unread) - 1} more like it" if len(done.unread) > 1 else ""
        out.warn(
            f"ratings are missing from this map: {first.location}: {first.message}{more}",
            "`newsrepo check` names every fault",
        )


def as_json(out: Out, done: Mapped) -> None:
    chart = done.chart
    verdict, counts = chart.verdict, chart.counts
    strength = verdict.strength
    out.json(
        "map",
        {
            "axes": list(chart.axes),
            "weight": chart.weight.value,
            "since": done.since.isoformat() if done.since else None,
            "say": {"whose": done.whose.value, "filter": done.filter, "silent": list(done.silent)},
            "unread": [str(finding.location) for finding in done.unread],
            "verdict": {
                "poles": verdict.poles,
                "text": verdict.text,
                "missing": list(verdict.missing),
                "strength": None if strength is None else _fields(strength),
            },
            "counts": _fields(counts),
            "raters": [
                {
                    "rater": spot.rater,
                    "group": spot.group,
                    "x": spot.x,
                    "y": spot.y,
                    "error": spot.error,
                    "ratings": spot.ratings,
                    "apart": spot.apart.value if spot.apart else None,
                }
                for spot in chart.raters
            ],
            "contingents": [{**_fields(home), "groups": list(home.groups)} for home in chart.contingents],
            "groups": [{**_fields(group), "contingents": list(group.contingents)} for group in chart.groups],
            "divides": [
                {"first": d.first, "second": d.second, "works": [_seen(s, done) for s in d.works]}
                for d in chart.divides
            ],
            "bridges": [{"score": b.score, **_seen(b.seen, done)} for b in chart.bridges],
            "drift": [_fields(moved) for moved in chart.drift],
        },
    )


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__struct_fields__}


def _seen(seen: Seen, done: Mapped) -> dict[str, Any]:
    return {
        "work": seen.work,
        "axis": seen.axis,
        "title": done.titles[seen.work],
        "means": list(seen.means),
        "raters": list(seen.raters),
    }


def as_text(out: Out, done: Mapped) -> None:
    """The verdict first; then the picture, the groups, and what divides and joins them."""
    chart = done.chart
    for line in fold(terminal(chart.verdict.text), _WIDTH):
        out.line(line)
    for line in fold(_say(done), _WIDTH):
        out.line(line)
    if chart.verdict.poles is None:
        out.line("A map needs at least:")
        for missing in chart.verdict.missing:
            out.line(f"  {terminal(missing)}")
        return
    strength = chart.verdict.strength
    if strength is not None:
        sure = f"Against {strength.shuffles} shuffles: {strength.beyond:g} standard deviations beyond chance"
        out.line(f"{sure} ({strength.needed:g} needed).")
        if len(chart.groups) > 1:
            out.line(
                f"Gap between groups {strength.gap:.2f} (0 none, 1 full); "
                f"{strength.settled:.0%} of raters surely on their side."
            )
    counts = chart.counts
    out.line(
        f"By {counts.used_ratings} of {counts.ratings} ratings of {counted(counts.used_works, 'work')}; "
        f"each {chart.weight.value} weighs {'as it is trusted' if done.filter else 'one'}."
    )
    out.line()
    for line in _plane(chart):
        out.line(line)
    out.line()
    _groups(out, chart)
    _works(out, done)
    _drift(out, chart)


def who(done: Mapped) -> str:
    """Who has a say in the map and how much, in whole sentences."""
    weighs = "as much as it is trusted" if done.filter else "one"
    return f"{_say(done)} Each {done.chart.weight.value} weighs {weighs}."


def _say(done: Mapped) -> str:
    """Who has a say in the map, and how many that rate have none."""
    who = f"Whom {done.filter} trusts has a say" if done.filter else _WHO[done.whose]
    left = len(done.silent)
    others = "1 contingent that rates has" if left == 1 else f"{left} contingents that rate have"
    return f"{who}; {others} none." if left else f"{who}."


def _plane(chart: Chart) -> list[str]:
    """The plane in characters: a letter for a rater of a group, a dot for one of none, ``#`` for several
    groups in one cell."""
    spots = [(spot.x, spot.y, spot.group) for spot in chart.raters if spot.apart is not Apart.FEW]
    wide = max((abs(x) for x, _, _ in spots), default=1.0) or 1.0
    high = max(max((abs(y) for _, y, _ in spots), default=0.0), wide / 4)
    rows = [[" "] * (_WIDTH - 4) for _ in range(_HEIGHT)]
    for x, y, group in spots:
        across = round((x / wide + 1) / 2 * (_WIDTH - 5))
        down = round((1 - y / high) / 2 * (_HEIGHT - 1))
        sign = "." if group is None else _SIGNS[group]
        there = rows[down][across]
        rows[down][across] = sign if there in (" ", ".", sign) else there if sign == "." else "#"
    edge = "+" + "-" * (_WIDTH - 4) + "+"
    used = [row for row in rows if any(c != " " for c in row)]
    if len(used) == 1:
        rows = used
    return [edge, *(f"|{''.join(row)}|" for row in rows), edge]


def _groups(out: Out, chart: Chart) -> None:
    out.line("group  raters  share  contingents")
    homes = {home.contingent: home for home in chart.contingents}
    for group in chart.groups:
        names = [
            f"{name} {homes[name].groups[group.group]}" if name in homes else name
            for name in group.contingents
        ]
        lines = fold(", ".join(names), _WIDTH - 22)
        out.line(
            f"{_SIGNS[group.group]:5}  {group.raters:6}  {group.share:5.0%}  {lines[0] if lines else ''}"
        )
        for line in lines[1:]:
            out.line(" " * 22 + line)
    for why in Apart:
        some = [spot.rater for spot in chart.raters if spot.apart is why]
        if some:
            listed = ", ".join(some[:6]) + (f" and {len(some) - 6} more" if len(some) > 6 else "")
            for line in fold(f"no group, {why.value}: {listed}", _WIDTH, "  "):
                out.line(line)


def _works(out: Out, done: Mapped) -> None:
    chart = done.chart
    for divide in chart.divides:
        out.line()
        out.line(f"What most divides {_SIGNS[divide.first]} and {_SIGNS[divide.second]}:")
        for seen in divide.works:
            _work(out, seen, done)
        if not divide.works:
            out.line("  nothing that raters of both have rated")
    if len(chart.groups) > 1:
        out.line()
        out.line("What all groups value:" if chart.bridges else "Nothing is valued by all groups.")
        for bridge in chart.bridges:
            _work(out, bridge.seen, done)


def _work(out: Out, seen: Seen, done: Mapped) -> None:
    means = "  ".join(
        f"{_SIGNS[g]} {'-' if mean is None else f'{mean:.1f}'} ({raters})"
        for g, (mean, raters) in enumerate(zip(seen.means, seen.raters, strict=True))
    )
    title = terminal(done.titles[seen.work])
    for line in fold(title, _WIDTH - 2, "  "):
        out.line(f"  {line}")
    told = f"    {terminal(seen.work)}  {terminal(seen.axis)}: {means}"
    if cells(told) <= _WIDTH:
        out.line(told)
    else:
        out.line(f"    {terminal(seen.work)}")
        out.line(f"    {terminal(seen.axis)}: {means}")


def _drift(out: Out, chart: Chart) -> None:
    if not chart.drift:
        return
    out.line()
    out.line("month    group       x       y  raters  ratings")
    for moved in chart.drift:
        out.line(
            f"{moved.month}  {_SIGNS[moved.group]:5}  {moved.x:+6.2f}  {moved.y:+6.2f}  "
            f"{moved.raters:6}  {moved.ratings:7}"
        )
