"""Anybody's text made harmless for a page."""

import re

#: What Markdown, or Streamlit's additions to it, could take for more than a letter.
_MEANINGFUL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&@/\"'])")

#: Where what looks like an address would become a link even so: an invisible character (U+2060) goes in between.
_ADDRESS = re.compile(r"(?<=www)(?=\.)|(?<=:)(?=//)|(?=@)", re.IGNORECASE)


def plain(text: str) -> str:
    """`text` for a place that reads Markdown, shown letter by letter: no link, picture or formula comes of it."""
    return _MEANINGFUL.sub(r"\\\1", _ADDRESS.sub("\u2060", " ".join(text.split())))
