"""Generated street scenes: drawn from a seed, with the class of every pixel known exactly.

`Streets` is the data set, `render_street` one scene of it. `scene` composes a picture from what `plan` and `populate`
put on the street; `things` paint what stands there, with the tools of `paint`. Everything inside works in metres over
a ground plane, in right-handed street coordinates `(u, y, s)`: `u` metres to the right of the road's middle line, `y`
up, `s` ahead along the street.
"""

from segnode.streets.dataset import Scene, Streets, render_street

__all__ = ["Scene", "Streets", "render_street"]
