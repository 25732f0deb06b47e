"""Measure speed and memory as ratios, with the variants interleaved in one run.

python scripts/bench.py --checkpoint checkpoints/segnode-streets --out scripts/results/bench.json
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import segnode.threads  # noqa: F401 - before torch

import numpy as np
import torch
import tyro
from torch.nn import functional as F

from segnode import Predictor, SegNode, SolverConfig, build_model
from segnode.analysis.engine import engine
from segnode.analysis.memory import LiveBytes
from segnode.analysis.timing import medians
from segnode.command import launch
from segnode.config import Gradient
from segnode.disk import refuse_unwritable
from segnode.ode import diffeq, solve
from segnode.ode.evaluations import Evaluations
from segnode.predict import batch_of
from segnode.provenance import provenance
from segnode.results.bench import Bench
from segnode.streets import render_street

RK4, MIDPOINT = SolverConfig("rk4", 4), SolverConfig("midpoint", 2)


@dataclass(frozen=True)
class Settings:
    """Command-line settings; the comments are the help texts."""

    # Folder of the network measured.
    checkpoint: Path = Path("checkpoints/segnode-streets")
    # The JSON written.
    out: Path = Path("scripts/results/bench.json")
    # Times each variant is run.
    rounds: int = 9
    # Seed of the street solved.
    seed: int = 100_000


def main(settings: Settings) -> None:
    """Measure, print, write."""
    refuse_unwritable(settings.out)
    torch.manual_seed(settings.seed)
    model = SegNode.from_pretrained(settings.checkpoint)
    scene = render_street(settings.seed)
    results = {
        "provenance": provenance(settings.seed),
        "picture": "480 x 360",
        "parameters": sum(p.numel() for p in model.parameters()),
        "frames": {s.name: frames(model, scene.image, s, settings.rounds) for s in (RK4, MIDPOINT)},
        "loop": {s.name: loop(model, scene.image, s, settings.rounds) for s in _PEERED},
        "gradients": gradients(model, scene.image, scene.labels, settings.rounds),
        "engine": {
            "segnode-w48": asdict(engine(cast(SegNode, build_model("segnode-w48")))),
            settings.checkpoint.name: asdict(engine(model)),
        },
        "streets": {"ms": medians({"scene": lambda: render_street(settings.seed)}, settings.rounds)["scene"]},
    }
    Bench.from_json(results).write(settings.out)
    print(settings.out.read_text(encoding="utf-8"))


_PEERED = (SolverConfig("midpoint", 2), SolverConfig("midpoint", 4), SolverConfig("rk4_38", 4))


def frames(model: SegNode, image: np.ndarray, solver: SolverConfig, rounds: int) -> dict[str, float]:
    """17 frames of one solve, against solving to T for one frame, and against a solve for each frame (paper, 4.8)."""
    predictor = Predictor(model)
    times = np.linspace(0, 1, 17)

    def again() -> None:
        for time_ in times[1:]:
            predictor.trajectory(image, [float(time_)], solver, until=float(time_))

    ms = medians(
        {
            "last_frame": lambda: predictor.trajectory(image, [1.0], solver),
            "frames_17": lambda: predictor.trajectory(image, 17, solver),
        },
        rounds,
    )
    ms |= medians({"solve_again_for_each": again}, max(1, rounds // 3))
    return {
        **{f"{name}_ms": value for name, value in ms.items()},
        "frames_17_to_last_frame": ms["frames_17"] / ms["last_frame"],
        "solve_again_to_frames_17": ms["solve_again_for_each"] / ms["frames_17"],
    }


@torch.no_grad()
def loop(model: SegNode, image: np.ndarray, solver: SolverConfig, rounds: int) -> dict[str, float]:
    """Our fixed grid against torchdiffeq's, on the same states to the same T; the peer in both memory layouts."""
    state = model.encode(batch_of(image))
    plain = SegNode(model.config, model.classes).eval()
    plain.load_state_dict(model.state_dict())
    contiguous = tuple(stream.contiguous() for stream in state)

    def peer(network: SegNode, start: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        return diffeq.integrate(Evaluations(network.field, 1000), start, (0.0, 1.0), solver)[0][-1]

    difference = max(
        float((a - b).abs().max())
        for a, b in zip(solve(model.field, state, solver).states[-1], peer(model, state), strict=True)
    )
    ms = medians(
        {
            "ours": lambda: solve(model.field, state, solver),
            "torchdiffeq": lambda: peer(model, state),
            "torchdiffeq_contiguous": lambda: peer(plain, contiguous),
        },
        rounds,
    )
    return {
        **{f"{name}_ms": value for name, value in ms.items()},
        "torchdiffeq_best_to_ours": min(ms["torchdiffeq"], ms["torchdiffeq_contiguous"]) / ms["ours"],
        "largest_difference": difference,
    }


def gradients(model: SegNode, image: np.ndarray, labels: np.ndarray, rounds: int) -> dict[str, dict[str, float]]:
    """Time, peak live tensor bytes and error of the three gradients: one picture, midpoint-4, training mode.

    The error is that of all of f's parameters together, against the gradient of the discrete solve.
    """
    model.train()
    batch, truth = batch_of(image), torch.from_numpy(labels).long()[None]
    statistics_before = {name: buffer.clone() for name, buffer in model.named_buffers()}

    def step(gradient: Gradient) -> torch.Tensor:
        model.zero_grad(set_to_none=True)
        solver = SolverConfig("midpoint", 4, gradient=gradient)
        F.cross_entropy(model(batch, solver), truth, ignore_index=255).backward()
        return torch.cat([p.grad.flatten() for p in model.field.parameters() if p.grad is not None])

    names: tuple[Gradient, ...] = ("backprop", "checkpoint", "adjoint")
    ms = medians({name: lambda name=name: step(name) for name in names}, rounds)
    exact = step("backprop")
    measured = {}
    for name in names:
        model.zero_grad(set_to_none=True)
        with LiveBytes() as memory:
            gradient = step(name)
        measured[name] = {
            "ms": ms[name],
            "time_to_backprop": ms[name] / ms["backprop"],
            "peak_mib": memory.peak / 2**20,
            "error": float((gradient - exact).norm() / exact.norm()),
        }
    for entry in measured.values():
        entry["peak_to_backprop"] = entry["peak_mib"] / measured["backprop"]["peak_mib"]
    for name, buffer in model.named_buffers():
        buffer.copy_(statistics_before[name])
    model.eval()
    return measured


if __name__ == "__main__":
    launch(lambda: main(tyro.cli(Settings, description=__doc__)))
