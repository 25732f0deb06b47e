"""What the page of costs says: its table, its claims and the calculator's answer, as HTML and Markdown."""

from collections.abc import Callable, Sequence
from html import escape

from app.ui.text import plain
from app.views.paper.cost.figures import Time, main_rows, undrawn
from segnode.results.cost import REFERENCE, Calculator, CostRow, Costs, Estimate, Measures, Settings

#: The network the findings are about, as the paper names it.
SUBJECT = "SegNode"
_NONE = "not measured"
#: What the calculator's gradients are.
GRADIENTS = (
    "Checkpoint recomputes in the backward pass what backprop keeps in memory; both are exact. The adjoint, of"
    " SegNode alone, solves the ODE backwards and is not."
)
#: What the findings are about, and of what.
_SHARES: tuple[tuple[str, Callable[[Measures], float | None]], ...] = (
    ("training memory", lambda m: m.memory_ratio),
    ("training time", lambda m: m.training_ratio),
    ("testing time", lambda m: m.testing_ratio),
)
#: By network; None where it has not the gradient asked for.
Answers = dict[str, Estimate | None]
#: Name, unit, both in short for a phone, what of a row, digits of ours and of the paper's. None: the paper has none.
_Column = tuple[str, str, str, Callable[[Measures], float | None], int, int | None]


def key(ink_of: Callable[[str], str]) -> str:
    """HTML: how to read the picture. ink_of: the colour of a family."""
    dots = "".join(
        f'<span><i style="--ink:{ink_of(family)}"></i>{escape(name)}</span>'
        for family, name in (("SegNode", "SegNode"), ("HRNetV2", "HRNetV2"), ("", "others"))
    )
    return (
        '<p class="key"><span><i class="hollow"></i><em>the paper</em></span>'
        f'<span><i></i>here</span>{dots}<span class="note">area: parameters</span></p>'
    )


def numbered(names: Sequence[str]) -> str:
    """Markdown: the names that the picture had room for only as numbers."""
    return plain("; ".join(f"{index} {name}" for index, name in enumerate(names, 1)) + ".")


def findings(costs: Costs) -> str:
    """HTML: SegNode's costs as shares of HRNetV2's, the paper's share, and those of others recomputed too."""
    rows = {row.paper: row for row in main_rows(costs)}
    if (subject := rows.get(SUBJECT)) is None:
        return ""
    theirs = costs.theirs(SUBJECT if SUBJECT in costs.paper else None)
    networks = {row.network for row in rows.values() if row is not subject}
    recomputed = {row.family: row for row in reversed(costs.networks) if row.recompute and row.network in networks}
    lines = ""
    for what, of in _SHARES:
        if (share := of(subject.measures)) is not None:
            others = [("paper", of(theirs)), *((row.name, of(row.measures)) for row in recomputed.values())]
            beside = "; ".join(f"{name} {other:.2f}" for name, other in others if other not in (None, 1.0))
            lines += f"<li><b>{share:.2f}</b> of {REFERENCE}'s {what}<small>{escape(beside)}</small></li>"
    if reference := rows.get(REFERENCE):
        lines += f"<li><b>{subject.parameters / reference.parameters:.2f}</b> of {REFERENCE}'s parameters</li>"
    return f"<h3>{escape(subject.name)}</h3><ul>{lines}</ul>"


def claims(costs: Costs) -> str:
    """HTML: what we claim, each claim with what it leaves open."""
    lines = "".join(f"<li>{escape(each.claim)}<small>{escape(each.caveat)}</small></li>" for each in costs.claims)
    return f"<h3>What is claimed here</h3><ul>{lines}</ul>" if lines else ""


def below_picture(costs: Costs, time: Time) -> str:
    """Markdown: how both sides were timed, and which rows have no place in the picture."""
    batch = getattr(costs.timed_batches, time)
    paper = "seconds an epoch, at the largest batch" if time == "training" else "milliseconds a picture"
    where = f"the CPU{f' ({costs.cuda.device} under the pointer)' if costs.cuda else ''}"
    lines = (
        f"Both axes double from line to line. Ours: {time} timed on {where} at batch {batch}; the paper's: {paper}, on"
        " a V100. Each is a ratio to HRNetV2 of its own source. The paper's GB are drawn as GiB. Point"
        " at a circle for all its numbers."
    )
    if missing := undrawn(costs, time):
        lines += f" {time.capitalize()} time not measured, so not drawn: {'; '.join(missing)}."
    return plain(lines)


def how_measured(costs: Costs) -> str:
    """Markdown: what the numbers are, and where they come from."""
    width, height = costs.size
    return plain(
        f"Ours: the peak bytes of live tensors at {width} x {height}, {costs.classes} classes, counted with PyTorch's"
        " fake tensors, which allocate nothing; for solves by torchdiffeq, with real tensors of few or small pictures"
        " (marked *). Neither"
        " counts what a GPU's driver, its libraries' workspaces or the allocator's gaps add. The paper measured on a"
        f" V100 of 32 GB. Batches count within {costs.limit_gib:g} GiB."
    )


def source(costs: Costs) -> str:
    """Markdown: the command, revision and machine behind the numbers, a paragraph for each part."""
    lines = (f"{part.capitalize()}: {where.origin}." for part, where in costs.provenance.items())
    return "\n\n".join(map(plain, lines))


def table(costs: Costs) -> str:
    """HTML: a row each, by family; in each cell our number and, beside it, the paper's."""
    columns = _columns(costs)
    heads = "".join(f'<th scope="col">{escape(name)}<small>{escape(unit)}</small></th>' for name, unit, *_ in columns)
    groups = "".join(_group(costs, family, columns) for family in costs.families)
    caption = "Ours, and <i>the paper's</i> beside it<span>; x: relative to HRNetV2's</span>"
    return f"<table><caption>{caption}</caption><thead><tr><td></td>{heads}</tr></thead>{groups}</table>"


def _columns(costs: Costs) -> list[_Column]:
    limit, batch = f"in {costs.limit_gib:g} GiB", f"GiB, batch {costs.training_batch}"
    return [
        ("Parameters", "M", "params, M", lambda m: m.parameters_m, 1, 1),
        ("Multiply-adds", "G a picture", "mult.-adds, G", lambda m: m.multiply_adds_g, 1, None),
        ("Largest batch", limit, "largest batch", lambda m: m.largest_batch, 0, 0),
        ("Training memory", batch, "train., GiB", lambda m: m.training_gib, 1, 1),
        ("Training memory", "of HRNetV2's", "train. mem. x", lambda m: m.memory_ratio, 2, 2),
        ("Training time", "of HRNetV2's", "train. time x", lambda m: m.training_ratio, 2, 2),
        ("Testing memory", "GiB, a picture", "testing, GiB", lambda m: m.testing_gib, 2, 1),
        ("Testing time", "of HRNetV2's", "test. time x", lambda m: m.testing_ratio, 2, 2),
    ]


def _group(costs: Costs, family: str, columns: list[_Column]) -> str:
    rows = [row for row in costs.networks if row.family == family]
    body = "".join(_row(costs, row, columns) for row in rows)
    notes = dict.fromkeys(row.paper for row in rows if row.paper in costs.sentences)
    lines = "".join(
        f'<tr class="note"><td colspan="{len(columns) + 1}">{escape(costs.sentences[name])}</td></tr>'
        for name in notes
        if name is not None
    )
    return f"<tbody>{body}{lines}</tbody>"


def _row(costs: Costs, row: CostRow, columns: list[_Column]) -> str:
    theirs = costs.theirs(row.paper)
    mark = "" if row.memory_by == "fake tensors" else f' <abbr title="Memory by {escape(row.memory_by)}">*</abbr>'
    cells = []
    for _, _, short, of, digits, theirs_digits in columns:
        own = of(row.measures)
        ours = f"<b>{own:.{digits}f}</b>" if own is not None else f'<b class="none">{_NONE}</b>'
        beside = "" if theirs_digits is None else f"<i>{_rounded(of(theirs), theirs_digits)}</i>"
        cells.append(f'<td data-of="{escape(short)}"><span>{ours}{beside}</span></td>')
    return f'<tr><th scope="row">{escape(row.name)}{mark}</th>{"".join(cells)}</tr>'


def _rounded(number: float | None, digits: int) -> str:
    return "" if number is None else f"{number:.{digits}f}"


def left_open(costs: Costs) -> str:
    """Markdown: what the table does not tell."""
    return plain(" ".join(costs.left_open))


def answer(costs: Costs, chosen: str, answers: Answers, asked: Settings, ink_of: Callable[[str], str]) -> str:
    """HTML: four numbers of the chosen network, and the training memory of all as bars beside the limit.

    ink_of: the colour of a network's label.
    """
    result = answers[chosen]
    lines = (
        _numbers(costs, result, asked) if result else f"<p>{escape(_no_answer(costs.calculator[chosen], asked))}</p>"
    )
    longest = max([costs.limit_gib, *(other.training_gib for other in answers.values() if other)])
    bars, missing = "", escape(f"no {asked.gradient}")
    for name, other in answers.items():
        label = costs.calculator[name].label
        share, words = (
            (100 * other.training_gib / longest, f"{other.training_gib:.1f} GiB") if other else (0.0, missing)
        )
        bars += (
            f'<tr{" class=chosen" if name == chosen else ""}><th scope="row">{escape(label)}</th>'
            f'<td><s style="--ink:{ink_of(label)};--size:{share:.1f}%"></s></td><td>{words}</td></tr>'
        )
    limit = f'style="--limit:{100 * costs.limit_gib / longest:.1f}%"'
    caption = f"Training memory at these settings; the mark: {costs.limit_gib:g} GiB"
    return f"{lines}<table {limit}><caption>{caption}</caption><tbody>{bars}</tbody></table>"


def _numbers(costs: Costs, result: Estimate, asked: Settings) -> str:
    largest = result.largest_batch
    numbers = (
        (f"{result.training_gib:.1f} GiB", f"training memory, batch {asked.batch}"),
        (f"{result.testing_gib:.2f} GiB", "testing memory, one picture"),
        (f"{largest:,}" if largest else "none", f"largest batch in {costs.limit_gib:g} GiB"),
        (f"{result.multiply_adds_g:,.1f} G", "multiply-adds a picture"),
    )
    lines = "".join(f"<div><dd>{number}</dd><dt>{escape(name)}</dt></div>" for number, name in numbers)
    return f"<dl>{lines}</dl>"


def _no_answer(network: Calculator, asked: Settings) -> str:
    if network.is_ode:
        return (
            f"{asked.method} has no {asked.gradient} (torchdiffeq, which solves it, lacks it): choose another solver."
        )
    return f"{network.label} is not an ODE and has no {asked.gradient}: choose another gradient."


def calculator_error(costs: Costs) -> str:
    """Markdown: how far the calculator may be off."""
    error = costs.calculator_largest_error
    off = "less than 0.1 %" if error < 0.001 else f"{100 * error:.1f} % at most"
    return plain(
        f"A formula fitted to the peak bytes of live tensors: at other batches, sizes and steps it was off by {off}."
        " The adjoint's is fitted to real runs on small pictures. It is the memory of tensors, not measured on a GPU."
    )
