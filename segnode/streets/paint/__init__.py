"""Tools that things are painted with: camera, canvas, colours, light; and what belongs to the picture as a whole."""
