"""The page of results: every table and figure, as Markdown, from the committed JSON."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean

from segnode.analysis.convergence import Convergence
from segnode.analysis.engine import Engine
from segnode.checkpoint import EVALUATION
from segnode.provenance import short_revision
from segnode.results.accuracy_cost import FINE, FULL_WITHIN, AccuracyCost
from segnode.results.bench import Bench
from segnode.results.comparison import MISALIGNED, Comparison
from segnode.results.cost import Costs
from segnode.results.evaluation import Evaluation
from segnode.results.familiarity import FamiliarityResult
from segnode.results.kinks import Kinks
from segnode.results.page import Page
from segnode.results.resume import Resume
from segnode.results.schema import Provenance

ROOT = Path(__file__).parents[1]
CHECKPOINT = ROOT / "checkpoints" / "segnode-streets"
SCENES = ROOT / "checkpoints" / "segnode-scenes"
PEOPLE = ROOT / "checkpoints" / "segnode-people"
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
        _scores(Evaluation.read(CHECKPOINT / EVALUATION), Kinks.read(RESULTS / "kinks.json")),
        _other_checkpoint(
            SCENES,
            "twenty classes of everyday photographs",
            "that other networks labelled where no person had: mostly agreement with them",
        ),
        _other_checkpoint(PEOPLE, "what people wear", "labelled by people"),
        "## Error over solve time\n",
        _trajectories(),
        "## Accuracy and cost of a solver\n",
        *(_variants(path) for path in sorted((RESULTS / "accuracy_cost").glob("*.json"))),
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


def _scores(evaluation: Evaluation, kinks: Kinks) -> str:
    checked, convergence = evaluation.ode_checks()
    rows = [
        f"| {name} | {curve.pictures} | {curve.mean_iou[0]:.1f} | {curve.mean_iou[-1]:.1f} | {curve.agreement[0]:.1f} |"
        for name, curve in evaluation.curves.items()
    ]
    solvers = ", ".join(f"{name} {score:.1f}" for name, score in checked.mean_iou.items())
    coarse, fine = kinks.softplus[-1].steps[-2:]
    return "\n".join(
        [
            "`checkpoints/segnode-streets`, dataset-level mIoU in percent at 480x360, single scale, no flips:",
            "",
            "| set | pictures | at t = 0 | at T | agreement of t = 0 with T |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"Is it an ODE? Under other solvers, on {checked.data}: {solvers}. Observed order of the"
            f" state's error: {_orders(convergence.methods)}. That rk4 does not reach 4 is mostly the kinks of f's"
            f" ReLU: between {coarse} and {fine} steps, in float64, f as it is gives {_orders(kinks.relu)}, and with"
            f" softplus in place of its ReLU {_orders(kinks.softplus)}."
            f" {_source(evaluation.provenance, 'checkpoints/segnode-streets/evaluation.json')}"
            f" {_source(kinks.provenance, 'scripts/results/kinks.json')}",
            "",
        ]
    )


def _other_checkpoint(folder: Path, kind: str, labels: str) -> str:
    """A paragraph on another checkpoint. kind: of pictures it is for. labels: who labelled those it was scored on."""
    evaluation = Evaluation.read(folder / EVALUATION)
    familiarity = FamiliarityResult.read(folder / "familiarity.json")
    ((name, curve),) = evaluation.curves.items()
    own = ", ".join(f"{entry.unfamiliar:.0%}" for entry in familiarity.check.values())
    others = ", ".join(f"{name} {entry.unfamiliar:.0%}" for name, entry in familiarity.strangers.items())
    path = f"checkpoints/{folder.name}"
    return (
        f"`{path}`, {kind}: mIoU {curve.mean_iou[-1]:.1f} at T and {curve.mean_iou[0]:.1f} at t = 0 on {name},"
        f" {curve.pictures} pictures {labels}. It warns of {own} of the pictures of its own kind, and of these"
        f" strangers: {others}. {_source(evaluation.provenance, f'{path}/evaluation.json')}"
        f" {_source(familiarity.provenance, f'{path}/familiarity.json')}\n"
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


def _variants(path: Path) -> str:
    """What time buys: each way to spend less, beside the cheapest solver that counts as full."""
    measured = AccuracyCost.read(path)
    rows = []
    for name, scores in measured.sets.items():
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
            f" between the best and the worst solver that reaches T with {FINE} evaluations or more.",
            "",
            "| set | full | two thirds | half | a quarter | stopped at T/2 | between solvers |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            _source(measured.provenance["accuracy"], f"scripts/results/accuracy_cost/{path.name}"),
            "",
        ]
    )


def _familiarity(familiarity: FamiliarityResult) -> str:
    checks = [f"{name} {entry.unfamiliar:.0%}" for name, entry in familiarity.check.items()]
    rows = [
        f"| {name} | {entry.pictures} | {entry.unfamiliar:.0%} | {entry.auroc.distance:.3f}"
        f" | {entry.auroc.confidence:.3f} |"
        for name, entry in familiarity.strangers.items()
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
            f" {_source(familiarity.provenance, 'checkpoints/segnode-streets/familiarity.json')}",
            "",
        ]
    )


def _page(page: Page) -> str:
    opening, labels = page.opening, page.drag["labels"]
    speeds = (("", labels["full_speed"]), (", processor throttled 4 times", labels["throttled_4"]))
    drags = [
        f"| drag event to drawn frame{how} | {speed.event_to_drawn_ms.median:.1f} ms median,"
        f" {speed.event_to_drawn_ms.p95:.1f} ms at the 95th percentile |"
        for how, speed in speeds
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
            f"| requests to the server during a drag | {during.requests + during.messages_sent} |",
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
        f"{engine.f_share:.0%} for {name} ({engine.f_gflops:.0f} of {engine.matmul_gflops:.0f} GFLOP/s)"
        for name, engine in engines.items()
    )
    alone = ", ".join(f"{engine.convolution_share:.0%}" for engine in engines.values())
    rest = ", ".join(f"{1 - engine.convolution_time_share:.0%}" for engine in engines.values())
    return [
        f"One evaluation of f against a large matrix product on the same processor: {shares}. Its convolutions alone"
        f" reach {alone}; norms, ReLU, sums and interpolation, take the other {rest} of the time.",
        "",
    ]


def compared(comparison: Comparison) -> str:
    """The compact comparison, as far as its runs are through."""
    budget, aligned = comparison.budget, comparison.aligned
    rows = [
        f"| {network.title}{' (control)' if network.question else ''} | {_mean(network.scores)}"
        f" | {len(network.runs)} | {network.parameters / 1e6:.1f} M | {network.training_bytes / 2**20:.0f} MiB"
        f" | {network.seconds_a_step:.2f} s | {network.runs[0].epochs:g} |"
        for network in comparison.measured.values()
    ]
    rest = f" Not trained yet: {', '.join(comparison.waiting)}." if comparison.waiting else ""
    spreads = {network.title: network.spread for network in comparison.networks.values() if network.spread is not None}
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


def _mean(values: Sequence[float]) -> str:
    """Their mean, and their ends where they are several."""
    spread = f" ({min(values):.1f} to {max(values):.1f})" if len(values) > 1 else ""
    return f"{mean(values):.1f}{spread}"


def _resumed(resume: Resume) -> str:
    kills, differing = len(resume.kills), len(resume.differing)
    return (
        f"A tiny training run killed {kills} times at random moments, and resumed, against one left to run to its end:"
        f" of {resume.tensors} tensors and counts of its last state, {differing} not equal to the bit."
        f" {_source(resume.provenance, 'scripts/results/resume.json')}\n"
    )


def _costs(cost: Costs) -> str:
    """Table 2: ours, and the paper's in brackets."""
    rows = []
    for row in cost.networks:
        ours, paper = row.measures, cost.theirs(row.paper)
        cells = (
            f"{ours.parameters_m:.1f} M" + _in_brackets(paper.parameters_m, "{:.1f}"),
            f"{ours.multiply_adds_g:.1f}",
            f"{ours.training_gib:.1f}" + _in_brackets(paper.training_gib, "{:.1f}"),
            f"{ours.testing_gib:.2f}" + _in_brackets(paper.testing_gib, "{:.1f}"),
            _ratio(ours.training_ratio) + _in_brackets(paper.training_ratio, "{:.2f}"),
            _ratio(ours.testing_ratio) + _in_brackets(paper.testing_ratio, "{:.2f}"),
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


def _in_brackets(value: float | None, form: str) -> str:
    """What the paper says, in brackets."""
    return "" if value is None else f" ({form.format(value)})"


def _ratio(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.2f}"


def _speed(bench: Bench) -> str:
    frames = [
        f"| 17 frames, {name} | {entry.frames_17_ms:.0f} ms"
        f" | {entry.frames_17_to_last_frame:.2f} x one frame at T;"
        f" solving again for each: {entry.solve_again_to_frames_17:.1f} x |"
        for name, entry in bench.frames.items()
    ]
    loops = [
        f"| solve, {name} | {entry.ours_ms:.0f} ms | torchdiffeq takes {entry.torchdiffeq_best_to_ours:.2f} x |"
        for name, entry in bench.loop.items()
    ]
    gradients = [
        f"| gradient, {name} | {entry.ms:.0f} ms | {entry.time_to_backprop:.2f} x the time and"
        f" {entry.peak_to_backprop:.2f} x the peak memory of backprop ({entry.peak_mib:.0f} MiB);"
        f" relative error {entry.error:.0e} |"
        for name, entry in bench.gradients.items()
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


def _source(where: Provenance, path: str) -> str:
    revision = short_revision(where.revision)
    threads = f"{where.threads} thread{'s' if where.threads > 1 else ''}"
    return f"Source: `{path}` ({where.hardware}, {threads}, revision {revision})."
