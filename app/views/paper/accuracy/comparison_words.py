"""What the page says of the comparison: its terms, its answers and its tables, as HTML and Markdown."""

from collections.abc import Callable
from html import escape

from app.ui.text import plain
from app.views.paper.accuracy.training_curves import WINDOW, Curve
from segnode.results.comparison import MISALIGNED, SUBJECT, Comparison, Network

_WAITING = "not measured yet"
_MIB = 2**20
#: Name, unit, both in short for a phone, and what of a network as text.
_Column = tuple[str, str, str, Callable[[Network], str]]


def key(comparison: Comparison, ink_of: Callable[[Network], str]) -> str:
    """HTML: how to read the picture. ink_of: the colour of a network."""
    subject = comparison.networks[SUBJECT]
    several = any(network.spread is not None for network in comparison.networks.values())
    seeds = "small: single seeds" if several else "one run each"
    return (
        f'<p class="key" style="--ink:{ink_of(subject)}"><span><i></i>a network of the paper</span>'
        f'<span><i class="diamond"></i>a control</span><span class="note">{seeds}</span></p>'
    )


def below_picture(comparison: Comparison) -> str:
    """Markdown: what the axes are, and what is not in the picture."""
    texts = (
        "CamVid's validation split after the last step. The axis of mIoU does not start at 0. Minutes are the number of"
        " steps at the speed measured beforehand."
    )
    if comparison.waiting:
        texts += f" Not measured yet, so not drawn: {', '.join(comparison.waiting)}."
    return plain(texts)


def answered(comparison: Comparison) -> str:
    """HTML: points of mIoU to each network, and what they mean. Of misaligned networks, that there is no answer yet."""
    if not comparison.aligned:
        return "<h3>No answer yet</h3><p>The networks must be trained again: these scores judge none of them.</p>"
    texts = "".join(
        f"<li><b>{_points(comparison, name)}</b>{escape(answer.outcome or 'Not measured yet')}"
        f"<small>{escape(answer.question)}</small></li>"
        for name, answer in comparison.answers().items()
    )
    return f"<h3>SegNode's lead in points of mIoU</h3><ul>{texts}</ul>"


def _points(comparison: Comparison, name: str) -> str:
    verdict = comparison.verdict(comparison.networks[name])
    return "?" if verdict is None else f"{verdict.gap + 0.0:+.1f}"


def reasons(comparison: Comparison) -> str:
    """HTML: the numbers behind each answer, and what counts as a difference. Of misaligned networks, what happened."""
    if not comparison.aligned:
        return f"<p>{escape(MISALIGNED)}</p>"
    texts = "".join(
        f"<li>{escape(answer.question)}<small>{escape(answer.numbers)}</small></li>"
        for answer in comparison.answers().values()
    )
    return f"<h3>The numbers behind the answers</h3><ul>{texts}</ul><p>{escape(comparison.how_judged())}</p>"


def terms(comparison: Comparison) -> str:
    """HTML: the budget, equal for all, and what it does not tell."""
    budget = comparison.budget
    tried = ", ".join(
        setting.name + (f" (weight decay {setting.decay:g})" if setting.decay else "")
        for setting in comparison.settings.values()
    )
    lent: dict[str, list[str]] = {}
    for network in comparison.networks.values():
        if network.settings_of:
            lent.setdefault(comparison.networks[network.settings_of].title, []).append(network.in_a_sentence)
    took = "".join(f" The controls {' and '.join(takers)} took {owner}'s." for owner, takers in lent.items())
    paragraphs = (
        (
            "Length",
            f"{budget.epochs} epochs of CamVid's training split, or {budget.minutes:g} minutes of one core where they"
            " end sooner. Minutes become steps by the speed measured first, all networks in turn.",
        ),
        (
            "Pictures",
            f"Batches of {budget.batch_size} crops of {budget.crop[0]} x {budget.crop[1]} at {budget.scale[0]:g} to"
            f" {budget.scale[1]:g} times their size, the same changes for all, from scratch.",
        ),
        (
            "Optimizer",
            f"Each network's best of {tried}, after {budget.search_epochs} epochs or {budget.search_minutes:g} minutes,"
            f" judged on drive {comparison.held_out_drive}, which those trainings did not see.{took}",
        ),
        (
            "Score",
            f"Validation mIoU after the last step, not the best of the {budget.validations} looks taken. The test split"
            " is never read.",
        ),
        (
            "What it cannot tell",
            "These are compact networks on short trainings, and that split is one clip of a few seconds, of a drive"
            " whose other frames are trained on: a score holds beside the others here, not beside Table 1.",
        ),
    )
    texts = "".join(f"<li>{escape(name)}<small>{escape(words)}</small></li>" for name, words in paragraphs)
    return f"<h3>Equal terms</h3><ul>{texts}</ul>"


def below_curves(curve: Curve) -> str:
    """Markdown: what a line is."""
    lines = "A line is a run; controls are broken lines, in the colour of what they vary."
    if curve == "loss":
        lines += f" Smoothed: each point is the mean of {WINDOW} logged batches around it."
    return plain(f"{lines} A dotted line leads from where a training ended to its name and last value.")


def table(comparison: Comparison) -> str:
    """HTML: a row a network, the controls apart."""
    columns = _columns(comparison)
    heads = "".join(f'<th scope="col">{escape(name)}<small>{escape(unit)}</small></th>' for name, unit, *_ in columns)
    groups = [
        [network for network in comparison.networks.values() if bool(network.question) == control]
        for control in (False, True)
    ]
    body = "".join(f"<tbody>{''.join(_row(n, columns) for n in group)}</tbody>" for group in groups if group)
    caption = (
        "<caption>Memory: the peak of live tensors, counted with PyTorch's fake tensors, which allocate nothing."
        " The second group are controls.</caption>"
    )
    return f"<table>{caption}<thead><tr><td></td>{heads}</tr></thead>{body}</table>"


def _columns(comparison: Comparison) -> list[_Column]:
    budget = comparison.budget
    batch = f"MiB, {budget.batch_size} of {budget.crop[0]} x {budget.crop[1]}"
    return [
        ("mIoU", "%, mean", "mIoU, %", lambda n: "" if n.score is None else f"{n.score:.1f}"),
        ("By seed", "mIoU", "by seed", lambda n: ", ".join(f"{score:.1f}" for score in n.scores)),
        ("Parameters", "M", "params, M", lambda n: f"{n.parameters / 1e6:.1f}"),
        ("Training memory", batch, "train., MiB", lambda n: f"{n.training_bytes / _MIB:.0f}"),
        ("Testing memory", "MiB, a picture", "testing, MiB", lambda n: f"{n.testing_bytes / _MIB:.0f}"),
        ("A step", "s", "s per step", lambda n: f"{n.seconds_a_step:.2f}"),
        ("A prediction", "s", "s per prediction", lambda n: f"{n.seconds_an_answer:.2f}"),
        ("Epochs", "of a run", "epochs", lambda n: "" if n.epochs is None else f"{n.epochs:.3g}"),
        ("Minutes", "of a run", "minutes", lambda n: "" if n.minutes is None else f"{n.minutes:.1f}"),
        ("Optimizer", "chosen", "optimizer", lambda n: chosen.name if (chosen := comparison.chosen(n)) else ""),
    ]


def _row(network: Network, columns: list[_Column]) -> str:
    layout = f"<small>{escape(', '.join(network.layout))}</small>" if network.layout else ""
    score, *others = (escape(of(network)) for *_, of in columns)
    texts = [
        f"<b>{score}</b>" if score else _quiet(_WAITING),
        *others[:-1],
        others[-1] or _quiet("search not finished"),
    ]
    cells = [
        f'<td data-of="{escape(short)}">{words}</td>' for (_, _, short, _), words in zip(columns, texts, strict=True)
    ]
    return f'<tr><th scope="row">{escape(network.title)}{layout}</th>{"".join(cells)}</tr>'


def search(comparison: Comparison) -> str:
    """HTML: what each network's search came to, the best marked."""
    heads = "".join(f'<th scope="col">{escape(setting.name)}</th>' for setting in comparison.settings.values())
    own = [network for network in comparison.networks.values() if not network.settings_of]
    body = "".join(_searched(network, comparison) for network in own)
    caption = f"<caption>mIoU, %, on drive {escape(comparison.held_out_drive)}; bold: chosen</caption>"
    return f"<table>{caption}<thead><tr><td></td>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _searched(network: Network, comparison: Comparison) -> str:
    cells = []
    for name, setting in comparison.settings.items():
        score = network.searched.get(name)
        words = _quiet(_WAITING) if score is None else f"{score.mean_iou:.1f}"
        chosen = setting == comparison.chosen(network)
        cells.append(f'<td data-of="{escape(setting.name)}">{f"<b>{words}</b>" if chosen else words}</td>')
    return f'<tr><th scope="row">{escape(network.title)}</th>{"".join(cells)}</tr>'


def _quiet(words: str) -> str:
    return f'<span class="none">{words}</span>'
