"""The sky, its clouds and sun, and the far town or hills that close the view."""

import math

import numpy as np
from PIL import Image

from segnode.streets.class_ids import BUILDING, SKY, TREE
from segnode.streets.paint import noise
from segnode.streets.paint.camera import Camera
from segnode.streets.paint.canvas import Canvas
from segnode.streets.paint.colours import Colour, mix
from segnode.streets.paint.light import UP, Light
from segnode.streets.random_draws import RandomDraws

#: The sky is computed this many times coarser than the canvas and enlarged; it has no edges.
COARSE = 6


def paint_sky(canvas: Canvas, camera: Camera, light: Light, draws: RandomDraws) -> None:
    """Fill the canvas with sky, down to a little below the horizon."""
    tall = min(canvas.height, int(camera.horizon + canvas.height * 0.06))
    rows, columns = math.ceil(tall / COARSE), math.ceil(canvas.width / COARSE)
    level = camera.horizon / COARSE
    # 0 at the horizon, 1 two thirds of a picture above it.
    lift = np.clip((level - np.arange(rows, dtype=np.float32)) / (canvas.height / COARSE * 0.62), 0.0, 1.0)
    stops = np.array(light.mood.sky[::-1], dtype=np.float32)
    at = np.array([0.0, 0.16, 0.5, 1.0], dtype=np.float32)
    column = np.stack([np.interp(lift, at, stops[:, c]) for c in range(3)], axis=1).astype(np.float32)
    picture = np.repeat(column[:, None, :], columns, axis=1)
    x = (np.arange(columns, dtype=np.float32) / columns - 0.5)[None, :]
    _add_sun(picture, camera, light, x, lift[:, None])
    _add_clouds(picture, light, draws, x, lift[:, None])
    pixels = np.clip(picture, 0, 255).astype(np.uint8)
    patch = Image.fromarray(pixels).resize((canvas.width, tall), Image.Resampling.BILINEAR)
    patch.putalpha(SKY)
    canvas.surface.paste(patch, (0, 0))


def _add_sun(picture: np.ndarray, camera: Camera, light: Light, x: np.ndarray, lift: np.ndarray) -> None:
    low = light.mood.elevation[1] < 45 and light.mood.sun[0] > 0.3
    turn = math.atan2(light.sun[0], light.sun[2]) - camera.yaw
    if not low or abs(turn) > 1.5:
        return
    centre = math.tan(max(-1.1, min(1.1, turn))) * 0.9
    distance = ((x - centre) * 1.3) ** 2 + (lift * 0.8 - 0.18) ** 2
    glow = np.exp(-distance * 5.0)[..., None] * 0.75
    picture += (np.array(light.mood.cloud, np.float32) * 1.08 - picture) * glow


def _add_clouds(picture: np.ndarray, light: Light, draws: RandomDraws, x: np.ndarray, lift: np.ndarray) -> None:
    kind = draws.pick(("none", "streaks", "heaps", "heaps", "veil"))
    drift_x, drift_y = draws.between(0, 256), draws.between(0, 256)
    if light.mood.name in ("overcast", "misty") and kind in ("none", "heaps"):
        kind = "veil"
    if kind == "none":
        return
    # Clouds lie on a ceiling: nearer the horizon they are smaller and flatter.
    far = 1.0 / (lift + 0.22)
    squeeze = 7.0 if kind == "streaks" else 2.6
    u = drift_x + x * far * 70.0
    v = drift_y + far * 22.0 * squeeze
    field = noise.sample(noise.tile((4, 8, 16, 32), 1), u, np.broadcast_to(v, u.shape))
    # The same field, looked up towards the light, gives the clouds a lit side.
    lit = field - noise.sample(noise.tile((4, 8, 16, 32), 1), u + 4 * np.sign(light.sun[0]), v + 5 + 0 * u)
    edge, most = {"heaps": (0.25, 0.92), "streaks": (0.1, 0.6), "veil": (-0.4, 0.4)}[kind]
    cover = np.clip((field - edge) / 0.9, 0, 1)
    cover = (cover * cover * (3 - 2 * cover) * most * np.clip(lift * 5.0 + 0.15, 0, 1))[..., None]
    shade = np.array(mix(light.mood.cloud, light.mood.sky[0], 0.42), np.float32)
    tone = np.clip(0.62 + 0.7 * lit, 0, 1)[..., None]
    cloud = shade + (np.array(light.mood.cloud, np.float32) - shade) * tone
    picture += (cloud - picture) * cover


def paint_backdrop(canvas: Canvas, camera: Camera, light: Light, draws: RandomDraws, urban: bool) -> None:
    """Paint the far end of the world: layers of roofs or trees in the haze, down to the horizon and below."""
    width = canvas.width
    base = camera.horizon + canvas.height * 0.03
    unit = canvas.unit
    ground = light.through_air(light.tone((128, 126, 120), UP, 60), 60)
    for layer in range(3):
        distance = (420, 260, 170)[layer]
        towns = urban if layer else draws.chance(0.6)
        tint: Colour = light.tone((150, 140, 136) if towns else (96, 122, 88), (0, 0.3, -1), distance)
        tall = (30, 24, 18)[layer] * unit
        points: list[float] = [0.0, base]
        x = -20.0 * unit
        if towns:
            while x < width:
                step, top = draws.between(14, 46) * unit, base - tall * draws.between(0.7, 2.0)
                if draws.chance(0.4):
                    points += (x, top, x + step / 2, top - step * 0.3, x + step, top)
                else:
                    points += (x, top, x + step, top)
                x += step
        else:
            phase, phase2 = draws.between(0, 6), draws.between(0, 6)
            while x < width + 30 * unit:
                wave = math.sin(x / (70 * unit) + phase) + 0.5 * math.sin(x / (23 * unit) + phase2)
                points += (x, base - tall * (1.2 + 0.3 * wave) - draws.between(0, 7) * unit)
                x += 9 * unit
        points += (width, base)
        canvas.polygon(points, tint, BUILDING if towns else TREE)
    if urban or draws.chance(0.4):
        _landmark(canvas, camera, light, draws, base)
    canvas.polygon((0, base - 1, width, base - 1, width, canvas.height, 0, canvas.height), ground, BUILDING)


def _landmark(canvas: Canvas, camera: Camera, light: Light, draws: RandomDraws, base: float) -> None:
    """A church's spire, a dome or a tower in the haze, near where the street runs out."""
    kind = draws.pick(("spire", "spire", "dome", "tower", "crane", "none", "none"))
    x = camera.spot(0.0, 130.0)[0] + draws.between(-70, 70) * canvas.unit
    unit, distance = canvas.unit * draws.between(0.8, 1.4), draws.between(130, 230)
    body = light.tone((176, 150, 132), (-0.6, 0.0, -0.8), distance)
    roof = light.tone((104, 120, 118), (-0.6, 0.4, -0.7), distance)

    def box(left: float, right: float, low: float, high: float, tint: Colour) -> None:
        points = (x + left * unit, base - low * unit, x + right * unit, base - low * unit,
                  x + right * unit, base - high * unit, x + left * unit, base - high * unit)  # fmt: skip
        canvas.polygon(points, tint, BUILDING)

    if kind == "spire":
        box(-11, 11, 0, 92, body)
        box(3, 11, 0, 92, mix(body, (40, 40, 60), 0.12))
        box(-4, 0, 62, 78, mix(body, (30, 34, 50), 0.4))
        canvas.polygon(
            (x - 13 * unit, base - 92 * unit, x + 13 * unit, base - 92 * unit, x, base - 152 * unit), roof, BUILDING
        )
    elif kind == "dome":
        box(-30, 30, 0, 62, body)
        box(-22, 22, 62, 76, mix(body, (255, 250, 240), 0.15))
        canvas.disc(x, base - 76 * unit, 22 * unit, 27 * unit, roof, BUILDING)
        box(-4, 4, 100, 116, body)
    elif kind == "tower":
        box(-16, 16, 0, 128, mix(body, light.mood.sky[1], 0.25))
        for row in range(9):
            box(-13, 13, 14 + row * 12, 19 + row * 12, mix(body, light.mood.sky[0], 0.45))
    elif kind == "crane":
        tint = light.through_air((196, 148, 62), distance)
        box(-1.6, 1.6, 0, 150, tint)
        box(-26, 62, 138, 142, tint)
        box(-26, -16, 132, 138, tint)
