"""Weights that others have published, under the names of the networks here.

A network class that has public weights lists in `official` how their names become its own: pairs of a regular
expression and its replacement, applied in order to each name. Weights are read from safetensors by the caller; a pickle
is never opened.
"""

import re
from collections.abc import Mapping

from torch import Tensor, nn

from segnode.checkpoint import load_strictly
from segnode.errors import CheckpointError
from segnode.model.network import Network

#: What training code puts before every name: `module` for parallel copies, `model` for a network inside its loss.
_WRAPPERS = r"^(?:module\.)?(?:model\.)?"
#: What lies beside the network inside its loss, the classes' weights; no part of the network.
_LOSS = r"^(?:module\.)?loss\."


def official_weights(network: Network, tensors: Mapping[str, Tensor]) -> None:
    """Give `network` the weights `tensors`, which bear their official names.

    Every tensor must be used, but for those of a loss saved along with it (`loss.`), and every one of the network's
    filled. Raises `CheckpointError` otherwise, naming what is missing, foreign or misshapen, and leaves the network as
    it was.
    """
    _load(network, network, _renamed(network, tensors))


def imagenet_weights(network: Network, tensors: Mapping[str, Tensor]) -> None:
    """Give `network.backbone` the weights of a classifier of ImageNet; the head keeps those it has.

    As strict as `official_weights`, with one exception: tensors of the classifier's own head, whose names the class
    lists in `imagenet` as regular expressions, are left out.
    """
    backbone, left_out = getattr(network, "backbone", None), getattr(network, "imagenet", ())
    if backbone is None or not left_out:
        raise CheckpointError(
            f"A {type(network).__name__} has no backbone that ImageNet's weights fit: train it from scratch."
        )
    fitting = {
        official: tensor
        for official, tensor in tensors.items()
        if not any(re.search(pattern, re.sub(_WRAPPERS, "", official)) for pattern in left_out)
    }
    named = _renamed(network, fitting)
    _load(network, backbone, {name.removeprefix("backbone."): value for name, value in named.items()})


def _renamed(network: Network, tensors: Mapping[str, Tensor]) -> dict[str, tuple[str, Tensor]]:
    """Under this network's names, the official name and the tensor of each of `tensors`."""
    renames: tuple[tuple[str, str], ...] = getattr(network, "official", ())
    if not renames:
        raise CheckpointError(f"No public weights are known of a {type(network).__name__}: use a checkpoint of it.")
    named: dict[str, tuple[str, Tensor]] = {}
    for official, tensor in tensors.items():
        if re.search(_LOSS, official):
            continue
        name = re.sub(_WRAPPERS, "", official)
        for pattern, replacement in renames:
            name = re.sub(pattern, replacement, name)
        if name in named:
            raise CheckpointError(
                f"{named[name][0]} and {official} are both {name} of this {type(network).__name__}:"
                " give the file of one network."
            )
        named[name] = (official, tensor)
    return named


def _load(network: Network, part: nn.Module, named: Mapping[str, tuple[str, Tensor]]) -> None:
    """Give `part` of `network` the tensors; what does not fit is named as in the file, what is missing as in `part`."""
    expected = part.state_dict()
    problems = [f"{name} is missing" for name in expected if name not in named]
    for name, (official, tensor) in named.items():
        if name not in expected:
            problems.append(f"{official} is foreign")
        elif tensor.shape != expected[name].shape:
            problems.append(f"{official} is {tuple(tensor.shape)} where {tuple(expected[name].shape)} is wanted")
    if problems:
        more = f" and {len(problems) - 3} more" if len(problems) > 3 else ""
        raise CheckpointError(
            f"These are not the official weights of this {type(network).__name__} ({', '.join(problems[:3])}{more}):"
            " build it with the layout and classes they were trained with."
        )
    load_strictly(part, {name: tensor for name, (_, tensor) in named.items()})
