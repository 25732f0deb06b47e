"""The paper's Table 1, where each of its figures is taken, and what it leaves open."""

from dataclasses import dataclass

from segnode.results.table1 import Column

SOURCE = (
    "Khoshirat and Kambhamettu, Semantic Segmentation using Neural Ordinary Differential Equations, Table 1: mIoU in"
    " percent"
)


@dataclass(frozen=True)
class Row:
    """A network of the table.

    network: its name for `build_model`. mapillary: whether it was pretrained on Mapillary. paper: its figures, by
    column; None where the paper has a dash.
    """

    name: str
    network: str
    mapillary: bool
    paper: tuple[float | None, float | None, float | None, float | None]


COLUMNS = (
    Column("Cityscapes", ("cityscapes",), "test", 1525, 19, "Section 4.2 speaks of the accuracy on the test set."),
    Column(
        "CamVid",
        ("camvid", "camvid-original"),
        "test",
        233,
        11,
        "Section 4.3 gives the protocol, not the split of the figures: taken to be test, as is usual there.",
    ),
    Column(
        "LIP",
        ("lip",),
        "val",
        10_000,
        20,
        "Section 4.4 gives the protocol, not the split of the figures: taken to be val, as in the work it cites.",
    ),
    Column(
        "PASCAL-Context",
        ("pascal-context",),
        "val",
        5105,
        59,
        "Section 4.5 gives a training and a validation set, so the figures can only be of val.",
    ),
)

ROWS = (
    Row("HRNetV2", "hrnetv2-w48", False, (81.6, 80.9, 55.9, 54.0)),
    Row("HRNetV2+OCR", "hrnetv2-w48-ocr", False, (83.0, 81.7, 56.6, 56.2)),
    Row("HRNetV2+OCR†", "hrnetv2-w48-ocr", True, (84.2, None, None, None)),
    Row("U-Node", "unode", False, (78.1, 77.3, 51.3, 49.7)),
    Row("NODEs-UNet", "nodes-unet", False, (79.5, 78.8, 52.9, 50.9)),
    Row("Baseline network", "baseline-w48", False, (81.7, 81.0, 55.9, 53.9)),
    Row("SegNode", "segnode-w48", False, (81.8, 81.1, 55.8, 54.1)),
    Row("SegNode+OCR", "segnode-w48-ocr", False, (83.1, 82.0, 56.7, 56.2)),
    Row("SegNode+OCR†", "segnode-w48-ocr", True, (84.5, None, None, None)),
)


def left_open() -> list[str]:
    """What the paper's table does not settle, a sentence or two each."""
    return [
        "Each figure is one number without a spread: the paper does not say that any run was repeated with another"
        " seed.",
        f"The gaps are small. SegNode against HRNetV2: {_gaps('SegNode', 'HRNetV2')}; against its own baseline:"
        f" {_gaps('SegNode', 'Baseline network')}. The effect of changing the seed alone is not stated.",
        f"On LIP SegNode is {-_gap('SegNode', 'Baseline network', 'LIP'):.1f} below its own baseline and"
        f" {-_gap('SegNode', 'HRNetV2', 'LIP'):.1f} below HRNetV2.",
        f"With OCR, SegNode against HRNetV2: {_gaps('SegNode+OCR', 'HRNetV2+OCR')}. On PASCAL-Context they are equal,"
        " and the table prints SegNode's in bold.",
        "The size of CamVid's pictures is not stated for these figures: section 4.3 gives 960x720 for the original,"
        " section 4.7 480x360 for the measurements of cost.",
        "The dagger marks pretraining on Mapillary, for Cityscapes and the OCR variants alone. The text does not come"
        " back to it: which release, how many classes and how long are open. SegNode against HRNetV2 there:"
        f" {_gaps('SegNode+OCR†', 'HRNetV2+OCR†')}.",
        "Which rows of HRNetV2 are quoted from its authors and which were trained again is not stated, nor whether"
        " pictures were mirrored or enlarged for the test.",
        "U-Node and NODEs-UNet were enlarged and tuned by the paper's authors, to sizes they do not give.",
        "The Runge-Kutta solver's order, steps or tolerance, SegNode's batch size and the lengths of training are not"
        " stated.",
        "Cityscapes' test labels are on its server alone, so that cell stays empty until the server's own score of"
        " what `scripts/evaluate.py --predictions` writes is given to `scripts/results.py --server`; a validation"
        " figure is not put in its place.",
    ]


def _gap(one: str, other: str, column: str) -> float:
    """How far the first row lies above the second in the paper's own figures."""
    index = [each.name for each in COLUMNS].index(column)
    high, low = (next(row.paper[index] for row in ROWS if row.name == name) for name in (one, other))
    assert high is not None
    assert low is not None
    return high - low


def _gaps(one: str, other: str) -> str:
    row = next(row for row in ROWS if row.name == one)
    there = [column.name for column, figure in zip(COLUMNS, row.paper, strict=True) if figure is not None]
    gaps = {name: round(_gap(one, other, name), 1) for name in there}
    return ", ".join(f"{gap:+.1f} on {name}" if gap else f"0 on {name}" for name, gap in gaps.items())
