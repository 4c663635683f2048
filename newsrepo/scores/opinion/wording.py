"""The verdict in a sentence or two, for people; figures are in ``Strength``."""

from newsrepo.scores.opinion.model import Counts, Strength, Weight

_NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five"}
_CLEAR, _SOME = 0.35, 0.1


def verdict_text(
    poles: int | None, weight: Weight, counts: Counts, strength: Strength | None, between: int
) -> str:
    """What the map says, and how sure it is."""
    if poles is None or strength is None:
        return "Too little data: what there is bears no map."
    who = f"{counts.used_raters} raters of {counts.used_contingents} contingents"
    if weight is Weight.RATER:
        who = f"{counts.used_raters} raters"
    times = f"{strength.chance:g} times what chance makes"
    if poles == 1 and not strength.dimensions and strength.beyond > strength.needed:
        return f"One pole: {who} differ ({times}), but along no line that can be told."
    if poles == 1 and not strength.dimensions:
        return f"One pole: {who} differ {times}, which is no more than chance may make."
    if poles == 1:
        return f"One pole: {who} differ ({times}), but no two sides of them stand apart."
    if strength.gap >= _CLEAR:
        how = "clearly apart"
    elif strength.gap >= _SOME:
        how = "apart, with some in the gap"
    else:
        how = "without a clear gap: opinion runs from one to the other"
    text = f"{_NUMBERS[poles]} poles, {how}: {who} differ {times}."
    if between == 1:
        text += " One rater stands between."
    elif between:
        text += f" {between} raters stand between."
    return text
