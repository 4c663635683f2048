"""Small pieces of Markdown that stay what they are, whatever words and addresses they are made of."""

import re


def picture(src: str, alt: str = "", caption: str = "") -> str:
    """Markdown for a picture, whatever its alt text holds."""
    markdown = f"![{label(alt)}]({target(src)})"
    return f"{markdown}\n\n{' '.join(caption.split())}" if caption.strip() else markdown


def target(url: str) -> str:
    """An address that can stand in a Markdown link."""
    return "".join(f"%{ord(char):02X}" if char <= " " or char in '()<>"\\`' else char for char in url.strip())


def link(url: str, text: str = "") -> str:
    """Markdown for a link."""
    words = " ".join(text.split()) or re.sub(r"^[a-z]+:/*", "", url.strip())
    return f"[{label(words)}]({target(url)})" if url.strip() else words


def label(text: str) -> str:
    """Words that can stand between square brackets."""
    return re.sub(r"([\\\[\]])", r"\\\1", " ".join(text.split()))
