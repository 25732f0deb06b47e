"""Write the short table of results into README.md, and all of them into scripts/results/README.md, from the JSON there.

python scripts/readme.py
"""

import json
import sys
from pathlib import Path
from statistics import mean
from typing import Any

from app.views.paper.accuracy.comparison_words import MISALIGNED
from segnode.command import launch
from segnode.provenance import short_revision
from segnode.results import accuracy_cost

ROOT = Path(__file__).parents[1]
CHECKPOINT = ROOT / "checkpoints" / "segnode-streets"
SCENES = ROOT / "checkpoints" / "segnode-scenes"
RESULTS = ROOT / "scripts" / "results"
README, PAGE = ROOT / "README.md", RESULTS / "README.md"
FIGURES = "trajectory_error"
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
    evaluation, scenes = _read(CHECKPOINT / "evaluation.json"), _read(SCENES / "evaluation.json")
    ((camvid, streets),) = [pair for pair in evaluation["sets"].items() if pair[0].startswith("camvid:")]
    ((_, photographs),) = scenes["sets"].items()
    networks = _read(RESULTS / "comparison.json")["networks"]
    compact = {name: f"{mean(networks[name]['mIoU']):.1f}" for name in ("segnode", "baseline", "hrnetv2")}
    theirs = {row["name"]: row["cells"]["CamVid"]["paper"] for row in _read(RESULTS / "table1.json")["rows"]}
    cost = _read(RESULTS / "cost.json")
    costs = {row["name"]: row for row in cost["networks"]}
    told = {key: value / cost["paper"]["HRNetV2"][key] for key, value in cost["paper"]["SegNode"].items()}
    ours = costs["SegNode, midpoint-2, backprop"]

    def share(name: str) -> str:
        return f"{costs[name]['training_gib'] / costs['HRNetV2']['training_gib']:.2f}"

    scores = list(evaluation["solvers"]["mIoU"].values())
    resumed = _read(RESULTS / "resume.json")
    bought = accuracy_cost.read(RESULTS / "accuracy_cost" / f"{CHECKPOINT.name}.json").sets[camvid]
    half, _ = bought.within(1 / 2)
    rows = [
        (
            "Compact SegNode on CamVid's validation split, mIoU",
            "-",
            f"{streets['mIoU'][-1]:.1f} at T, {streets['mIoU'][0]:.1f} at t = 0",
        ),
        (
            f"The same under {len(scores)} solvers: is it an ODE?",
            "-",
            f"{min(scores):.1f} to {max(scores):.1f}",
        ),
        (
            "Compact networks trained alike: SegNode, baseline, HRNetV2",
            f"{theirs['SegNode']}, {theirs['Baseline network']}, {theirs['HRNetV2']} on CamVid at full size",
            f"{compact['segnode']}, **{compact['baseline']}**, {compact['hrnetv2']}, all misaligned: to be repeated",
        ),
        (
            "Training memory, of HRNetV2's",
            f"{told['training_gb']:.2f}",
            f"{share('SegNode, midpoint-2, backprop')}, recomputed {share('SegNode, midpoint-2, checkpoint')};"
            f" the baseline without an ODE {share('Baseline')} and {share('Baseline, checkpoint')}",
        ),
        (
            "Time of a training step and of an answer, of HRNetV2's",
            f"{told['training_s_an_epoch']:.2f}, {told['testing_ms']:.2f}, on a V100",
            f"{ours['training_to_hrnetv2']:.2f}, {ours['testing_to_hrnetv2']:.2f}, on a CPU",
        ),
        (
            "Twenty classes of everyday photographs, mIoU",
            "-",
            f"{photographs['mIoU'][-1]:.1f}, mostly agreement with the networks that labelled them",
        ),
        (
            "Half the evaluations of f, points of mIoU",
            "-3 %",
            f"{-bought.loss(half):+.1f} ({half}); stopping at T/2 {-bought.stopped_half():+.1f}",
        ),
        (
            "A training run killed and resumed",
            "-",
            f"{len(resumed['kills'])} times, {len(resumed['differing'])} of {resumed['tensors']} tensors differ",
        ),
    ]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(("| what | the paper | here |", "|---|---|---|", *lines, ""))


def results() -> str:
    """The page of results, as Markdown."""
    parts = [
        "# Results\n\nWritten by `scripts/readme.py` from the JSON in this folder and beside the weights. Each figure"
        " says which file holds it, and on what it was measured; the file holds the command too.\n",
        _scores(_read(CHECKPOINT / "evaluation.json"), _read(RESULTS / "kinks.json")),
        _scenes(_read(SCENES / "evaluation.json"), _read(SCENES / "familiarity.json")),
        _trajectories(),
        *(_bought(path) for path in sorted((RESULTS / "accuracy_cost").glob("*.json"))),
        _familiarity(_read(CHECKPOINT / "familiarity.json")),
        comparison_section(_read(RESULTS / "comparison.json")),
        _costs(_read(RESULTS / "cost.json")),
        _speed(_read(RESULTS / "bench.json")),
        _page(_read(RESULTS / "page.json")),
        _resumed(_read(RESULTS / "resume.json")),
    ]
    return "\n".join((*parts, ""))


def _scores(evaluation: dict[str, Any], kinks: dict[str, Any]) -> str:
    rows = [
        f"| {name} | {found['pictures']} | {found['mIoU'][0]:.1f} | {found['mIoU'][-1]:.1f}"
        f" | {found['agreement'][0]:.1f} |"
        for name, found in evaluation["sets"].items()
    ]
    solvers = ", ".join(f"{name} {score:.1f}" for name, score in evaluation["solvers"]["mIoU"].items())
    coarse, fine = kinks["softplus"][-1]["steps"][-2:]
    orders = _orders(evaluation["convergence"]["methods"])
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
            f" {fine} steps, in float64, f as it is gives {_orders(kinks['relu'])}, and with softplus in place of its"
            f" ReLU {_orders(kinks['softplus'])}."
            f" {_source(evaluation, 'checkpoints/segnode-streets/evaluation.json')}"
            f" {_source(kinks, 'scripts/results/kinks.json')}",
            "",
        ]
    )


def _scenes(evaluation: dict[str, Any], familiarity: dict[str, Any]) -> str:
    """The network of everyday photographs, in a paragraph."""
    ((name, found),) = evaluation["sets"].items()
    own = ", ".join(f"{entry['unfamiliar']:.0%}" for entry in familiarity["check"].values())
    others = ", ".join(f"{name} {entry['unfamiliar']:.0%}" for name, entry in familiarity["strangers"].items())
    return (
        f"`checkpoints/segnode-scenes`, twenty classes of everyday photographs: mIoU {found['mIoU'][-1]:.1f} at T and"
        f" {found['mIoU'][0]:.1f} at t = 0 on {name}, {found['pictures']} pictures that other networks labelled where"
        f" no person had: mostly agreement with them. It warns of {own} of the pictures of its own kind, and of these"
        f" strangers: {others}. {_source(evaluation, 'checkpoints/segnode-scenes/evaluation.json')}"
        f" {_source(familiarity, 'checkpoints/segnode-scenes/familiarity.json')}\n"
    )


def _orders(methods: list[dict[str, Any]]) -> str:
    """Observed order of each method."""
    return ", ".join(f"{method['method']} {method['order']:.1f}" for method in methods)


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
    found = accuracy_cost.read(path)
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
            f" {accuracy_cost.FULL_WITHIN:g} of the best, and the best way to spend at most a share of its evaluations"
            " of f, in points of mIoU against it. Regions that leave early are really not computed. The last two"
            " columns: what stopping at half of T costs (the paper: 3 % for half the computation), and the points"
            " between the best and the worst solver that reaches T with 8 evaluations or more.",
            "",
            "| set | full | two thirds | half | a quarter | stopped at T/2 | between solvers |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            _source({"provenance": found.provenance["accuracy"]}, f"scripts/results/accuracy_cost/{path.name}"),
            "",
        ]
    )


def _familiarity(found: dict[str, Any]) -> str:
    checks = [f"{name} {entry['unfamiliar']:.0%}" for name, entry in found["check"].items()]
    rows = [
        f"| {name} | {entry['pictures']} | {entry['unfamiliar']:.0%} | {entry['auroc']['distance']:.3f}"
        f" | {entry['auroc']['confidence']:.3f} |"
        for name, entry in found["strangers"].items()
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
            f" {_source(found, 'checkpoints/segnode-streets/familiarity.json')}",
            "",
        ]
    )


def _page(page: dict[str, Any]) -> str:
    opening, labels = page["opening"], page["drag"]["labels"]
    speeds = (("", labels["full_speed"]), (", processor throttled 4 times", labels["throttled_4"]))
    drags = [
        f"| drag event to drawn frame{how} | {found['event_to_drawn_ms']['median']:.1f} ms median,"
        f" {found['event_to_drawn_ms']['p95']:.1f} ms at the 95th percentile |"
        for how, found in speeds
    ]
    during = labels["full_speed"]["during"]
    memory = page["memory"]
    last = list(memory["resident_mib"].items())[-1]
    return "\n".join(
        [
            "The page, in Chromium against the real server:",
            "",
            "| what | measured |",
            "|---|---|",
            *drags,
            f"| asked of the server during a drag | {during['requests'] + during['messages_sent']} |",
            f"| opening the page to the first drawn frame | {opening['warm_ms']['drawn'] / 1000:.1f} s;"
            f" with a cold server {opening['cold_ms']['drawn'] / 1000:.1f} s |",
            f"| what one solve sends | {page['payload']['midpoint-4']['message'] / 1e6:.2f} MB |",
            f"| memory of the server after {last[0]} scenes | {last[1]:.0f} MiB, changing by"
            f" {memory['late_slope_mib_a_run']:+.1f} MiB a scene at the end |",
            "",
            _source(page, "scripts/results/page.json"),
            "",
        ]
    )


def _engine(engines: dict[str, dict[str, float]]) -> list[str]:
    shares = ", ".join(
        f"{found['f_share']:.0%} for {name} ({found['f_gflops']:.0f} of {found['matmul_gflops']:.0f} GFLOP/s)"
        for name, found in engines.items()
    )
    alone = ", ".join(f"{found['convolution_share']:.0%}" for found in engines.values())
    rest = ", ".join(f"{1 - found['convolution_time_share']:.0%}" for found in engines.values())
    return [
        f"One evaluation of f against a large matrix product on the same processor: {shares}. Its convolutions alone"
        f" reach {alone}; norms, ReLU, sums and interpolation, take the other {rest} of the time.",
        "",
    ]


def comparison_section(comparison: dict[str, Any]) -> str:
    """The compact comparison, as far as its runs are through."""
    budget, networks = comparison["budget"], comparison["networks"]
    rows = [
        f"| {found['title']}{' (control)' if found['question'] else ''} | {_mean(found['mIoU'])}"
        f" | {len(found['mIoU'])} | {found['parameters'] / 1e6:.1f} M | {found['training_bytes'] / 2**20:.0f} MiB"
        f" | {found['seconds_a_step']:.2f} s | {found['runs'][0]['epochs']:g} |"
        for found in networks.values()
        if found["mIoU"]
    ]
    aligned = comparison.get("aligned") is True
    waiting = [found["title"] for found in networks.values() if not found["mIoU"]]
    rest = f" Not trained yet: {', '.join(waiting)}." if waiting else ""
    several = {found["title"]: found["mIoU"] for found in networks.values() if len(found["mIoU"]) > 1}
    widest = max(several, key=lambda title: max(several[title]) - min(several[title]), default=None)
    alone = "In brackets, the ends of the runs." if widest else "One run each says little of small differences."
    if widest:
        alone += f" Seeds alone move {widest} by {max(several[widest]) - min(several[widest]):.1f} points."
    return "\n".join(
        [
            *([] if aligned else [f"**Misaligned**: {MISALIGNED}", ""]),
            f"The paper's central claim at a size two cores can train: {budget['epochs']} epochs of CamVid's training"
            f" split, or {budget['minutes']:g} minutes of one core where they end sooner, the same optimizer search (f"
            " of one module and of three take SegNode's), mIoU on the validation split, a clip of a drive whose other"
            " frames are trained on (`scripts/compare.py`). None of the paper's Table 1 has been trained at"
            " its size here; its figures stand beside these on the page Results.",
            "",
            "| network | mIoU | runs | parameters | training memory | a step | epochs |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            f"{f'{_gaps(networks)} ' if aligned else ''}{alone}{rest}"
            f" {_source({'provenance': comparison['provenance']['speed']}, 'scripts/results/comparison.json')}",
            "",
        ]
    )


def _gaps(networks: dict[str, dict[str, Any]]) -> str:
    """How SegNode stands to the two networks of the paper's claim, in a sentence."""
    ours, *peers = (networks[name] for name in ("segnode", "baseline", "hrnetv2"))
    told = []
    for peer in peers:
        gap = mean(ours["mIoU"]) - mean(peer["mIoU"])
        share = ours["parameters"] / peer["parameters"]
        side = "above" if gap > 0 else "below"
        told.append(f"{abs(gap):.1f} points {side} {peer['title']}, with {share:.2f} of its parameters")
    return f"SegNode comes out {', and '.join(told)}."


def _mean(found: list[float]) -> str:
    """Their mean, and their ends where they are several."""
    spread = f" ({min(found):.1f} to {max(found):.1f})" if len(found) > 1 else ""
    return f"{mean(found):.1f}{spread}"


def _resumed(found: dict[str, Any]) -> str:
    kills, differing = len(found["kills"]), len(found["differing"])
    return (
        f"A tiny training run killed {kills} times at random moments, and resumed, against one left to run to its end:"
        f" of {found['tensors']} tensors and counts of its last state, {differing} not equal to the bit."
        f" {_source(found, 'scripts/results/resume.json')}\n"
    )


def _costs(cost: dict[str, Any]) -> str:
    """Table 2: ours, and the paper's in brackets."""
    peers = cost["paper"]["HRNetV2"]
    rows = []
    for entry in cost["networks"]:
        paper = cost["paper"].get(entry["paper"], {})
        told = {key: value / peers[key] for key, value in paper.items()}
        cells = (
            f"{entry['parameters'] / 1e6:.1f} M" + _told(paper.get("parameters_m"), "{:.1f}"),
            f"{entry['multiply_adds'] / 1e9:.1f}",
            f"{entry['training_gib']:.1f}" + _told(paper.get("training_gb"), "{:.1f}"),
            f"{entry['testing_gib']:.2f}" + _told(paper.get("testing_gb"), "{:.1f}"),
            _ratio(entry["training_to_hrnetv2"]) + _told(told.get("training_s_an_epoch"), "{:.2f}"),
            _ratio(entry["testing_to_hrnetv2"]) + _told(told.get("testing_ms"), "{:.2f}"),
        )
        rows.append(f"| {entry['name']} | {' | '.join(cells)} |")
    measured = cost["provenance"]["time"]
    return "\n".join(
        [
            f"The paper's Table 2 at {cost['picture']}, ours and in brackets the paper's. Memory is peak live tensor"
            f" bytes, training at batch {cost['training_batch']}, testing one picture, in GiB; times are ratios to"
            " HRNetV2's, ours on a CPU in one run in which all took their turn, the paper's on a V100.",
            "",
            "| network | parameters | GMAC | training memory | testing memory | training time | testing time |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            *(f"- {each['claim']} {each['caveat']}" for each in cost["claims"]),
            "",
            _source(cost | {"provenance": measured}, "scripts/results/cost.json"),
            "",
        ]
    )


def _told(value: float | None, form: str) -> str:
    """What the paper says, in brackets."""
    return "" if value is None else f" ({form.format(value)})"


def _ratio(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.2f}"


def _speed(bench: dict[str, Any]) -> str:
    frames = [
        f"| 17 frames, {name} | {found['frames_17_ms']:.0f} ms"
        f" | {found['frames_17_to_last_frame']:.2f} x one frame at T;"
        f" solving again for each: {found['solve_again_to_frames_17']:.1f} x |"
        for name, found in bench["frames"].items()
    ]
    loops = [
        f"| solve, {name} | {found['ours_ms']:.0f} ms | torchdiffeq takes {found['torchdiffeq_best_to_ours']:.2f} x |"
        for name, found in bench["loop"].items()
    ]
    gradients = [
        f"| gradient, {name} | {found['ms']:.0f} ms | {found['time_to_backprop']:.2f} x the time and"
        f" {found['peak_to_backprop']:.2f} x the peak memory of backprop ({found['peak_mib']:.0f} MiB);"
        f" relative error {found['error']:.0e} |"
        for name, found in bench["gradients"].items()
    ]
    return "\n".join(
        [
            f"Speed and memory, {bench['picture']}, one picture:",
            "",
            "| what | time | next to |",
            "|---|---|---|",
            *frames,
            *loops,
            *gradients,
            "",
            *_engine(bench["engine"]),
            f"Gradients are those of midpoint-4 in training mode. {_source(bench, 'scripts/results/bench.json')}",
            "",
        ]
    )


def _source(results_: dict[str, Any], path: str) -> str:
    where = results_["provenance"]
    revision = short_revision(where["revision"])
    threads = f"{where['threads']} thread{'s' if where['threads'] > 1 else ''}"
    return f"Source: `{path}` ({where['hardware']}, {threads}, revision {revision})."


def _read(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        sys.exit(f"{path.relative_to(ROOT)} is not there: run the script that writes it first.")


if __name__ == "__main__":
    launch(main)
