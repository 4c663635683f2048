"""Draws ``docs/pictures/brigades-map.svg``: what brigades do to the opinion map, against how many they are.

    python benchmarks/plot_map_brigades.py > docs/pictures/brigades-map.svg

Eight real contingents of four raters, in two camps. For each brigade and size: how many of the raters who did
not join it are in the same group as before, and with how many poles. Each point is a map that newsrepo draws.
"""

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "opinion"))

from opinions import Table, draw
from test_map_brigades import ALL, LINE, REAL, RING, honest, rings, say, sides

from newsrepo.ids import ContingentId
from newsrepo.scores.opinion import Say, by_book, by_roll

SIZES = (1, 3, 10, 30, 100, 300, 1000)
WIDTH, HEIGHT, LEFT, TOP, ACROSS, DOWN = 640, 330, 60, 20, 540, 260
MOB = ContingentId("mob")


def roll(*more: ContingentId) -> Say:
    found = by_roll([*REAL, *more], [*REAL, *more], REAL)
    if found is None:
        raise AssertionError("eight voters rate")
    return found


def crowd(size: int) -> Table:
    return dict(list(rings().items())[:size])


def mob(size: int) -> Table:
    return {f"{MOB}/b{n}": LINE.tolist() for n in range(10 * size)}


def turned() -> Table:
    """What the real ones say when the last of them says the opposite of a line that was nobody's."""
    return {
        name: (-LINE).tolist() if name.startswith(f"{REAL[-1]}/") else row for name, row in honest().items()
    }


def everyone(size: int) -> Say:
    return by_book([*REAL, *RING[:size]])


CURVES: tuple[tuple[str, str, Callable[[int], Table], Callable[[int], Say]], ...] = (
    (
        "1 to 1,000 invented contingents, admitted, with --everyone: voices like any other",
        "2 4",
        lambda size: honest() | crowd(size),
        everyone,
    ),
    (
        "the same, off the roll or not trusted by the filter: nothing",
        "",
        lambda size: honest() | crowd(size),
        lambda _: roll(),
    ),
    (
        "the same, behind a real contingent that turned and that the filter trusts",
        "8 4",
        lambda size: turned() | crowd(size),
        lambda _: say(ALL),
    ),
    (
        "10 to 10,000 raters of one contingent that is on the roll",
        "1 3",
        lambda size: honest() | mob(size),
        lambda _: roll(MOB),
    ),
)
HEAD = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT + 90}" role="img" aria-labelledby="t d" \
font-family="sans-serif" font-size="13">
<title id="t">What brigades do to the opinion map</title>
<desc id="d">%s</desc>
<style>
svg {{ color: #222; background: #fff }}
text {{ fill: currentColor }}
polyline, line {{ stroke: currentColor; fill: none }}
@media (prefers-color-scheme: dark) {{ svg {{ color: #ddd; background: #111 }} }}
</style>"""


def curve(table: Callable[[int], Table], heard: Callable[[int], Say]) -> list[tuple[int, int | None]]:
    """For each size, how many percent keep their group, and how many poles there are."""
    before = sides(draw(honest(), say=roll()))
    found = []
    for size in SIZES:
        drawn = draw(table(size), say=heard(size))
        after = sides(drawn)
        kept = sum(after[name] == group for name, group in before.items())
        found.append((round(100 * kept / len(before)), drawn.verdict.poles))
    return found


def main() -> None:
    drawn = [(label, dashes, curve(table, heard)) for label, dashes, table, heard in CURVES]
    told = ". ".join(
        f"{label}: {points[-1][0]} percent keep their group, {points[-1][1]} poles"
        for label, _, points in drawn
    )
    lines = [HEAD % told]
    for value in range(0, 101, 25):
        y = TOP + DOWN - DOWN * value // 100
        lines.append(f'<line x1="{LEFT}" x2="{LEFT + ACROSS}" y1="{y}" y2="{y}" stroke-opacity=".2"/>')
        lines.append(f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{value} %</text>')
    for at, size in enumerate(SIZES):
        x = LEFT + ACROSS * at // (len(SIZES) - 1)
        lines.append(f'<text x="{x}" y="{TOP + DOWN + 18}" text-anchor="middle">{size:,}</text>')
    lines.append(
        f'<text x="{LEFT + ACROSS // 2}" y="{TOP + DOWN + 36}" text-anchor="middle">size of the brigade; '
        "upwards: honest raters who keep their group</text>"
    )
    for at, (label, dashes, points) in enumerate(drawn):
        style = f' stroke-dasharray="{dashes}"' if dashes else ""
        # Curves that lie on each other are drawn a little apart.
        dots = " ".join(
            f"{LEFT + ACROSS * n // (len(SIZES) - 1)},{TOP + DOWN - DOWN * kept // 100 + 3 * at - 3}"
            for n, (kept, _) in enumerate(points)
        )
        lines.append(f'<polyline stroke-width="2"{style} points="{dots}"/>')
        y = TOP + DOWN + 60 + 20 * at
        poles = ", ".join(sorted({str(count) for _, count in points}))
        lines.append(f'<line x1="{LEFT}" x2="{LEFT + 40}" y1="{y}" y2="{y}" stroke-width="2"{style}/>')
        lines.append(f'<text x="{LEFT + 50}" y="{y + 4}">{label} (poles: {poles})</text>')
    sys.stdout.write("\n".join([*lines, "</svg>"]) + "\n")


if __name__ == "__main__":
    main()
