"""The rows of the cost table, without measuring them: that takes a quarter of an hour."""

from types import ModuleType

import pytest
import torch

from segnode.analysis import timing
from segnode.model.zoo.ode_block import ODEBlock
from tests.scripts.loading import load


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load("cost")


def test_each_row_has_a_name_of_its_own_and_hrnet_comes_first(script: ModuleType) -> None:
    names = [row.name for row in script.ROWS]
    assert names[0] == "HRNetV2"
    assert len(set(names)) == len(names)
    assert {row.paper for row in script.ROWS} - {None} == set(script.PAPER)


def test_rows_are_built_as_they_say(script: ModuleType) -> None:
    rows = {row.name: row for row in script.ROWS}
    with torch.device("meta"):
        solved = rows["SegNode, midpoint-2, backprop"].build()
        tied, whole = rows["Baseline, tied, checkpoint"].build(), rows["Baseline"].build()
        unode = rows["U-Node, midpoint-2, checkpoint"].build()
    assert (solved.solver.name, solved.solver.gradient) == ("midpoint-2", "backprop")
    assert tied.recompute
    assert not whole.recompute
    assert sum(p.numel() for p in tied.parameters()) == 10_919_180
    solvers = {block.solver.name for block in unode.modules() if isinstance(block, ODEBlock)}
    assert solvers == {"midpoint-2"}


def test_what_looks_at_values_is_not_rehearsed(script: ModuleType) -> None:
    real = {row.name for row in script.ROWS if not row.fake}
    assert real == {name for name in (row.name for row in script.ROWS) if "adjoint" in name or "dopri5" in name}


def test_ratios_are_to_the_first_row_and_none_where_nothing_was_measured(script: ModuleType) -> None:
    entries = [
        {"training_gib": 20.0, "testing_gib": 0.5, "training_ms": 100.0, "testing_ms": 10.0},
        {"training_gib": 5.0, "testing_gib": 0.25, "training_ms": None},
    ]
    script.against_hrnet(entries)
    assert entries[1]["training_gib_to_hrnetv2"] == 0.25
    assert entries[1]["testing_gib_to_hrnetv2"] == 0.5
    assert entries[1]["training_to_hrnetv2"] is None
    assert entries[1]["testing_to_hrnetv2"] is None
    assert entries[0]["testing_to_hrnetv2"] == 1


def test_rows_that_answer_alike_share_a_time_and_the_rest_wait(script: ModuleType) -> None:
    timed = {"SegNode, midpoint-4, checkpoint": 912.0}
    entries = [
        {"training_ms": None if row.name == "U-Net" else 5.0, "testing_ms": timed.get(row.name)} for row in script.ROWS
    ]
    script.share_answers(entries)
    times = {row.name: entry["testing_ms"] for row, entry in zip(script.ROWS, entries, strict=True)}
    assert times["SegNode, midpoint-4, adjoint"] == times["SegNode, midpoint-4, backprop"] == 912.0
    assert times["SegNode, midpoint-2, adjoint"] is None
    for entry in entries:
        entry["testing_ms"] = 1.0
    assert script.waiting(entries) == ["U-Net"]
    assert "wait for the next run: U-Net." in script.left_open(["U-Net"])[-1]


def test_the_calculator_has_every_gradient_that_can_be_solved(script: ModuleType) -> None:
    by_method = script.CALCULATED["segnode-w48"][1]
    assert {method for method, gradients in by_method.items() if "adjoint" not in gradients} == {"rk4"}
    assert all({"checkpoint", "backprop"} <= set(gradients) for gradients in by_method.values())


def test_medians_take_turns_and_leave_out_the_warm_up(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    class Fixed:
        def __init__(self, name: str) -> None:
            self.name = name

        def build(self) -> "Fixed":
            return self

        def to(self, device: str) -> "Fixed":
            return self

        def zero_grad(self, set_to_none: bool) -> None:
            pass

    clock, order = [0.0], []

    def run(network: Fixed) -> None:
        order.append(network.name)
        clock[0] += 100.0 if len(order) <= 2 else {"a": 1.0, "b": 2.0}[network.name]

    monkeypatch.setattr(timing.time, "perf_counter", lambda: clock[0])
    times = script.median_times({"a": Fixed("a"), "b": Fixed("b")}, run, 3, "cpu")
    assert times == {"a": 1000.0, "b": 2000.0}
    assert order == ["a", "b"] * 4
