"""A few steps of training on fixed streets, to see that a network can learn at all."""

import numpy as np
import torch
from torch import Tensor, nn

from segnode.model.loss import segmentation_loss
from segnode.model.network import Network
from segnode.streets import render_street


def streets(count: int = 2, rows: int = 64, columns: int = 96) -> tuple[Tensor, Tensor]:
    """Images (sRGB, 0 to 1) and labels of the first `count` streets."""
    scenes = [render_street(seed, columns, rows) for seed in range(count)]
    images = torch.from_numpy(np.stack([scene.image for scene in scenes])).permute(0, 3, 1, 2).float() / 255
    return images, torch.from_numpy(np.stack([scene.labels for scene in scenes])).long()


def losses(network: Network, steps: int, rate: float = 1e-3) -> list[float]:
    """The loss before each of `steps` steps of AdamW on two streets, auxiliary outputs included."""
    torch.manual_seed(1)
    images, labels = streets()
    network.train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate)
    history = []
    for _ in range(steps):
        loss = segmentation_loss(network, network.outputs(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history


def settled(network: Network) -> Network:
    """`network` in evaluation mode, its running statistics as after training: not those that change nothing."""
    generator = torch.Generator().manual_seed(2)
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.running_mean.normal_(std=0.1, generator=generator)
            layer.running_var.uniform_(0.5, 2, generator=generator)
    return network.eval()
