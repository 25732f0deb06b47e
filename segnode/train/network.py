"""The network a run trains, with the weights it starts from, and its loss, as one module."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from segnode import checkpoint
from segnode.config import SolverConfig
from segnode.data.classes import ClassSet
from segnode.errors import CheckpointError, ConfigError
from segnode.model.baseline import Baseline
from segnode.model.build import build_model
from segnode.model.classifier import TRUNK, Classifier
from segnode.model.loss import HardExamples, PerOutput, summed_losses
from segnode.model.network import Network
from segnode.model.segnode import SegNode
from segnode.model.zoo.hrnet import Backbone, HRNetV2
from segnode.model.zoo.ode_block import Dynamics
from segnode.model.zoo.official import imagenet_weights
from segnode.train.config import TrainConfig
from segnode.types import CoarseLogits, ImageBatch, LabelBatch, Truth


class WithLoss(nn.Module):
    """A network and its loss as one call: what autocast and a group of processes wrap.

    weights: of the classes. hard, stride: as `summed_losses` takes them.
    """

    def __init__(self, network: Network, weights: Tensor, hard: HardExamples | None = None, stride: int = 1) -> None:
        super().__init__()
        self.network = network
        self.stride = stride
        self.hard = hard
        self.register_buffer("weights", weights, persistent=False)

    def forward(
        self, images: ImageBatch, labels: Truth, solver: SolverConfig | None, until: float | None = None
    ) -> tuple[PerOutput, PerOutput]:
        """`summed_losses` of a batch. solver, until: of a SegNode, where they are not its own."""
        return self.losses(images, labels, self.outputs(images, solver, until))

    def outputs(self, images: ImageBatch, solver: SolverConfig | None, until: float | None) -> tuple[CoarseLogits, ...]:
        """Those of the network; solver, until: where they are not its own."""
        outputs = cast(Callable[..., tuple[CoarseLogits, ...]], self.network.outputs)
        given = {"solver": solver, "until": until}
        return outputs(images, **{name: value for name, value in given.items() if value is not None})

    def losses(
        self, images: Tensor, labels: LabelBatch, outputs: tuple[CoarseLogits, ...]
    ) -> tuple[PerOutput, PerOutput]:
        """Sums and counts of the loss of the outputs `found`. images: for a loss that looks at them, too."""
        del images
        return summed_losses(self.network, outputs, labels, self.get_buffer("weights"), self.hard, self.stride)


def network_of(config: TrainConfig, classes: ClassSet, classifier: bool = False) -> Network:
    """The network of a run, with the weights it starts from. classifier: the network under a `Classifier`.

    Raises `ConfigError` for settings it cannot have, `CheckpointError` for weights that do not fit.
    """
    layout = config.layout_values()
    if classifier:
        network: Network = Classifier(classes, config.network, layout)
    else:
        network = build_model(config.network, classes=classes, **layout)
    _configure(network.trunk if isinstance(network, Classifier) else network, config)
    if config.init:
        transfer(network, checkpoint.load(config.init).tensors)
    if config.public:
        imagenet_weights(network, _public(config.public))
    return network


def _configure(network: Network, config: TrainConfig) -> None:
    """Give `network` the solver, depth and gradient of the run."""
    if isinstance(network, SegNode):
        default = config.parse_solver(config.solvers[0]) if len(config.solvers) == 1 else network.solver
        network.solver = replace(default, gradient=config.gradient)
        network.until = config.until
    elif config.anytime or config.until != 1:
        raise ConfigError(f"{config.network} has no depth to choose: drop --until and --anytime.")
    elif config.solvers:
        raise ConfigError(f"{config.network} has no solver to choose: drop --solvers.")
    elif isinstance(network, Baseline | HRNetV2):
        network.recompute = config.gradient == "checkpoint"


def compile_parts(network: Network, device: torch.device) -> None:
    """`torch.compile`, in place, the parts of `network` that take its time, so that no name in its state changes.

    They are the parts that training calls and may recompute: f of a network with an ODE, a baseline's residual
    modules, what another network is made of. The network itself is not called in training, but asked for its `outputs`.

    Raises `ConfigError` where nothing can be compiled for `device`.
    """
    try:
        torch.compile(lambda x: x + 1)(torch.zeros(1, device=device))
    except (RuntimeError, ImportError) as error:
        raise ConfigError(
            "--compile needs a C++ compiler, on a GPU Triton, and none works here"
            f" ({str(error).splitlines()[0][:120]}): install one, or leave --compile out."
        ) from error
    for part in _parts(network):
        part.compile()


def _parts(network: nn.Module) -> list[nn.Module]:
    if isinstance(network, Classifier):
        return _parts(network.trunk)
    if isinstance(network, SegNode):
        return [network.field]
    if isinstance(network, Baseline):
        return list(network.residuals)
    modules: list[nn.Module] = [module for module in network.modules() if isinstance(module, Dynamics)]
    if modules:
        return modules
    for child in network.children():
        modules += _parts(child) if isinstance(child, nn.ModuleList | Backbone) else [child]
    return modules


def synchronized(network: Network, adaptive: bool) -> Network:
    """`network` with batch normalization over all processes.

    adaptive: leave f's norms to each process. An adaptive solver evaluates f as often as its own pictures need, so
    processes would wait for each other for ever.
    """
    if not (adaptive and isinstance(network, SegNode)):
        return nn.SyncBatchNorm.convert_sync_batchnorm(network)
    network.encoder = nn.SyncBatchNorm.convert_sync_batchnorm(network.encoder)
    network.head = nn.SyncBatchNorm.convert_sync_batchnorm(network.head)
    return network


def transfer(network: Network, tensors: Mapping[str, Tensor]) -> list[str]:
    """Give `network` the weights `tensors` of another with the same layout; the names of those that stay fresh.

    Only tensors of the head may stay fresh: those that other classes give another shape, or all of them where
    `tensors` are a classifier's. Raises `CheckpointError` for anything else that does not fit.
    """
    classifier = not isinstance(network, Classifier) and any(name.startswith(TRUNK) for name in tensors)
    if classifier:
        tensors = {name.removeprefix(TRUNK): x for name, x in tensors.items() if name.startswith(TRUNK)}
    fresh_state = network.state_dict()
    fresh = [
        name
        for name, value in fresh_state.items()
        if name.startswith("head.") and (classifier or (name in tensors and tensors[name].shape != value.shape))
    ]
    checkpoint.load_strictly(network, {**tensors, **{name: fresh_state[name] for name in fresh}})
    return fresh


def _public(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file somebody else made."""
    try:
        return safetensors.torch.load_file(path)
    except FileNotFoundError as error:
        raise CheckpointError(f"There are no public weights {path}: fetch them, as safetensors.") from error
    except (SafetensorError, OSError) as error:
        raise CheckpointError(
            f"{path} cannot be read as safetensors ({error}): convert the published file once, where you trust it."
        ) from error
