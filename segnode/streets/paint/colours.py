"""Colour as three numbers from 0 to 255, and the few sums we do with it."""

Colour = tuple[float, float, float]


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """Return `a` at share 0 and `b` at share 1."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def scale(a: Colour, factor: float) -> Colour:
    return (a[0] * factor, a[1] * factor, a[2] * factor)


def times(a: Colour, b: Colour) -> Colour:
    """Return the product channel by channel; `b` is a multiplier around 1, not a colour."""
    return (a[0] * b[0], a[1] * b[1], a[2] * b[2])


def ink(a: Colour, label: int) -> tuple[int, int, int, int]:
    """Return the colour as Pillow wants it, with the class in the place of the alpha."""
    r, g, b = a
    return (
        0 if r < 0 else 255 if r > 255 else int(r),
        0 if g < 0 else 255 if g > 255 else int(g),
        0 if b < 0 else 255 if b > 255 else int(b),
        label,
    )


def hexed(code: str) -> Colour:
    """Return the colour of six hexadecimal digits."""
    return (float(int(code[0:2], 16)), float(int(code[2:4], 16)), float(int(code[4:6], 16)))


def palette(codes: str) -> tuple[Colour, ...]:
    """Return the colours of several codes with spaces between."""
    return tuple(hexed(code) for code in codes.split())
