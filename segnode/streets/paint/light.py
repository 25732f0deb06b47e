"""The light of a scene: the sun's place, the sky's colours, haze, weather, and what they make of a surface."""

import math
from dataclasses import dataclass

from segnode.streets.paint.colours import Colour, mix, palette, times
from segnode.streets.random_draws import RandomDraws

Normal = tuple[float, float, float]
UP: Normal = (0.0, 1.0, 0.0)


@dataclass(frozen=True)
class Mood:
    """One time of day. Colours of the sky from the zenith to the horizon, multipliers of direct and ambient light."""

    name: str
    sky: tuple[Colour, ...]
    sun: Colour
    ambient: Colour
    shadow: Colour
    shadow_strength: float
    elevation: tuple[float, float]  # degrees
    haze: float  # metres over which two thirds of a colour are lost
    lamps: float  # share of windows and lamps that are lit
    cloud: Colour
    wet: float = 0.0


MOODS: tuple[Mood, ...] = (
    Mood("noon", palette("4a8fd0 7fb4e0 b9d8ea e4eef0"), (0.50, 0.47, 0.40), (0.66, 0.69, 0.76),
         (36, 44, 70), 0.44, (42, 60), 240, 0.0, (252, 252, 250)),
    Mood("morning", palette("6fa3cf a3c9df d9e3dc f6e7cf"), (0.56, 0.48, 0.36), (0.64, 0.68, 0.75),
         (46, 52, 80), 0.42, (24, 38), 150, 0.0, (255, 248, 236)),
    Mood("golden", palette("6c8fb8 b4b6b4 f2c793 ffd99a"), (0.72, 0.50, 0.24), (0.58, 0.56, 0.64),
         (56, 52, 82), 0.44, (14, 24), 130, 0.08, (255, 226, 190)),
    Mood("rose", palette("5f7fb4 a79bc0 eab3ae fbd3b0"), (0.62, 0.42, 0.32), (0.62, 0.58, 0.68),
         (58, 54, 88), 0.40, (12, 20), 120, 0.2, (250, 196, 186)),
    Mood("overcast", palette("a9b6c2 bcc7cf d0d7da e2e4e2"), (0.06, 0.06, 0.06), (0.86, 0.88, 0.90),
         (46, 50, 62), 0.16, (50, 60), 150, 0.05, (232, 236, 238)),
    Mood("after rain", palette("8497ab a5b3c0 c9cfd0 e9e0cf"), (0.18, 0.16, 0.13), (0.72, 0.75, 0.81),
         (34, 40, 62), 0.26, (26, 40), 120, 0.16, (240, 236, 230), 0.75),
    Mood("dusk", palette("2c3f74 51619a 9a83a6 e8a68c"), (0.10, 0.07, 0.07), (0.46, 0.48, 0.66),
         (22, 24, 60), 0.22, (12, 20), 110, 0.62, (150, 124, 160)),
    Mood("misty", palette("b9c6cb c8d1d2 d9dcd8 e9e4d8"), (0.16, 0.14, 0.11), (0.80, 0.81, 0.82),
         (60, 66, 84), 0.16, (22, 34), 52, 0.1, (236, 236, 232)),
)  # fmt: skip
MOOD_SHARES = (0.22, 0.15, 0.17, 0.09, 0.12, 0.11, 0.08, 0.06)


@dataclass(frozen=True)
class Light:
    """The mood with a sun in the sky. `sun`: unit vector towards it in street coordinates. `weather`: '' for dry."""

    mood: Mood
    sun: Normal
    haze: Colour
    weather: str
    wet: float

    def tone(self, colour: Colour, normal: Normal, distance: float) -> Colour:
        """Return the colour of a surface that faces `normal`, `distance` metres away."""
        direct = normal[0] * self.sun[0] + normal[1] * self.sun[1] + normal[2] * self.sun[2]
        ambient, sun = self.mood.ambient, self.mood.sun
        # Faces that look up see more sky than those that look down.
        share = 1.0 + 0.10 * normal[1] - (0.05 if direct <= 0 else 0.0)
        direct = direct * 1.35 if direct > 0 else 0.0
        lit = times(colour, (
            ambient[0] * share + sun[0] * direct,
            ambient[1] * share + sun[1] * direct,
            ambient[2] * share + sun[2] * direct,
        ))  # fmt: skip
        return self.through_air(lit, distance)

    def through_air(self, colour: Colour, distance: float) -> Colour:
        """Return the colour after `distance` metres of haze."""
        return mix(colour, self.haze, 1.0 - math.exp(-distance / self.mood.haze))

    def length_of_shadow(self) -> tuple[float, float]:
        """Return how far the shadow of one metre of height reaches on the ground, as (u, s)."""
        steep = max(self.sun[1], 0.17)
        return -self.sun[0] / steep, -self.sun[2] / steep


def draw_light(draws: RandomDraws) -> Light:
    """Return the light of a scene."""
    throw = draws.unit()
    index = 0
    while index < len(MOODS) - 1 and throw >= MOOD_SHARES[index]:
        throw -= MOOD_SHARES[index]
        index += 1
    mood = MOODS[index]
    elevation = math.radians(draws.between(*mood.elevation))
    # The sun stands to one side, rather behind the viewer than before: faces towards us are then lit.
    azimuth = math.radians(draws.between(28, 140)) * draws.pick((-1.0, 1.0))
    sun = (math.sin(azimuth) * math.cos(elevation), math.sin(elevation), math.cos(azimuth) * math.cos(elevation))
    weather = ""
    throw = draws.unit()
    if mood.name in ("overcast", "after rain", "dusk"):
        weather = "rain" if throw < 0.22 else "snow" if throw > 0.88 and mood.name != "after rain" else ""
    wet = max(mood.wet * draws.between(0.6, 1.1), 0.55 if weather == "rain" else 0.0)
    return Light(mood, sun, mix(mood.sky[-1], mood.sky[-2], 0.45), weather, wet)
