"""Run alone: how far HRNetV2 is from the reference answers, in their own precision and memory layout."""

import json
import sys

import torch

from segnode.data.classes import ClassSet
from segnode.model.zoo.hrnet import HRNetV2
from segnode.model.zoo.official import official_weights
from tests.model.zoo.filling import filled, golden, keys, picture, relative_error


@torch.no_grad()
def errors(name: str) -> list[float]:
    """Relative, of each output of the reference network `name`."""
    with torch.device("meta"):
        network = HRNetV2(ClassSet.numbered(19), ocr=name.endswith("ocr"))
    network = network.to_empty(device="cpu").eval()
    official_weights(network, filled(keys(name)))
    network.to(memory_format=torch.contiguous_format)
    found, wanted = network.score(picture()), golden(name)
    return [relative_error(x, wanted[key]) for x, key in zip(reversed(found), sorted(wanted), strict=True)]


if __name__ == "__main__":
    torch.set_num_threads(1)
    sys.stdout.write(json.dumps(errors(sys.argv[1])))
