import pytest
import torch
from torch import Tensor, nn

from segnode.model.ocr import OCR
from tests.model.zoo.lessons import settled


def narrow(**layout: float) -> OCR:
    torch.manual_seed(0)
    return settled(OCR(12, 5, **{"width": 16, "key": 8, **layout}))


def features(rows: int = 6, columns: int = 9, batch: int = 2) -> Tensor:
    return torch.randn(batch, 12, rows, columns, generator=torch.Generator().manual_seed(3))


def test_parameters_of_the_authors_code() -> None:
    with torch.device("meta"):
        assert sum(parameter.numel() for parameter in OCR(720, 11).parameters()) == 5_037_686


@pytest.mark.parametrize("size", [(6, 9), (1, 1), (1, 7)])
def test_answers_at_the_features_resolution(size: tuple[int, int]) -> None:
    with torch.no_grad():
        logits, auxiliary = narrow()(features(*size))
    assert logits.shape == auxiliary.shape == (2, 5, *size)


def test_equals_the_formula_written_out_pixel_by_pixel() -> None:
    head, x = narrow().double(), features(3, 4, batch=1).double()
    with torch.no_grad():
        for layer in head.modules():  # an untrained head attends to all regions alike, whatever the formula
            if isinstance(layer, nn.Conv2d):
                layer.weight.mul_(4)
        logits, auxiliary = head(x)
        pixels = head.features(x)
        places = [(row, column) for row in range(3) for column in range(4)]
        regions = []
        for scores in auxiliary[0]:
            share = scores.exp() / scores.exp().sum()
            regions.append(sum(share[place] * pixels[0, :, *place] for place in places))
        column = torch.stack(regions, dim=1)[None, ..., None]
        query, key, value = head.query(pixels)[0], head.key(column)[0, :, :, 0], head.value(column)[0, :, :, 0]
        gathered = torch.empty(1, 8, 3, 4, dtype=torch.double)
        for place in places:
            weight = (query[:, *place] @ key / 8**0.5).exp()
            gathered[0, :, *place] = value @ (weight / weight.sum())
        wanted = head.logits(head.fusion(torch.cat([head.context(gathered), pixels], dim=1)))
    assert torch.allclose(logits, wanted, rtol=1e-9)


def test_a_far_pixel_matters_through_its_region() -> None:
    head, near = narrow(), features(1, 40)
    far = near.clone()
    far[..., 39] += 5
    with torch.no_grad():
        assert (head(far)[0] - head(near)[0])[..., 0].abs().max() > 1e-4
        assert torch.allclose(head(far)[1][..., 0], head(near)[1][..., 0], atol=1e-6)


def test_the_answer_trains_every_part() -> None:
    head = narrow()
    head(features())[0].square().sum().backward()
    for name, parameter in head.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().max() > 0, name


def test_dropout_takes_whole_channels_in_training_only() -> None:
    head, x = narrow(dropout=0.5), features()
    seen: list[Tensor] = []
    head.logits.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    with torch.no_grad():
        head(x), head.train()(x)
    still, dropped = (fused.flatten(2).abs().amax(dim=2) == 0 for fused in seen)
    assert not still.any()
    assert 0.2 < dropped.float().mean() < 0.8


def test_group_normalization_instead() -> None:
    head = narrow(norm="group")
    assert not any(isinstance(layer, nn.BatchNorm2d) for layer in head.modules())
    with torch.no_grad():
        assert head(features())[0].isfinite().all()
