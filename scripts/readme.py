"""Write the short table of results into README.md, and all of them into scripts/results/README.md, from the JSON there.

python scripts/readme.py
"""

import sys

from readme_results import CHECKPOINT, PEERS, PEOPLE, RESULTS, ROOT, SCENES, results

from segnode.checkpoint import EVALUATION
from segnode.command import launch
from segnode.results.accuracy_cost import REGIONS, AccuracyCost
from segnode.results.comparison import Comparison
from segnode.results.cost import Costs
from segnode.results.evaluation import Evaluation
from segnode.results.resume import Resume
from segnode.results.table1 import Table1

README, PAGE = ROOT / "README.md", RESULTS / "README.md"
BEGIN, END = "<!-- results: written by scripts/readme.py -->\n", "<!-- end of results -->"


def main() -> None:
    """Replace what stands between the two marks of README.md, and the whole of the page of results."""
    text = README.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        sys.exit("README.md has lost the marks its results stand between: restore them.")
    before, _, rest = text.partition(BEGIN)
    README.write_text(before + BEGIN + summary() + END + rest.partition(END)[2], encoding="utf-8")
    PAGE.write_text(results(), encoding="utf-8")


def summary() -> str:
    """What was found, in one table: each question, the paper's answer where it has one, and ours."""
    evaluation, scenes = Evaluation.read(CHECKPOINT / EVALUATION), Evaluation.read(SCENES / EVALUATION)
    ((camvid, streets),) = [pair for pair in evaluation.curves.items() if pair[0].startswith("camvid:")]
    (photographs,) = scenes.curves.values()
    (people,) = Evaluation.read(PEOPLE / EVALUATION).curves.values()
    comparison = Comparison.read(RESULTS / "comparison.json")
    compact = ", ".join(f"{comparison.networks[name].score:.1f}" for name in ("segnode", *PEERS))
    misaligned = "" if comparison.aligned else "; a fault put the coarse streams out of place, so to be repeated"
    theirs = {row.name: row.cells["CamVid"].paper for row in Table1.read(RESULTS / "table1.json").rows}
    cost = Costs.read(RESULTS / "cost.json")
    costs = {row.name: row for row in cost.networks}
    paper, ours = cost.theirs("SegNode"), costs["SegNode, midpoint-2, backprop"]

    def share(name: str) -> str:
        return f"{costs[name].training_gib_to_hrnetv2:.2f}"

    scores = list(evaluation.ode_checks()[0].mean_iou.values())
    resumed = Resume.read(RESULTS / "resume.json")
    variants = AccuracyCost.read(RESULTS / "accuracy_cost" / f"{CHECKPOINT.name}.json").sets[camvid]
    half, _ = variants.within(1 / 2)
    how = "where regions that are decided leave the solve early" if half.startswith(REGIONS) else f"with {half}"
    rows = [
        (
            "mIoU of the bundled compact SegNode on CamVid's validation split",
            "-",
            f"{streets.mean_iou[-1]:.1f} at T, {streets.mean_iou[0]:.1f} at t = 0",
        ),
        (
            f"The same under {len(scores)} solver settings",
            "-",
            f"{min(scores):.1f} to {max(scores):.1f}",
        ),
        (
            "mIoU on CamVid of SegNode, the baseline without an ODE, HRNetV2",
            f"{theirs['SegNode']}, {theirs['Baseline network']}, {theirs['HRNetV2']} at full size, split not stated",
            f"{compact} as compact networks trained alike, on validation{misaligned}",
        ),
        (
            "Training memory relative to HRNetV2's",
            f"{paper.memory_ratio:.2f}",
            f"{share('SegNode, midpoint-2, backprop')}, or {share('SegNode, midpoint-2, checkpoint')} with activations"
            f" recomputed; the baseline {share('Baseline')}, or {share('Baseline, checkpoint')}",
        ),
        (
            "Time of a training step and of a prediction relative to HRNetV2's",
            f"{paper.training_ratio:.2f}, {paper.testing_ratio:.2f}, on a V100",
            f"{ours.training_to_hrnetv2:.2f}, {ours.testing_to_hrnetv2:.2f}, on a CPU",
        ),
        (
            "mIoU of the other two bundled models",
            "-",
            f"{photographs.mean_iou[-1]:.1f} on everyday photographs, labelled mostly by other networks;"
            f" {people.mean_iou[-1]:.1f} on what people wear",
        ),
        (
            "mIoU lost with half of the evaluations of f",
            "3 %",
            f"{variants.loss(half):.1f} points {how}, {variants.stopped_half():.1f} by stopping at T/2",
        ),
        (
            f"A training run killed and resumed {len(resumed.kills)} times",
            "-",
            f"{len(resumed.differing)} of {resumed.tensors} tensors differ from a run without a stop",
        ),
    ]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(("| what | the paper | here |", "|---|---|---|", *lines, ""))


if __name__ == "__main__":
    launch(main)
