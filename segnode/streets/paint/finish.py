"""What is done to the whole picture at the end: grain of surfaces, wet ground, glows, weather, the print's tone."""

import numpy as np
from PIL import Image, ImageDraw

from segnode.streets.class_ids import PAVEMENT, ROAD, TREE
from segnode.streets.paint import noise
from segnode.streets.paint.camera import Camera
from segnode.streets.paint.canvas import SUPERSAMPLING, Canvas
from segnode.streets.paint.light import Light
from segnode.streets.random_draws import RandomDraws

#: How rough each class is, as a share of its colour, in the order of the train ids.
GRAIN = np.array([0.003, 0.012, 0.008, 0.02, 0.016, 0.03, 0.006, 0.012, 0.005, 0.008, 0.008], dtype=np.float32)
#: How much a slow drift of tone (stains, wear, patches of light) moves each class.
DRIFT = np.array([0.0, 0.022, 0.01, 0.03, 0.03, 0.06, 0.01, 0.03, 0.0, 0.0, 0.0], dtype=np.float32)


def finish(canvas: Canvas, camera: Camera, light: Light, draws: RandomDraws) -> tuple[np.ndarray, np.ndarray]:
    """Return the picture, uint8 h w 3, and its labels, uint8 h w."""
    labels = canvas.labels()
    picture = canvas.colours()
    height, width = labels.shape
    # Places in a picture of 480 x 360, so that every size shows the same grain.
    y = (np.arange(height, dtype=np.float32) * 360 / height)[:, None]
    x = (np.arange(width, dtype=np.float32) * 480 / width)[None, :]
    shift = draws.integer(0, 255)
    broad = noise.sample(noise.tile((6, 12, 24), 3), x * 0.8 + shift, y * 0.8)
    level = camera.horizon / SUPERSAMPLING
    first = int(max(0, min(height, level + 1)))
    flat = (labels[first:] == ROAD) | (labels[first:] == PAVEMENT)
    np.copyto(broad[first:], _ground_noise(camera, height, width, level), where=flat)
    np.copyto(broad, noise.sample(noise.tile((40, 72), 6), x * 1.1 + shift, y * 1.1), where=labels == TREE)
    factor = noise.sample(noise.tile((128, 256), 2), x + shift, y)
    factor *= GRAIN.take(labels)
    factor += DRIFT.take(labels) * broad
    # The corners are a little darker, as through a lens.
    factor += 1.03 - 0.22 * ((x / 480 - 0.5) ** 2 + (y / 360 - 0.5) ** 2)
    balance = np.array([draws.between(0.98, 1.02), 1.0, draws.between(0.98, 1.02)], dtype=np.float32)
    picture *= factor[..., None] * (balance * np.float32(draws.between(0.94, 1.05)))
    if light.wet:
        _wet(picture, labels, broad, light, level)
    _glows(picture, canvas)
    if light.weather:
        _fall(picture, light, draws)
    speck = noise.sample(noise.tile((256,), 5), x + draws.integer(0, 255), y + draws.integer(0, 255))
    picture += (speck * 2.0)[..., None]
    return np.clip(picture, 0, 255, out=picture).astype(np.uint8), labels


def _ground_noise(camera: Camera, height: int, width: int, level: float) -> np.ndarray:
    first = int(max(0, min(height, level + 1)))
    rows = np.arange(first, height, dtype=np.float32) - level + 0.5
    depth = camera.focal / SUPERSAMPLING * camera.eye_y / rows
    across = (np.arange(width, dtype=np.float32) - camera.centre_x / SUPERSAMPLING) * SUPERSAMPLING / camera.focal
    u = depth[:, None] * across[None, :] * 14 + 1000 * 14
    return noise.sample(noise.tile((5, 11, 40, 90), 4), u, np.broadcast_to(depth[:, None] * 8, u.shape))


def _wet(picture: np.ndarray, labels: np.ndarray, broad: np.ndarray, light: Light, level: float) -> None:
    """Mirror what stands behind each column's ground, blurred downwards and broken by puddles."""
    height, width = labels.shape
    ground = (labels == ROAD) | (labels == PAVEMENT)
    first = int(max(0, level - 0.03 * height))
    if first >= height - 4:
        return
    top = np.argmax(ground[first:], axis=0) + first
    top = np.maximum(top, first + 1)
    rows = np.arange(first, height)[:, None]
    source = np.clip(2 * top[None, :] - rows, 0, height - 1)
    # Reflections on rough wet ground are drawn out downwards; the rows are averaged over a growing reach.
    sums = np.cumsum(picture, axis=0, dtype=np.float32)
    reach = 2 + (rows - top[None, :]).clip(0) // 5
    low, high = np.clip(source - reach, 0, height - 1), np.clip(source + reach, 0, height - 1)
    columns = np.arange(width)[None, :]
    mirrored = (sums[high, columns] - sums[low, columns]) / np.maximum(high - low, 1)[..., None]
    share = light.wet * (0.34 + 0.26 * np.clip(broad[first:] * 1.4, -1, 1))
    share = np.where(labels[first:] == ROAD, share, share * 0.45) * ground[first:]
    picture[first:] += (mirrored - picture[first:]) * np.clip(share, 0, 0.85)[..., None]


def _glows(picture: np.ndarray, canvas: Canvas) -> None:
    height, width = picture.shape[:2]
    for gx, gy, radius, colour, strength in canvas.glows():
        x, y, r = gx * width, gy * height, max(radius * height, 1.5)
        x0, x1 = int(max(0, x - 2.5 * r)), int(min(width, x + 2.5 * r + 1))
        y0, y1 = int(max(0, y - 2.5 * r)), int(min(height, y + 2.5 * r + 1))
        if x1 <= x0 or y1 <= y0:
            continue
        dx = (np.arange(x0, x1, dtype=np.float32) - x) / r
        dy = (np.arange(y0, y1, dtype=np.float32) - y) / r
        fall = np.exp(-1.6 * (dx * dx))[None, :] * np.exp(-1.6 * (dy * dy))[:, None] * strength
        patch = picture[y0:y1, x0:x1]
        patch += (255.0 - patch) * (fall[..., None] * (np.array(colour, np.float32) / 255.0))


def _fall(picture: np.ndarray, light: Light, draws: RandomDraws) -> None:
    """Draw light rain or snow over the picture: thin, half transparent, the classes below stay."""
    height, width = picture.shape[:2]
    sheet = Image.new("L", (width, height))
    draw = ImageDraw.Draw(sheet)
    unit = height / 360
    if light.weather == "rain":
        slant = draws.between(-0.2, 0.2)
        for _ in range(170):
            x, y, long = draws.unit() * width, draws.unit() * height, draws.between(7, 20) * unit
            draw.line((x, y, x + slant * long, y + long), draws.integer(25, 62), max(1, round(unit * 0.7)))
    else:
        for _ in range(240):
            x, y, r = draws.unit() * width, draws.unit() * height, draws.between(0.5, 1.7) * unit
            draw.ellipse((x - r, y - r, x + r, y + r), draws.integer(90, 210))
    share = np.asarray(sheet, dtype=np.float32)[..., None] / 255.0
    picture += (np.float32(240.0) - picture) * share
