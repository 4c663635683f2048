"""Draws ``docs/pictures/brigades.svg``: how far brigades move a score, against how much a filter trusts them.

    python benchmarks/plot_brigades.py > docs/pictures/brigades.svg
    python benchmarks/plot_map_brigades.py > docs/pictures/brigades-map.svg    what they do to the opinion map

An honest contingent with trust 1 gives a work 5 of 5; everybody in the brigade gives it 0. Nothing is drawn
by hand: each point is a score that newsrepo counts in a commons made in memory.
"""

import sys
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from press import Given, press

from newsrepo.ids import ArticleId, AxisId, FilterId
from newsrepo.scores import score_axis, trusted

WORK = ArticleId("abc/2026/work")
NEWS = AxisId("newsworthy")
STEPS = 20
RING = [f"ring{n}" for n in range(1000)]

WIDTH, HEIGHT, LEFT, TOP, ACROSS, DOWN = 640, 400, 60, 20, 540, 320


def shifts(brigade: list[str], known: str, contingents: dict[str, str]) -> list[Fraction]:
    """By how many points the score falls for each step of trust in ``known`` when the brigade has rated."""
    honest: list[Given] = [("abc/ann", WORK, {NEWS: 5})]
    filters = {
        f"abc/f{step}": f"trust: {{abc: 1, {known}: {step / STEPS:g}}}\n"
        "trust_through: {hops: 3, factor: 1}\n"
        for step in range(STEPS + 1)
    }
    names = {known: "", **contingents}
    calm = press([WORK], honest, filters, names)
    loud = press([WORK], [*honest, *((rater, WORK, {NEWS: 0}) for rater in brigade)], filters, names)
    found = []
    for step in range(STEPS + 1):
        name = FilterId(f"abc/f{step}")
        before, after = (
            score_axis(view, NEWS, trusted(view.filters[name], view.contingents))[WORK].value
            for view in (calm, loud)
        )
        found.append(before - after)
    return found


def curves() -> list[tuple[str, str, list[Fraction]]]:
    """Label, dash pattern and points of each curve."""
    ring = {
        name: "vouches: {" + ", ".join(f"{RING[(n + k) % 1000]}: 1" for k in range(1, 11)) + "}\n"
        for n, name in enumerate(RING)
    }
    crowd = [f"mob/r{n}" for n in range(10_000)]
    alone = [Fraction(4) - 6 / (10_000 * Fraction(s, STEPS) + Fraction(3, 2)) for s in range(STEPS + 1)]
    return [
        ("if each of 10,000 raters had the weight (not what newsrepo does)", "2 4", alone),
        (
            "1,000 contingents in rings behind the one trusted, every vouch 1, factor 1",
            "8 4",
            shifts([f"{c}/r" for c in RING], "ring0", ring),
        ),
        ("10,000 raters of one contingent; one rater: the same", "", shifts(crowd, "mob", {})),
        ("any of them, not trusted: nothing", "1 3", [Fraction(0)] * (STEPS + 1)),
    ]


HEAD = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT + 70}" role="img" aria-labelledby="t d" \
font-family="sans-serif" font-size="13">
<title id="t">How far brigades move a score</title>
<desc id="d">Points by which a score of 4 falls, against the trust of a filter in the brigade from 0 to 1. \
Not trusted, nothing moves. Trusted with 1, ten thousand raters of one contingent move it by {{one}} points, \
as one rater would; with a thousand contingents in rings behind the one trusted it moves by {{ring}}.</desc>
<style>
svg {{{{ color: #222; background: #fff }}}}
text {{{{ fill: currentColor }}}}
polyline, line {{{{ stroke: currentColor; fill: none }}}}
@media (prefers-color-scheme: dark) {{{{ svg {{{{ color: #ddd; background: #111 }}}} }}}}
</style>"""


def path(points: Iterable[Fraction]) -> str:
    """The points as SVG coordinates to a tenth; no float is made, so every machine draws the same."""
    pairs = []
    for step, value in enumerate(points):
        x = LEFT * 10 + round(Fraction(ACROSS * 10 * step, STEPS))
        y = (TOP + DOWN) * 10 - round(DOWN * 10 * value / 4)
        pairs.append(f"{x // 10}.{x % 10},{y // 10}.{y % 10}")
    return " ".join(pairs)


def draw() -> str:
    """The whole picture; it takes its colour from light or dark surroundings."""
    found = curves()
    one, ring = (f"{float(found[at][2][-1]):.2f}" for at in (2, 1))
    lines = [HEAD.format(one=one, ring=ring)]
    for value in range(5):
        y = TOP + DOWN - DOWN * value // 4
        lines.append(f'<line x1="{LEFT}" x2="{LEFT + ACROSS}" y1="{y}" y2="{y}" stroke-opacity=".2"/>')
        lines.append(f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{value}</text>')
    for step in range(0, STEPS + 1, 5):
        x = LEFT + ACROSS * step // STEPS
        lines.append(f'<text x="{x}" y="{TOP + DOWN + 18}" text-anchor="middle">{step / STEPS:g}</text>')
    lines.append(
        f'<text x="{LEFT + ACROSS // 2}" y="{TOP + DOWN + 38}" text-anchor="middle">'
        "trust in the brigade; upwards: points by which a score of 4 falls</text>"
    )
    for at, (label, dashes, points) in enumerate(found):
        style = f' stroke-dasharray="{dashes}"' if dashes else ""
        lines.append(f'<polyline stroke-width="2"{style} points="{path(points)}"/>')
        y = TOP + DOWN + 62 + 20 * at
        lines.append(f'<line x1="{LEFT}" x2="{LEFT + 40}" y1="{y}" y2="{y}" stroke-width="2"{style}/>')
        lines.append(f'<text x="{LEFT + 50}" y="{y + 4}">{label}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(draw())
