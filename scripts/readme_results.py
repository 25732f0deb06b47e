"""The page of results: every table and figure, as Markdown, from the committed JSON."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from segnode.analysis.convergence import Convergence
from segnode.analysis.engine import Engine
from segnode.provenance import short_revision
from segnode.results.accuracy_cost import FULL_WITHIN, AccuracyCost
from segnode.results.bench import Bench
from segnode.results.comparison import MISALIGNED, Comparison
from segnode.results.cost import Costs
from segnode.results.familiarity import FamiliarityResult
from segnode.results.kinks import Kinks
from segnode.results.page import Page
from segnode.results.resume import Resume
from segnode.results.schema import Provenance

ROOT = Path(__file__).parents[1]
CHECKPOINT = ROOT / "checkpoints" / "segnode-streets"
SCENES = ROOT / "checkpoints" / "segnode-scenes"
RESULTS = ROOT / "scripts" / "results"
FIGURES = "trajectory_error"
#: The networks of the paper's claim that SegNode is held against.
PEERS = ("baseline", "hrnetv2")


def results() -> str:
    """The page of results, as Markdown."""
    parts = [
        "# Results\n\nWritten by `scripts/readme.py` from the JSON in this folder and beside the weights. Each section"
        " names the file that holds its numbers, and the machine and revision that measured them.\n",
        "## Accuracy\n",
        _scores(read_json(CHECKPOINT / "evaluation.json"), Kinks.read(RESULTS / "kinks.json")),
        _scenes(read_json(SCENES / "evaluation.json"), FamiliarityResult.read(SCENES / "familiarity.json")),
        "## Error over solve time\n",
        _trajectories(),
        "## Accuracy and cost of a solver\n",
        *(_bought(path) for path in sorted((RESULTS / "accuracy_cost").glob("*.json"))),
        "## Unfamiliar pictures\n",
        _familiarity(FamiliarityResult.read(CHECKPOINT / "familiarity.json")),
        "## Compact networks on equal terms\n",
        compared(Comparison.read(RESULTS / "comparison.json")),
        "## Memory and time\n",
        _costs(Costs.read(RESULTS / "cost.json")),
        _speed(Bench.read(RESULTS / "bench.json")),
        "## The page\n",
        _page(Page.read(RESULTS / "page.json")),
        "## Resuming\n",
        _resumed(Resume.read(RESULTS / "resume.json")),
    ]
    return "\n".join((*parts, ""))


def _scores(evaluation: dict[str, Any], kinks: Kinks) -> str:
    rows = [
        f"| {name} | {found['pictures']} | {found['mIoU'][0]:.1f} | {found['mIoU'][-1]:.1f}"
        f" | {found['agreement'][0]:.1f} |"
        for name, found in evaluation["sets"].items()
    ]
    solvers = ", ".join(f"{name} {score:.1f}" for name, score in evaluation["solvers"]["mIoU"].items())
    coarse, fine = kinks.softplus[-1].steps[-2:]
    orders = ", ".join(f"{found['method']} {found['order']:.1f}" for found in evaluation["convergence"]["methods"])
    return "\n".join(
        [
            "`checkpoints/segnode-streets`, dataset-level mIoU in percent at 480x360, single scale, no flips:",
            "",
            "| set | pictures | at t = 0 | at T | agreement of t = 0 with T |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"Is it an ODE? Under other solvers, on {evaluation['solvers']['set']}: {solvers}. Observed order of the"
            f" state's error: {orders}. That rk4 does not reach 4 is mostly the kinks of f's ReLU: between {coarse} and"
            f" {fine} steps, in float64, f as it is gives {_orders(kinks.relu)}, and with softplus in place of its"
            f" ReLU {_orders(kinks.softplus)}."
            f" {_source(_origin(evaluation), 'checkpoints/segnode-streets/evaluation.json')}"
            f" {_source(kinks.provenance, 'scripts/results/kinks.json')}",
            "",
        ]
    )


def _scenes(evaluation: dict[str, Any], familiarity: FamiliarityResult) -> str:
    """The network of everyday photographs, in a paragraph."""
    ((name, found),) = evaluation["sets"].items()
    own = ", ".join(f"{entry.unfamiliar:.0%}" for entry in familiarity.check.values())
    others = ", ".join(f"{name} {entry.unfamiliar:.0%}" for name, entry in familiarity.strangers.items())
    return (
        f"`checkpoints/segnode-scenes`, twenty classes of everyday photographs: mIoU {found['mIoU'][-1]:.1f} at T and"
        f" {found['mIoU'][0]:.1f} at t = 0 on {name}, {found['pictures']} pictures that other networks labelled where"
        f" no person had: mostly agreement with them. It warns of {own} of the pictures of its own kind, and of these"
        f" strangers: {others}. {_source(_origin(evaluation), 'checkpoints/segnode-scenes/evaluation.json')}"
        f" {_source(familiarity.provenance, 'checkpoints/segnode-scenes/familiarity.json')}\n"
    )


def _orders(methods: Sequence[Convergence]) -> str:
    """Observed order of each method."""
    return ", ".join(f"{method.method} {method.order:.1f}" for method in methods)


def _trajectories() -> str:
    """Fig. 4 and Fig. 3, as pictures."""
    return "\n".join(
        [
            "The paper's Fig. 4 on other pictures, and its Fig. 3 on generated streets"
            " (`scripts/trajectory_error.py`):",
            "",
            f"![mIoU error over solve time on CamVid's validation split]({FIGURES}/camvid-val.svg)",
            "",
            f"![Two streets, their segmentation at five times, their truth]({FIGURES}/streets.png)",
            "",
        ]
    )


def _bought(path: Path) -> str:
    """What time buys: each way to spend less, beside the cheapest solver that counts as full."""
    found = AccuracyCost.read(path)
    rows = []
    for name, scores in found.sets.items():
        full = scores.variants[scores.full]
        cells = [f"{scores.full}: {full.miou:.1f}, {full.evaluations:.3g} evaluations"]
        for share in (2 / 3, 1 / 2, 1 / 4):
            best, variant = scores.within(share)
            cells.append(f"{best}: {-scores.loss(best):+.1f}, {variant.evaluations:.3g}")
        rows.append(f"| {name} | {' | '.join(cells)} | {-scores.stopped_half():+.1f} | {scores.spread():.1f} |")
    return "\n".join(
        [
            f"What time buys `{path.stem}` (`scripts/accuracy_cost.py`): the cheapest solver within"
            f" {FULL_WITHIN:g} of the best, and the best way to spend at most a share of its evaluations"
            " of f, in points of mIoU against it. Regions that leave early are really not computed. The last two"
            " columns: what stopping at half of T costs (the paper: 3 % for half the computation), and the points"
            " between the best and the worst solver that reaches T with 8 evaluations or more.",
            "",
            "| set | full | two thirds | half | a quarter | stopped at T/2 | between solvers |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            _source(found.provenance["accuracy"], f"scripts/results/accuracy_cost/{path.name}"),
            "",
        ]
    )


def _familiarity(found: FamiliarityResult) -> str:
    checks = [f"{name} {entry.unfamiliar:.0%}" for name, entry in found.check.items()]
    rows = [
        f"| {name} | {entry.pictures} | {entry.unfamiliar:.0%} | {entry.auroc.distance:.3f}"
        f" | {entry.auroc.confidence:.3f} |"
        for name, entry in found.strangers.items()
    ]
    return "\n".join(
        [
            "Is a picture unlike anything the bundled model was trained on? What the page warns of, and how well the"
            " distance of the features and the confidence alone tell strangers from held-out streets (AUROC):",
            "",
            "| strangers | pictures | warned of | by distance | by confidence |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"False alarms on pictures never trained on: {', '.join(checks)}."
            f" {_source(found.provenance, 'checkpoints/segnode-streets/familiarity.json')}",
            "",
        ]
    )


def _page(page: Page) -> str:
    opening, labels = page.opening, page.drag["labels"]
    speeds = (("", labels["full_speed"]), (", processor throttled 4 times", labels["throttled_4"]))
    drags = [
        f"| drag event to drawn frame{how} | {found.event_to_drawn_ms.median:.1f} ms median,"
        f" {found.event_to_drawn_ms.p95:.1f} ms at the 95th percentile |"
        for how, found in speeds
    ]
    during = labels["full_speed"].during
    last = list(page.memory.resident_mib.items())[-1]
    return "\n".join(
        [
            "The page, in Chromium against the real server:",
            "",
            "| what | measured |",
            "|---|---|",
            *drags,
            f"| asked of the server during a drag | {during.requests + during.messages_sent} |",
            f"| opening the page to the first drawn frame | {opening.warm_ms.drawn / 1000:.1f} s;"
            f" with a cold server {opening.cold_ms.drawn / 1000:.1f} s |",
            f"| what one solve sends | {page.payload['midpoint-4'].message / 1e6:.2f} MB |",
            f"| memory of the server after {last[0]} scenes | {last[1]:.0f} MiB, changing by"
            f" {page.memory.late_slope_mib_a_run:+.1f} MiB a scene at the end |",
            "",
            _source(page.provenance, "scripts/results/page.json"),
            "",
        ]
    )


def _engine(engines: Mapping[str, Engine]) -> list[str]:
    shares = ", ".join(
        f"{found.f_share:.0%} for {name} ({found.f_gflops:.0f} of {found.matmul_gflops:.0f} GFLOP/s)"
        for name, found in engines.items()
    )
    alone = ", ".join(f"{found.convolution_share:.0%}" for found in engines.values())
    rest = ", ".join(f"{1 - found.convolution_time_share:.0%}" for found in engines.values())
    return [
        f"One evaluation of f against a large matrix product on the same processor: {shares}. Its convolutions alone"
        f" reach {alone}; norms, ReLU, sums and interpolation, take the other {rest} of the time.",
        "",
    ]


def compared(comparison: Comparison) -> str:
    """The compact comparison, as far as its runs are through."""
    budget, aligned = comparison.budget, comparison.aligned
    rows = [
        f"| {found.title}{' (control)' if found.question else ''} | {_mean(found.scores)}"
        f" | {len(found.runs)} | {found.parameters / 1e6:.1f} M | {found.training_bytes / 2**20:.0f} MiB"
        f" | {found.seconds_a_step:.2f} s | {found.runs[0].epochs:g} |"
        for found in comparison.measured.values()
    ]
    rest = f" Not trained yet: {', '.join(comparison.waiting)}." if comparison.waiting else ""
    spreads = {found.title: found.spread for found in comparison.networks.values() if found.spread is not None}
    widest = max(spreads, key=lambda title: spreads[title], default=None)
    alone = "In brackets, the ends of the runs." if widest else "One run each says little of small differences."
    if widest:
        alone += f" Seeds alone move {widest} by {spreads[widest]:.1f} points."
    answers = comparison.answers()
    verdicts = "".join(f"{answers[name].outcome} {answers[name].numbers} " for name in PEERS) if aligned else ""
    return "\n".join(
        [
            *([] if aligned else [f"**Misaligned**: {MISALIGNED}", ""]),
            f"The paper's central claim at a size two cores can train: {budget.epochs} epochs of CamVid's training"
            f" split, or {budget.minutes:g} minutes of one core where they end sooner, the same optimizer search (f"
            " of one module and of three take SegNode's), mIoU on the validation split, a clip of a drive whose other"
            " frames are trained on (`scripts/compare.py`). None of the paper's Table 1 has been trained at"
            " its size here; its figures stand beside these on the page Results.",
            "",
            "| network | mIoU | runs | parameters | training memory | a step | epochs |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            f"{verdicts}{alone}{rest} {_source(comparison.provenance['speed'], 'scripts/results/comparison.json')}",
            "",
        ]
    )


def _mean(found: Sequence[float]) -> str:
    """Their mean, and their ends where they are several."""
    spread = f" ({min(found):.1f} to {max(found):.1f})" if len(found) > 1 else ""
    return f"{mean(found):.1f}{spread}"


def _resumed(found: Resume) -> str:
    kills, differing = len(found.kills), len(found.differing)
    return (
        f"A tiny training run killed {kills} times at random moments, and resumed, against one left to run to its end:"
        f" of {found.tensors} tensors and counts of its last state, {differing} not equal to the bit."
        f" {_source(found.provenance, 'scripts/results/resume.json')}\n"
    )


def _costs(cost: Costs) -> str:
    """Table 2: ours, and the paper's in brackets."""
    rows = []
    for row in cost.networks:
        ours, paper = row.measures, cost.theirs(row.paper)
        cells = (
            f"{ours.parameters_m:.1f} M" + _told(paper.parameters_m, "{:.1f}"),
            f"{ours.multiply_adds_g:.1f}",
            f"{ours.training_gib:.1f}" + _told(paper.training_gib, "{:.1f}"),
            f"{ours.testing_gib:.2f}" + _told(paper.testing_gib, "{:.1f}"),
            _ratio(ours.training_ratio) + _told(paper.training_ratio, "{:.2f}"),
            _ratio(ours.testing_ratio) + _told(paper.testing_ratio, "{:.2f}"),
        )
        rows.append(f"| {row.name} | {' | '.join(cells)} |")
    return "\n".join(
        [
            f"The paper's Table 2 at {cost.picture}, ours and in brackets the paper's. Memory is peak live tensor"
            f" bytes, training at batch {cost.training_batch}, testing one picture, in GiB; times are ratios to"
            " HRNetV2's, ours on a CPU in one run in which all took their turn, the paper's on a V100.",
            "",
            "| network | parameters | GMAC | training memory | testing memory | training time | testing time |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            *(f"- {each.claim} {each.caveat}" for each in cost.claims),
            "",
            _source(cost.provenance["time"], "scripts/results/cost.json"),
            "",
        ]
    )


def _told(value: float | None, form: str) -> str:
    """What the paper says, in brackets."""
    return "" if value is None else f" ({form.format(value)})"


def _ratio(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.2f}"


def _speed(bench: Bench) -> str:
    frames = [
        f"| 17 frames, {name} | {found.frames_17_ms:.0f} ms"
        f" | {found.frames_17_to_last_frame:.2f} x one frame at T;"
        f" solving again for each: {found.solve_again_to_frames_17:.1f} x |"
        for name, found in bench.frames.items()
    ]
    loops = [
        f"| solve, {name} | {found.ours_ms:.0f} ms | torchdiffeq takes {found.torchdiffeq_best_to_ours:.2f} x |"
        for name, found in bench.loop.items()
    ]
    gradients = [
        f"| gradient, {name} | {found.ms:.0f} ms | {found.time_to_backprop:.2f} x the time and"
        f" {found.peak_to_backprop:.2f} x the peak memory of backprop ({found.peak_mib:.0f} MiB);"
        f" relative error {found.error:.0e} |"
        for name, found in bench.gradients.items()
    ]
    return "\n".join(
        [
            f"Speed and memory, {bench.picture}, one picture:",
            "",
            "| what | time | next to |",
            "|---|---|---|",
            *frames,
            *loops,
            *gradients,
            "",
            *_engine(bench.engine),
            "Gradients are those of midpoint-4 in training mode."
            f" {_source(bench.provenance, 'scripts/results/bench.json')}",
            "",
        ]
    )


def _origin(evaluation: dict[str, Any]) -> Provenance:
    return Provenance(**evaluation["provenance"])


def _source(where: Provenance, path: str) -> str:
    revision = short_revision(where.revision)
    threads = f"{where.threads} thread{'s' if where.threads > 1 else ''}"
    return f"Source: `{path}` ({where.hardware}, {threads}, revision {revision})."


def read_json(path: Path) -> dict[str, Any]:
    """A file of the repository. Ends the process with a sentence where it is missing."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        sys.exit(f"{path.relative_to(ROOT)} is not there: run the script that writes it first.")
