"""The train ids of `segnode.data.classes.CAMVID`, by name."""

from segnode.data.classes import CAMVID

SKY, BUILDING, POLE, ROAD, PAVEMENT, TREE, SIGN, FENCE, CAR, PEDESTRIAN, BICYCLIST = range(len(CAMVID))
