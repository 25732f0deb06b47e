"""The parts of a procedural street: where things stand, how the light falls, and how each is painted.

`segnode.streets.dataset` is the public face; everything here works in metres over a ground plane, right-handed street
coordinates `(u, y, s)`: `u` metres to the right of the road's middle line, `y` up, `s` ahead along the street.
"""
