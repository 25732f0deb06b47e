import torch
from torch import nn

from segnode.analysis.memory import LiveBytes

MIB = 2**20


def test_counts_what_lives_at_once() -> None:
    with LiveBytes() as memory:
        a = torch.zeros(MIB // 4)
        b = a + 1
        del a
        c = b * 2
        del b, c
    assert memory.peak == 2 * MIB
    assert memory.live == 0


def test_views_and_earlier_tensors_cost_nothing() -> None:
    before = torch.zeros(MIB)
    with LiveBytes() as memory:
        view = before[10:].view(-1)
        view.add_(1)
    assert memory.peak == 0


def test_activations_are_kept_until_the_backward_pass() -> None:
    x = torch.zeros(MIB // 4, requires_grad=True)
    with LiveBytes() as memory:
        y = nn.functional.gelu(x.exp().exp())
        kept = memory.live
        y.sum().backward()
        del y
    assert kept == 3 * MIB
    assert memory.live == MIB  # the gradient of x
