import pytest
import torch
from torch.nn import functional as F

from segnode.config import ModelConfig
from segnode.data.classes import ClassSet
from segnode.errors import ConfigError
from segnode.model.loss import HardExamples, segmentation_loss, summed_losses
from segnode.model.segnode import SegNode


def test_is_the_cross_entropy_of_counted_pixels_and_the_auxiliary_share() -> None:
    torch.manual_seed(0)
    model = SegNode(ModelConfig(5, (8, 16), 8, 1, 1, head="ocr"), ClassSet.numbered(5)).eval()
    labels = torch.randint(0, 5, (2, 18, 21))
    labels[:, 4:7] = 255
    weights = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])
    with torch.no_grad():
        outputs = model.outputs(torch.rand(2, 3, 18, 21))
        answer, auxiliary = (
            F.cross_entropy(model.upsample(x, (18, 21)).movedim(1, -1)[labels != 255], labels[labels != 255], weights)
            for x in outputs
        )
        loss = segmentation_loss(model, outputs, labels, weights)
    assert torch.allclose(loss, answer + 0.4 * auxiliary)


def test_hard_examples_are_those_the_network_is_unsure_of() -> None:
    torch.manual_seed(0)
    model = SegNode(ModelConfig(3, (8, 16), 8, 1, 1), ClassSet.numbered(3)).eval()
    labels = torch.randint(0, 3, (1, 8, 8))
    labels[0, 0] = 255
    logits = 3 * torch.randn(1, 3, 8, 8)
    model.upsample = lambda x, size: x
    true = logits.softmax(1).gather(1, labels.clamp(max=2)[:, None])[:, 0][labels != 255]
    for threshold, kept in ((0.5, 1), (1e-6, 7)):
        chosen = true[true < threshold] if kept == 1 else true.sort().values[:kept]
        sums, counts = summed_losses(model, (logits,), labels, hard=HardExamples(threshold, kept))
        assert counts.tolist() == [len(chosen)]
        assert torch.allclose(sums, -chosen.log().sum())


def test_nothing_counted_is_no_loss() -> None:
    model = SegNode(ModelConfig(3, (8, 16), 8, 1, 1), ClassSet.numbered(3)).eval()
    labels = torch.full((1, 8, 8), 255)
    outputs = model.outputs(torch.rand(1, 3, 8, 8))
    assert segmentation_loss(model, outputs, labels) == 0
    assert summed_losses(model, outputs, labels, hard=HardExamples())[1].tolist() == [0]


def test_hard_examples_out_of_range() -> None:
    with pytest.raises(ConfigError, match="threshold"):
        HardExamples(threshold=0.0)
    with pytest.raises(ConfigError, match="At least 1"):
        HardExamples(kept=0)
