"""Tell HTML that the sanitiser would hand back unchanged, so that it need not be asked.

Most articles are paragraphs, headings, lists, quotes, emphasis and links. Such a text is taken apart here
into its tags, each of which must be one of a few, letter by letter, in a place where it may stand, and
closed. What is anything else, were it as harmless as a table, goes to the sanitiser. Linear in the text;
holds no judgement of its own beyond "this is in the sanitiser's own form already".
"""

import re

_TAG = re.compile(r"<[^<>]*>")
_LINK = re.compile(
    r'<a(?: href="(?:'
    r"https?://(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,20}"
    r"(?:[/?#](?:[A-Za-z0-9._~/?=%#+,;:@!$*()-]|&amp;)*)?"
    r'" rel="nofollow noopener"|(?:\.\./)+[a-z0-9][A-Za-z0-9._/-]*"))?>'
)
_INLINE = frozenset(("em", "strong", "del", "a"))
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_TEXT = frozenset(("p", "li", *_HEADINGS, *_INLINE))
_FLOW = frozenset(("", "li", "blockquote"))
_INSIDE: dict[str, frozenset[str]] = {
    **dict.fromkeys(("p", "ul", "ol", "blockquote", "pre", *_HEADINGS), _FLOW),
    "li": frozenset(("ul", "ol")),
    **dict.fromkeys(("em", "strong", "del", "code"), _TEXT),
}
"""The elements that a tag may stand in; the empty name is the text as a whole."""

_OPEN = {f"<{name}>": (name, inside) for name, inside in _INSIDE.items()}
_CLOSE = {f"</{name}>": name for name in (*_INSIDE, "a")}
_EMPTY = {"<br>": _TEXT, "<hr>": _FLOW}


def is_sober(html: str) -> bool:
    """Whether ``html`` is surely what the sanitiser would make of it. No may also mean: too odd to tell."""
    if "\xa0" in html or "\r" in html or "\0" in html or html.startswith("\ufeff"):
        return False
    tags = _TAG.findall(html)
    if html.count("<") != len(tags) or html.count(">") != len(tags):
        return False
    if "&" in html and html.count("&") != sum(map(html.count, ("&amp;", "&lt;", "&gt;"))):
        return False
    if "<pre>" in tags and html.count("<pre>") != html.count("<pre><code>"):
        return False
    return _is_nested(tags)


def _is_nested(tags: list[str]) -> bool:
    above = [""]
    for tag in tags:
        here = above[-1]
        if tag in _CLOSE:
            if _CLOSE[tag] != here:
                return False
            above.pop()
        elif tag in _OPEN:
            name, inside = _OPEN[tag]
            if here not in inside and not (tag == "<code>" and here == "pre"):
                return False
            # What is formatted twice over, the HTML parser may take apart in its own way.
            if name in _INLINE and name in above:
                return False
            above.append(name)
        elif tag in _EMPTY:
            if here not in _EMPTY[tag]:
                return False
        elif here not in _TEXT or "a" in above or _LINK.fullmatch(tag) is None:
            return False
        else:
            above.append("a")
    return len(above) == 1
