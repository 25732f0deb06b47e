"""Colours as sRGB, the space that pages show and networks are trained in."""

import io

from PIL import Image, ImageCms

#: The space a profile must be of to say something about a picture of this mode.
_SPACES = {"L": "GRAY", "RGB": "RGB", "RGBA": "RGB", "CMYK": "CMYK"}
#: The exponent that sRGB is close to, in PNG's words, and how far from it another one is heard.
_SRGB_GAMMA, _HEARD = 1 / 2.2, 0.01


def to_srgb(image: Image.Image) -> Image.Image:
    """`image` (L, RGB, RGBA or CMYK) by its ICC profile, or where it has none by PNG's gAMA, with sRGB's primaries.

    What says nothing, says nonsense, or says sRGB leaves the numbers as they are. PNG's cHRM is not read.
    """
    if profile := image.info.get("icc_profile"):
        return _by_profile(image, profile)
    gamma = image.info.get("gamma")
    if gamma and "srgb" not in image.info and image.mode in ("L", "RGB", "RGBA"):
        return _by_gamma(image, float(gamma))
    return image


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() != _SPACES.get(image.mode):
            return image
        target = ImageCms.createProfile("sRGB")
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        return (
            ImageCms.profileToProfile(
                image, source, target, renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC, outputMode=mode
            )
            or image
        )
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):  # a damaged profile: as browsers do, without it
        return image


def _by_gamma(image: Image.Image, gamma: float) -> Image.Image:
    """gamma: a sample is light to this power."""
    if not 0.01 <= gamma <= 10 or abs(gamma - _SRGB_GAMMA) < _HEARD:
        return image
    table = [round(255 * _encode((value / 255) ** (1 / gamma))) for value in range(256)]
    plain = list(range(256))
    bands = len(image.getbands())
    return image.point(table * (bands - 1) + plain if image.mode == "RGBA" else table * bands)


def _encode(light: float) -> float:
    """sRGB's own curve (IEC 61966-2-1), 0 to 1."""
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
