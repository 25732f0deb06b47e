from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from segnode.data.classes import CAMVID, ClassSet
from segnode.errors import CheckpointError, ConfigError
from segnode.model.build import build_model
from segnode.train.config import TrainConfig
from segnode.train.network import WithLoss, network_of, synchronized, transfer

NARROW = {"widths": (8, 8), "stem_width": 8, "blocks": 1}
LAYOUT = ("widths=[8,8]", "stem_width=8", "blocks=1")


def config(**changes: object) -> TrainConfig:
    return TrainConfig(**{"data": ("streets:",), "out": Path("unused"), "layout": LAYOUT, **changes})


def test_a_segnode_is_trained_with_the_solver_asked_for() -> None:
    network = network_of(config(solvers=("rk4_38-2",), gradient="adjoint", until=2.0), CAMVID)
    assert (network.solver.name, network.solver.gradient, network.until) == ("rk4_38-2", "adjoint", 2.0)
    assert network_of(config(solvers=("dopri5",)), CAMVID).solver.name == "dopri5"


@pytest.mark.parametrize("adaptive", [False, True])
def test_norms_wait_for_all_processes_but_where_each_chooses_its_steps(adaptive: bool) -> None:
    network = synchronized(network_of(config(), CAMVID), adaptive)
    for name, layer in network.named_modules():
        if isinstance(layer, _BatchNorm):
            alone = adaptive and name.startswith("field.")
            assert type(layer) is (nn.BatchNorm2d if alone else nn.SyncBatchNorm), name


@pytest.mark.parametrize("gradient", ["backprop", "checkpoint", "adjoint"])
def test_every_gradient_is_found_with_norms_that_wait(gradient: str) -> None:
    network = synchronized(network_of(config(gradient=gradient, solvers=("euler-2",)), CAMVID), False).train()
    network(torch.rand(2, 3, 32, 32)).mean().backward()
    assert all(parameter.grad is not None for parameter in network.field.parameters())
    assert {int(layer.num_batches_tracked) for layer in network.field.modules() if isinstance(layer, _BatchNorm)} == {2}


@pytest.mark.parametrize("name", ["baseline-compact", "hrnetv2-compact"])
def test_networks_without_an_ode_recompute_on_request(name: str) -> None:
    assert network_of(config(network=name, layout=(), gradient="checkpoint"), CAMVID).recompute
    assert not network_of(config(network=name, layout=()), CAMVID).recompute
    with pytest.raises(ConfigError, match="has no solver"):
        network_of(config(network=name, layout=(), solvers=("euler-4",)), CAMVID)


def test_a_layout_that_is_none_is_told() -> None:
    with pytest.raises(ConfigError, match="does not fit segnode-compact"):
        network_of(config(layout=("depth=3",)), CAMVID)


def test_a_run_does_not_begin_with_weights_that_are_not_finite(tmp_path: Path) -> None:
    diverged = network_of(config(), CAMVID)
    nn.init.constant_(diverged.encoder.stem[0].weight, float("nan"))
    diverged.save_pretrained(tmp_path)
    with pytest.raises(CheckpointError, match="hold NaN or infinity"):
        network_of(config(init=tmp_path), CAMVID)


def test_all_weights_come_over_where_the_classes_are_as_many(tmp_path: Path) -> None:
    torch.manual_seed(1)
    first = build_model("segnode-compact", **NARROW)
    first.save_pretrained(tmp_path)
    second = network_of(config(init=tmp_path), CAMVID)
    assert all(torch.equal(value, second.state_dict()[name]) for name, value in first.state_dict().items())


def test_only_the_last_layer_stays_fresh_for_other_classes() -> None:
    torch.manual_seed(1)
    first, second = (build_model("segnode-compact", count, **NARROW) for count in (19, 11))
    before = {name: value.clone() for name, value in second.state_dict().items()}
    fresh = transfer(second, first.state_dict())
    assert fresh
    assert all(name.startswith("head.") for name in fresh)
    for name, value in second.state_dict().items():
        assert torch.equal(value, before[name] if name in fresh else first.state_dict()[name])


def test_weights_of_another_layout_are_refused() -> None:
    first = build_model("segnode-compact", **{**NARROW, "blocks": 2})
    with pytest.raises(CheckpointError, match="of another network"):
        transfer(build_model("segnode-compact", **NARROW), first.state_dict())


def test_public_weights_start_a_backbone(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="There are no public weights"):
        network_of(config(network="hrnetv2-compact", layout=(), public=tmp_path / "none.safetensors"), CAMVID)
    safetensors.torch.save_file({"conv1.weight": torch.ones(1)}, tmp_path / "w.safetensors")
    with pytest.raises(CheckpointError, match="not the official weights"):
        network_of(config(network="hrnetv2-compact", layout=(), public=tmp_path / "w.safetensors"), CAMVID)
    (tmp_path / "w.safetensors").write_bytes(b"pickle")
    with pytest.raises(CheckpointError, match="cannot be read as safetensors"):
        network_of(config(network="hrnetv2-compact", layout=(), public=tmp_path / "w.safetensors"), CAMVID)


def test_network_and_loss_are_one_call() -> None:
    network = network_of(config(), ClassSet.numbered(3))
    images, labels = torch.rand(2, 3, 16, 16), torch.randint(0, 3, (2, 16, 16))
    labels[0, :4] = 255
    sums, counts = WithLoss(network, torch.ones(3))(images, labels, None)
    assert counts.tolist() == [2 * 256 - 64]
    other, _ = WithLoss(network, torch.full((3,), 2.0))(images, labels, None)
    assert torch.allclose(other, 2 * sums)
