"""Which pages stand side by side on a sheet that is printed on both sides and folded."""


def sides(pages: int, *, rtl: bool = False) -> list[tuple[int, int]]:
    """The page numbers on each side of each sheet, left and right; 0 is a blank.

    Sheets are printed on both sides, turned over their short edge, laid on each other in order and folded in
    the middle. ``rtl`` is a paper that opens to the right.
    """
    whole = -(-pages // 4) * 4
    number = [page if page <= pages else 0 for page in range(whole + 1)]
    found = []
    for sheet in range(whole // 4):
        first, last = 2 * sheet + 1, whole - 2 * sheet
        found += [(number[last], number[first]), (number[first + 1], number[last - 1])]
    return [(right, left) for left, right in found] if rtl else found
