"""The paper's Table 2, why ours differs from it where it does, and what may and may not be claimed."""

from typing import Any

_KEYS = ("largest_batch", "training_gb", "testing_gb", "training_s_an_epoch", "testing_ms", "parameters_m")
#: Measured by its authors on an NVIDIA V100 of 32 GB, CamVid at 480x360.
PAPER = {
    name: dict(zip(_KEYS, values, strict=True))
    for name, values in {
        "U-Net": (36, 21.8, 0.8, 10, 4, 31.0),
        "PSPNet": (24, 31.2, 0.8, 18, 5, 23.7),
        "DeepLab v3": (24, 31.3, 1.0, 24, 16, 58.6),
        "HRNetV2": (24, 31.1, 1.2, 18, 48, 65.8),
        "Baseline": (24, 31.9, 1.2, 19, 49, 70.9),
        "SegNode": (62, 13.4, 0.7, 34, 117, 20.9),
    }.items()
}
#: How memory was found where a fixed grid is solved by torchdiffeq.
SMALL_PICTURES = "real tensors at small pictures"
#: What no figure here says.
CAVEAT = "Accuracy at 4 evaluations of f and at this size is not measured here."


def sentences(entries: list[dict[str, Any]]) -> dict[str, str]:
    """For each row of the paper's table, why ours does not agree with it. entries: of the JSON."""
    gib = {entry["name"]: f"{entry['training_gib']:.1f} GiB" for entry in entries}
    return {
        "U-Net": f"Ours, with ReLU in place and no normalization, holds {gib['U-Net']} at batch 24; a ReLU that keeps"
        " its input would add to it, and the paper does not say which it used.",
        "PSPNet": "No public layout has 23.7 M parameters; ours is the authors' own, ResNet-50 with an auxiliary head."
        f" Its {gib['PSPNet']} do not explain the paper's 31.2 GB either, which is near all that its card had.",
        "DeepLab v3": f"The same parameters, and {gib['DeepLab v3']} of tensors against 31.3 GB: what the card's"
        " allocator and the convolutions' workspaces took on top is not counted here.",
        "HRNetV2": f"The same parameters, but {gib['HRNetV2']} of tensors against 31.1 GB. The paper's figure is near"
        " all that its card had at the largest batch that fitted, so it may hold the allocator's reserve.",
        "Baseline": f"The same parameters, and {gib['Baseline']} of tensors: the wiring that the paper does not give is"
        " ours, and so may differ in what it keeps.",
        "SegNode": "The paper solves by Runge-Kutta with the adjoint and does not state its steps. Ours keeps less,"
        " with 4 evaluations of f and recomputation: each row says with which solver and gradient.",
    }


def claims(entries: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What the figures let us say of SegNode against HRNetV2, each with what they do not say. entries: of the JSON."""
    by_name = {entry["name"]: entry for entry in entries}
    kept, recomputed = (by_name[f"SegNode, midpoint-2, {gradient}"] for gradient in ("backprop", "checkpoint"))
    both, baseline = by_name["HRNetV2, checkpoint"], by_name["Baseline"]
    claims = [
        (
            f"Training takes {recomputed['training_gib_to_hrnetv2']:.2f} of HRNetV2's memory when f is recomputed, and"
            f" {kept['training_gib_to_hrnetv2']:.2f} when it is not.",
            "Recomputation is open to every network: HRNetV2 with its own modules recomputed takes"
            f" {both['training_gib_to_hrnetv2']:.2f} of its memory, and SegNode"
            f" {recomputed['training_gib'] / both['training_gib']:.2f} of that. The baseline, made of the same modules,"
            f" takes {by_name['Baseline, checkpoint']['training_gib_to_hrnetv2']:.2f} and"
            f" {baseline['training_gib_to_hrnetv2']:.2f}: the memory is won by the modules, not by the ODE. " + CAVEAT,
        ),
        (
            f"Testing takes {kept['testing_gib_to_hrnetv2']:.2f} of HRNetV2's memory.",
            f"The baseline with one module tied takes {by_name['Baseline, tied']['testing_gib_to_hrnetv2']:.2f}. "
            + CAVEAT,
        ),
        (
            f"SegNode has {kept['parameters'] / by_name['HRNetV2']['parameters']:.2f} of HRNetV2's parameters.",
            "That is the tying of weights over depth, which any network could have: the baseline with one module tied"
            f" has {by_name['Baseline, tied']['parameters'] / 1e6:.1f} M.",
        ),
    ]
    if kept["training_to_hrnetv2"] is not None and kept["testing_to_hrnetv2"] is not None:
        claims.append(
            (
                f"A step of training takes {kept['training_to_hrnetv2']:.2f} of HRNetV2's time, recomputed"
                f" {recomputed['training_to_hrnetv2']:.2f}; an answer {kept['testing_to_hrnetv2']:.2f}.",
                "Measured on a CPU, in one run in which all took their turn; a GPU was not there to measure. The"
                f" baseline, made of the same modules, takes {baseline['training_to_hrnetv2']:.2f} and"
                f" {baseline['testing_to_hrnetv2']:.2f}: the time is won by the modules, not by the ODE. " + CAVEAT,
            )
        )
    return [{"claim": claim, "caveat": caveat} for claim, caveat in claims]


def left_open(waiting: list[str]) -> list[str]:
    """What the table leaves open, and why. waiting: names of rows that were not timed yet."""
    sentences = [
        "Where torchdiffeq solves a fixed grid, for the adjoint, memory is extended from real runs at 96x64: each"
        " moment is a straight line over the pixels. Dopri5 chooses its steps by the values it meets, so it is really"
        " run at batches 1 and 2, and extended to 24: a larger batch may take other steps.",
    ]
    if waiting:
        sentences.append(
            f"Times need a machine that does nothing else, so these wait for the next run: {'; '.join(waiting)}."
        )
    return sentences
