import torch
from torch.nn import functional as F

from segnode.config import ModelConfig
from segnode.data.classes import ClassSet
from segnode.model.loss import segmentation_loss
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
            F.cross_entropy(model.enlarged(x, (18, 21)).movedim(1, -1)[labels != 255], labels[labels != 255], weights)
            for x in outputs
        )
        found = segmentation_loss(model, outputs, labels, weights)
    assert torch.allclose(found, answer + 0.4 * auxiliary)
