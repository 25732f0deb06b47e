"""How figures look: their colours, for a light and a dark page, and no toolbar."""

from dataclasses import dataclass

#: Plotly's settings of a figure: no toolbar.
NO_TOOLBAR = {"displayModeBar": False}


@dataclass(frozen=True)
class Ink:
    """The colours of a figure, for one background."""

    text: str
    truth: str
    final: str


LIGHT = Ink(text="#5c5955", truth="#2f5fde", final="#a8590c")
DARK = Ink(text="#a3a19d", truth="#7aa2ff", final="#f0a45d")


def ink_for(theme: str | None) -> Ink:
    """That of a theme of Streamlit, `light` or `dark`."""
    return DARK if theme == "dark" else LIGHT


def family_ink(family: str, ink: Ink) -> str:
    """Three colours tell what the picture is about: SegNode, what it is held against, and the rest."""
    return {"SegNode": ink.truth, "HRNetV2": ink.final}.get(family, ink.text)
